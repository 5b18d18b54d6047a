"""One connection: bytes to messages and back. It has no task and no lock; answers come in the order of questions."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any, cast

from neo4j.exceptions import IncompleteCommit, Neo4jError, ServiceUnavailable

from graph_api.engine.lean.codec import Garbled, unpack
from graph_api.engine.lean.messages import (
    FAILURE,
    GOODBYE,
    HANDSHAKE,
    IGNORED,
    NEWEST,
    OLDEST,
    RECORD,
    RESET,
    SUCCESS,
    TELLS_STATUS,
    hello,
    logon,
)
from graph_api.engine.lean.replies import Commit, Meta, Reply, Told, told_of

LOST = "The connection to the database was lost."


class OtherBolt(Exception):
    """The server speaks none of the versions that this client does."""


class Connection(asyncio.Protocol):
    """Used by one caller at a time. What is wrong with what comes in drops it, and fails whoever waits."""

    def __init__(self, loop: asyncio.AbstractEventLoop, on_lost: Callable[["Connection"], None]) -> None:
        self._loop = loop
        self._on_lost = on_lost
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._replies: deque[Reply] = deque()
        self._greeting: asyncio.Future[bytes] | None = None
        self._version = NEWEST
        self._silence: float | None = None
        self._heard_at = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self.made_at = self.rested_at = time.monotonic()
        self.failure: Exception | None = None
        """Why what follows is ignored, until RESET."""
        self.is_interrupted = False
        """Whether a caller went away before all answers came."""
        self.is_lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands; nothing was said yet."""
        self._transport = cast(asyncio.Transport, transport)

    async def greet(self, user: str | None, password: str | None) -> None:
        """Agree on a version, and sign in.

        Raises:
            OtherBolt: no version is known to both.
            Neo4jError: the sign-in is refused.
            ServiceUnavailable: what answers is no database.
        """
        self._greeting = self._loop.create_future()
        self._write(HANDSHAKE)
        answer = await self._greeting
        major, minor = answer[3], answer[2]
        if answer[:2] != b"\x00\x00" or not OLDEST <= (major, minor) <= NEWEST:
            self.abort()
            raise OtherBolt
        self._version = (major, minor)
        greeted, signed_in = Told(), Reply(self.future())  # what the first fails of, the second does
        self.send(hello() + logon(user, password), greeted, signed_in)
        await self.answer_to(signed_in)
        hints = greeted.meta.get("hints")
        self._listen(hints.get("connection.recv_timeout_seconds") if isinstance(hints, dict) else None)

    def future(self) -> asyncio.Future[Any]:
        """Something to wait for."""
        return self._loop.create_future()

    def send(self, data: bytes, *replies: Reply) -> None:
        """Write messages, whose answers are expected.

        Raises:
            ServiceUnavailable: it was lost.
        """
        if self.is_lost:
            raise ServiceUnavailable(LOST)
        if not self._replies:
            self._heard_at = self._loop.time()
        self._replies.extend(replies)
        self._write(data)

    async def answer_to(self, reply: Reply) -> Any:
        """Wait for what was sent."""
        try:
            return await cast("asyncio.Future[Any]", reply.future)
        except asyncio.CancelledError:
            self.is_interrupted = True
            raise

    def reset(self, future: asyncio.Future[Any] | None = None) -> None:
        """Ask for it to be as new: what runs is ended, what is open rolled back, what failed forgotten.

        What is sent after it need not wait for its answer.

        Raises:
            ServiceUnavailable: it was lost.
        """
        self.send(RESET, _Reset(self, future))

    def goodbye(self) -> None:
        """End it."""
        if self._transport is not None and not self.is_lost:
            self._write(GOODBYE)
            self._transport.close()

    def abort(self) -> None:
        """End it at once; whoever waits is told."""
        if self._transport is not None:
            self._transport.abort()
        self.connection_lost(None)

    def connection_lost(self, _error: Exception | None) -> None:
        """It is gone."""
        if self.is_lost:
            return
        self.is_lost = True
        if self._watch is not None:
            self._watch.cancel()
        if self._greeting is not None and not self._greeting.done():
            self._greeting.set_exception(ServiceUnavailable(LOST))
        replies, self._replies = self._replies, deque()
        failure = self.failure
        for reply in replies:
            if isinstance(reply, _Reset):
                failure = None  # what comes after it is the next caller's
            unknown = IncompleteCommit(LOST) if isinstance(reply, Commit) else None
            reply.failed(unknown or failure or ServiceUnavailable(LOST))
        self._on_lost(self)

    def data_received(self, data: bytes) -> None:
        """Bytes came, of messages and of parts of them."""
        self._heard_at = self._loop.time()
        self._buffer += data
        if self._greeting is not None and not self._greeting.done():
            if len(self._buffer) >= 4:
                self._greeting.set_result(bytes(self._buffer[:4]))
                del self._buffer[:4]
            return
        try:
            self._read_messages()
        except Garbled:
            self.abort()

    def _read_messages(self) -> None:
        buffer, at, length = self._buffer, 0, len(self._buffer)
        while at + 2 <= length:
            end = at + 2 + (buffer[at] << 8 | buffer[at + 1])
            if end == at + 2:  # between messages: a sign of life
                at = end
                continue
            if end + 2 > length:
                break
            if buffer[end] or buffer[end + 1]:
                whole = self._joined(at)
                if whole is None:
                    break
                message, at = whole
                self._take(message, 0, len(message))
            else:
                self._take(buffer, at + 2, end)
                at = end + 2
        del buffer[:at]

    def _joined(self, at: int) -> tuple[bytearray, int] | None:
        """A message of several chunks and the place after it; None where it is not all here."""
        buffer, message = self._buffer, bytearray()
        while at + 2 <= len(buffer):
            size = buffer[at] << 8 | buffer[at + 1]
            at += 2
            if not size:
                return message, at
            message += buffer[at : at + size]
            at += size
        return None

    def _take(self, buffer: bytearray, start: int, end: int) -> None:
        if end - start < 2 or not self._replies:
            raise Garbled("a message for nobody")
        reply, size, kind = self._replies[0], buffer[start], buffer[start + 1]
        if self.failure is not None and kind in (SUCCESS, RECORD) and not isinstance(reply, _Reset):
            raise Garbled("an answer after a failure")
        if kind == RECORD and size == 0xB1:
            reply.record(unpack(buffer, start + 2, end))
            return
        if kind == SUCCESS and size == 0xB1:
            if told_of(buffer, start, end) is not reply.due:
                raise Garbled("an answer out of turn")
            reply.succeeded(_meta(buffer, start + 2, end) if reply.wants_meta else {})
        elif kind == FAILURE and size == 0xB1:
            self.failure = self._error(_meta(buffer, start + 2, end))
            reply.failed(self.failure)
        elif kind == IGNORED and size in (0xB0, 0xB1) and (self.failure is not None or self.is_interrupted):
            reply.failed(self.failure or ServiceUnavailable(LOST))
        else:
            raise Garbled("an unknown message")
        if not reply.left and not self.is_lost:
            self._replies.popleft()

    def _error(self, meta: Meta) -> Exception:
        made = Neo4jError._hydrate_gql if self._version >= TELLS_STATUS else Neo4jError._hydrate_neo4j
        try:
            return made(**meta)
        except Exception as error:
            raise Garbled("a failure that says nothing") from error

    def _write(self, data: bytes) -> None:
        cast(asyncio.Transport, self._transport).write(data)

    def _listen(self, silence: object) -> None:
        """Drop it where the server is silent for longer than it says it ever is, and something is expected of it."""
        if isinstance(silence, int) and silence > 0:
            self._silence = float(silence)
            self._watch = self._loop.call_later(self._silence, self._is_it_alive)

    def _is_it_alive(self) -> None:
        silence = self._silence or 0.0
        quiet = self._loop.time() - self._heard_at if self._replies else 0.0
        if quiet >= silence:
            self.abort()
        else:
            self._watch = self._loop.call_later(silence - quiet, self._is_it_alive)


class _Reset(Reply):
    """RESET's answer: what failed before is forgotten. Where RESET itself fails, the connection is at its end."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection, future: asyncio.Future[Any] | None) -> None:
        super().__init__(future)
        self._connection = connection

    def succeeded(self, meta: Meta) -> None:
        """It is as new."""
        self._connection.failure = None
        self._connection.is_interrupted = False
        super().succeeded(meta)

    def failed(self, _error: Exception) -> None:
        """It can't be used again, whatever the server says of it."""
        super().failed(ServiceUnavailable(LOST))
        self._connection.abort()


def _meta(buffer: bytearray, start: int, end: int) -> Meta:
    meta = unpack(buffer, start, end)
    if type(meta) is not dict:
        raise Garbled("meta data that are no map")
    return meta
