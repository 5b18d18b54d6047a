"""Staff and accounts who race each other, and who of them came first.

What an account does and a revocation of the client's are dated under the same locks. So their dates tell which of them
committed first: what is dated after the revocation must not be there. After any revocation nothing may be done.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from bench.racing import Household, Outcome, Racer, Revocation
from graph_api.audit.graph.chains import AuditReads
from graph_api.audit.narrowing import LogFilter
from graph_api.config import Settings
from graph_api.custody.masters_in_use import message_texts
from graph_api.engine.bolt import Database
from graph_api.kernel.caller import Caller, ViewerRole
from graph_api.kernel.scope import Scope
from graph_api.keys.secrets import installation_secret
from graph_api.opening import make_auditor, open_database
from graph_api.services import Services

DATED = "client"
"""Both lock the client, so the later is dated later. An account's and a gate's lock order commits, and not dates."""


def judged(sent_at: datetime | None, revoked_at: datetime) -> Outcome:
    """Who came first, by the dates that both got under the same locks."""
    if sent_at is None:
        return Outcome.REVOKED
    return Outcome.WRITTEN if sent_at < revoked_at else Outcome.VIOLATED


@asynccontextmanager
async def two_sides(settings: Settings, revoking: Database) -> AsyncIterator[tuple[Racer, Services]]:
    """Who revokes, on a database that is open; and accounts, on a client of their own as another process has one."""
    writing = open_database(settings)
    await writing.open()
    secret, auditor = installation_secret(settings.data_dir, settings.secret_file), make_auditor(settings)
    staff, accounts = (
        Services(database, secret, auditor, texts=message_texts(settings)) for database in (revoking, writing)
    )
    try:
        yield Racer(staff, revoking, writing), accounts
    finally:
        await writing.close()


class Sides:
    """Staff on one driver and accounts on another, as two processes have them."""

    def __init__(self, racer: Racer, writing: Services) -> None:
        self.racer = racer
        self._writing = writing
        self._chance = random.Random(2)

    def staff(self, home: Household) -> Scope:
        """What staff of the household's practice do."""
        return self.racer.services.scope(Caller("race", home.practice, ViewerRole.STAFF))

    def account(self, home: Household) -> Scope:
        """What the contact does from their account."""
        person = home.contact.person.id
        return self._writing.scope(Caller(f"account of {person}", home.practice, ViewerRole.PORTAL, person))

    async def later(self, seconds: float) -> None:
        """A while, by chance."""
        await asyncio.sleep(self._chance.random() * seconds)

    async def revoked_at(self, home: Household, kind: Revocation) -> datetime:
        """When the household's last revocation was, as the audit log has it."""
        subjects = {"client": home.contact.client.id, "account": home.contact.person.id, "gate": home.practice.id}
        graph = self.staff(home).graph
        found = await graph[AuditReads].page(LogFilter(subject_id=subjects[kind.shared]), None, 1)
        return datetime.fromisoformat(graph.door.open(found)[0].at)
