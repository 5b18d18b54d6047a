"""What decides about people and clients, as it was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

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
    contact_version: int | None = None
    """Of the edge there is now; None when the past was asked for."""
    messages_from: datetime | None = None
    """From when on secure messages are open by the edge there is now (M4); None when the past was asked for."""


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
