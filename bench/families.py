"""Families who have an appointment in an hour, of which a rule reminds that is due: for `bench.reminders`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256

from graph_api.acting.appointments.graph.rows import appointment_row
from graph_api.acting.appointments.model import Appointment, AppointmentStatus
from graph_api.acting.bylines import Author
from graph_api.acting.reminders.graph.writes import ReminderWrites
from graph_api.acting.reminders.model import QuietHours, ReminderChannel, ReminderRule
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.graph import Graph
from graph_api.kernel.ids import new_id
from graph_api.kernel.transaction import Transaction
from graph_api.network.graph.writes import ContactWrites
from graph_api.network.model import Contact, ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import ClientStatus, Person
from graph_api.practices.graph import Practices

AT_ONCE = 100
AHEAD = timedelta(minutes=31)
APPOINTMENTS = """
UNWIND $rows AS row
MATCH (c:Person {id: row.clientId})
CREATE (c)-[:HAS_APPOINTMENT]->(a:Appointment)
SET a = row.appointment, a.practice = $practice
RETURN count(a) AS made
"""
LOCATION = """
CREATE (l:Location {id: $id, practice: $practice, name: 'Room 1', isTelehealth: false, isExclusive: false,
  isActive: true, version: 1})
RETURN 1 AS made
"""
NEVER = QuietHours(time(3), time(3, 1))
"""Quiet hours of a minute: texts are sent whenever this is run."""


@dataclass(frozen=True, slots=True)
class Family:
    """A client and their parents, each of whom is reminded; every third pair of parents has one address."""

    people: tuple[Person, ...]
    contacts: tuple[Contact, ...]
    appointment: Appointment

    @property
    def addresses(self) -> set[str]:
        """Where reminders go by mail."""
        return {person.emails[0] for person in self.people}

    @property
    def phones(self) -> set[str]:
        """Where texts go."""
        return {person.phones[0] for person in self.people}


def phone_of(email: str) -> str:
    """As shared as the address is."""
    return f"+4477{int(sha256(email.encode()).hexdigest(), 16) % 10**8:08d}"


def soon(_number: int) -> timedelta:
    """All in seventy minutes."""
    return timedelta(minutes=70)


def families(
    count: int, location_id: str, now: datetime, begins: Callable[[int], timedelta] = soon
) -> Iterator[Family]:
    """Made one after the other; `begins` says how long after now the appointment of each does."""
    terms = ContactTerms(Relationship.PARENT, appointment_reminders=True)
    for number in range(count):
        start = (now + begins(number)).replace(second=0, microsecond=0)
        ids = [new_id("person") for _ in range(3)]
        shared = number % 3 == 0
        emails = [f"c{ids[0][-20:]}@x.example", f"p{ids[1][-20:]}@x.example"]
        emails.append(emails[1] if shared else f"q{ids[2][-20:]}@x.example")
        people = tuple(
            Person(
                one,
                f"Given{number}",
                f"Family{number}",
                emails=(email,),
                phones=(phone_of(email),),
                client_status=None if place else ClientStatus.ACTIVE,
                access_since=None if place else now,
                created_at=now,
                updated_at=now,
            )
            for place, (one, email) in enumerate(zip(ids, emails, strict=True))
        )
        contacts = tuple(
            Contact(new_id("contact"), people[0], one, terms, now.date(), created_at=now, updated_at=now)
            for one in people[1:]
        )
        appointment = Appointment(
            new_id("appointment"),
            ids[0],
            "practitioner_1",
            "type_1",
            location_id,
            start,
            start + timedelta(minutes=30),
            f"{start:%Y-%m-%dT%H:%M}",
            "UTC",
            AppointmentStatus.BOOKED,
            Author("staff-1", ViewerRole.STAFF),
            created_at=now,
            updated_at=now,
        )
        yield Family(people, contacts, appointment)


async def load(
    database: Database,
    practice: Practice,
    count: int,
    channel: ReminderChannel,
    minutes: Sequence[int] = (120,),
    begins: Callable[[int], timedelta] = soon,
) -> set[str]:
    """Write a practice's families and what reminds of their appointments.

    Returns:
        The addresses of those whose appointments are ahead by half an hour.
    """
    now = datetime.now(UTC)
    await Practices(database).create(practice, now)
    graph = Graph(GraphSession(database), practice.id, now.date())
    location_id = new_id("location")
    async with database.session(write=True) as session:
        await (await session.run(LOCATION, {"id": location_id, "practice": practice.id})).consume()
    kept = tuple(ReminderRule(new_id("reminder"), before, (channel,)) for before in minutes)

    async def rules(tx: Transaction) -> None:
        await tx[ReminderWrites].save_rules((), kept)
        await tx[ReminderWrites].save_quiet(NEVER)

    await graph.write(rules)
    addresses: set[str] = set()
    made = list(families(count, location_id, now, begins))
    for begin in range(0, count, AT_ONCE):
        some = made[begin : begin + AT_ONCE]
        for family in (one for one in some if one.appointment.starts_at > now + AHEAD):
            addresses |= family.addresses if channel is ReminderChannel.EMAIL else family.phones
        await _load(database, graph, practice, some)
    return addresses


async def _load(database: Database, graph: Graph, practice: Practice, some: Sequence[Family]) -> None:
    async def people(tx: Transaction) -> None:
        await tx[PersonWrites].create([person for family in some for person in family.people])
        await tx[ContactWrites].create([contact for family in some for contact in family.contacts])

    await graph.write(people)
    rows = [
        {"clientId": one.appointment.client_id, "appointment": appointment_row(practice.id, one.appointment)}
        for one in some
    ]
    async with database.session(write=True) as session:
        await (await session.run(APPOINTMENTS, {"rows": rows, "practice": practice.id})).consume()

    async def plan(tx: Transaction) -> None:
        await tx[ReminderWrites].plan([family.appointment for family in some])

    await graph.write(plan)
