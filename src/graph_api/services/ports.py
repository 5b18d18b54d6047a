"""What the services ask of the graph. Repositories implement it; bootstrap injects them."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, NamedTuple, Protocol, TypeVar
from zoneinfo import ZoneInfo

from graph_api.domain.model import (
    ClientStatus,
    Contact,
    ContactFilter,
    ExternalId,
    Person,
    Practice,
)
from graph_api.domain.records import EdgeProperties, EdgeRecord, NetworkProperties, Record
from graph_api.services.ports_access import AccessReads, AccessWrites
from graph_api.services.ports_accounts import (
    AccountReads,
    AccountWrites,
    InvitationReads,
    InvitationWrites,
    OutboxWrites,
)
from graph_api.services.ports_audit import AuditedWrites, AuditReads
from graph_api.services.ports_coming import ComingReads
from graph_api.services.ports_facts import Facts, Settings, SettingsReads
from graph_api.services.ports_history import HistoryReads
from graph_api.services.ports_sessions import CodeWrites, SessionWrites

T = TypeVar("T")


class Side(Enum):
    """Which end of the edges a network is read from (S7)."""

    CONTACT_NETWORK = "network"
    CONTACT_OF = "contact_of"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page starts: after (or before) the place where a row stood when its cursor was made.

    The row itself may have moved since, or be gone: what is between it and the next row is the same as then.
    """

    key: str
    """What the list is in the order of."""
    id: str = ""
    """Of the row, where several may have the same key."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How many rows, from where, in which direction."""

    size: int
    position: Position | None = None
    backward: bool = False
    with_total: bool = False


@dataclass(frozen=True, slots=True)
class NetworkRequest:
    """A page of a network; the same for every person of one load."""

    side: Side
    page: PageRequest
    filter: ContactFilter

    @property
    def comes_along(self) -> bool:
        """Whether a page of clients can bring this page of their networks: the first of all current edges, no total."""
        first = self.page.position is None and not self.page.backward
        return first and not self.page.with_total and self.filter == ContactFilter()


NetworkRow = list[Any]
"""One person's page as it is read: the person's record, at most `size` + 1 pairs of an edge's record and the record of
whom it leads to, in the order of the direction asked for, and how many there are in all (None when not asked)."""


class SearchHit(NamedTuple):
    """A person the search found, with what staff want to know before adding them, where it was asked for."""

    record: Record
    client_count: int | None
    existing: EdgeRecord | None


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What an import needs to know of someone who is there."""

    person: Person
    """Names, birth date, e-mail addresses, phones and client status alone."""
    mark: str | None = None
    """Of whom the id named when it was given; None where that was not kept."""

    @property
    def id(self) -> str:
        """The person's."""
        return self.person.id

    @property
    def is_client(self) -> bool:
        """Whether they are, or were, a client."""
        return self.person.is_client


@dataclass(frozen=True, slots=True)
class SearchAnchor:
    """What the index is asked for: words of a name, or a match key's beginning."""

    words: tuple[str, ...] = ()
    match_key: str | None = None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked for of those who are found."""

    client_id: str | None
    """Whose existing contacts are wanted."""
    wanted: EdgeProperties
    """Of the person, of the existing contact and of its client."""
    with_count: bool


@dataclass(frozen=True, slots=True)
class StoredSuccess:
    """What is kept of a mutation under its idempotency key: its input as a MAC, what it changed, its warnings."""

    input_hash: str
    entity_id: str
    warnings: str


@dataclass(frozen=True, slots=True)
class BeforeAdding:
    """What a new edge depends on, read under the client's lock (D3, D7)."""

    client: Person | None
    person: Person | None
    existing: Contact | None
    """The current edge between them."""


class PersonReads(Protocol):
    """Reading people of one practice, as records of the properties asked for."""

    async def records(self, ids: Sequence[str], properties: Sequence[str]) -> Mapping[str, Record]:
        """Those that exist, by id; others of the practice may be among them."""

    async def by_external_id(self, external_id: ExternalId, properties: Sequence[str]) -> Record | None:
        """Whom it names."""

    async def clients(
        self, statuses: Iterable[ClientStatus], page: PageRequest, properties: Sequence[str]
    ) -> Sequence[Record]:
        """At most `size` + 1 clients, in the order of the direction asked for."""

    async def clients_with_networks(
        self, statuses: Iterable[ClientStatus], page: PageRequest, request: NetworkRequest, wanted: NetworkProperties
    ) -> Sequence[NetworkRow]:
        """As `clients`, forwards, each with the first page of a network; in the same statement."""

    async def clients_total(self, statuses: Iterable[ClientStatus]) -> int:
        """How many there are."""

    async def search(self, anchor: SearchAnchor, request: SearchRequest, limit: int) -> Sequence[SearchHit]:
        """People the anchor finds, unranked."""


class ContactReads(Protocol):
    """Reading edges of one practice, as records of the properties asked for, as they are on a day."""

    async def records(self, ids: Sequence[str], wanted: EdgeProperties) -> Mapping[str, EdgeRecord]:
        """Those that exist, removed ones too, by contact id."""

    async def networks(
        self, request: NetworkRequest, person_ids: Sequence[str], wanted: NetworkProperties
    ) -> Mapping[str, NetworkRow]:
        """A page for each person, in one statement; others of the practice may be among them."""

    async def between(
        self, pairs: Sequence[tuple[str, str]], wanted: EdgeProperties
    ) -> Mapping[tuple[str, str], EdgeRecord]:
        """Current edges by (client id, contact's person id)."""


class Writes(AuditedWrites, Protocol):
    """What can be done inside one write transaction of one practice. Lock first, read after."""

    def stamp(self) -> datetime:
        """From when on it is so what the transaction changes: the same however often it is asked for.

        All locks must be held. It is later than all that was locked and read was changed, and a little ahead of the
        clock: what is due, and the practice's day, are judged by the clock.
        """

    @property
    def stamped(self) -> datetime | None:
        """The stamp; None where nothing was changed that has one."""

    @property
    def facts(self) -> Facts:
        """What decisions rested on before."""

    @property
    def settings(self) -> Settings:
        """The practice's settings."""

    @property
    def age_of_majority(self) -> int | None:
        """The practice's, as read when people were last locked; None when it is not known (D13)."""

    @property
    def access(self) -> AccessWrites:
        """Decisions about access."""

    @property
    def accounts(self) -> AccountWrites:
        """Portal accounts."""

    @property
    def invitations(self) -> InvitationWrites:
        """Invitations to the portal."""

    @property
    def outbox(self) -> OutboxWrites:
        """Mails to be sent."""

    @property
    def sessions(self) -> SessionWrites:
        """Sessions of portal accounts."""

    @property
    def codes(self) -> CodeWrites:
        """One-time codes."""

    async def lock_people(self, *ids: str) -> None:
        """Take the people's locks, in id order."""

    async def lock_for_adding(self, client_id: str, person_id: str) -> "BeforeAdding":
        """Take the client's lock, and read under it."""

    async def lock_match_keys(self, keys: Iterable[str]) -> None:
        """Take the locks under which duplicates are decided (D9), in key order."""

    async def people(self, *ids: str) -> dict[str, Person]:
        """Those that exist, by id."""

    async def sharing_match_keys(self, keys: Iterable[str], limit: int) -> tuple[Person, ...]:
        """People who share one of the keys; at most `limit` for each."""

    async def external_id_holder(self, external_id: ExternalId) -> str | None:
        """The id of the person it names."""

    async def known(self, external_ids: Sequence[ExternalId]) -> dict[ExternalId, KnownPerson]:
        """Whom they name."""

    async def create_people(self, people: Sequence[Person]) -> None:
        """New people with their keys; their match keys must be locked."""

    async def update_person(self, before: Person, after: Person) -> None:
        """All fields and keys of a person; `after`'s match keys must be locked."""

    async def reject_duplicates(self, person_id: str, others: Sequence[str], by: str, at: datetime) -> None:
        """Store staff's verdict that they are not the same (D9)."""

    async def rejected_duplicates(self, person_id: str) -> frozenset[str]:
        """Whom staff said the person is not."""

    async def contact(self, contact_id: str) -> Contact | None:
        """The edge, removed or not."""

    async def contact_between(self, client_id: str, person_id: str) -> Contact | None:
        """The current edge (D3)."""

    async def contacts_between(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Contact]:
        """Current edges by (client id, contact's person id)."""

    async def linked(self, pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """Which pairs of client and contact have an edge, or once had one that was removed."""

    async def create_contacts(self, contacts: Sequence[Contact]) -> None:
        """New edges."""

    async def replace_contact(self, before: Contact, after: Contact) -> None:
        """A changed edge; the old one is kept."""

    async def remove_contact(self, contact: Contact, at: datetime, reason: str | None) -> None:
        """End an edge; its last version is kept (D6)."""

    async def contacts_with_access(self, client_id: str) -> tuple[Contact, ...]:
        """Edges of a client with any toggle on, not removed."""

    async def activate_clients(self, people: Sequence[Person], at: datetime) -> None:
        """People who were no clients become ACTIVE ones."""

    async def claim_key(self, key: str, now: datetime) -> "StoredSuccess | None":
        """Lock an idempotency key; what is stored under it."""

    async def store_key(self, key: str, success: "StoredSuccess", now: datetime) -> None:
        """Keep a success under a claimed key."""


class Transactions(Protocol):
    """Where the changes of one caller are made; or only worked out, without locks."""

    @property
    def shown(self) -> set[str]:
        """Ids of the people whose records were handed over in this request; who hands some over adds to it."""

    async def write(self, work: Callable[[Writes], Awaitable[T]]) -> T:
        """Run `work` in one transaction; it may run again, and what it raises undoes it."""


class Graph(Transactions, Protocol):
    """One caller's practice in the graph."""

    @property
    def people(self) -> PersonReads:
        """People."""

    @property
    def contacts(self) -> ContactReads:
        """Edges."""

    @property
    def history(self) -> HistoryReads:
        """What edges were."""

    @property
    def coming(self) -> ComingReads:
        """What is coming."""

    @property
    def access(self) -> AccessReads:
        """What decisions about access rest on."""

    @property
    def settings(self) -> SettingsReads:
        """The practice's settings."""

    @property
    def audit(self) -> AuditReads:
        """Events of the audit log."""

    @property
    def accounts(self) -> AccountReads:
        """Portal accounts."""

    @property
    def invitations(self) -> InvitationReads:
        """Invitations to the portal."""

    def person(self, record: Record) -> Person:
        """A whole record as the person."""

    def contact(self, edge: EdgeRecord) -> Contact:
        """A whole record as the contact, on the graph's day."""


class Practices(Protocol):
    """The practices themselves."""

    async def by_slug(self, slug: str) -> Practice | None:
        """The practice a token names."""

    async def create(self, practice: Practice, created_at: datetime) -> bool:
        """False when the slug is taken."""

    async def list(self) -> tuple[Practice, ...]:
        """All, by slug."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The time, and the day it is where the practice is (D8)."""

    now: Callable[[], datetime]
    time_zone: str

    def today(self) -> date:
        """The practice's day."""
        return self.now().astimezone(ZoneInfo(self.time_zone)).date()
