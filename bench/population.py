"""The people of a practice to measure on, made one after the other: the same for the same practice and seed.

Nobody is kept in memory: an id follows from a person's number, and what comes next from the seed alone. So a million
people can be written while they are made, and asked about later without reading them again.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import blake2b

from graph_api.network.checks import added_contact
from graph_api.network.model import Contact, ContactRole, ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.people.model import ClientStatus, Gender, Person

SEED = 20261
_SYLLABLES = """
    ad al am an ar be bo ca chi co da de dra el en er fa fe ga gi go ha he hu in is jo ka ke kha ki ko la le li lo lu
    ma me mi mo na ne ni no nu ol or pa pe po ra re ri ro ru sa se sha si so su ta te ti to tu ul va ve vi wa ya yu za
    zo zu né só
"""
SYLLABLES = tuple(_SYLLABLES.split())
FAMILY_ENDS = ("son", "sen", "ez", "ova", "ski", "ford", "ton", "mann", "yan", "aldo", "", "")
FAMILIES = 3_000
WITHIN = (Relationship.SPOUSE, Relationship.PARENT, Relationship.CHILD, Relationship.SIBLING)
OUTSIDE = (Relationship.FRIEND, Relationship.NEIGHBOR, Relationship.AUNT, Relationship.GRANDPARENT)
SIZES = (1, 2, 2, 3, 4, 4, 5, 6)
GENDERS = tuple(Gender)
CLIENTS = 0.5
"""Which part of the people are clients; theirs are all the edges."""
EDGES_A_PERSON = 2.5


@dataclass(frozen=True, slots=True)
class Household:
    """People who live together, by their numbers."""

    start: int
    is_client: tuple[bool, ...]

    @property
    def numbers(self) -> range:
        """Who they are."""
        return range(self.start, self.start + len(self.is_client))


@cache
def family_names() -> tuple[str, ...]:
    """A few thousand, all different."""
    chance = random.Random("family names")
    found: dict[str, None] = {}
    while len(found) < FAMILIES:
        stem = "".join(chance.choices(SYLLABLES, k=chance.choice((2, 2, 3))))
        found[(stem + chance.choice(FAMILY_ENDS)).capitalize()] = None
    return tuple(found)


def given_name(chance: random.Random) -> str:
    """Two words of two or three syllables: some are common, most are rare."""
    first, second = ("".join(chance.choices(SYLLABLES, k=2 + (chance.random() < 0.7))) for _ in range(2))
    return f"{first} {second}".title()


@dataclass(frozen=True, slots=True)
class Population:
    """So many people of a practice, and the edges between them."""

    practice_id: str
    persons: int
    seed: int = SEED

    def _chance(self, about: str) -> random.Random:
        """Chance of its own for each part, so that a part can be made without the others."""
        return random.Random(f"{self.seed}|{about}")

    def _id(self, kind: str, name: str) -> str:
        digest = blake2b(f"{self.practice_id}|{self.seed}|{name}".encode(), digest_size=16)
        return f"{kind}_{digest.hexdigest()}"

    def person_id(self, number: int) -> str:
        """Looks random, as the product's ids do."""
        return self._id("person", f"person {number}")

    def households(self) -> Iterator[Household]:
        """Of one to six; half of the people are clients."""
        chance = self._chance("households")
        start = 0
        while start < self.persons:
            size = min(chance.choice(SIZES), self.persons - start)
            yield Household(start, tuple(chance.random() < CLIENTS for _ in range(size)))
            start += size

    def client_numbers(self) -> Iterator[int]:
        """Who is a client."""
        for home in self.households():
            yield from (number for number, client in zip(home.numbers, home.is_client, strict=True) if client)

    def names(self) -> Iterator[tuple[str, str]]:
        """Given and family name of each; a household shares the family name."""
        chance = self._chance("names")
        families = family_names()
        for home in self.households():
            family = chance.choice(families)
            yield from ((given_name(chance), family) for _ in home.numbers)

    def people(self, now: datetime) -> Iterator[Person]:
        """All; a household shares a phone."""
        chance = self._chance("people")
        names = self.names()
        for home in self.households():
            phone = f"+4420{70000000 + home.start:08d}"
            for number, client in zip(home.numbers, home.is_client, strict=True):
                yield self._person(number, next(names), phone, client, chance, now)

    def _person(
        self, number: int, name: tuple[str, str], phone: str, client: bool, chance: random.Random, now: datetime
    ) -> Person:
        return Person(
            id=self.person_id(number),
            given_name=name[0],
            family_name=name[1],
            birth_date=date(1930, 1, 1) + timedelta(days=int(chance.random() * 34_000)),
            gender=chance.choice(GENDERS),
            emails=(f"person-{number}@example.org",),
            phones=(phone, f"+4477{number:08d}"),
            client_status=ClientStatus.ACTIVE if client else None,
            access_since=now if client else None,
            created_at=now,
            updated_at=now,
        )

    def contacts(self, today: date, now: datetime) -> Iterator[Contact]:
        """Each client's household first, then others of the practice. The ends hold ids alone."""
        chance = self._chance("contacts")
        for home in self.households():
            for client, is_client in zip(home.numbers, home.is_client, strict=True):
                if not is_client:
                    continue
                wanted = chance.randint(2, round(2 * EDGES_A_PERSON / CLIENTS) - 2)
                near = [number for number in home.numbers if number != client][:wanted]
                others = chance.sample(range(self.persons), min(wanted - len(near), self.persons))
                far = [number for number in others if number not in home.numbers]
                me = Person(id=self.person_id(client), client_status=ClientStatus.ACTIVE)
                for number in (*near, *far):
                    kinds = WITHIN if number in home.numbers else OUTSIDE
                    contact_id = self._id("contact", f"contact {client} {number}")
                    person = Person(id=self.person_id(number))
                    yield added_contact(contact_id, me, person, _terms(kinds, chance, today), today, now)


def _terms(kinds: Sequence[Relationship], chance: random.Random, today: date) -> ContactTerms:
    access = chance.random() < 0.4
    return ContactTerms(
        relationship=chance.choice(kinds),
        roles=(ContactRole.EMERGENCY_CONTACT,) if chance.random() < 0.2 else (),
        portal_access=access,
        secure_messaging=access and chance.random() < 0.5,
        payments=access and chance.random() < 0.5,
        appointment_reminders=chance.random() < 0.5,
        starts_on=today - timedelta(days=chance.randrange(2_000)),
    )
