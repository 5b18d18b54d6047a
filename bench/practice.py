"""A practice to measure on: households that know each other, always the same for the same seed."""

import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from graph_api.domain.duplicates import match_keys
from graph_api.domain.ids import new_id
from graph_api.domain.model import ClientStatus, Contact, ContactRole, ContactTerms, Gender, Person, Practice
from graph_api.domain.relationships import Relationship
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.repositories.graph import GraphRepository
from graph_api.repositories.practices import PracticeRepository
from graph_api.services.ports import Writes

T = TypeVar("T")
SEED = 20261
GIVEN = ("Ana", "Ben", "Chloé", "Dai", "Elif", "Femi", "Grace", "Hiro", "Inês", "Kofi", "Leïla", "Mateo", "Nia", "Olu")
FAMILY = ("Adeyemi", "Baker", "Chen", "Díaz", "Evans", "García", "Haddad", "Ito", "Jones", "Khan", "Novak", "Patel")
WITHIN = (Relationship.SPOUSE, Relationship.PARENT, Relationship.CHILD, Relationship.SIBLING)
OUTSIDE = (Relationship.FRIEND, Relationship.NEIGHBOR, Relationship.AUNT, Relationship.GRANDPARENT)
BATCH = 500
CLIENTS = 0.5
"""Which part of the people are clients; theirs are all the edges."""
EDGES_A_PERSON = 2.5


@dataclass(frozen=True, slots=True)
class Measured:
    """What was loaded, and how long it took."""

    practice: Practice
    client_ids: tuple[str, ...]
    persons: int
    contacts: int
    seconds: float


def households(persons: int, chance: random.Random, now: datetime) -> Iterator[list[Person]]:
    """People in households of one to six, who share a family name and a phone."""
    made = 0
    while made < persons:
        size = min(chance.choice((1, 2, 2, 3, 4, 4, 5, 6)), persons - made)
        family, phone = chance.choice(FAMILY), f"+4420{70000000 + made:08d}"
        yield [_person(made + index, family, phone, chance, now) for index in range(size)]
        made += size


def _person(number: int, family: str, phone: str, chance: random.Random, now: datetime) -> Person:
    given = f"{chance.choice(GIVEN)} {chance.choice(GIVEN)}"
    return Person(
        id=new_id("person"),
        given_name=given,
        family_name=family,
        birth_date=date(1930, 1, 1) + timedelta(days=chance.randrange(34_000)),
        gender=chance.choice(tuple(Gender)),
        emails=(f"person-{number}@example.org",),
        phones=(phone, f"+4477{number:08d}"),
        client_status=ClientStatus.ACTIVE if chance.random() < CLIENTS else None,
        created_at=now,
        updated_at=now,
    )


def networks(homes: Sequence[list[Person]], chance: random.Random, today: date, now: datetime) -> Iterator[Contact]:
    """Each client's household first, then others of the practice."""
    people = [person for home in homes for person in home]
    for home in homes:
        for client in filter(lambda person: person.is_client, home):
            wanted = chance.randint(2, round(2 * EDGES_A_PERSON / CLIENTS) - 2)
            near = [person for person in home if person is not client][:wanted]
            known = {client.id, *(person.id for person in home)}
            far = [person for person in chance.sample(people, wanted - len(near)) if person.id not in known]
            for person in near:
                yield _contact(client, person, WITHIN, chance, today, now)
            for person in far:
                yield _contact(client, person, OUTSIDE, chance, today, now)


def _contact(
    client: Person,
    person: Person,
    kinds: Sequence[Relationship],
    chance: random.Random,
    today: date,
    now: datetime,
) -> Contact:
    access = chance.random() < 0.4
    terms = ContactTerms(
        relationship=chance.choice(kinds),
        roles=(ContactRole.EMERGENCY_CONTACT,) if chance.random() < 0.2 else (),
        portal_access=access,
        secure_messaging=access and chance.random() < 0.5,
        payments=access and chance.random() < 0.5,
        appointment_reminders=chance.random() < 0.5,
        starts_on=today - timedelta(days=chance.randrange(2_000)),
    )
    return Contact(new_id("contact"), client, person, terms, today, created_at=now, updated_at=now)


async def load_practice(database: Database, persons: int) -> Measured:
    """Make a practice of that many people, by the repositories' own writes."""
    now = datetime.now(UTC)
    practice_id = new_id("practice")
    practice = Practice(practice_id, f"bench-{practice_id[-12:]}", "Benchmark", "Europe/London", "GB")
    await PracticeRepository(database).create(practice, now)
    graph = GraphRepository(GraphSession(database), practice.id, now.date())
    chance = random.Random(SEED)
    homes = list(households(persons, chance, now))
    people = [person for home in homes for person in home]
    contacts = list(networks(homes, chance, now.date(), now))
    for batch in _batches(people):
        await graph.write(_create_people(batch))
    for edges in _batches(contacts):
        await graph.write(_create_contacts(edges))
    seconds = (datetime.now(UTC) - now).total_seconds()
    clients = tuple(person.id for person in people if person.is_client)
    return Measured(practice, clients, len(people), len(contacts), seconds)


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def _create_people(people: Sequence[Person]) -> Callable[[Writes], Awaitable[None]]:
    async def work(tx: Writes) -> None:
        await tx.lock_match_keys({key for person in people for key in match_keys(person)})
        await tx.create_people(people)

    return work


def _create_contacts(contacts: Sequence[Contact]) -> Callable[[Writes], Awaitable[None]]:
    async def work(tx: Writes) -> None:
        await tx.create_contacts(contacts)

    return work


async def remove_practice(database: Database, practice: Practice) -> None:
    """Leave a shared database as it was."""
    statement = """
        MATCH (n) WHERE n.practice = $practice OR n.id = $practice
        CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS
        """
    async with database.session(write=True) as session:
        await (await session.run(statement, {"practice": practice.id})).consume()
