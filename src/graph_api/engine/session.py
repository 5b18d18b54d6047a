"""One caller's view of the database: reads, gathered reads, write transactions, bookmarks, deadlines."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from enum import Enum
from typing import Any, TypeVar

import orjson
from neo4j.exceptions import (
    ClientError,
    ConnectionPoolError,
    DatabaseError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from graph_api.engine.bolt import Database, has_given_up
from graph_api.engine.clients import NOT_ARRIVED, ClientTransaction, Terms
from graph_api.engine.clients import Row as Row
from graph_api.engine.errors import BadRequest, Contended, OutcomeUnknown, Unavailable
from graph_api.engine.lead import Lead
from graph_api.engine.races import WRITE_ATTEMPTS, RunAgain, is_conflict, is_race, pause
from graph_api.engine.statements import Dialect, Statement, StatementError
from graph_api.engine.writing import WriteTransaction

T = TypeVar("T")

READ_ATTEMPTS = 3
PAST_ATTEMPTS = 20
"""How often what was is read again at most, before whoever asks is told to try again."""
BOOKMARK_TIMEOUT = 2.0
"""Seconds a statement waits for the database to reach the caller's bookmark."""
TOO_LONG = "The database took too long. Try again in a moment."
NOT_SAVED = "The database can't save this right now. Try again in a moment."
CHANGING = "This keeps changing. Try again in a moment."


def _refuse_bookmark(error: Exception) -> None:
    """Say so where the database did not reach a bookmark in time, or does not know it at all."""
    code = getattr(error, "code", None) or ""
    if "InvalidBookmark" in code:
        raise BadRequest("BAD_BOOKMARK", "The database does not know this bookmark. Omit it.") from None
    if "Bookmark" in code:
        raise Unavailable(NOT_ARRIVED) from None


class Of(Enum):
    """What a gathered read is about."""

    NOW = "as `read`"
    NEWEST = "as `read_newest`"
    PAST = "as `read_past`"


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
        self.statements = 0
        """How many were sent; of one that is sent for several callers together, each has one."""
        self._committing = False
        self._was_saving = False  # as `_committing`, of any attempt

    @property
    def lead(self) -> Lead:
        """How far ahead of the clock changes are dated; the process's."""
        return self._database.lead

    @property
    def unwinds_prefixes(self) -> bool:
        """Whether a prefix that a statement unwinds is found by an index."""
        return self._database.dialect is Dialect.NEO4J

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
        return await self._read(name, params)

    async def read_newest(self, name: str, **params: Any) -> list[Row]:
        """As `read`, of the server that writes: it sees what any worker committed, with no bookmark of it."""
        return await self._read(name, params, newest=True)

    async def rehearse(self, name: str, **params: Any) -> list[Row]:
        """A statement of a change that is not made: what reads is read, of the server that writes; what would change
        something is checked and not sent.

        Raises:
            StatementError: it takes a lock, which nobody must wait for.
        """
        statement = self._database.statement(name)
        if not statement.writes:
            return await self._read(name, params, newest=True)
        self.pass_over(name, params)
        return []

    def pass_over(self, name: str, params: Row) -> None:
        """Check a statement of a change that is not made.

        Raises:
            StatementError: it takes a lock, which nobody must wait for.
        """
        statement = self._database.statement(name)
        if not statement.changes:
            raise StatementError(f"{name}: takes a lock, and nothing is to be changed")
        statement.check(params)

    async def read_past(self, name: str, **params: Any) -> list[Row]:
        """As `read_newest`, of what was: read until two answers in a row agree.

        A commit is not applied all at once, on either engine. A read that meets one can find a version neither where it
        was as the current one nor where it is kept as a past one, or in both places. The past does not change, so what
        was read twice alike was not torn.

        Raises:
            Unavailable: also where no two answers agreed.
        """
        before = await self._read(name, params, newest=True)
        for _ in range(PAST_ATTEMPTS):
            found = await self._read(name, params, newest=True)
            if found == before:
                return found
            before = found
        raise Unavailable(CHANGING)

    async def _read(self, name: str, params: Row, *, newest: bool = False) -> list[Row]:
        statement = self._database.statement(name)
        statement.check(params)
        for attempt in range(READ_ATTEMPTS):
            try:
                async with self._in_time():
                    return await self._read_once(statement, params, newest)
            except TimeoutError:
                raise Unavailable(TOO_LONG) from None
            except ConnectionPoolError:
                raise Unavailable from None
            except (ServiceUnavailable, SessionExpired):
                self._database.lost()
                if self._database.dialect is Dialect.ARCADEDB or attempt + 1 == READ_ATTEMPTS:
                    raise Unavailable from None
            except (Neo4jError, DriverError) as error:
                _refuse_bookmark(error)
                if not (error.is_retryable() or is_conflict(error)):
                    self._database.after_refusal(error)
                    raise
                if attempt + 1 == READ_ATTEMPTS:
                    raise Unavailable from None
            await asyncio.sleep(0.02 * 2**attempt * (1 + random.random()))  # noqa: S311 - jitter
        raise AssertionError

    async def gather(
        self, name: str, ids: Sequence[str], key: Callable[[Any], str], *, of: Of = Of.NOW, **params: Any
    ) -> dict[str, Any]:
        """Rows of a read by what `key` says of each; sent together with others that differ in `ids` alone.

        The statement takes `ids` and returns `rows`. Those of other callers of the same practice may be among them.

        Raises:
            Unavailable: no answer within the deadline, or the bookmark was not reached in time.
        """
        bookmarks = self._bookmarks

        async def read(wanted: Sequence[str]) -> dict[str, Any]:
            session = GraphSession(self._database, bookmarks)
            reads = {Of.NOW: session.read, Of.NEWEST: session.read_newest, Of.PAST: session.read_past}
            found = await reads[of](name, ids=wanted, **params)
            return {key(row): row for record in found for row in record["rows"]}

        self.statements += 1
        kind = (name, of, orjson.dumps(params), bookmarks)
        try:
            async with self._in_time():
                return await self._database.gatherer.load(kind, ids, read)
        except TimeoutError:
            raise Unavailable(TOO_LONG) from None

    async def _read_once(self, statement: Statement, params: Row, newest: bool) -> list[Row]:
        self._database.sent(statement.name, params)
        self.statements += 1
        newest = newest and not self._database.reads_are_newest
        return await self._database.read(statement.text, params, self._terms(newest=newest))

    def _terms(self, *, newest: bool) -> Terms:
        return Terms(self._database.deadline, self._bookmarks, BOOKMARK_TIMEOUT, newest)

    async def write(self, work: Callable[[WriteTransaction], Awaitable[T]], practice_id: str = "") -> T:
        """Run `work` in one write transaction; again from the start when a race was lost.

        Whoever loses several times takes turns with others of the practice. `work` may run several times: ids are made
        outside of it, the times of changes inside. A raise rolls back.

        Raises:
            Unavailable: the database could not do it in time; nothing was changed.
            OutcomeUnknown: the connection was lost while committing.
        """
        self._database.before_saving()
        races, self._was_saving = 0, False
        try:
            async with self._in_time():
                for attempt in range(WRITE_ATTEMPTS):
                    self._committing = False
                    try:
                        async with self._database.lines.turn(practice_id, races):
                            return await self._write_once(work)
                    except (Neo4jError, RunAgain) as error:
                        self._was_saving = self._was_saving or self._committing
                        if not self._may_run_again(error) or attempt + 1 == WRITE_ATTEMPTS:
                            raise
                        self._committing = False  # it was refused: nothing is unknown
                        races += is_race(error)
                    await asyncio.sleep(pause(attempt, races=races))
        except TimeoutError:
            raise (OutcomeUnknown if self._committing else Unavailable) from None
        except (TransientError, RunAgain):
            raise Contended from None
        except (ClientError, DatabaseError) as error:
            self._explain(error)
            raise
        except IncompleteCommit:
            self._database.lost()
            raise OutcomeUnknown from None
        except (ServiceUnavailable, SessionExpired, ConnectionPoolError):
            self._database.lost()
            raise Unavailable from None
        raise AssertionError

    def _may_run_again(self, error: Neo4jError | RunAgain) -> bool:
        """Whether a race was lost.

        Raises:
            Unavailable: the disk is full.
        """
        if not isinstance(error, RunAgain) and not is_conflict(error):
            self._database.after_not_saving(error)
        return self._lost_a_race(error)

    def _explain(self, error: Neo4jError) -> None:
        """Say so where a write that is refused may succeed later, or may have been done."""
        if self._was_saving and has_given_up(error):
            self._database.lost()
            raise OutcomeUnknown from None  # it is in the log: the restart makes it good
        if self._committing and "TransactionCommitFailed" in (error.code or ""):
            raise OutcomeUnknown from None  # Neo4j says it of what is in its log already: a restart makes it good
        if self._committing and not is_conflict(error) and self._database.dialect is Dialect.ARCADEDB:
            # Refused at its end each time, and undone: a quota, a fault of the device. The free bytes tell of neither.
            raise Unavailable(NOT_SAVED) from None
        self._database.after_refusal(error)

    def _lost_a_race(self, error: Neo4jError | RunAgain) -> bool:
        """The embedded engine has no one code for a commit that met another: whatever it refuses there is undone."""
        refused_commit = self._committing and self._database.dialect is Dialect.ARCADEDB
        return is_conflict(error) or refused_commit

    async def _write_once(self, work: Callable[[WriteTransaction], Awaitable[T]]) -> T:
        async def counted(transaction: ClientTransaction) -> T:
            writing = WriteTransaction(self._database, transaction)
            try:
                answer = await work(writing)
                writing.hand_over()
            finally:
                self.statements += writing.statements
            self._committing = True
            return answer

        answer, bookmarks = await self._database.write(counted, self._terms(newest=True))
        self._committing = False
        self._database.saved()
        self._keep(bookmarks)
        self.wrote = True
        return answer
