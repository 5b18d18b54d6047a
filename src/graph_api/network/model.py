"""The HAS_CONTACT edges between people (D2)."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar

from graph_api.kernel.fields import kept
from graph_api.network.relationships import BY_RELATIONSHIP, Relationship, RelationshipType
from graph_api.people.model import Person
from graph_api.practices.model import PracticeFeature


class ContactStatus(Enum):
    """Where an edge stands today (D8); REMOVED is for good (D6)."""

    UPCOMING = "UPCOMING"
    IN_FORCE = "IN_FORCE"
    EXPIRED = "EXPIRED"
    REMOVED = "REMOVED"


Day = TypeVar("Day", date, str)
"""A day, or its ISO 8601 text: both compare alike."""


def status_on(starts_on: Day | None, ends_on: Day | None, today: Day) -> ContactStatus:
    """Where an edge that was not removed stands: dates decide at read time, both inclusive (D8)."""
    if starts_on is not None and today < starts_on:
        return ContactStatus.UPCOMING
    if ends_on is not None and today > ends_on:
        return ContactStatus.EXPIRED
    return ContactStatus.IN_FORCE


class ContactRole(Enum):
    """Roles beside the one relationship (D12)."""

    EMERGENCY_CONTACT = "EMERGENCY_CONTACT"
    NEXT_OF_KIN = "NEXT_OF_KIN"
    BILLING_CONTACT = "BILLING_CONTACT"
    PRIMARY_CONTACT = "PRIMARY_CONTACT"


class AuthorityKind(Enum):
    """What kind of document a contact acts for a client by, whatever the client's age (D13)."""

    LEGAL_GUARDIAN = "LEGAL_GUARDIAN"
    HEALTHCARE_PROXY = "HEALTHCARE_PROXY"
    POWER_OF_ATTORNEY = "POWER_OF_ATTORNEY"
    COURT_ORDER = "COURT_ORDER"
    PERSONAL_REPRESENTATIVE = "PERSONAL_REPRESENTATIVE"


@dataclass(frozen=True, slots=True)
class ContactAuthority:
    """A document by which a contact acts for the client; in force through `ends_on` (D13, D14)."""

    kind: AuthorityKind
    document_reference: str | None = None
    ends_on: date | None = None
    recorded_at: datetime | None = None
    """When staff recorded it as it is; None if that was before this time was stored."""

    @property
    def is_for_the_dead(self) -> bool:
        """Whether it is an executor's or administrator's, which gives no authority over the living."""
        return self.kind is AuthorityKind.PERSONAL_REPRESENTATIVE

    def is_in_force(self, today: date) -> bool:
        """Whether it counts on a day."""
        return self.ends_on is None or today <= self.ends_on


_TOGGLE = "toggle"


def toggle(feature: PracticeFeature, words: str) -> Any:
    """A term that is on or off, off by default (D4); the feature that it is about, and its words in a sentence."""
    return field(default=False, metadata={_TOGGLE: (feature, words)})


@dataclass(frozen=True, slots=True)
class Toggle:
    """A term that is on or off."""

    name: str
    """The field of `ContactTerms`."""
    feature: PracticeFeature
    words: str
    """With which a sentence about it begins: `... are switched on`."""


@dataclass(frozen=True, slots=True)
class ContactTerms:
    """What an edge says: the relationship, the roles, the stored toggles and the dates."""

    relationship: Relationship
    relationship_label: str | None = None
    roles: tuple[ContactRole, ...] = ()
    portal_access: bool = toggle(PracticeFeature.PORTAL, "Visits to the client portal")
    secure_messaging: bool = toggle(PracticeFeature.MESSAGING, "Secure messages")
    payments: bool = toggle(PracticeFeature.PAYMENTS, "Payments")
    appointment_reminders: bool = toggle(PracticeFeature.REMINDERS, "Appointment reminders")
    starts_on: date | None = None
    ends_on: date | None = None
    note: str | None = None
    authority: ContactAuthority | None = kept(
        None, prefix="authority", names={"document_reference": "authorityReference"}
    )

    @property
    def grants_anything(self) -> bool:
        """Whether any toggle is on."""
        return any(getattr(self, toggle.name) for toggle in TOGGLES)

    def status_on(self, today: date) -> ContactStatus:
        """Dates decide at read time, both inclusive (D8)."""
        return status_on(self.starts_on, self.ends_on, today)


TOGGLES = tuple(Toggle(part.name, *part.metadata[_TOGGLE]) for part in fields(ContactTerms) if _TOGGLE in part.metadata)
"""All of an edge's, in the order of the fields."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One HAS_CONTACT edge from client to contact (D2), read on a day (`today`, in the practice's time zone)."""

    id: str
    client: Person
    person: Person
    terms: ContactTerms
    today: date
    version: int = 1
    created_at: datetime | None = None
    updated_at: datetime | None = None
    removed_at: datetime | None = None
    removal_reason: str | None = None
    adult_consent_at: datetime | None = None
    """When the client, of age, agreed that the contact has portal access (D13); gone when that is switched off."""
    messages_from: datetime | None = None
    """From when on secure messages are open to the contact (M4); gone when they are switched off."""

    @property
    def shows(self) -> tuple[str, ...]:
        """Both its ends."""
        return (self.client.id, self.person.id)

    @property
    def relationship_type(self) -> RelationshipType:
        """The table's row for the relationship."""
        return BY_RELATIONSHIP[self.terms.relationship]

    @property
    def status(self) -> ContactStatus:
        """REMOVED for good, else what the dates say today (D6, D8)."""
        return ContactStatus.REMOVED if self.removed_at is not None else self.terms.status_on(self.today)

    @property
    def is_in_force(self) -> bool:
        """Whether the edge counts today (D5)."""
        return self.status is ContactStatus.IN_FORCE


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """Which edges a network shows; None does not narrow."""

    statuses: frozenset[ContactStatus] = frozenset(
        {ContactStatus.UPCOMING, ContactStatus.IN_FORCE, ContactStatus.EXPIRED}
    )
    relationships: frozenset[Relationship] | None = None
    roles: frozenset[ContactRole] | None = None
    portal_access: bool | None = None
