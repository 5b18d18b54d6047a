"""What the services ask about portal sessions and one-time codes: of the graph, and of who mints tokens."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from graph_api.domain.accounts import Account
from graph_api.domain.codes import StoredCode
from graph_api.domain.model import Practice
from graph_api.domain.sessions import PortalSession, SessionEnd


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

    async def lock(self, key: str) -> tuple[datetime, ...]:
        """Take the lock under which a code is asked for; when it was asked for before."""

    async def ask(self, key: str, asked_at: tuple[datetime, ...], kept_until: datetime) -> None:
        """Note when it was asked for; the key must be locked."""

    async def make(self, key: str, code: StoredCode) -> None:
        """The code that is being mailed, in place of the one before. Nothing, where none was asked for."""

    async def try_one(self, key: str, kept_until: datetime) -> tuple[int, StoredCode | None]:
        """Count a try under the key's lock: which one it is since the code was made, and the code.

        The same is done where there is no code, so that nobody can tell by the time it takes.
        """

    async def spend(self, key: str) -> None:
        """A code that was used opens nothing any more."""


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
