"""Drops what was noted of reminders that are long past; the audit log tells of them for good."""

from datetime import datetime, timedelta

from graph_api.acting.reminders.graph.rows import sweep_key
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.kernel.graph import Graph
from graph_api.kernel.transaction import Transaction, Writes

KEPT_FOR = timedelta(days=90)
SWEPT_AT_ONCE = 500


class SweepWrites(Writes):
    """Sweeping, inside one write transaction."""

    async def drop(self, keys: list[str]) -> None:
        """Reminders by their keys."""
        self._tx.later("reminders/sweep", practice=self._practice, keys=keys)


async def sweep_deliveries(database: Database, practice_id: str, now: datetime) -> int:
    """Drop some reminders that are long past; how many."""
    session = GraphSession(database)
    rows = await session.read(
        "reminders/past",
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
