"""Reads nodes of all practices at once, whatever practice they name; only verifying uses it."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence

from graph_api.audit.graph.events import chain_key
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.evidence.model import Stray

PEOPLE_AT_ONCE = 1_000
MOST_STRAYS = 1_000
_END = "~"
"""Stands after every id."""


class Everything:
    """What the graph holds of all practices; for verifying alone."""

    def __init__(self, database: Database) -> None:
        self._session = GraphSession(database)

    async def practices_of_events(self) -> AsyncIterator[str]:
        """Whose events there are, by their keys: one look for each practice."""
        above = ""
        while rows := await self._session.read("practices/of_events", above=above):
            practice_id, bar, _ = rows[0]["key"].partition("|")
            yield practice_id
            above = f"{practice_id}|{_END}" if bar else rows[0]["key"]

    async def without_events(self) -> AsyncIterator[Mapping[str, Sequence[str]]]:
        """People in no event by their practice, some at a time."""
        above = ""
        while rows := await self._session.read("practices/everybody", above=above, size=PEOPLE_AT_ONCE):
            above = rows[-1]["id"]
            places = {chain_key(row["practice"] or "", row["id"], 1): row for row in rows}
            found = await self._session.read("practices/events_at", keys=list(places))
            for row in found:
                del places[row["key"]]
            people: dict[str, list[str]] = {}
            for row in places.values():
                people.setdefault(row["practice"] or "", []).append(row["id"])
            yield people

    async def begun_chains(self, practice_id: str, ids: Sequence[str]) -> Collection[str]:
        """Which of these people have a first event."""
        places = {chain_key(practice_id, person_id, 1): person_id for person_id in ids}
        found = await self._session.read("practices/events_at", keys=list(places))
        return {places[row["key"]] for row in found}

    async def stray_accounts(self) -> Sequence[Stray]:
        """At most a thousand."""
        rows = await self._session.read("practices/stray_accounts", size=MOST_STRAYS)
        return [Stray(row["id"] or "", row["practice"] or "", row["personId"] or "") for row in rows]
