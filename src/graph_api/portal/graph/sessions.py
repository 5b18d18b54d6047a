"""Portal sessions and one-time codes in the graph; of secrets there are only hashes."""

import secrets
from collections.abc import Callable
from datetime import datetime

from graph_api.access.graph.rows import account_key
from graph_api.access.model import AccountStatus
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession, Row
from graph_api.kernel.caller import Practice
from graph_api.kernel.fields import Codec
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Writes
from graph_api.portal.model import Account
from graph_api.portal.session_model import PortalSession, SessionEnd
from graph_api.portal.session_ports import LockedSession, SessionHolder

SESSION = Codec(PortalSession)
SESSION_PROPERTIES = list(SESSION.names)
SWEEP_AT_ONCE = 1_000
Now = Callable[[], datetime]


def session_row(practice_id: str, session: PortalSession) -> Row:
    """A new Session node's properties but its practice, which the statement sets."""
    return {**SESSION.row(session), "expiryKey": f"{practice_id}|{stamp(session.expires_at)}"}


def _locked(row: Row) -> LockedSession:
    return LockedSession(SESSION.of(row["session"]), row["accounts"] == [AccountStatus.ACTIVE.value])


class SessionReads:
    """Implements the `LiveSessions` port."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    async def holder(self, practice: Practice, session_id: str) -> SessionHolder | None:
        """Whose it is; None when it has ended or never was, or its account is not active."""
        rows = await GraphSession(self._database).read_newest(
            "portal/sessions/holder", practice=practice.id, id=session_id, session=SESSION_PROPERTIES
        )
        found = _locked(rows[0]) if rows else None
        if found is None or not found.account_is_active or not found.session.holds(self._now()):
            return None
        return SessionHolder(found.session.account_id, found.session.person_id)


class SessionWrites(Writes):
    """Sessions inside a write transaction."""

    async def create(self, account: Account, session: PortalSession) -> None:
        """A session of an account that is locked."""
        self._tx.later(
            "portal/sessions/create",
            practice=self._practice,
            accountKey=account_key(self._practice, account.person_id),
            session=session_row(self._practice, session),
        )

    async def lock(self, session_id: str) -> LockedSession | None:
        """Take a session's lock, and read it under it."""
        rows = await self._tx.run(
            "portal/sessions/lock", practice=self._practice, id=session_id, stamp=self._lock, session=SESSION_PROPERTIES
        )
        return _locked(rows[0]) if rows else None

    async def refresh(self, session_id: str, refresh_hash: str, at: datetime) -> None:
        """The newest refresh token of a session that is locked."""
        self._tx.later(
            "portal/sessions/refresh",
            practice=self._practice,
            id=session_id,
            refreshHash=refresh_hash,
            refreshedAt=stamp(at),
        )

    async def end(self, session_id: str, at: datetime, because: SessionEnd) -> None:
        """End one, if it has not ended yet."""
        self._tx.later(
            "portal/sessions/end", practice=self._practice, id=session_id, at=stamp(at), reason=because.value
        )

    async def end_all(self, account: Account, at: datetime, because: SessionEnd) -> int:
        """End all of an account that is locked; how many ended."""
        rows = await self._tx.run(
            "portal/sessions/end_all",
            practice=self._practice,
            accountKey=account_key(self._practice, account.person_id),
            at=stamp(at),
            reason=because.value,
        )
        return int(rows[0]["ended"]) if rows else 0


async def sweep_sessions(database: Database, practice_id: str, now: datetime) -> int:
    """Drop a practice's sessions, and what is kept of codes, past their time; how many went."""
    session = GraphSession(database)
    past = {"practice": practice_id, "after": f"{practice_id}|", "before": f"{practice_id}|{stamp(now)}"}
    swept = 0
    expired = await session.read("portal/sessions/expired", **past, limit=SWEEP_AT_ONCE)
    if ids := sorted(row["id"] for row in expired):
        rows = await session.write(lambda tx: tx.run("portal/sessions/sweep", practice=practice_id, ids=ids))
        swept += rows[0]["swept"]
    codes = await session.read("portal/codes/expired", **past, limit=SWEEP_AT_ONCE)
    if keys := sorted(row["key"] for row in codes):
        lock, before = secrets.token_hex(8), past["before"]
        rows = await session.write(
            lambda tx: tx.run("portal/codes/sweep", practice=practice_id, keys=keys, before=before, stamp=lock)
        )
        swept += rows[0]["swept"]
    return swept
