"""What the services ask about portal sessions and one-time codes: of the graph, and of who mints tokens."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from graph_api.kernel.caller import Practice
from graph_api.portal.codes import KeptCodes, StoredCode
from graph_api.portal.model import Account
from graph_api.portal.session_model import PortalSession, SessionEnd


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


class SessionWrites(Protocol):
    """Sessions inside a write transaction. Their locks come after accounts'."""

    async def create(self, account: Account, session: PortalSession) -> None:
        """A session of an account that is locked."""

    async def lock(self, session_id: str) -> LockedSession | None:
        """Take a session's lock, and read it under it."""

    async def refresh(self, session_id: str, refresh_hash: str, at: datetime) -> None:
        """The newest refresh token of a session that is locked."""

    async def end(self, session_id: str, at: datetime, because: SessionEnd) -> None:
        """End one, if it has not ended yet."""

    async def end_all(self, account: Account, at: datetime, because: SessionEnd) -> int:
        """End all of an account that is locked; how many ended."""


class CodeWrites(Protocol):
    """One-time codes inside a write transaction, each under a key that says what it is for."""

    async def lock(self, key: str) -> KeptCodes:
        """Take the lock of a key, and read under it what is kept there."""

    async def keep(self, key: str, kept: KeptCodes, now: datetime, *, fresh: bool = False) -> None:
        """Keep that from now on; the key must be locked. With a `fresh` code tries are counted anew."""

    async def try_as(self, attempt_id: str, key: str, kept_until: datetime) -> Try:
        """Count a try by asker: which one of theirs it is, and the codes of the key, which is not locked.

        The same is done and written where there is no code, so that nobody can tell by the time it takes.
        """

    async def try_one(self, key: str) -> Try:
        """Count a try of anybody, under the key's lock; where nothing is kept of the key, as much is done elsewhere."""


class Limited(Enum):
    """What one caller may do only so often."""

    STRANGERS = "anonymous-requests"
    CODES = "codes"
    SIGN_INS = "sign-ins"
    INVITATIONS = "invitations"
    REFRESHES = "refreshes"


class Limits(Protocol):
    """How often one caller may do what."""

    async def admit(self, what: Limited, network: str) -> bool:
        """Count one more; False when it is one too many."""
