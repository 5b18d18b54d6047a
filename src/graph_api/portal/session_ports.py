"""The ports of portal sessions and one-time codes: the graph's, and those of the package that mints tokens."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from graph_api.kernel.caller import Practice
from graph_api.portal.codes import StoredCode
from graph_api.portal.session_model import PortalSession


@dataclass(frozen=True, slots=True)
class SessionHolder:
    """Whose session it is."""

    account_id: str
    person_id: str


class LiveSessions(Protocol):
    """Sessions as they are now, whichever worker changed them last."""

    async def holder(self, practice: Practice, session_id: str) -> SessionHolder | None:
        """Whose it is; None when it has ended or never was, or its account is not active."""


class AccessTokens(Protocol):
    """Mints portal accounts' tokens."""

    def mint(self, practice: Practice, session: PortalSession, now: datetime) -> tuple[str, datetime]:
        """A token for a session, and when it expires."""


@dataclass(frozen=True, slots=True)
class LockedSession:
    """A session under its lock."""

    session: PortalSession
    account_is_active: bool


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted."""

    count: int
    """Which one it is; the first is 1."""
    codes: tuple[StoredCode, ...]
    """Those that are kept, some of them too old."""


class Limited(Enum):
    """What one caller may do only so often."""

    STRANGERS = "anonymous-requests"
    CODES = "codes"
    SIGN_INS = "sign-ins"
    INVITATIONS = "invitations"
    REFRESHES = "refreshes"
    FEED_CALLS = "calendar-feeds"
    FEED_READS = "calendar-feed"
    UNSUBSCRIBES = "unsubscribes"


class Limits(Protocol):
    """How often one caller may do what."""

    async def admit(self, what: Limited, network: str) -> bool:
        """Count one more; False when it is one too many."""
