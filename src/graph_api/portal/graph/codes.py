"""One-time codes in the graph, and the tries at them; of codes there are only keyed hashes."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession, Row
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Writes
from graph_api.mail.queues import MOST_COUNTED
from graph_api.portal.codes import ASKED_WITHIN, KeptCodes, StoredCode
from graph_api.portal.session_ports import Try

KEPT_PROPERTIES = ["askedAt", "mailedAt", "mailedFor", "nextAt", "nextFor", "codes"]
GATES = 16
"""Where tries are counted at what was never asked for; one is shared by many addresses, and tells of none."""


def code_key(practice_id: str, key: str) -> str:
    """Under which codes for one thing are kept."""
    return f"{practice_id}|{key}"


def attempt_key(practice_id: str, attempt_id: str) -> str:
    """Under which tries of one asker are counted."""
    return f"{practice_id}|attempt|{attempt_id}"


def gate_key(practice_id: str, key: str) -> str:
    """Of the gate that stands for a key of which nothing is kept."""
    return f"{practice_id}|gate|{int(hashlib.sha256(key.encode()).hexdigest(), 16) % GATES}"


def expiry_key(practice_id: str, kept_until: datetime) -> str:
    """By which what is past its time is found."""
    return f"{practice_id}|{stamp(kept_until)}"


def code_text(code: StoredCode) -> str:
    """What is kept of one code."""
    return "|".join((stamp(code.expires_at), stamp(code.account_since), code.person_id, code.salt, code.hash))


def _code_from(text: str) -> StoredCode:
    expires_at, since, person_id, salt, hashed = text.split("|")
    return StoredCode(hashed, salt, datetime.fromisoformat(expires_at), person_id, datetime.fromisoformat(since))


def _codes_from(texts: Sequence[str] | None) -> tuple[StoredCode, ...]:
    return tuple(map(_code_from, texts or ()))


def kept_row(kept: KeptCodes) -> Row:
    """A OneTimeCode node's properties but its key, practice and expiry, which the statement sets."""
    return {
        "askedAt": [stamp(moment) for moment in kept.asked_at],
        "mailedAt": [stamp(moment) for moment in kept.mailed_at],
        "mailedFor": kept.mailed_for,
        "nextAt": None if kept.next_at is None else stamp(kept.next_at),
        "nextFor": kept.next_for,
        "codes": [code_text(code) for code in kept.codes],
    }


def kept_from(record: list[Any]) -> KeptCodes:
    """A record of KEPT_PROPERTIES."""
    row = dict(zip(KEPT_PROPERTIES, record, strict=True))
    return KeptCodes(
        asked_at=tuple(map(datetime.fromisoformat, row["askedAt"] or ())),
        mailed_at=tuple(map(datetime.fromisoformat, row["mailedAt"] or ())),
        mailed_for=row["mailedFor"],
        next_at=None if row["nextAt"] is None else datetime.fromisoformat(row["nextAt"]),
        next_for=row["nextFor"],
        codes=_codes_from(row["codes"]),
    )


class CodeWrites(Writes):
    """One-time codes inside a write transaction."""

    async def lock(self, key: str) -> KeptCodes:
        """Take the lock of a key, and read under it what is kept there."""
        full = code_key(self._practice, key)
        rows = await self._tx.run(
            "portal/codes/lock", practice=self._practice, key=full, stamp=self._lock, kept=KEPT_PROPERTIES
        )
        return kept_from(rows[0]["kept"])

    async def keep(self, key: str, kept: KeptCodes, now: datetime, *, fresh: bool = False) -> None:
        """Keep that from now on; the key must be locked."""
        self._tx.later(
            "portal/codes/keep",
            practice=self._practice,
            key=code_key(self._practice, key),
            kept=kept_row(kept),
            fresh=fresh,
            expiryKey=expiry_key(self._practice, now + ASKED_WITHIN),
        )

    async def try_as(self, attempt_id: str, key: str, kept_until: datetime) -> Try:
        """Count a try by asker."""
        rows = await self._tx.run(
            "portal/codes/try_as",
            practice=self._practice,
            key=attempt_key(self._practice, attempt_id),
            stamp=self._lock,
            expiryKey=expiry_key(self._practice, kept_until),
        )
        return Try(rows[0]["tries"], await self._codes(key))

    async def try_one(self, key: str) -> Try:
        """Count a try of anybody, under the key's lock."""
        gate = gate_key(self._practice, key)
        await self._tx.run("portal/codes/gate", practice=self._practice, key=gate)
        keys = [code_key(self._practice, key), gate]
        rows = await self._tx.run("portal/codes/try_one", practice=self._practice, keys=keys, stamp=self._lock)
        return Try(rows[0]["tries"], await self._codes(key))

    async def _codes(self, key: str) -> tuple[StoredCode, ...]:
        rows = await self._tx.run("portal/codes/read", practice=self._practice, key=code_key(self._practice, key))
        return _codes_from(rows[0]["codes"]) if rows else ()


async def addresses_under_pressure(database: Database, now: datetime, often: int) -> tuple[int, int]:
    """For doctor: at how many addresses codes were asked for so often within the hour, and how often at most."""
    since = stamp(now - ASKED_WITHIN)
    rows = await GraphSession(database).read("practices/code_counts", since=since, often=often, limit=MOST_COUNTED)
    return rows[0]["addresses"], rows[0]["most"] or 0
