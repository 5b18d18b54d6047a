"""A version of an edge (D6)."""

from dataclasses import dataclass
from datetime import datetime

from graph_api.network.model import ContactTerms
from graph_api.people.model import Person


@dataclass(frozen=True, slots=True)
class ContactVersion:
    """A contact as it was from `valid_from` until `valid_to`; client and person are the people as they are now.

    A removal ends the last version and makes none: nothing of the contact is in force after it.
    """

    id: str
    contact_id: str
    client: Person
    person: Person
    terms: ContactTerms
    version: int
    valid_from: datetime
    valid_to: datetime | None = None
    """When it was changed or removed; None while it is current."""
    adult_consent_at: datetime | None = None
    messages_from: datetime | None = None
