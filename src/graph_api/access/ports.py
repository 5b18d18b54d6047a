"""What decisions about access ask of the graph."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from graph_api.access.facts import AccessFacts
from graph_api.network.model import Contact
from graph_api.people.model import Person


@dataclass(frozen=True, slots=True)
class PairFacts:
    """What decides about one person and one client, and which edge it is."""

    facts: AccessFacts
    contact_id: str | None = None
    """Of the edge there is now; None when the past was asked for."""
    version_id: str | None = None
    """Of the edge as it was then; None when the present was asked for."""
    edge_id: str | None = None
    """The contact's id, whichever was asked for."""
    newest: datetime | None = None
    """The latest date of what was read; None when the past was asked for."""


@dataclass(frozen=True, slots=True)
class PossibleGrant:
    """Somebody who might act for a client, and what decides it; without a contact it is the client themselves."""

    facts: AccessFacts
    person: Person
    client: Person
    contact_id: str | None = None
    contact: Contact | None = None
    """The edge as it is now; None when the past was asked for."""
    newest: datetime | None = None
    """The latest date of what was read of them; None when the past was asked for."""


@dataclass(frozen=True, slots=True)
class FactsOfContacts:
    """What decides about current edges, by contact id."""

    facts: Mapping[str, AccessFacts]
    newest: datetime | None = None
    """The latest date of all that was read."""


def newest_grant(grants: Sequence[PossibleGrant]) -> datetime | None:
    """The latest date of all that was read."""
    return max((grant.newest for grant in grants if grant.newest is not None), default=None)


class AccessReads(Protocol):
    """What decisions rest on, of one practice."""

    async def pair(self, person_id: str, client_id: str) -> PairFacts:
        """As it is now; in one statement."""

    async def pair_at(self, person_id: str, client_id: str, at: datetime) -> PairFacts:
        """As it was at a moment in the past."""

    async def contacts(self, ids: Sequence[str]) -> FactsOfContacts:
        """Of current edges as they are now, by contact id; in one statement. Removed ones are left out."""

    async def of_client(self, client_id: str) -> Sequence[PossibleGrant]:
        """The client, and each contact who has portal access or reminders now; in one statement."""

    async def of_client_at(self, client_id: str, at: datetime) -> Sequence[PossibleGrant]:
        """The same at a moment in the past; people are shown as they are now."""

    async def of_person(self, person_id: str) -> Sequence[PossibleGrant]:
        """The person, if a client, and each client whose contact they are now with access; in one statement."""


class AccessWrites(Protocol):
    """Access inside one write transaction."""

    async def lock_gates(self) -> None:
        """Take the locks of all of the practice's gates: no checked write of it is under way then.

        For a change of the practice's settings; after people's locks, before anything is read.
        """

    async def locked_pair(self, person_id: str, client_id: str) -> PairFacts:
        """Take the locks of a checked write, and read under them what decides it.

        Until the transaction ends nobody can make a yes of it a no: whoever would waits, or is undone, or came first.
        """

    async def pair(self, person_id: str, client_id: str) -> PairFacts:
        """What decides it now; the locks must be held."""

    async def of_client(self, client_id: str) -> Sequence[PossibleGrant]:
        """The client, and each contact who has portal access or reminders."""

    async def of_person(self, person_id: str) -> Sequence[PossibleGrant]:
        """The person, and each client whose contact they are with access."""
