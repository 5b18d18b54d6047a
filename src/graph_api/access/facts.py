"""The facts of a decision about access at one moment (docs/access.md); an unknown fact is None or off."""

from dataclasses import dataclass
from datetime import date, datetime

from graph_api.access.model import AccountStatus
from graph_api.kernel.fields import kept
from graph_api.network.model import Contact, ContactTerms
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

    status: ClientStatus | None = kept(None, names={"status": "clientStatus"})
    birth_date: date | None = None
    features_off: frozenset[PracticeFeature] = frozenset()
    confidential_email: str | None = None
    death: Death | None = None


@dataclass(frozen=True, slots=True)
class EdgeFacts:
    """The edge from client to contact. Of its terms those may be missing that decide nothing, such as the note."""

    terms: ContactTerms
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
    return EdgeFacts(contact.terms, contact.adult_consent_at)
