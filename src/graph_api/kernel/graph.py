"""One caller's practice in the graph, in which each concern finds its own reads."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, Protocol, TypeVar

from graph_api.engine.bolt import Database, is_constraint_failure
from graph_api.engine.clients import Take
from graph_api.engine.errors import Contended
from graph_api.engine.races import WRITE_ATTEMPTS, RunAgain
from graph_api.engine.session import GraphSession, Row
from graph_api.engine.writing import WriteTransaction
from graph_api.kernel.caller import Practice
from graph_api.kernel.clock import Clock
from graph_api.kernel.door import Door
from graph_api.kernel.fields import Hollow
from graph_api.kernel.stamps import Now, Stamps, utc_now
from graph_api.kernel.transaction import Transaction

T = TypeVar("T")
R = TypeVar("R", bound="Reads")


class Transactions(Protocol):
    """Where the changes of one caller are made; or only worked out, without locks."""

    @property
    def door(self) -> Door:
        """Through which what was read of people is handed over in this request."""

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in one transaction; it may run again, and what it raises undoes it."""


class Graph:
    """`graph[PersonReads]` is what the people's concern reads of the practice, made when it is first asked for."""

    def __init__(
        self,
        session: GraphSession,
        practice_id: str,
        today: date,
        on_mail: Callable[[], None] | None = None,
        now: Now = utc_now,
    ) -> None:
        self._on_mail = on_mail
        self._now = now
        self._made: dict[type[Reads], Any] = {}
        self._session = session
        self.practice_id = practice_id
        self.today = today
        """The practice's day."""
        self.door = Door()
        """Opens what is read."""

    def __getitem__(self, kind: type[R]) -> R:
        """A concern's reads."""
        made: R | None = self._made.get(kind)
        if made is None:
            made = self._made[kind] = kind(self)
        return made

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in one transaction; it may run again, and what it raises undoes it.

        `on_mail` is called when it was committed and has added mails to be sent.

        Raises:
            Unavailable: the database could not do it in time, or others were faster each time; nothing was changed.
            OutcomeUnknown: the connection was lost while committing.
        """
        stamps = Stamps(self._now, self._session.lead)

        async def bound(statements: WriteTransaction) -> tuple[T, bool]:
            stamps.begin()
            tx = Transaction(statements, self.practice_id, self.today, stamps)
            try:
                answer = await work(tx)
            except Hollow:
                raise RunAgain from None
            if stamps.made is not None:  # the check is of how long the commit alone may take
                await statements.flush()
            stamps.check()
            return answer, tx.has_mail

        try:
            answer, has_mail = await self._session.write(bound, self.practice_id)
        except Exception as error:
            if is_constraint_failure(error):  # each time it ran, somebody else had just written the same
                raise Contended from None
            raise
        stamps.committed()
        if has_mail and self._on_mail is not None:
            self._on_mail()
        return answer


def graph_of(database: Database, practice: Practice, now: Now = utc_now) -> Graph:
    """A practice's graph on its own day, for what is done without a caller."""
    return Graph(GraphSession(database), practice.id, Clock(now, practice.time_zone).today(), now=now)


class Reads:
    """A concern's reads of one practice."""

    def __init__(self, graph: Graph) -> None:
        self._session = graph._session  # of nobody else: what is read of people leaves here sealed
        self._practice = graph.practice_id
        self._today = graph.today


class _Unsent:
    """Stands for a transaction's statements: each read goes on its own, and nothing is ever changed."""

    changed = False

    def __init__(self, session: GraphSession) -> None:
        self._session = session

    async def run(self, name: str, **params: Any) -> list[Row]:
        """What a read finds; nothing of what would change something."""
        return await self._session.rehearse(name, **params)

    def later(self, name: str, **params: Any) -> None:
        """Nothing: it would change something."""
        self._session.pass_over(name, params)

    async def flush(self) -> None:
        """Nothing was put off."""

    def lock(self, name: str, take: Take, **params: Any) -> None:
        """Nothing that may be asked for: nobody must wait for it."""
        self._session.pass_over(name, params)


class RehearsedGraph:
    """Changes that are worked out and not made: the same code reads the same, takes no lock and writes nothing."""

    def __init__(self, session: GraphSession, practice_id: str, today: date, now: Now = utc_now) -> None:
        self._session = session
        self._practice = practice_id
        self._today = today
        self._now = now
        self.door = Door()

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` and leave everything as it is.

        Raises:
            Unavailable: others changed the same all the while.
        """
        stamps = Stamps(self._now)
        for _ in range(WRITE_ATTEMPTS):
            stamps.begin()
            try:
                statements = _Unsent(self._session)
                return await work(Transaction(statements, self._practice, self._today, stamps, is_rehearsal=True))
            except RunAgain:
                continue
        raise Contended
