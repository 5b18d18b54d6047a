"""Which demo data a practice holds: what says that seeding was finished, and not only begun."""

from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession


class Seeds:
    """The mark on a practice."""

    def __init__(self, database: Database) -> None:
        self._session = GraphSession(database)

    async def of(self, practice_id: str) -> str | None:
        """The mark; None before seeding was finished."""
        rows = await self._session.read("exchange/imports/seed", practice=practice_id)
        seed: str | None = rows[0]["seed"] if rows else None
        return seed

    async def mark(self, practice_id: str, seed: str) -> None:
        """Seeding is finished."""
        await self._session.write(lambda tx: tx.run("exchange/imports/mark_seed", practice=practice_id, seed=seed))
