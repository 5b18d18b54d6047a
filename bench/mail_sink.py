"""Mail servers that take every letter: in the process of whoever measures, or in one of their own.

`python -m bench.mail_sink PORT FILE` is the latter, and writes a line for each letter and address. Where requests are
measured, a mail server in the same process would hold them up.
"""

import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from email import message_from_bytes
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller

from bench.server import free_port, wait_for_port


class Taker(ABC):
    """What aiosmtpd hands letters to."""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take it."""
        name = str(message_from_bytes(envelope.content)["Message-ID"])
        for address in envelope.rcpt_tos:
            self.take(address, name)
        return "250 OK"

    @abstractmethod
    def take(self, address: str, name: str) -> None:
        """A letter to an address, by its Message-ID."""


class MailSink(Taker):
    """In the process of whoever measures."""

    def __init__(self) -> None:
        self._got: dict[str, list[str]] = defaultdict(list)
        self.port = free_port()
        self.environment = sent_to(self.port)

    def take(self, address: str, name: str) -> None:
        """Remember it."""
        self._got[address].append(name)

    def got(self) -> dict[str, list[str]]:
        """Message-IDs by address."""
        return dict(self._got)


class Lines(Taker):
    """A line for each."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", encoding="utf-8", buffering=1)

    def take(self, address: str, name: str) -> None:
        """Write it down."""
        self._file.write(f"{address}\t{name}\n")


def sent_to(port: int) -> dict[str, str]:
    """Settings of a server or worker that sends its mail there."""
    return {
        "GRAPH_API_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "GRAPH_API_MAIL_FROM": "practice@x.example",
        "GRAPH_API_PUBLIC_URL": "https://api.x.example",
    }


class MailServer:
    """The process, from the side of whoever starts it."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / "letters"
        self._file.touch()
        self._port = free_port()
        self.environment = sent_to(self._port)

    def letters(self) -> int:
        """How many came."""
        return self._file.read_bytes().count(b"\n")

    def __enter__(self) -> Self:
        self._process = subprocess.Popen([sys.executable, "-m", "bench.mail_sink", str(self._port), str(self._file)])
        wait_for_port(self._port)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(30)


if __name__ == "__main__":
    Controller(Lines(Path(sys.argv[2])), hostname="127.0.0.1", port=int(sys.argv[1])).start()
    while True:
        time.sleep(3_600)
