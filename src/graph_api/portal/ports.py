"""What the services ask of the graph about portal accounts, invitations and the outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from graph_api.mail.model import Delivery
from graph_api.portal.invitation_model import Invitation
from graph_api.portal.model import Account

if TYPE_CHECKING:
    from graph_api.kernel.ports import Writes


class AccountReads(Protocol):
    """Accounts of one practice."""

    async def of(self, person_ids: Sequence[str]) -> Mapping[str, Account]:
        """Accounts by person."""

    async def asked(self, keys: Sequence[str]) -> Mapping[str, tuple[datetime, ...]]:
        """When codes were asked for, by the key they are kept under; those of the last hour at least."""


class AccountWrites(Protocol):
    """Accounts inside a write transaction. Their locks come after people's and before match keys'."""

    async def lock(self, person_id: str) -> Account | None:
        """Take the lock of a person's account, and read it under it."""

    async def of(self, person_id: str) -> Account | None:
        """A person's account."""

    async def at(self, address: str) -> Account | None:
        """The account that the address opens."""

    async def create(self, account: Account) -> None:
        """A person's account; the person must be locked. A race for the address is lost by a conflict."""

    async def replace(self, before: Account, after: Account) -> None:
        """A changed account; what it was is kept as it was (`at` in the past). It must be locked."""


class InvitationReads(Protocol):
    """Invitations of one practice."""

    async def of_contacts(self, contact_ids: Sequence[str]) -> Mapping[str, Invitation]:
        """Their invitations by contact."""


class InvitationWrites(Protocol):
    """Invitations inside a write transaction. They change under the lock of the person who is invited."""

    async def of_contact(self, contact_id: str) -> Invitation | None:
        """The contact's."""

    async def by_token(self, token_hash: str) -> Invitation | None:
        """The one that the token opens."""

    async def pending_of_person(self, person_id: str) -> tuple[Invitation, ...]:
        """The person's, of every client."""

    async def locked_of_person(self, person_id: str) -> tuple[Invitation, ...]:
        """The person's that wrong answers locked, of every client."""

    async def pending_of_client(self, client_id: str) -> tuple[Invitation, ...]:
        """Those of the client's contacts, and the client's own."""

    async def invited_at(self, address: str, now: datetime) -> frozenset[str]:
        """Who has a pending invitation at the address, which must be locked as a match key."""

    async def renew(self, invitation: Invitation) -> None:
        """The contact's invitation from now on; tokens of an earlier one open nothing."""

    async def settle(self, *invitations: Invitation) -> None:
        """What became of them."""

    async def seal(self, invitation: Invitation, token_hash: str) -> bool:
        """Make a token the one that opens it; False when it is not pending any more."""

    async def delivered(self, contact_id: str, delivery: Delivery) -> None:
        """How far the mail of the contact's invitation has come; the mail must be this sender's still."""


@dataclass(frozen=True, slots=True)
class Session:
    """A portal session as its owner gets it, once."""

    id: str
    access_token: str
    access_token_expires_at: datetime
    refresh_token: str


class Sessions(Protocol):
    """Sessions of portal accounts."""

    async def open(self, tx: "Writes", account: Account, now: datetime) -> Session:
        """A new session of an active account that is locked."""
