"""What is kept of a mutation under its idempotency key."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession, Row
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Writes

KEY_LASTS = timedelta(hours=24)
SWEEP_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class StoredSuccess:
    """What is kept of a mutation under its idempotency key: its input as a MAC, what it changed, its warnings."""

    input_hash: str
    entity_id: str
    warnings: str


class KeyWrites(Writes):
    """Idempotency keys inside a write transaction."""

    async def claim(self, key: str, now: datetime) -> StoredSuccess | None:
        """Lock an idempotency key and return what is stored under it. In a rehearsal, only read it."""
        if self._tx.is_rehearsal:
            rows = await self._tx.run("kernel/idempotency/read", practice=self._practice, key=self._full(key))
            return self._stored(rows, now)
        rows = await self._tx.run(
            "kernel/idempotency/claim", practice=self._practice, key=self._full(key), stamp=self._lock
        )
        return self._stored(rows, now)

    def _full(self, key: str) -> str:
        return f"{self._practice}|{key}"

    @staticmethod
    def _stored(rows: Sequence[Row], now: datetime) -> StoredSuccess | None:
        """What is stored under a key; None once it has expired."""
        row = rows[0] if rows else None
        if row is None or row["expiresAt"] is None or row["expiresAt"] <= stamp(now):
            return None
        return StoredSuccess(row["inputHash"], row["entityId"], row["warnings"] or "[]")

    async def store(self, key: str, success: StoredSuccess, now: datetime) -> None:
        """Store a success under a claimed key. In a rehearsal nothing is stored."""
        if self._tx.is_rehearsal:
            return
        expires_at = stamp(now + KEY_LASTS)
        self._tx.later(
            "kernel/idempotency/store",
            practice=self._practice,
            key=self._full(key),
            inputHash=success.input_hash,
            entityId=success.entity_id,
            warnings=success.warnings,
            expiresAt=expires_at,
            expiryKey=f"{self._practice}|{expires_at}",
        )


async def sweep_idempotency_keys(database: Database, practice_id: str) -> int:
    """Delete a practice's records that are older than 24 hours; returns how many were deleted."""
    session, before = GraphSession(database), f"{practice_id}|{stamp(datetime.now(UTC))}"
    expired = await session.read(
        "kernel/idempotency/expired", practice=practice_id, after=f"{practice_id}|", before=before, limit=SWEEP_AT_ONCE
    )
    if not expired:
        return 0
    keys, lock = sorted(row["key"] for row in expired), secrets.token_hex(8)
    rows = await session.write(
        lambda tx: tx.run("kernel/idempotency/sweep", practice=practice_id, keys=keys, before=before, stamp=lock)
    )
    return int(rows[0]["swept"]) if rows else 0
