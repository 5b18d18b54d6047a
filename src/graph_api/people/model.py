"""The people of a practice (D1, D14)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from graph_api.kernel.fields import kept
from graph_api.practices.model import PracticeFeature


@dataclass(frozen=True, slots=True)
class Death:
    """That a person has died. It counts from the moment it was recorded, whatever the day is."""

    on: date
    recorded_at: datetime
    """Since when the practice knows of it; a correction to an earlier day does not change it."""
    since: datetime
    """Since when the record of it is as it is."""


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


CURRENT_CLIENT_STATUSES = (ClientStatus.ACTIVE, ClientStatus.INACTIVE)
"""Of clients whose record is open."""


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


def _external_text(known: ExternalId) -> str:
    return f"{known.system}|{known.value}"


def _external_id(text: str) -> ExternalId:
    return ExternalId(*text.split("|", 1))


def display_name(preferred: str | None, given: str | None, family: str | None) -> str:
    """(preferredName or givenName) + familyName."""
    return " ".join(part for part in (preferred or given, family) if part)


@dataclass(frozen=True, slots=True)
class Person:
    """A person exists once per practice (D1); `version` counts changes of these fields, not of edges."""

    id: str
    given_name: str | None = None
    family_name: str | None = None
    preferred_name: str | None = None
    birth_date: date | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    gender: Gender | None = None
    address: PostalAddress | None = kept(None, prefix="address", flag="hasAddress")
    external_ids: tuple[ExternalId, ...] = kept((), texts=(_external_text, _external_id))
    client_status: ClientStatus | None = None
    features_off: frozenset[PracticeFeature] = frozenset()
    """Features switched off for this client (D5)."""
    confidential_email: str | None = None
    """Only for staff and the client's own account; it is never used for matching or search."""
    confidential_phone: str | None = None
    death: Death | None = kept(
        None, names={"on": "deceasedOn", "recorded_at": "deceasedRecordedAt", "since": "deceasedSince"}, logged=False
    )
    access_since: datetime | None = kept(None, logged=False)
    """Since when the facts that decisions rest on are as they are; only for clients."""
    version: int = kept(1, logged=False)
    created_at: datetime | None = kept(None, logged=False)
    updated_at: datetime | None = kept(None, logged=False)

    @property
    def shows(self) -> tuple[str, ...]:
        """Themselves."""
        return (self.id,)

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
