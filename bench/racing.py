"""A revocation races a checked write: the one that commits first wins, or access outlives its end.

Both take the lock of one node by writing it, and keep it until they have committed. So the node tells who committed
last: a write that was let through although its lock is the last one came after the revocation, and must not be there.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum

from graph_api.access.commands import ClientAccessService
from graph_api.access.decision import decide
from graph_api.access.graph.decisions import AccessWrites, gate_of
from graph_api.access.graph.rows import account_key
from graph_api.access.model import PortalAction
from graph_api.access.questions import decide_locked
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.engine.writing import WriteTransaction
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.graph import Graph
from graph_api.kernel.ids import new_id
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Request
from graph_api.network.commands import ContactService
from graph_api.network.graph.writes import ContactWrites
from graph_api.network.model import Contact, ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.people.commands import PersonService
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import ClientStatus, Person
from graph_api.portal.account_commands import AccountService
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.model import Account
from graph_api.practices.commands import SettingsService
from graph_api.practices.graph import Practices
from graph_api.practices.model import PracticeFeature
from graph_api.services import Services

ACTION = PortalAction.MAKE_PAYMENT
WRITE = "CREATE (w:RacedWrite {id: $id, practice: $practice, clientId: $client}) RETURN w.id AS id"
WRITTEN = "MATCH (w:RacedWrite) WHERE w.clientId = $client AND w.practice = $practice RETURN count(w) AS found"
SHARED = {
    "client": "MATCH (n:Person {id: $key}) RETURN n.lock AS lock",
    "account": "MATCH (n:Account {key: $key}) RETURN n.lock AS lock",
    "gate": "MATCH (n:AccessGate {key: $key}) RETURN n.lock AS lock",
}


class Outcome(Enum):
    """How a round ended."""

    WRITTEN = "the write came first"
    REVOKED = "the revocation came first"
    HELD = "nothing was lost or shown"
    VIOLATED = "written after the revocation, lost, or shown"


@dataclass(frozen=True, slots=True)
class Household:
    """A client, a contact who may pay for them, and the contact's account."""

    practice: Practice
    contact: Contact


@dataclass(frozen=True, slots=True)
class Revocation:
    """A way to take access away, and the node whose lock both sides take."""

    name: str
    shared: str
    revoke: Callable[["Racer", Household], Awaitable[None]]
    own_practice: bool = False


PAYING = ContactTerms(Relationship.SPOUSE, portal_access=True, payments=True)


async def give_access(
    database: Database, practice: Practice, pairs: Sequence[tuple[Person, Person]], terms: ContactTerms = PAYING
) -> list[Contact]:
    """Contacts of clients on these terms, each with an account. People who are new are made."""
    now = datetime.now(UTC)
    made = Contact("", *pairs[0], terms, now.date(), created_at=now, updated_at=now)
    made = replace(made, messages_from=now if terms.secure_messaging else None)
    contacts = [replace(made, id=new_id("contact"), client=client, person=person) for client, person in pairs]
    everybody = {person.id: person for pair in pairs for person in pair}
    actors = {person.id for _, person in pairs}
    accounts = [Account(new_id("account"), actor, f"{actor[7:19]}@accounts.example", now, now) for actor in actors]

    async def work(tx: Transaction) -> None:
        await tx[PersonWrites].create(list(everybody.values()))
        await tx[ContactWrites].create(contacts)
        for account in accounts:
            await tx[AccountWrites].create(account)

    await Graph(GraphSession(database), practice.id, now.date()).write(work)
    return contacts


class Racer:
    """Two sides, each with a driver of its own as two processes have."""

    def __init__(self, services: Services, revoking: Database, writing: Database, seed: int = 1) -> None:
        self.services = services
        self.revoking = revoking
        self.writing = writing
        self._chance = random.Random(seed)
        self.practices: list[Practice] = []

    async def practice(self) -> Practice:
        """A new one."""
        practice_id = new_id("practice")
        practice = Practice(practice_id, f"race-{practice_id[-12:]}", "Race", "Europe/London", "GB")
        await Practices(self.revoking).create(practice, datetime.now(UTC))
        self.practices.append(practice)
        return practice

    async def household(
        self,
        practice: Practice,
        terms: ContactTerms = PAYING,
        email: Callable[[str], str] | None = None,
        phone: Callable[[str], str] | None = None,
    ) -> Household:
        """People who do not know each other's rounds; what gives each an address and a phone takes their id."""
        now = datetime.now(UTC)
        client = Person(new_id("person"), "Ana", client_status=ClientStatus.ACTIVE, access_since=now)
        client, person = (
            replace(
                one,
                created_at=now,
                updated_at=now,
                emails=() if email is None else (email(one.id),),
                phones=() if phone is None else (phone(one.id),),
            )
            for one in (client, Person(new_id("person"), "Sam"))
        )
        (contact,) = await give_access(self.revoking, practice, [(client, person)], terms)
        return Household(practice, contact)

    def graph(self, practice: Practice) -> Graph:
        """The revoking side's view."""
        return Graph(GraphSession(self.revoking), practice.id, datetime.now(UTC).date())

    async def checked_write(self, home: Household, between: Callable[[], Awaitable[None]] | None = None) -> str | None:
        """The lock's stamp of the write that was let through; None when it was refused.

        `between` runs after a decision that was made without locks, which are then taken too late: to see that this
        is found.
        """
        stamps: list[str] = []
        client, person = home.contact.client.id, home.contact.person.id

        async def work(transaction: WriteTransaction) -> bool:
            writes = Transaction(transaction, home.practice.id, datetime.now(UTC).date())
            stamps.append(writes.token)
            if between is None:
                decision = (await decide_locked(writes, person, client, ACTION)).decision
            else:
                now = datetime.now(UTC)
                decision = decide((await writes[AccessWrites].pair(person, client)).facts, ACTION, now)
                await between()
                await writes[AccessWrites].locked_pair(person, client)
            if not decision.allowed:
                raise Refused
            write = {"id": new_id("event"), "practice": home.practice.id, "client": client}
            await transaction._transaction.run(WRITE, write)
            return True

        try:
            await GraphSession(self.writing).write(work)
        except Refused:
            return None
        return stamps[-1]

    async def round(self, kind: Revocation, practice: Practice, lead: float = 0.01) -> Outcome:
        """One race; who is sent first, and by how much, is chance."""
        home = await self.household(await self.practice() if kind.own_practice else practice)
        # Revoking takes longer than writing, so it is mostly ahead: then each comes first sometimes.
        waits = self._chance.random() * 3 * lead, self._chance.random() * lead

        async def later(seconds: float, side: Awaitable[str | None] | Awaitable[None]) -> str | None:
            await asyncio.sleep(seconds)
            return await side

        stamp, _ = await asyncio.gather(
            later(waits[0], self.checked_write(home)), later(waits[1], kind.revoke(self, home))
        )
        return await self.judge(kind, home, stamp)

    async def judge(self, kind: Revocation, home: Household, stamp: str | None) -> Outcome:
        """Who committed last, by the lock of the node both write."""
        client = home.contact.client.id
        written = await self._one(WRITTEN, practice=home.practice.id, client=client)
        if written["found"] != (stamp is not None):
            raise AssertionError("what was answered is not what is in the graph")
        if stamp is None:
            return Outcome.REVOKED
        keys = {
            "client": client,
            "account": account_key(home.practice.id, home.contact.person.id),
            "gate": gate_of(home.practice.id, client),
        }
        lock = (await self._one(SHARED[kind.shared], key=keys[kind.shared]))["lock"]
        return Outcome.VIOLATED if lock == stamp else Outcome.WRITTEN

    async def _one(self, text: str, **params: str) -> dict[str, object]:
        async with self.revoking.session(write=False) as session:
            record = await (await session.run(text, params)).single(strict=True)
            return dict(record)


class Refused(Exception):
    """The write is undone: it was not allowed."""


async def _switch_off(racer: Racer, home: Household) -> None:
    context = racer.services.scope(Caller("race", home.practice, ViewerRole.STAFF))
    found = await context[ContactService].update(
        Request("updateContact", {}), home.contact.id, 1, {"portal_access": False}
    )
    _expect(found.errors)


async def _remove(racer: Racer, home: Household) -> None:
    context = racer.services.scope(Caller("race", home.practice, ViewerRole.STAFF))
    _expect((await context[ContactService].remove(Request("removeContact", {}), home.contact.id, 1, None)).errors)


async def _archive(racer: Racer, home: Household) -> None:
    context = racer.services.scope(Caller("race", home.practice, ViewerRole.STAFF))
    client = home.contact.client.id
    found = await context[PersonService].set_client_status(
        Request("setClientStatus", {}), client, 1, ClientStatus.ARCHIVED
    )
    _expect(found.errors)


async def _disable(racer: Racer, home: Household) -> None:
    context = racer.services.scope(Caller("race", home.practice, ViewerRole.STAFF))
    _expect((await context[AccountService].disable(Request("disableAccount", {}), home.contact.person.id, None)).errors)


async def _no_portal_here(racer: Racer, home: Household) -> None:
    context = racer.services.scope(Caller("race", home.practice, ViewerRole.STAFF))
    request, client = Request("setClientFeature", {}), home.contact.client.id
    _expect((await context[ClientAccessService].set_feature(request, client, PracticeFeature.PORTAL, False)).errors)


async def _no_portal(racer: Racer, home: Household) -> None:
    context = racer.services.scope(Caller("race", home.practice, ViewerRole.ADMIN))
    request = Request("setPracticeFeature", {})
    _expect((await context[SettingsService].set_feature(request, PracticeFeature.PORTAL, False)).errors)


def _expect(errors: tuple[object, ...]) -> None:
    if errors:
        raise AssertionError(f"the revocation was refused: {errors}")


REVOCATIONS = (
    Revocation("portal access switched off", "client", _switch_off),
    Revocation("contact removed", "client", _remove),
    Revocation("client archived", "client", _archive),
    Revocation("feature switched off for the client", "client", _no_portal_here),
    Revocation("account disabled", "account", _disable),
    Revocation("practice feature switched off", "gate", _no_portal, own_practice=True),
)
