"""One write transaction of one practice, in which each concern finds its own statements."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from graph_api.engine.clients import Take
from graph_api.engine.session import Row
from graph_api.kernel.stamps import Stamps

W = TypeVar("W", bound="Writes")


def _nothing(_rows: list[Row]) -> None:
    """Of most locks nobody needs the rows."""


class Statements(Protocol):
    """What statements are sent through: the engine's transaction, or what only works a change out."""

    @property
    def changed(self) -> bool:
        """Whether a statement that changes something was sent."""

    async def run(self, name: str, **params: Any) -> list[Row]:
        """Run a statement of cypher/ by name; all its rows."""

    def later(self, name: str, **params: Any) -> None:
        """One that changes something and whose rows nobody reads: it goes with the next one, or with the commit."""

    def lock(self, name: str, take: Take, **params: Any) -> None:
        """One that takes locks: the next one goes along, and reads under them; `take` is given the rows before that."""

    async def flush(self) -> None:
        """Run those that were put off."""


class Transaction:
    """What can be done inside one write transaction of one practice. Lock first, read after.

    `tx[PersonWrites]` is what the people's concern can do in it, made when it is first asked for.
    """

    def __init__(
        self,
        statements: Statements,
        practice_id: str,
        today: date,
        stamps: Stamps | None = None,
        *,
        is_rehearsal: bool = False,
    ) -> None:
        """In a rehearsal nothing is locked or changed, so what is read may be out of date when it is shown."""
        self._statements = statements
        self._made: dict[type[Writes], Any] = {}
        self.practice_id = practice_id
        self.today = today
        self.stamps = stamps or Stamps()
        self.is_rehearsal = is_rehearsal
        self.token = secrets.token_hex(8)
        """What locks are taken with: a value that no other transaction writes."""
        self._put_off = False
        self._carrying: set[asyncio.Future[None]] = set()
        self.has_mail = False
        """Whether it adds mails, so that their sender is to be woken once it is committed."""

    def __getitem__(self, kind: type[W]) -> W:
        """A concern's statements in this transaction."""
        made: W | None = self._made.get(kind)
        if made is None:
            made = self._made[kind] = kind(self)
        return made

    @property
    def changed(self) -> bool:
        """Whether anything was changed; locks are no change."""
        return self._statements.changed

    async def run(self, name: str, **params: Any) -> list[Row]:
        """Run a statement of cypher/ by name; all its rows."""
        if not self._put_off:
            return await self._statements.run(name, **params)
        async with self._carried():
            return await self._statements.run(name, **params)

    def later(self, name: str, **params: Any) -> None:
        """One that changes something and whose rows nobody reads: it goes with the next one, or with the commit.

        What it is refused for is told where it goes; a lost race is run again, as always. Locks are never taken later.
        """
        self._statements.later(name, **params)

    def lock(self, name: str, take: Take = _nothing, **params: Any) -> None:
        """One that takes locks. It goes with the next statement, which reads under them: nobody waits for it alone.

        `take` is given its rows before the next statement has its own.
        """
        self._put_off = True
        self._statements.lock(name, take, **params)

    async def hold(self) -> None:
        """Wait for the locks that were asked for, where nothing is read under them."""
        if self._put_off:
            async with self._carried():
                await self._statements.flush()
        while self._carrying:  # somebody else's statement
            await asyncio.wait(set(self._carrying))

    @asynccontextmanager
    async def _carried(self) -> AsyncIterator[None]:
        """What is sent meanwhile takes along the locks that were asked for."""
        self._put_off, answer = False, asyncio.get_running_loop().create_future()
        self._carrying.add(answer)
        try:
            yield
        finally:
            self._carrying.discard(answer)
            answer.set_result(None)

    def stamp(self) -> datetime:
        """The time from which the transaction's changes hold; the same at every call.

        All locks must be held. It is later than the last change of everything that was locked and read, and a little
        ahead of the clock. Use the clock, not the stamp, for what is due and for the practice's day.

        Raises:
            RuntimeError: locks were asked for, and nothing has been read under them yet.
        """
        if self._put_off or self._carrying:
            raise RuntimeError("no stamp without the locks that were asked for")
        return self.stamps.make()

    @property
    def stamped(self) -> datetime | None:
        """The stamp; None where nothing was changed that has one."""
        return self.stamps.made


class Writes:
    """A concern's statements inside one write transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._practice = tx.practice_id
        self._lock = tx.token
        self._stamps = tx.stamps
