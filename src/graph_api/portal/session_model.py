"""Sessions of portal accounts. A sign-in starts one, each refresh extends it, and an old refresh token ends it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

SESSION_LASTS = timedelta(days=30)
"""From signing in, however often it is refreshed."""
IDLE_LASTS = timedelta(days=14)
"""From the last refresh."""


class SessionEnd(Enum):
    """Why a session ended before its time."""

    SIGNED_OUT = "signed-out"
    REUSED = "refresh-token-reused"
    ADDRESS_CHANGED = "address-changed"
    DISABLED = "account-disabled"


@dataclass(frozen=True, slots=True)
class PortalSession:
    """A session. All refresh tokens it ever had are one family; only the newest is good."""

    id: str
    account_id: str
    person_id: str
    refresh_hash: str
    """Of the newest refresh token."""
    created_at: datetime
    refreshed_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether its access tokens are honoured."""
        return self.ended_at is None and at < self.expires_at

    def may_be_refreshed(self, at: datetime) -> bool:
        """Whether its newest refresh token is honoured."""
        return self.holds(at) and at < self.refreshed_at + IDLE_LASTS
