"""A Bolt server that answers as it is told: rightly, too late, twice, in pieces, or not at all.

A statement's parameter `x` is its one row, so that whoever gets another caller's row is found.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from neo4j._codec.packstream import v1

from graph_api.engine.clients import Address
from graph_api.engine.lean.client import LeanClient
from graph_api.engine.statements import Dialect

DRIVER: Any = v1
"""The driver's own codec, which has no types."""
NAMES = {
    0x01: "HELLO",
    0x6A: "LOGON",
    0x02: "GOODBYE",
    0x0F: "RESET",
    0x10: "RUN",
    0x11: "BEGIN",
    0x12: "COMMIT",
    0x13: "ROLLBACK",
    0x3F: "PULL",
}
Message = bytes
Spoil = Callable[[str, list[Message]], Sequence[Message] | None]
"""What is sent in place of the right answers to a message; None ends the connection."""


def packed(value: object) -> bytes:
    """A value as the driver packs it."""
    buffer = DRIVER.PackableBuffer()
    DRIVER.Packer(buffer).pack(value)
    return bytes(buffer.data)


def unpacked(data: bytes) -> Any:
    """A value as the driver unpacks it."""
    return DRIVER.Unpacker(DRIVER.UnpackableBuffer(bytearray(data))).unpack()


def message(tag: int, *values: object) -> Message:
    """A structure of the protocol, not in chunks yet."""
    return bytes([0xB0 + len(values), tag]) + b"".join(map(packed, values))


def success(**meta: object) -> Message:
    """SUCCESS."""
    return message(0x70, meta)


def record(*values: object) -> Message:
    """RECORD."""
    return message(0x71, list(values))


def failure(code: str = "Neo.TransientError.General.Unknown") -> Message:
    """FAILURE, as from Bolt 5.7 on."""
    told = {"neo4j_code": code, "message": "no", "gql_status": "50N42", "description": "no"}
    return message(0x7F, {**told, "diagnostic_record": {}})


IGNORED = message(0x7E)
STRUCTURE = b"\xb1\x71\x91\xb1\x4e\x01"
"""A row with a structure in it."""


def chunked(data: Message, size: int = 0xFFFF) -> bytes:
    """In chunks of at most `size` bytes."""
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts) + b"\x00\x00"


@dataclass
class BoltServer:
    """What it does, and what it was asked."""

    version: bytes = b"\x00\x00\x08\x05"
    hints: Mapping[str, object] = field(default_factory=dict)
    spoil: Spoil = lambda _name, answers: answers
    cut_after: int | None = None
    """Bytes after which every connection ends."""
    chunk: int = 0xFFFF
    pause: float = 0.0
    asked: list[str] = field(default_factory=list)
    terms: list[Mapping[str, Any]] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    uri: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        self.open += 1
        try:
            await reader.readexactly(20)
            writer.write(self.version)
            await _Talk(self, reader, writer).hold()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open -= 1
            writer.close()
            with suppress(ConnectionError, TimeoutError):
                await writer.wait_closed()

    def client(self, **options: Any) -> LeanClient:
        """A client of it."""
        address = Address(self.uri, None, None, None, Dialect.NEO4J)
        return LeanClient(address, **{"pool_size": 4, "wait": 2.0, **options})


class _Talk:
    """One connection of the server."""

    def __init__(self, server: BoltServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._written = 0
        self._x: object = None
        self._has_failed = False
        self._owed = 0

    async def hold(self) -> None:
        """Until the client leaves, or is left."""
        while True:
            tag, values = await self._next()
            name = NAMES[tag]
            self._server.asked.append(name)
            if name == "GOODBYE":
                return
            answers = self._server.spoil(name, self._right(name, values))
            if answers is not None and name == "RESET":
                answers, self._owed = [*[IGNORED] * self._owed, *answers], 0
            elif answers is not None and not answers:
                self._owed += 1  # until RESET says that they never will be answered
            await asyncio.sleep(self._server.pause)
            if answers is None or not await self._write(answers):
                return

    async def _next(self) -> tuple[int, list[Any]]:
        data = b""
        while size := int.from_bytes(await self._reader.readexactly(2), "big"):
            data += await self._reader.readexactly(size)
        rest = DRIVER.Unpacker(DRIVER.UnpackableBuffer(bytearray(data[2:])))
        return data[1], [rest.unpack() for _ in range(data[0] & 0x0F)]

    def _right(self, name: str, values: list[Any]) -> list[Message]:
        if name == "RESET":
            self._has_failed = False
        if self._has_failed:
            return [IGNORED]
        if name in ("RUN", "BEGIN"):
            self._server.terms.append(values[-1])
        if name == "RUN":
            self._x = values[1].get("x")
            if values[0] == "FAIL":
                self._has_failed = True
                return [failure()]
            return [success(fields=["x"], t_first=1)]
        if name == "PULL":
            return [record(self._x), success(type="r", t_last=1)]
        if name == "HELLO":
            return [success(server="Fake/1", connection_id="1", hints=dict(self._server.hints))]
        return [success(bookmark="b:1") if name == "COMMIT" else success()]

    async def _write(self, answers: Sequence[Message]) -> bool:
        data = b"".join(chunked(answer, self._server.chunk) for answer in answers)
        most = self._server.cut_after
        if most is not None and self._written + len(data) > most:
            data = data[: most - self._written]
        self._written += len(data)
        self._writer.write(data)
        await self._writer.drain()
        return most is None or self._written < most


@asynccontextmanager
async def bolt_server(**told: Any) -> AsyncIterator[BoltServer]:
    """One that listens."""
    server = BoltServer(**told)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.uri = f"bolt://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()
