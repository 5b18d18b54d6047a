"""Looks after what is noted of reminders: how many wait or were taken by nobody, and what is long past."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from graph_api.acting.reminders.graph.rows import moment_of, seconds, sweep_key
from graph_api.acting.reminders.model import ReminderStatus, SuppressionReason
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.kernel.graph import Graph
from graph_api.kernel.transaction import Transaction, Writes

KEPT_FOR = timedelta(days=90)
FAILED_FOR = timedelta(days=7)
COUNTED = 10_000
SWEPT_AT_ONCE = 500


class SweepWrites(Writes):
    """Sweeping, inside one write transaction."""

    async def drop(self, keys: list[str]) -> None:
        """Reminders by their keys."""
        self._tx.later("acting/reminders/sweep", practice=self._practice, keys=keys)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What should have been looked at by now."""

    count: int
    """At most COUNTED."""
    since: datetime | None


async def waiting_reminders(database: Database, now: datetime) -> Waiting:
    """How many reminders of every practice wait to be looked at though it is time."""
    [row] = await GraphSession(database).read("practices/reminders_waiting", before=seconds(now), limit=COUNTED)
    return Waiting(row["waiting"], None if row["oldest"] is None else moment_of(row["oldest"]))


async def failed_reminders(database: Database, practice_id: str, now: datetime) -> int:
    """How many of the last days' nobody took."""
    [row] = await GraphSession(database).read(
        "acting/reminders/failed",
        practice=practice_id,
        above=sweep_key(practice_id, now - FAILED_FOR),
        below=sweep_key(practice_id, now + timedelta(days=1)),
        failed=ReminderStatus.FAILED.value,
        reason=SuppressionReason.REFUSED.value,
    )
    return int(row["failed"])


async def sweep_deliveries(database: Database, practice_id: str, now: datetime) -> int:
    """Drop some reminders that are long past; how many."""
    session = GraphSession(database)
    rows = await session.read(
        "acting/reminders/past",
        practice=practice_id,
        above=f"{practice_id}|",
        below=sweep_key(practice_id, now - KEPT_FOR),
        limit=SWEPT_AT_ONCE,
    )
    keys = sorted(row["key"] for row in rows)
    if not keys:
        return 0

    async def swept(tx: Transaction) -> int:
        await tx[SweepWrites].drop(keys)
        return len(keys)

    return await Graph(session, practice_id, now.date()).write(swept)
