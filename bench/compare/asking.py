"""One plain connection to a server: whole answers with their heads, to compare and to know how long they are."""

import json
import socket
import time
from dataclasses import dataclass, field
from typing import Any, Self

RESTS = 2.0
"""Seconds after which a connection is made anew: servers close those that rest for five."""


@dataclass(frozen=True, slots=True)
class Target:
    """A server that is asked."""

    name: str
    port: int
    path: str
    headers: dict[str, str] = field(repr=False)

    def encode(self, query: str, variables: dict[str, Any]) -> bytes:
        """A POST."""
        body = json.dumps({"query": query, "variables": variables}, separators=(",", ":")).encode()
        head = {
            "Host": f"127.0.0.1:{self.port}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Content-Length": str(len(body)),
            **self.headers,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        return f"POST {self.path} HTTP/1.1\r\n{lines}\r\n".encode() + body


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and how many bytes it was with its head."""

    data: dict[str, Any]
    size: int


class Asking:
    """A kept connection to a target."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._connect()

    def _connect(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._target.port), timeout=60)
        self._reader = self._socket.makefile("rb")
        self._used = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()
        self._socket.close()

    def ask(self, query: str, variables: dict[str, Any]) -> Answer:
        """One answer; anything but data is an error."""
        if time.monotonic() - self._used > RESTS:
            self.__exit__()
            self._connect()
        answer = self._ask(query, variables)
        self._used = time.monotonic()
        return answer

    def _ask(self, query: str, variables: dict[str, Any]) -> Answer:
        self._socket.sendall(self._target.encode(query, variables))
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self._reader.readline()
            if not line:
                raise RuntimeError(f"{self._target.name} closed the connection")
            head += line
        lengths = [int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        if len(lengths) != 1:
            raise RuntimeError(f"{self._target.name} answers without a length: {head[:300]!r}")
        body = self._reader.read(lengths[0])
        answer = json.loads(body) if b" 200 " in head.split(b"\r\n", 1)[0] else {}
        if "errors" in answer or not answer.get("data"):
            raise RuntimeError(f"{self._target.name} answers {head[:15]!r} {body[:500]!r}")
        return Answer(answer["data"], len(head) + len(body))
