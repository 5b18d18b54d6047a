"""A closed loop of requests from a process of its own: each connection asks again as soon as it was answered.

Plain sockets: a heavier client would measure itself. Reads a `Load` as JSON from stdin, writes a `Result` to stdout.
"""

import asyncio
import json
import math
import random
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

ANSWER_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked: one of `variables` at a time, over so many connections, for so long or so often."""

    port: int
    token: str
    query: str
    variables: list[dict[str, Any]]
    connections: int
    warm_up: float
    seconds: float
    most: int


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it; times in milliseconds."""

    requests: int
    seconds: float
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    bytes_per_answer: int


class Connection:
    """One kept connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, request: bytes) -> bytes:
        """One answer's body; anything but data ends the measurement."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        (length,) = (int(line[15:]) for line in lines if line.startswith(b"content-length:"))
        body = await self._reader.readexactly(length)
        if b" 200 " not in lines[0] or not body.startswith(b'{"data":'):
            raise RuntimeError(f"not an answer: {lines[0].decode()} {body[:200].decode()}")
        return body

    def close(self) -> None:
        """End it."""
        self._writer.close()


def encode_request(load: Load, variables: dict[str, Any]) -> bytes:
    """A POST as bytes."""
    body = json.dumps({"query": load.query, "variables": variables}).encode()
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{load.port}\r\nAuthorization: Bearer {load.token}\r\n"
        f"Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def run(load: Load) -> Result:
    """Warm up, then measure."""
    requests = [encode_request(load, variables) for variables in load.variables]
    random.Random(load.connections).shuffle(requests)
    connections = [Connection(*await asyncio.open_connection("127.0.0.1", load.port)) for _ in range(load.connections)]
    await _measure(connections, requests, load.warm_up, load.most)
    started = time.perf_counter()
    times, size = await _measure(connections, requests, load.seconds, load.most)
    took = time.perf_counter() - started
    for connection in connections:
        connection.close()
    times.sort()
    return Result(
        requests=len(times),
        seconds=round(took, 3),
        requests_per_second=round(len(times) / took, 1),
        p50_ms=round(percentile(times, 0.50) * 1_000, 2),
        p99_ms=round(percentile(times, 0.99) * 1_000, 2),
        bytes_per_answer=size // len(times),
    )


async def _measure(
    connections: list[Connection], requests: list[bytes], seconds: float, most: int
) -> tuple[list[float], int]:
    """Each answer's time in seconds, and all answers' bytes."""
    times: list[float] = []
    size = 0
    until = time.perf_counter() + seconds

    async def loop(connection: Connection) -> None:
        nonlocal size
        while len(times) < most and (begun := time.perf_counter()) < until:
            async with asyncio.timeout(ANSWER_WITHIN):
                body = await connection.ask(requests[len(times) % len(requests)])
            times.append(time.perf_counter() - begun)
            size += len(body)

    async with asyncio.TaskGroup() as group:
        for connection in connections:
            group.create_task(loop(connection))
    return times, size


def percentile(ordered: list[float], part: float) -> float:
    """The nearest-rank percentile of ordered values."""
    return ordered[math.ceil(part * len(ordered)) - 1]


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(run(Load(**json.load(sys.stdin)))))))
