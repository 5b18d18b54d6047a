"""Makes the demo's practices. Each step is known by an external id or an idempotency key: begun again, it goes on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from graph_api.audit.append import Auditor
from graph_api.demo.conversations import ACTOR
from graph_api.demo.maple import CONTACTS, PEOPLE, DemoContact, DemoPerson
from graph_api.demo.marks import Seeds
from graph_api.demo.messaging import Correspondence
from graph_api.demo.portal_account import DemoAccount, SignedIn
from graph_api.demo.reminding import Reminders
from graph_api.demo.scheduling import Schedule
from graph_api.engine.bolt import Database
from graph_api.exchange.commands import ImportReport, ImportService
from graph_api.exchange.rows import ImportSource
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.clock import Clock
from graph_api.kernel.ids import new_id
from graph_api.kernel.scope import Scope
from graph_api.kernel.stamps import utc_now
from graph_api.kernel.unit import Request
from graph_api.network.commands import ContactService
from graph_api.network.model import Contact
from graph_api.network.reading import Reading
from graph_api.network.records import EdgeProperties
from graph_api.network.terms import TermsFields
from graph_api.people.commands import PersonService
from graph_api.people.model import ClientStatus, Person
from graph_api.people.records import PERSON_PROPERTIES
from graph_api.practices.graph import Practices
from graph_api.services import Services, import_service

SEED = "1"
"""Which data the practices hold; a later version's new data are added beside what is there."""
WITH_MESSAGES = "2"
"""The mark of a practice that has its threads too."""
WITH_APPOINTMENTS = "3"
"""The mark of a practice that has appointments besides."""
WITH_RULES = "4"
"""The mark of a practice that reminds of them by mail alone, as an earlier demo did."""
WITH_REMINDERS = "5"
"""The mark of a practice that shows who is reminded, and why others are not."""
STEPS = (None, SEED, WITH_MESSAGES, WITH_APPOINTMENTS, WITH_RULES, WITH_REMINDERS)
"""In the order in which they are made."""
MAPLE = ("maple", "Maple Street Family Practice", "America/New_York", "US")
ROYAL92 = ("royal92", "royal92 (the European royal families)", "Europe/London", "GB")

ImportRoyal92 = Callable[[ImportService], Awaitable[ImportReport]]


class NotTheDemo(Exception):
    """A practice of the demo's slug is somebody's own."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"The practice {slug} is not the demo's: run the demo with a --data-dir of its own.")


@dataclass(frozen=True, slots=True)
class DemoPractices:
    """Both, seeded."""

    maple: Practice
    royal92: Practice
    portal_user: SignedIn | None
    """Who is signed in to the portal of the first; None where somebody has closed the account."""


Entrance = Callable[[Practice], DemoAccount]
"""How the demo's portal account of a practice is opened and signed in to."""


async def seed_practices(
    database: Database, services: Services, auditor: Auditor, entrance: Entrance, import_royal92: ImportRoyal92
) -> DemoPractices:
    """Make both practices, or finish or find them, and sign in to the portal.

    Raises:
        NotTheDemo: a practice of that slug has another name.
    """
    maple, royal92 = await _practice(database, *MAPLE), await _practice(database, *ROYAL92)
    seeds = Seeds(database)
    mark = await seeds.of(maple.id)
    done = STEPS.index(mark) if mark in STEPS else 0
    if done < STEPS.index(SEED):
        context = services.scope(Caller(ACTOR, maple, ViewerRole.STAFF))
        await _Families(context, Clock(utc_now, maple.time_zone).today()).seed()
        await seeds.mark(maple.id, SEED)
    account = entrance(maple)
    if done < STEPS.index(WITH_MESSAGES):
        await account.open()
    portal_user = await account.sign_in()
    if done < STEPS.index(WITH_MESSAGES):
        await Correspondence(services, maple, portal_user).seed()
        await seeds.mark(maple.id, WITH_MESSAGES)
    if done < STEPS.index(WITH_APPOINTMENTS):
        await Schedule(services, maple, portal_user).seed()
        await seeds.mark(maple.id, WITH_APPOINTMENTS)
    if done < STEPS.index(WITH_REMINDERS):
        await Reminders(services, maple).seed()
        await seeds.mark(maple.id, WITH_REMINDERS)
    if await seeds.of(royal92.id) != SEED:
        await import_royal92(import_service(database, royal92, auditor, source=ImportSource(is_historic=True)))
        await seeds.mark(royal92.id, SEED)
    return DemoPractices(maple, royal92, portal_user)


async def _practice(database: Database, slug: str, name: str, time_zone: str, region: str) -> Practice:
    practices = Practices(database)
    found = await practices.by_slug(slug)
    if found is None:
        await practices.create(Practice(new_id("practice"), slug, name, time_zone, region), datetime.now(UTC))
        found = await practices.by_slug(slug)
    if found is None or found.name != name:
        raise NotTheDemo(slug)
    return found


def _request(mutation: str, *parts: str) -> Request:
    """The input is left out of the key's digest: days in it differ when seeding goes on tomorrow."""
    return Request(mutation, {"seed": SEED}, "/".join(("demo", SEED, *parts)))


class _Families:
    """Seeds maple through the services, so that every rule holds for it."""

    def __init__(self, context: Scope, today: date) -> None:
        self._context = context
        self._today = today
        self._people: dict[str, Person] = {}

    async def seed(self) -> None:
        """Clients, then their contacts, then what happened to them since."""
        for person in PEOPLE:
            await self._find(person.key)
            if person.status is not None and person.key not in self._people:
                await self._add_client(person)
        for contact in CONTACTS:
            await self._add_contact(contact)
        for person in PEOPLE:
            if person.status is not None and person.status is not ClientStatus.ACTIVE:
                await self._set_status(person.key, person.status)

    async def _find(self, key: str) -> None:
        reading = self._context[Reading]
        found = await reading.person_by_external_id(key, None, PERSON_PROPERTIES)
        if found is not None:
            self._people[key] = reading.person_model(found)

    def _unlike(self, person: DemoPerson) -> list[str]:
        return [self._people[key].id for key in person.unlike]

    async def _add_client(self, person: DemoPerson) -> None:
        request = _request("addClient", person.key)
        (
            await self._context[PersonService].add_client(request, person.fields_on(self._today), self._unlike(person))
        ).done()
        await self._find(person.key)

    async def _add_contact(self, contact: DemoContact) -> None:
        client, person = self._people[contact.client], self._people.get(contact.person)
        terms = _terms(contact, self._today)
        if person is None:
            request = _request("addNewContact", contact.client, contact.person)
            new = next(item for item in PEOPLE if item.key == contact.person)
            fields = new.fields_on(self._today)
            outcome = await self._context[ContactService].add_new(request, client.id, fields, self._unlike(new), terms)
            await self._find(contact.person)
        elif await self._context[Reading].between([(client.id, person.id)], EdgeProperties()):
            return
        else:
            request = _request("addExistingContact", contact.client, contact.person)
            outcome = await self._context[ContactService].add_existing(request, client.id, person.id, terms)
        await self._remove(contact, outcome.done())

    async def _remove(self, contact: DemoContact, added: Contact) -> None:
        if contact.removed_for is not None and added.removed_at is None:
            request = _request("removeContact", contact.client, contact.person)
            (await self._context[ContactService].remove(request, added.id, added.version, contact.removed_for)).done()

    async def _set_status(self, key: str, status: ClientStatus) -> None:
        person = self._people[key]
        request = _request("setClientStatus", key)
        (await self._context[PersonService].set_client_status(request, person.id, person.version, status)).done()


def _terms(contact: DemoContact, today: date) -> TermsFields:
    terms: TermsFields = {"relationship": contact.relationship, **contact.terms}
    if contact.starts_in is not None:
        terms["starts_on"] = today + timedelta(days=contact.starts_in)
    if contact.ends_in is not None:
        terms["ends_on"] = today + timedelta(days=contact.ends_in)
    return terms
