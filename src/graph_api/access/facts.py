"""The facts of a decision about access at one moment (docs/access.md); an unknown fact is None or off."""

from dataclasses import dataclass
from datetime import date, datetime

from graph_api.access.model import AccountStatus
from graph_api.network.model import Contact, ContactAuthority
from graph_api.network.relationships import Relationship
from graph_api.people.model import ClientStatus, Death, Person
from graph_api.practices.model import PracticeFeature


@dataclass(frozen=True, slots=True)
class PracticeFacts:
    """What the practice offers, and where and when its clients come of age."""

    time_zone: str
    features: frozenset[PracticeFeature] = frozenset()
    age_of_majority: int | None = None


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """The client's part; without a status the person is no client."""

    status: ClientStatus | None = None
    birth_date: date | None = None
    features_off: frozenset[PracticeFeature] = frozenset()
    confidential_email: str | None = None
    death: Death | None = None


@dataclass(frozen=True, slots=True)
class EdgeFacts:
    """The edge from client to contact."""

    relationship: Relationship
    portal_access: bool = False
    secure_messaging: bool = False
    payments: bool = False
    appointment_reminders: bool = False
    starts_on: date | None = None
    ends_on: date | None = None
    authority: ContactAuthority | None = None
    adult_consent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """The portal account of whoever would act."""

    status: AccountStatus
    address: str | None = None


@dataclass(frozen=True, slots=True)
class AccessFacts:
    """Everything about one person who would act for one client."""

    practice: PracticeFacts
    client: ClientFacts | None = None
    edge: EdgeFacts | None = None
    """None: they are not in the client's network."""
    account: AccountFacts | None = None
    is_self: bool = False
    """Whether the person is the client."""
    death: Death | None = None
    """That whoever would act has died."""


def facts_of_client(client: Person) -> ClientFacts:
    """As the person's record has them now."""
    return ClientFacts(
        client.client_status, client.birth_date, client.features_off, client.confidential_email, client.death
    )


def facts_of_edge(contact: Contact) -> EdgeFacts | None:
    """As the edge has them now; one that was removed is none."""
    if contact.removed_at is not None:
        return None
    terms = contact.terms
    return EdgeFacts(
        relationship=terms.relationship,
        portal_access=terms.portal_access,
        secure_messaging=terms.secure_messaging,
        payments=terms.payments,
        appointment_reminders=terms.appointment_reminders,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        authority=terms.authority,
        adult_consent_at=contact.adult_consent_at,
    )
