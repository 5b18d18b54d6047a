"""The reads and writes of an import besides people and edges."""

from collections.abc import Sequence
from datetime import datetime

from graph_api.exchange.model import KnownPerson
from graph_api.kernel.transaction import Writes
from graph_api.network.graph.edges import pair_rows
from graph_api.people.graph.rows import activated_row, external_key, imported_person
from graph_api.people.model import ExternalId, Person
from graph_api.people.records import IMPORTED_PROPERTIES


class ImportWrites(Writes):
    """What an import asks for, inside a write transaction."""

    async def known(self, external_ids: Sequence[ExternalId]) -> dict[ExternalId, KnownPerson]:
        """Whom they name."""
        by_key = {external_key(self._practice, external_id): external_id for external_id in external_ids}
        rows = await self._tx.run(
            "people/by_external_ids", practice=self._practice, keys=list(by_key), person=list(IMPORTED_PROPERTIES)
        )
        return {by_key[row["key"]]: KnownPerson(imported_person(row["person"]), row["mark"]) for row in rows}

    async def linked(self, pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """Which pairs of client and contact have an edge, or once had one that was removed."""
        rows = await self._tx.run("exchange/imports/linked", practice=self._practice, pairs=pair_rows(pairs))
        return {(row["clientId"], row["personId"]) for row in rows}

    async def activate(self, people: Sequence[Person], at: datetime) -> None:
        """People who were no clients become ACTIVE ones."""
        rows = [activated_row(self._practice, person, at) for person in people]
        self._tx.later("exchange/imports/activate", practice=self._practice, rows=rows)
