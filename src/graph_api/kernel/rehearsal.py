"""Changes that are worked out and not made: the same code reads the same, takes no lock and writes nothing."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from graph_api.engine.errors import Unavailable
from graph_api.engine.session import CONTENDED, WRITE_ATTEMPTS, GraphSession, Row, RunAgain, WriteTransaction
from graph_api.kernel.idempotency import StoredSuccess
from graph_api.kernel.ports import Writes
from graph_api.kernel.stamps import Now, Stamps, utc_now
from graph_api.network.ports import BeforeAdding
from graph_api.people.writes import WriteRepository
from graph_api.portal.graph.accounts import AccountWriteRepository
from graph_api.portal.model import Account


class _Unsent(WriteTransaction):
    """Stands for a transaction: each read goes on its own, and nothing is ever changed."""

    def __init__(self, session: GraphSession) -> None:
        self._session = session
        self.changed = False

    async def run(self, name: str, **params: Any) -> list[Row]:
        """What a read finds; nothing of what would change something."""
        return await self._session.rehearse(name, **params)


class _UnlockedAccounts(AccountWriteRepository):
    async def lock(self, person_id: str) -> Account | None:
        """A person's account, read without its lock."""
        return await self.of(person_id)


class _UnlockedWrites(WriteRepository):
    """Reads what is read under locks elsewhere, without them: it may be changed by the time it is told."""

    def __init__(self, transaction: WriteTransaction, practice_id: str, today: date, stamps: Stamps) -> None:
        super().__init__(transaction, practice_id, today, stamps)
        self.accounts = _UnlockedAccounts(transaction, practice_id, self._stamp, stamps, self.facts)

    async def lock_people(self, *ids: str) -> None:
        """What comes along with people's locks."""
        rows = await self._tx.run("settings/read", practice=self._practice)
        self.age_of_majority = rows[0]["ageOfMajority"] if rows else None

    async def lock_for_adding(self, client_id: str, person_id: str) -> BeforeAdding:
        """What a new edge depends on."""
        await self.lock_people(client_id)
        people = await self.people(client_id, person_id)
        return BeforeAdding(
            people.get(client_id), people.get(person_id), await self.contact_between(client_id, person_id)
        )

    async def lock_match_keys(self, keys: Iterable[str]) -> None:
        """Nothing is to be kept from others."""

    async def claim_key(self, key: str, now: datetime) -> StoredSuccess | None:
        """What is stored under an idempotency key: the change would answer it again."""
        return self._stored(await self._tx.run("idempotency/read", practice=self._practice, key=self._full(key)), now)

    async def store_key(self, key: str, success: StoredSuccess, now: datetime) -> None:
        """Nothing succeeded."""


T = TypeVar("T")


class RehearsedGraph:
    """Implements the `Transactions` port for changes that are only worked out."""

    def __init__(self, session: GraphSession, practice_id: str, today: date, now: Now = utc_now) -> None:
        self._session = session
        self._practice = practice_id
        self._today = today
        self._now = now
        self.shown: set[str] = set()

    async def write(self, work: Callable[[Writes], Awaitable[T]]) -> T:
        """Run `work` and leave everything as it is.

        Raises:
            Unavailable: others changed the same all the while.
        """
        stamps = Stamps(self._now)
        for _ in range(WRITE_ATTEMPTS):
            stamps.begin()
            try:
                return await work(_UnlockedWrites(_Unsent(self._session), self._practice, self._today, stamps))
            except RunAgain:
                continue
        raise Unavailable(CONTENDED)
