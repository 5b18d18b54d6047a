"""What the services ask of the graph about portal accounts, invitations and the outbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from graph_api.domain.accounts import Account
from graph_api.domain.mail import ClaimedMail, QueuedMail

if TYPE_CHECKING:
    from graph_api.services.ports import Writes


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


class OutboxWrites(Protocol):
    """Mails that wait, inside a write transaction. The sender is woken once the transaction is committed."""

    async def add(self, mail: QueuedMail, now: datetime) -> None:
        """Send it soon; it takes the place of one of the same kind and subject."""

    async def claim(self, key: str, lease: str, now: datetime, until: datetime) -> ClaimedMail | None:
        """Hold a mail until then; None when another sender does, or it is not due, or gone."""

    async def sent(self, claimed: ClaimedMail) -> None:
        """Forget it: it was sent, or is of no use."""

    async def postpone(self, claimed: ClaimedMail, due_at: datetime) -> None:
        """Try again later."""

    async def give_up(self, claimed: ClaimedMail, at: datetime) -> None:
        """Try no more; `graph-api doctor` tells of it."""


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
