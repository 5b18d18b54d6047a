"""People as the graph keeps them."""

from collections.abc import Iterable, Sequence
from typing import Any

from graph_api.kernel.door import Sealed
from graph_api.kernel.graph import Reads
from graph_api.kernel.paging import PageRequest, page_bounds
from graph_api.kernel.records import Record
from graph_api.people.graph.rows import client_key_prefix, external_key
from graph_api.people.model import ClientStatus, ExternalId


def _id(record: Any) -> str:
    found: str = record[0]
    return found


def clients_bounds(practice_id: str, page: PageRequest) -> dict[str, str]:
    """Between which keys a page of clients lies."""
    after, before = page_bounds(client_key_prefix(practice_id), page)
    return {"after": after, "before": before}


class PersonReads(Reads):
    """People of one practice, as records of the properties asked for."""

    async def records(self, ids: Sequence[str], properties: Sequence[str]) -> Sealed[dict[str, Record]]:
        """Those that exist, by id; others may be among them."""
        found: dict[str, Record] = await self._session.gather(
            "people/by_ids", ids, _id, practice=self._practice, person=list(properties)
        )
        return Sealed(found, [person_id for person_id in ids if person_id in found])

    async def by_external_id(self, external_id: ExternalId, properties: Sequence[str]) -> Sealed[Record | None]:
        """Whom it names."""
        rows = await self._session.read(
            "people/by_external_ids",
            practice=self._practice,
            keys=[external_key(self._practice, external_id)],
            person=list(properties),
        )
        return Sealed(rows[0]["person"], [rows[0]["person"][0]]) if rows else Sealed(None, ())

    async def clients(
        self, statuses: Iterable[ClientStatus], page: PageRequest, properties: Sequence[str]
    ) -> Sealed[Sequence[Record]]:
        """At most `size` + 1 clients, in the order of the direction asked for."""
        name = "people/clients_backward" if page.backward else "people/clients"
        rows = await self._session.read(
            name,
            practice=self._practice,
            clientStatuses=[status.value for status in statuses],
            size=page.size + 1,
            person=list(properties),
            **clients_bounds(self._practice, page),
        )
        found = [record for row in rows for record in row["rows"]]
        return Sealed(found, [record[0] for record in found[: page.size]])

    async def clients_total(self, statuses: Iterable[ClientStatus]) -> int:
        """How many there are."""
        rows = await self._session.read(
            "people/clients_total",
            practice=self._practice,
            prefix=client_key_prefix(self._practice),
            statuses=[status.value for status in statuses],
        )
        return int(rows[0]["total"])
