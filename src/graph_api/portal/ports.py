"""The reads and writes that portal accounts, invitations and the outbox need."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from graph_api.kernel.transaction import Transaction
from graph_api.portal.model import Account


@dataclass(frozen=True, slots=True)
class Session:
    """A portal session as its owner gets it, once."""

    id: str
    access_token: str
    access_token_expires_at: datetime
    refresh_token: str

    @property
    def shows(self) -> tuple[str, ...]:
        """Nobody."""
        return ()


class Sessions(Protocol):
    """Sessions of portal accounts."""

    async def open(self, tx: Transaction, account: Account, now: datetime) -> Session:
        """A new session of an active account that is locked."""
