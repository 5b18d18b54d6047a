"""One caller's practice in the graph."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import TypeVar

from graph_api.access.graph.decisions import AccessRepository
from graph_api.access.graph.upcoming import ComingRepository
from graph_api.audit.graph.chains import AuditRepository
from graph_api.engine.bolt import Database, is_constraint_failure
from graph_api.engine.errors import Unavailable
from graph_api.engine.session import CONTENDED, GraphSession, WriteTransaction
from graph_api.kernel.ports import Writes
from graph_api.kernel.records import Record
from graph_api.kernel.rows import stamp
from graph_api.kernel.stamps import Now, Stamps, utc_now
from graph_api.network.graph.edges import ContactRepository
from graph_api.network.graph.past import HistoryRepository
from graph_api.network.graph.rows import contact_from
from graph_api.network.model import Contact
from graph_api.network.records import EdgeRecord
from graph_api.people.graph import PersonRepository
from graph_api.people.model import Person
from graph_api.people.rows import person_from
from graph_api.people.writes import WriteRepository
from graph_api.portal.graph.accounts import AccountRepository
from graph_api.portal.graph.invitations import InvitationRepository
from graph_api.practices.graph import SettingsReadRepository

SWEEP_AT_ONCE = 1_000


T = TypeVar("T")


class GraphRepository:
    """Implements the `Graph` port."""

    def __init__(
        self,
        session: GraphSession,
        practice_id: str,
        today: date,
        on_mail: Callable[[], None] | None = None,
        now: Now = utc_now,
    ) -> None:
        self._session = session
        self._practice = practice_id
        self._today = today
        self._on_mail = on_mail
        self._now = now
        self.people = PersonRepository(session, practice_id, today)
        self.contacts = ContactRepository(session, practice_id, today)
        self.history = HistoryRepository(session, practice_id)
        self.coming = ComingRepository(session, practice_id)
        self.accounts = AccountRepository(session, practice_id)
        self.invitations = InvitationRepository(session, practice_id)
        self.access = AccessRepository(session, practice_id, today)
        self.settings = SettingsReadRepository(session, practice_id)
        self.audit = AuditRepository(session, practice_id)
        self.shown: set[str] = set()
        """Ids of the people whose records were handed over."""

    def person(self, record: Record) -> Person:
        """A whole record as the person."""
        return person_from(record)

    def contact(self, edge: EdgeRecord) -> Contact:
        """A whole record as the contact, on the graph's day."""
        return contact_from(edge, self._today)

    async def write(self, work: Callable[[Writes], Awaitable[T]]) -> T:
        """Run `work` in one transaction; it may run again, and what it raises undoes it.

        `on_mail` is called when it was committed and has added mails to be sent.

        Raises:
            Unavailable: the database could not do it in time, or others were faster each time; nothing was changed.
            OutcomeUnknown: the connection was lost while committing.
        """
        stamps = Stamps(self._now, self._session.lead)

        async def bound(transaction: WriteTransaction) -> tuple[T, bool]:
            stamps.begin()
            writes = WriteRepository(transaction, self._practice, self._today, stamps)
            answer = await work(writes)
            stamps.check()
            return answer, writes.outbox.has_mail

        try:
            answer, has_mail = await self._session.write(bound)
        except Exception as error:
            if is_constraint_failure(error):  # each time it ran, somebody else had just written the same
                raise Unavailable(CONTENDED) from None
            raise
        stamps.committed()
        if has_mail and self._on_mail is not None:
            self._on_mail()
        return answer


async def sweep_idempotency_keys(database: Database, practice_id: str) -> int:
    """Drop a practice's records past their 24 hours; how many went."""
    session, before = GraphSession(database), f"{practice_id}|{stamp(datetime.now(UTC))}"
    expired = await session.read(
        "idempotency/expired", practice=practice_id, after=f"{practice_id}|", before=before, limit=SWEEP_AT_ONCE
    )
    if not expired:
        return 0
    keys, lock = sorted(row["key"] for row in expired), secrets.token_hex(8)
    rows = await session.write(
        lambda tx: tx.run("idempotency/sweep", practice=practice_id, keys=keys, before=before, stamp=lock)
    )
    return int(rows[0]["swept"]) if rows else 0
