"""What the services ask of the graph about portal accounts, invitations and the outbox."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from graph_api.domain.accounts import Account
from graph_api.domain.codes import Wait
from graph_api.domain.invitations import Invitation
from graph_api.domain.mail import ClaimedMail, Delivery, Letter, QueuedMail
from graph_api.domain.model import Practice

if TYPE_CHECKING:
    from graph_api.services.ports import Graph, Writes


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


class OutboxWrites(Protocol):
    """Mails that wait, inside a write transaction. The sender is woken once the transaction is committed.

    A mail is written after people's locks and before the invitation or code that it is about: senders take the same
    order.
    """

    async def add(self, mail: QueuedMail, now: datetime) -> None:
        """Send it soon; it takes the place of one of the same kind and subject."""

    async def claim(self, key: str, lease: str, now: datetime, until: datetime) -> ClaimedMail | None:
        """Hold a mail until then; None when another sender does, or it is not due, or gone."""

    async def sent(self, claimed: ClaimedMail) -> bool:
        """Forget it: it was sent, or is of no use; False where another took its place, or another sender has it."""

    async def postpone(self, claimed: ClaimedMail, due_at: datetime, *, untried: bool = False) -> bool:
        """Try again later; what is `untried` waits as if it had never been claimed. False as `sent` says."""

    async def give_up(self, claimed: ClaimedMail, at: datetime, forget_at: datetime) -> bool:
        """Try no more; `graph-api doctor` tells of it until it is forgotten. False as `sent` says."""


class Outbox(Protocol):
    """The mails of every practice, for the sender."""

    async def due(self, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """Practice and key of mails that are due, the longest waiting first."""

    async def practices(self, ids: Sequence[str]) -> Mapping[str, Practice]:
        """Those that exist, by id."""

    def graph(self, practice: Practice) -> "Graph":
        """The practice's graph."""


class Transport(Protocol):
    """What takes letters away."""

    async def send(self, letter: Letter) -> None:
        """Hand it over.

        Raises:
            LetterRefused: it will never be taken.
            LetterDeferred: it may be taken later; others may be taken now.
            TransportDown: nothing can be taken now.
        """


@dataclass(frozen=True, slots=True)
class Composing:
    """What a composer has besides the mail."""

    practice: Practice
    portal_url: str
    """Where the practice's front end is."""
    secret: bytes
    """32 fresh random bytes, to make the mail's code or token from; nobody else has them."""
    installation_secret: bytes
    """For keyed hashes of what could be guessed."""
    now: datetime
    added_at: datetime
    """When the mail was added to the outbox."""


Composer = Callable[["Writes", QueuedMail, Composing], Awaitable[Letter | Wait | None]]
"""Writes a letter in the transaction that claims its mail, and stores the hash of the secret it brings; None when there
is nothing to tell any more, or a time until which it waits. It may run again, from the same secret."""


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
