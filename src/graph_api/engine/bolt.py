"""The database over Bolt, for both engines: where it is, by which client, and how it is found again after a crash."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, NoReturn, TypeVar

import neo4j
from neo4j.exceptions import ClientError

from graph_api.engine.chosen import Bolt, ChosenClient
from graph_api.engine.clients import Address, ClientTransaction, Row, Terms
from graph_api.engine.disk import DISK_FULL, RETRY_AFTER, Disk
from graph_api.engine.errors import OutOfOrder, Unavailable
from graph_api.engine.gather import Gatherer
from graph_api.engine.lead import Lead
from graph_api.engine.races import Lines
from graph_api.engine.statements import Dialect, Statement, load_statements
from graph_api.outages import Outage

T = TypeVar("T")
Params = dict[str, Any]

log = logging.getLogger(__name__)

OUT_OF_ORDER = "The database has failed. Its operator must check its log and its disk."
_OUT_OF_ORDER = ("Neo.ClientError.Security.", "Neo.ClientError.Database.", "Neo.DatabaseError.Transaction.")
"""It refuses the user, has no database of the name, or met a fault, as a full disk, and waits to be started again."""
_NO_ROOM = ("no space left", "not enough space", "disk is full", "disk quota exceeded", "out of disk space")


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

    @property
    def disk(self) -> Disk | None:
        """The database's disk, where it is on this machine and ours to look after."""
        return None

    async def close(self) -> None:
        """Let go of it."""


def _loggable(error: Exception) -> str:
    """What may go to the log: the kind of error, never its text, which can hold values."""
    return (getattr(error, "code", None) or "") + " " + type(error).__name__


class Database:
    """The process's connections; opened once, shared by all requests.

    `listeners` are told each statement's name and parameters as it is sent (tests count them).
    """

    def __init__(
        self, locator: Locator, *, deadline: float = 10.0, pool_size: int = 100, bolt: Bolt = Bolt.LEAN
    ) -> None:
        self._locator = locator
        self._bolt = bolt
        self._deadline = deadline
        self._pool_size = pool_size
        self._client: ChosenClient | None = None
        self._address: Address | None = None
        self._recovery: asyncio.Task[None] | None = None
        self._starting = Outage(log, "the engine is not started again")
        self._saving = Outage(log, "the database can't save")
        self._refusing = Outage(log, "the database is out of order")
        self.gatherer = Gatherer()
        self.lead = Lead()
        self.lines = Lines()
        self.listeners: list[Callable[[str, Params], None]] = []

    @property
    def deadline(self) -> float:
        """Seconds a read or a whole write transaction may take."""
        return self._deadline

    @property
    def dialect(self) -> Dialect:
        """Which engine answers."""
        return self._address.dialect if self._address else Dialect.NEO4J

    async def open(self) -> None:
        """Find the database; connections are made when they are needed.

        Raises:
            Unavailable: it can't be reached.
        """
        address = await self._locator.locate()
        if self._client is not None and address == self._address:
            return
        made = ChosenClient(address, self._bolt, pool_size=self._pool_size, wait=self._deadline)
        stale, self._client = self._client, made
        self._address = address
        if stale is not None:
            await stale.close()

    async def close(self) -> None:
        """Close the connections and let go of the engine."""
        if self._recovery is not None:
            self._recovery.cancel()
        if self._client is not None:
            await self._client.close()
            self._client = None
        await self._locator.close()

    @property
    def reads_are_newest(self) -> bool:
        """Whether every read is of what was committed last: the embedded engine is one process.

        A session that says that it may write takes longer there, by 8 % of a decision about access.
        """
        return self.dialect is Dialect.ARCADEDB

    def session(self, *, write: bool, bookmarks: Iterable[str] = ()) -> neo4j.AsyncSession:
        """A session of the driver's, for what is no statement of cypher/; reads go to readers.

        Raises:
            Unavailable: the engine is being started again.
        """
        return self._ready.official.session(write=write, bookmarks=bookmarks)

    @property
    def _ready(self) -> ChosenClient:
        if self._client is None or (self._recovery and not self._recovery.done()):
            raise Unavailable
        return self._client

    @property
    def client(self) -> str:
        """The client in use, as GRAPH_API_BOLT calls it."""
        return self._ready.name

    async def read(self, text: str, params: Mapping[str, Any], terms: Terms) -> list[Row]:
        """One statement in a transaction of its own; all its rows.

        Raises:
            Unavailable: the engine is being started again, or the bookmarks were not reached in time.
        """
        return await self._ready.read(text, params, terms)

    async def write(self, work: Callable[[ClientTransaction], Awaitable[T]], terms: Terms) -> tuple[T, frozenset[str]]:
        """What `work` answers once it is committed, and the bookmarks of it; a raise rolls back.

        Raises:
            Unavailable: the engine is being started again, or the bookmarks were not reached in time.
        """
        return await self._ready.write(work, terms)

    def statement(self, name: str) -> Statement:
        """A checked statement, in the dialect of the engine."""
        return load_statements(self.dialect)[name]

    def sent(self, name: str, params: Params) -> None:
        """Tell the listeners."""
        for listener in self.listeners:
            listener(name, params)

    def lost(self) -> None:
        """The engine did not answer: start it again in the background, where that is ours to do."""
        if self._locator.starts_again and (self._recovery is None or self._recovery.done()):
            self._recovery = asyncio.create_task(self._recover())

    async def _recover(self) -> None:
        try:
            await self.open()
        except Exception as error:
            self._starting.failed(_loggable(error))
        else:
            self._starting.over()

    def before_saving(self) -> None:
        """See that there is room.

        Raises:
            Unavailable: there is none.
        """
        disk = self._locator.disk
        if disk is not None and disk.is_full:
            self._no_room()

    def after_not_saving(self, error: Exception) -> None:
        """Say so where a write failed for want of room.

        Raises:
            Unavailable: it did.
        """
        disk = self._locator.disk
        if is_no_room(error) or (disk is not None and disk.is_tight):
            self._no_room()

    def after_refusal(self, error: Exception) -> None:
        """Say so where the database lets nobody in, is not there, or has given up.

        Raises:
            Unavailable: the embedded engine has given up; it ends, and is started again.
            OutOfOrder: only the database's operator can mend it.
        """
        if has_given_up(error):
            self.lost()
            raise Unavailable from error
        code = getattr(error, "code", None) or ""
        if code.startswith(_OUT_OF_ORDER):
            self._refusing.failed(code)
            raise OutOfOrder(OUT_OF_ORDER, retry_after=RETRY_AFTER) from error  # which the command line explains

    def saved(self) -> None:
        """There is room again."""
        self._saving.over()
        self._refusing.over()

    @property
    def is_full(self) -> bool:
        """Whether there is no room to save, as far as can be told: for a server elsewhere, by the last write."""
        disk = self._locator.disk
        return self._saving.is_on if disk is None else disk.is_full

    def _no_room(self) -> NoReturn:
        self._saving.failed("its disk is full")
        raise Unavailable(DISK_FULL, retry_after=RETRY_AFTER)

    async def run_schema(self, text: str) -> None:
        """One migration's statement, on its own, as schema changes must be."""
        async with self.session(write=True) as session:
            result = await session.run(text)
            await result.consume()


def is_no_room(error: Exception) -> bool:
    """Whether the database says that its disk is full; it has no code of its own for that."""
    text = str(error).lower()
    return any(words in text for words in _NO_ROOM)


def has_given_up(error: Exception) -> bool:
    """Whether the embedded engine refuses everything because of a commit that is in its log and that it can't show."""
    return "is fenced after a failure" in str(error)


def is_constraint_failure(error: Exception) -> bool:
    """Whether a uniqueness constraint refused a write."""
    return isinstance(error, ClientError) and "ConstraintValidationFailed" in (error.code or "")
