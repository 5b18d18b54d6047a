"""What a write transaction offers."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from graph_api.access.ports import AccessReads, AccessWrites
from graph_api.access.upcoming_ports import ComingReads
from graph_api.audit.ports import AuditedWrites, AuditReads
from graph_api.exchange.model import KnownPerson
from graph_api.kernel.records import Record
from graph_api.mail.ports import OutboxWrites
from graph_api.network.model import Contact
from graph_api.network.past_ports import HistoryReads
from graph_api.network.ports import ContactReads
from graph_api.network.records import EdgeRecord
from graph_api.people.model import ExternalId, Person
from graph_api.people.ports import PersonReads
from graph_api.portal.ports import AccountReads, AccountWrites, InvitationReads, InvitationWrites
from graph_api.portal.session_ports import CodeWrites, SessionWrites
from graph_api.practices.ports import Facts, Settings, SettingsReads

if TYPE_CHECKING:
    from graph_api.kernel.idempotency import StoredSuccess
    from graph_api.network.ports import BeforeAdding


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


T = TypeVar("T")


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
