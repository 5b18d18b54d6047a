"""Many people and edges at once, written as the services write them but without a request each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from graph_api.engine.session import GraphSession
from graph_api.kernel.caller import Practice
from graph_api.kernel.graph import Graph
from graph_api.kernel.ids import new_id
from graph_api.network.graph.writes import ContactWrites
from graph_api.network.model import Contact, ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import ClientStatus, Person
from graph_api.people.names import fold
from tests.api import Installation

Name = tuple[str | None, str | None]
"""Family and given name."""
FAMILIES = [
    "",
    "Ábalos",
    "abalos",
    "ABALOS",
    "de",
    "de la",
    "De-la",
    "O'Neil",
    "ÖZ",
    "Zoë",
    "Żak",
    "李",
    "김",
    "🙂",
    "Ω",
]
NAMES: list[Name] = [(family or None, given) for family in FAMILIES for given in ("Ana", "ana", "Áña")]


@dataclass
class Many:
    """Fills a practice."""

    installation: Installation
    practice: Practice

    def _graph(self) -> Graph:
        return Graph(GraphSession(self.installation.database), self.practice.id, datetime.now(UTC).date())

    async def people(self, names: Iterable[Name], status: ClientStatus | None = ClientStatus.ACTIVE) -> list[Person]:
        """A person for each name."""
        now = datetime.now(UTC)
        made = [
            Person(
                new_id("person"),
                given,
                family,
                client_status=status,
                access_since=now if status else None,
                created_at=now,
                updated_at=now,
            )
            for family, given in names
        ]
        await self._graph().write(lambda tx: tx[PersonWrites].create(made))
        return made

    async def edges(self, pairs: Sequence[tuple[Person, Person]]) -> list[Contact]:
        """A contact for each pair of client and person."""
        now, terms = datetime.now(UTC), ContactTerms(Relationship.FRIEND)
        made = [
            Contact(new_id("contact"), client, person, terms, datetime.now(UTC).date(), created_at=now, updated_at=now)
            for client, person in pairs
        ]
        await self._graph().write(lambda tx: tx[ContactWrites].create(made))
        return made


def in_order(people: Sequence[Person]) -> list[str]:
    """Ids by folded family name, given name, id."""
    ordered = sorted(people, key=lambda person: (fold(person.family_name), fold(person.given_name), person.id))
    return [person.id for person in ordered]


def edges_in_order(contacts: Sequence[Contact], side: str = "person") -> list[str]:
    """Contact ids by whom they lead to."""
    by_person = {getattr(contact, side).id: contact.id for contact in contacts}
    return [by_person[person_id] for person_id in in_order([getattr(contact, side) for contact in contacts])]
