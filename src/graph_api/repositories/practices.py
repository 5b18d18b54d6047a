"""Practices: the only nodes that belong to no practice."""

from collections.abc import Sequence
from datetime import datetime

from graph_api.domain.model import Practice
from graph_api.engine.bolt import Database, is_constraint_failure
from graph_api.engine.session import GraphSession
from graph_api.repositories.rows import practice_of, practice_row

MAX_PRACTICES = 10_000


class PracticeRepository:
    """Implements the `Practices` port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_slug(self, slug: str) -> Practice | None:
        """The practice of that slug."""
        rows = await GraphSession(self._database).read("practices/by_slug", slug=slug)
        return practice_of(rows[0]["practice"]) if rows else None

    async def by_ids(self, ids: Sequence[str]) -> dict[str, Practice]:
        """Those that exist, by id."""
        rows = await GraphSession(self._database).read("practices/by_ids", ids=list(ids))
        return {practice.id: practice for practice in (practice_of(row["practice"]) for row in rows)}

    async def create(self, practice: Practice, created_at: datetime) -> bool:
        """False when the slug is taken."""
        if await self.by_slug(practice.slug) is not None:
            return False
        row = practice_row(practice, created_at)
        try:
            await GraphSession(self._database).write(lambda tx: tx.run("practices/create", practice=row))
        except Exception as error:
            if is_constraint_failure(error):
                return False
            raise
        return True

    async def list(self) -> tuple[Practice, ...]:
        """All, by slug."""
        rows = await GraphSession(self._database).read("practices/list", limit=MAX_PRACTICES)
        return tuple(practice_of(row["practice"]) for row in rows)
