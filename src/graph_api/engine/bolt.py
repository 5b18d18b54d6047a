"""The one driver, `neo4j` over Bolt, for both engines: reads, write transactions, bookmarks, deadlines."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import neo4j
from neo4j.exceptions import (
    ClientError,
    ConnectionPoolError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from graph_api.domain.errors import BadRequest, OutcomeUnknown, Unavailable
from graph_api.engine.statements import Dialect, Statement, load_statements

T = TypeVar("T")
Row = dict[str, Any]

log = logging.getLogger(__name__)

WRITE_ATTEMPTS = 12
READ_ATTEMPTS = 3
BOOKMARK_TIMEOUT = 2.0
"""Seconds a statement waits for the database to reach the caller's bookmark."""
NOT_ARRIVED = "Your last change has not arrived here yet. Try again."


@dataclass(frozen=True, slots=True)
class Address:
    """Where the database is and how to sign in; the password is not shown."""

    uri: str
    user: str | None
    password: str | None = field(repr=False)
    database: str | None
    dialect: Dialect


class Locator:
    """Finds the database; an embedded engine overrides this to start it and to start it again after a crash."""

    def __init__(self, address: Address) -> None:
        self._address = address

    async def locate(self) -> Address:
        """Where it is now; starts it where that is ours to do."""
        return self._address

    @property
    def starts_again(self) -> bool:
        """Whether `locate` brings a dead engine back."""
        return False

    async def close(self) -> None:
        """Let go of it."""


def _is_conflict(error: Exception) -> bool:
    """A race lost to another writer: reading again gives the answer.

    EntityNotFound: an edge was met whose end is just being committed, or removed.
    """
    code = getattr(error, "code", None) or ""
    raced = "ConstraintValidationFailed" in code or "EntityNotFound" in code
    return raced or isinstance(error, TransientError)


def _refuse_bookmark(error: Exception) -> None:
    """Say so where the database did not reach a bookmark in time, or does not know it at all."""
    code = getattr(error, "code", None) or ""
    if "InvalidBookmark" in code:
        raise BadRequest("BAD_BOOKMARK", "The database does not know this bookmark: leave it out.") from None
    if "Bookmark" in code:
        raise Unavailable(NOT_ARRIVED) from None


def _loggable(error: Exception) -> str:
    """What may go to the log: the kind of error, never its text, which can hold values."""
    return (getattr(error, "code", None) or "") + " " + type(error).__name__


class Database:
    """The process's driver; opened once, shared by all requests.

    `listeners` are told each statement's name as it is sent (tests count them).
    """

    def __init__(self, locator: Locator, *, deadline: float = 10.0, pool_size: int = 100) -> None:
        self._locator = locator
        self._deadline = deadline
        self._pool_size = pool_size
        self._driver: neo4j.AsyncDriver | None = None
        self._address: Address | None = None
        self._recovery: asyncio.Task[None] | None = None
        self.listeners: list[Callable[[str], None]] = []

    @property
    def deadline(self) -> float:
        """Seconds a read or a whole write transaction may take."""
        return self._deadline

    @property
    def dialect(self) -> Dialect:
        """Which engine answers."""
        return self._address.dialect if self._address else Dialect.NEO4J

    async def open(self) -> None:
        """Find the database and make the driver.

        Raises:
            Unavailable: it can't be reached.
        """
        address = await self._locator.locate()
        if self._driver is not None and address == self._address:
            return
        stale, self._driver = self._driver, self._make_driver(address)
        self._address = address
        if stale is not None:
            await stale.close()

    def _make_driver(self, address: Address) -> neo4j.AsyncDriver:
        auth = None if address.user is None else (address.user, address.password or "")
        return neo4j.AsyncGraphDatabase.driver(
            address.uri,
            auth=auth,
            max_connection_pool_size=self._pool_size,
            connection_acquisition_timeout=self._deadline,
            connection_timeout=5.0,
            liveness_check_timeout=60.0,
            notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
            user_agent="graph-api",
        )

    async def close(self) -> None:
        """Close the driver and let go of the engine."""
        if self._recovery is not None:
            self._recovery.cancel()
        if self._driver is not None:
            await self._driver.close()
            self._driver = None
        await self._locator.close()

    def session(self, *, write: bool, bookmarks: Iterable[str] = ()) -> neo4j.AsyncSession:
        """A driver session; reads go to readers.

        Raises:
            Unavailable: the engine is being started again.
        """
        if self._driver is None or self._address is None or (self._recovery and not self._recovery.done()):
            raise Unavailable
        return self._driver.session(
            database=self._address.database,
            default_access_mode=neo4j.WRITE_ACCESS if write else neo4j.READ_ACCESS,
            bookmarks=neo4j.Bookmarks.from_raw_values(bookmarks),
            fetch_size=2_000,
        )

    def statement(self, name: str) -> Statement:
        """A checked statement, in the dialect of the engine."""
        return load_statements(self.dialect)[name]

    def sent(self, name: str) -> None:
        """Tell the listeners."""
        for listener in self.listeners:
            listener(name)

    def lost(self) -> None:
        """The engine did not answer: start it again in the background, where that is ours to do."""
        if self._locator.starts_again and (self._recovery is None or self._recovery.done()):
            self._recovery = asyncio.create_task(self._recover())

    async def _recover(self) -> None:
        try:
            await self.open()
        except Exception as error:
            log.warning("engine not started again: %s", _loggable(error))

    async def run_schema(self, text: str) -> None:
        """One migration's statement, on its own, as schema changes must be."""
        async with self.session(write=True) as session:
            result = await session.run(text)
            await result.consume()


class WriteTransaction:
    """Statements inside one write transaction."""

    def __init__(self, database: Database, transaction: neo4j.AsyncManagedTransaction | neo4j.AsyncTransaction) -> None:
        self._database = database
        self._transaction = transaction

    async def run(self, name: str, **params: Any) -> list[Row]:
        """Run a statement of cypher/ by name; all its rows."""
        statement = self._database.statement(name)
        statement.check(params)
        self._database.sent(name)
        result = await self._transaction.run(statement.text, params)
        return [dict(record) async for record in result]


class GraphSession:
    """One caller's view of the database: it sees its own writes, carried by bookmarks.

    `until`, in the event loop's time, bounds all of its statements together; without it each has the deadline anew.
    """

    def __init__(self, database: Database, bookmarks: Iterable[str] = (), until: float | None = None) -> None:
        self._database = database
        self._until = until
        self._bookmarks: frozenset[str] = frozenset()
        self._keep(bookmarks)
        self.wrote = False
        self._committing = False

    @property
    def bookmarks(self) -> frozenset[str]:
        """What to show the caller's next request."""
        return self._bookmarks

    def _keep(self, bookmarks: Iterable[str]) -> None:
        # The embedded engine is one process: nobody is behind, and its bookmarks mean nothing.
        if self._database.dialect is Dialect.NEO4J:
            self._bookmarks = frozenset(bookmarks)

    def _in_time(self) -> asyncio.Timeout:
        return asyncio.timeout(self._database.deadline) if self._until is None else asyncio.timeout_at(self._until)

    async def read(self, name: str, **params: Any) -> list[Row]:
        """One auto-commit read of a statement of cypher/ by name; all its rows. Retried when that can help.

        Raises:
            Unavailable: no answer within the deadline, or the bookmark was not reached in time.
        """
        statement = self._database.statement(name)
        statement.check(params)
        for attempt in range(READ_ATTEMPTS):
            try:
                async with self._in_time():
                    return await self._read_once(statement, params)
            except TimeoutError:
                raise Unavailable("The database took too long. Try again in a moment.") from None
            except ConnectionPoolError:
                raise Unavailable from None
            except (ServiceUnavailable, SessionExpired):
                self._database.lost()
                if self._database.dialect is Dialect.ARCADEDB or attempt + 1 == READ_ATTEMPTS:
                    raise Unavailable from None
            except (Neo4jError, DriverError) as error:
                _refuse_bookmark(error)
                if not (error.is_retryable() or _is_conflict(error)):
                    raise
                if attempt + 1 == READ_ATTEMPTS:
                    raise Unavailable from None
            await asyncio.sleep(0.02 * 2**attempt * (1 + random.random()))  # noqa: S311 - jitter
        raise AssertionError

    async def _read_once(self, statement: Statement, params: Row) -> list[Row]:
        self._database.sent(statement.name)
        query = neo4j.Query(statement.text, timeout=self._database.deadline)
        async with self._database.session(write=False, bookmarks=self._bookmarks) as session:
            if self._bookmarks:
                try:
                    async with asyncio.timeout(BOOKMARK_TIMEOUT):
                        result = await session.run(query, params)
                except TimeoutError:
                    raise Unavailable(NOT_ARRIVED) from None
            else:
                result = await session.run(query, params)
            return [dict(record) async for record in result]

    async def write(self, work: Callable[[WriteTransaction], Awaitable[T]]) -> T:
        """Run `work` in one write transaction; again from the start when a race was lost.

        `work` may run several times: ids and times are made outside of it. An exception it raises rolls back.

        Raises:
            Unavailable: the database could not do it in time; nothing was changed.
            OutcomeUnknown: the connection was lost while committing.
        """
        try:
            async with self._in_time():
                for attempt in range(WRITE_ATTEMPTS):
                    self._committing = False
                    try:
                        return await self._write_once(work)
                    except Neo4jError as error:
                        if not _is_conflict(error) or attempt + 1 == WRITE_ATTEMPTS:
                            raise
                    await asyncio.sleep(0.01 * 1.6**attempt * (0.5 + random.random()))  # noqa: S311 - jitter
        except TimeoutError:
            raise (OutcomeUnknown if self._committing else Unavailable) from None
        except TransientError:
            raise Unavailable("Others are changing the same. Try again in a moment.") from None
        except IncompleteCommit:
            self._database.lost()
            raise OutcomeUnknown from None
        except (ServiceUnavailable, SessionExpired, ConnectionPoolError):
            self._database.lost()
            raise Unavailable from None
        raise AssertionError

    async def _begin(self, session: neo4j.AsyncSession) -> neo4j.AsyncTransaction:
        try:
            async with asyncio.timeout(BOOKMARK_TIMEOUT if self._bookmarks else None):
                return await session.begin_transaction(timeout=self._database.deadline)
        except TimeoutError:
            raise Unavailable(NOT_ARRIVED) from None
        except Neo4jError as error:
            _refuse_bookmark(error)
            raise

    async def _write_once(self, work: Callable[[WriteTransaction], Awaitable[T]]) -> T:
        async with self._database.session(write=True, bookmarks=self._bookmarks) as session:
            async with await self._begin(session) as transaction:
                answer = await work(WriteTransaction(self._database, transaction))
                self._committing = True
                await transaction.commit()
                self._committing = False
            self._keep((await session.last_bookmarks()).raw_values)
            self.wrote = True
            return answer


def is_constraint_failure(error: Exception) -> bool:
    """Whether a uniqueness constraint refused a write."""
    return isinstance(error, ClientError) and "ConstraintValidationFailed" in (error.code or "")
