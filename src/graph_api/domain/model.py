"""The practice's people and the HAS_CONTACT edges between them (D1, D2)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TypeVar

from graph_api.domain.deaths import Death
from graph_api.domain.records import display_name
from graph_api.domain.relationships import BY_RELATIONSHIP, Relationship, RelationshipType


class Gender(Enum):
    """FHIR administrative gender."""

    MALE = "MALE"
    FEMALE = "FEMALE"
    OTHER = "OTHER"
    UNKNOWN = "UNKNOWN"


class ClientStatus(Enum):
    """A state of the person, set once they become a client (D1)."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    ARCHIVED = "ARCHIVED"


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


class PracticeFeature(Enum):
    """What a practice offers; each can be off for the practice or for one client (D5)."""

    PORTAL = "PORTAL"
    MESSAGING = "MESSAGING"
    PAYMENTS = "PAYMENTS"
    SCHEDULING = "SCHEDULING"
    REMINDERS = "REMINDERS"


ALL_FEATURES = frozenset(PracticeFeature)
DEFAULT_AGE_OF_MAJORITY = 18


class AuthorityKind(Enum):
    """By what a contact acts for a client whatever the client's age (D13)."""

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
    """When staff recorded it as it is; not known of what was recorded before this was kept."""

    @property
    def is_for_the_dead(self) -> bool:
        """Whether it is that of an executor or administrator of the estate, who has none over the living."""
        return self.kind is AuthorityKind.PERSONAL_REPRESENTATIVE

    def is_in_force(self, today: date) -> bool:
        """Whether it counts on a day."""
        return self.ends_on is None or today <= self.ends_on


class ViewerRole(Enum):
    """Who asks; the value is the token's `role` claim."""

    ADMIN = "admin"
    STAFF = "staff"
    ANALYST = "analyst"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Practice:
    """A health practice: nothing is ever shared between two of them."""

    id: str
    slug: str
    name: str
    time_zone: str
    region: str
    """ISO 3166-1 alpha-2: how a phone number without a country code is read."""


@dataclass(frozen=True, slots=True)
class PracticeSettings:
    """What decisions rest on of a practice; what is not stored is off, and nobody is of an unknown age (D5, D13)."""

    features: frozenset[PracticeFeature] = frozenset()
    age_of_majority: int | None = None
    since: datetime | None = None
    """Since when they are so."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, for which practice, in which role."""

    subject: str
    practice: Practice
    role: ViewerRole
    person_id: str | None = None
    """Whose portal account asks; only there in the role PORTAL."""
    session_id: str | None = None
    """The portal session the token belongs to."""
    request_id: str = ""
    """Under which the log has the request; audit events carry it."""
    network: str = ""
    """Where the request came from, as rate limits count it."""
    is_anonymous: bool = False
    """No token came: only what checks a mailed secret may be called, whatever the role says."""


NOWHERE = Practice(f"practice_{'0' * 32}", "", "", "UTC", "US")
"""Where somebody without a token is, and what stands for a practice that does not exist."""
ANONYMOUS = "anonymous"


def anonymous(practice: Practice = NOWHERE, network: str = "", request_id: str = "") -> Caller:
    """Somebody without a token."""
    role = ViewerRole.PORTAL
    return Caller(ANONYMOUS, practice, role, request_id=request_id, network=network, is_anonymous=True)


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """A postal address as given; `country_code` is ISO 3166-1 alpha-2."""

    lines: tuple[str, ...]
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country_code: str | None = None


DEFAULT_EXTERNAL_SYSTEM = "import"


@dataclass(frozen=True, slots=True)
class ExternalId:
    """A person's key in another system; unique per practice, system and value."""

    system: str
    value: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person exists once per practice (D1); `version` counts changes of these fields, not of edges."""

    id: str
    given_name: str | None = None
    family_name: str | None = None
    preferred_name: str | None = None
    birth_date: date | None = None
    gender: Gender | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    address: PostalAddress | None = None
    external_ids: tuple[ExternalId, ...] = ()
    client_status: ClientStatus | None = None
    features_off: frozenset[PracticeFeature] = frozenset()
    """What is off for this client, though the practice has it (D5)."""
    confidential_email: str | None = None
    """For staff and the client's own account alone; no key is made of it, so it finds nobody and matches nobody."""
    confidential_phone: str | None = None
    death: Death | None = None
    access_since: datetime | None = None
    """Since when what decisions rest on is as it is; only of clients."""
    version: int = 1
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def display_name(self) -> str:
        """(preferredName or givenName) + familyName."""
        return display_name(self.preferred_name, self.given_name, self.family_name)

    @property
    def deceased_on(self) -> date | None:
        """The day of their death."""
        return None if self.death is None else self.death.on

    @property
    def external_id(self) -> str | None:
        """The first of the external ids."""
        return self.external_ids[0].value if self.external_ids else None

    @property
    def is_client(self) -> bool:
        """Whether the person ever became a client, ARCHIVED included."""
        return self.client_status is not None


@dataclass(frozen=True, slots=True)
class ContactTerms:
    """What an edge says: the relationship, the roles, the stored toggles (D4: all off by default) and the dates."""

    relationship: Relationship
    relationship_label: str | None = None
    roles: tuple[ContactRole, ...] = ()
    portal_access: bool = False
    secure_messaging: bool = False
    payments: bool = False
    appointment_reminders: bool = False
    starts_on: date | None = None
    ends_on: date | None = None
    note: str | None = None
    authority: ContactAuthority | None = None

    @property
    def grants_anything(self) -> bool:
        """Whether any toggle is on."""
        return self.portal_access or self.secure_messaging or self.payments or self.appointment_reminders

    def status_on(self, today: date) -> ContactStatus:
        """Dates decide at read time, both inclusive (D8)."""
        return status_on(self.starts_on, self.ends_on, today)


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
