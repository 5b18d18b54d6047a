"""Connections that rest between callers; the one that rested shortest goes first, so that few are kept busy."""

import asyncio
import ssl
import time
from collections import deque
from dataclasses import dataclass
from urllib.parse import urlsplit

from neo4j.exceptions import ConnectionPoolError, ServiceUnavailable

from graph_api.engine.clients import CONNECT_WITHIN, LOOKED_AT_AFTER, Address
from graph_api.engine.lean.connection import Connection

OLDEST = 3600.0
"""Seconds after which a connection is replaced."""
RESET_WITHIN = 2.0
"""Seconds in which the server ends what a caller who went away had asked for; else the connection is dropped."""
PORT = 7687


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to connect to, and whether in secret."""

    host: str
    port: int
    tls: ssl.SSLContext | None

    @classmethod
    def of(cls, uri: str) -> "Endpoint":
        """As `bolt://`, `bolt+s://` (a certificate that is trusted) or `bolt+ssc://` (any) says it."""
        parts = urlsplit(uri)
        tls = None if parts.scheme == "bolt" else ssl.create_default_context()
        if tls is not None and parts.scheme == "bolt+ssc":
            tls.check_hostname = False
            tls.verify_mode = ssl.CERT_NONE
        return cls(parts.hostname or "localhost", parts.port or PORT, tls)


def _is_about_the_sign_in(failure: Exception) -> bool:
    """It holds of the connection: a new one signs in anew."""
    return (getattr(failure, "code", None) or "").startswith("Neo.ClientError.Security.")


class Pool:
    """At most `size` connections; each is one caller's from `acquire` to `release`."""

    def __init__(self, address: Address, *, size: int, wait: float) -> None:
        self._address = address
        self._endpoint = Endpoint.of(address.uri)
        self._size = size
        self._wait = wait
        self._resting: list[Connection] = []
        self._all: set[Connection] = set()
        self._opening = 0
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()
        self._resetting: set[asyncio.Task[None]] = set()
        self._is_closed = False

    async def acquire(self) -> Connection:
        """A connection that is as new.

        Raises:
            ConnectionPoolError: all are in use, and none came back in time.
            ServiceUnavailable: the server can't be reached.
            OtherBolt: the server speaks another Bolt.
        """
        until = asyncio.get_running_loop().time() + self._wait
        while True:
            if self._is_closed:
                raise ServiceUnavailable("The connections were closed.")
            while self._resting:
                connection = self._resting.pop()
                if await self._is_good(connection):
                    return connection
            if len(self._all) + self._opening < self._size:
                return await self._open()
            handed = await self._turn(until)
            if handed is not None and await self._is_good(handed):
                return handed

    def release(self, connection: Connection) -> None:
        """Give it back, in whatever state it is."""
        if connection.is_lost:
            self._next()
        elif self._is_closed:
            connection.goodbye()
        elif connection.is_interrupted:
            task = asyncio.get_running_loop().create_task(self._recover(connection))
            self._resetting.add(task)
            task.add_done_callback(self._resetting.discard)
        else:
            if connection.failure is None:
                self._rest(connection)
            elif _is_about_the_sign_in(connection.failure):
                connection.goodbye()
            else:
                connection.reset()
                self._rest(connection)

    async def close(self) -> None:
        """Close all of them."""
        self._is_closed = True
        for connection in list(self._all):
            connection.goodbye()
        self._resting.clear()
        while self._waiting:
            self._next()
        for task in list(self._resetting):
            task.cancel()
        await asyncio.gather(*self._resetting, return_exceptions=True)

    def _rest(self, connection: Connection) -> None:
        connection.rested_at = time.monotonic()
        if not self._next(connection):
            self._resting.append(connection)

    def _next(self, connection: Connection | None = None) -> bool:
        """Whether somebody waits: whoever does so longest gets the connection, or may open one."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return True
        return False

    async def _turn(self, until: float) -> Connection | None:
        turn: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout_at(until):
                return await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():  # it came too late for this one
                handed = turn.result()
                if handed is None:
                    self._next()
                else:
                    self._rest(handed)
            turn.cancel()
            if isinstance(error, TimeoutError):
                raise ConnectionPoolError("All connections are in use.") from None
            raise

    async def _is_good(self, connection: Connection) -> bool:
        """Whether it can be used; what is too old or does not answer is closed."""
        now = time.monotonic()
        if connection.is_lost:
            return False
        if now - connection.made_at > OLDEST:
            connection.goodbye()
            return False
        if now - connection.rested_at > LOOKED_AT_AFTER:
            return await self._answers(connection, CONNECT_WITHIN)
        return True

    async def _answers(self, connection: Connection, seconds: float) -> bool:
        """Whether RESET is answered in time; if not it is dropped."""
        try:
            async with asyncio.timeout(seconds):
                future = connection.future()
                connection.reset(future)
                await future
        except (TimeoutError, ServiceUnavailable):
            connection.abort()
            return False
        except BaseException:
            connection.abort()
            raise
        return True

    async def _recover(self, connection: Connection) -> None:
        if await self._answers(connection, RESET_WITHIN):
            self._rest(connection)

    async def _open(self) -> Connection:
        loop = asyncio.get_running_loop()
        endpoint = self._endpoint
        connection = Connection(loop, self._lost)
        self._opening += 1
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                await loop.create_connection(lambda: connection, endpoint.host, endpoint.port, ssl=endpoint.tls)
                self._all.add(connection)
                await connection.greet(self._address.user, self._address.password)
        except (OSError, TimeoutError) as error:  # OSError: also of TLS and of names
            connection.abort()
            raise ServiceUnavailable(f"Can't connect: {type(error).__name__}") from None
        except BaseException:
            connection.abort()
            raise
        finally:
            self._opening -= 1
            if connection.is_lost:
                self._next()
        return connection

    def _lost(self, connection: Connection) -> None:
        self._all.discard(connection)
        if connection in self._resting:
            self._resting.remove(connection)
        self._next()
