"""Which practices' appointments are to be planned again, and how far that has come."""

from collections.abc import Callable
from datetime import datetime, timedelta

from graph_api.acting.appointments.graph.rows import practice_scope
from graph_api.acting.reminders.graph.rows import seconds
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession, Row
from graph_api.kernel.caller import Practice
from graph_api.kernel.graph import Graph, graph_of
from graph_api.kernel.paging import after_scope
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Writes
from graph_api.practices.graph import Practices

PLANNED_AT_ONCE = 100
"""Appointments, in one transaction."""


class Plannings:
    """Of every practice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, now: datetime, limit: int) -> list[Practice]:
        """Practices whose appointments are to be planned by now."""
        before = seconds(now + timedelta(seconds=1))
        rows = await GraphSession(self._database).read_newest("practices/reminders_to_plan", before=before, limit=limit)
        ids = [row["practice"] for row in rows]
        return list((await Practices(self._database).by_ids(ids)).values()) if ids else []

    def graph(self, practice: Practice, now: Callable[[], datetime]) -> Graph:
        """The practice's graph."""
        return graph_of(self._database, practice, now)


class PlanningWrites(Writes):
    """One practice's, inside one write transaction."""

    async def claim(self, lease: str, now: str, until: str) -> Row | None:
        """Take it until then; how far it has come. None: another worker has it, or there is none."""
        rows = await self._tx.run(
            "acting/reminders/claim_planning", practice=self._practice, lease=lease, now=now, until=until
        )
        return rows[0] if rows else None

    async def page(self, after: str | None, now: datetime) -> list[tuple[str, str]]:
        """The next appointments to come, each with its place."""
        scope = practice_scope(self._practice)
        rows = await self._tx.run(
            "acting/appointments/agenda",
            practice=self._practice,
            above=after or scope + stamp(now),
            below=after_scope(scope),
            practitionerIds=None,
            locationIds=None,
            size=PLANNED_AT_ONCE,
            appointment=["timeKey", "id"],
        )
        return [(row["appointment"][0], row["appointment"][1]) for row in rows]

    async def note(self, held: str, after: str | None, look_at: str, passes: int) -> None:
        """How far it has come, and when it goes on."""
        self._tx.later(
            "acting/reminders/note_planning",
            practice=self._practice,
            held=held,
            after=after,
            lookAt=look_at,
            passes=passes,
        )

    async def end(self, held: str) -> None:
        """All of it is planned."""
        self._tx.later("acting/reminders/end_planning", practice=self._practice, held=held)
