"""What is coming in one practice, in order: days on which terms of edges end, and clients' birthdays (D8, D13)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from graph_api.access.upcoming import ComingOfAge, EndPosition, TermsEnds
from graph_api.kernel.door import Sealed
from graph_api.kernel.graph import Reads
from graph_api.kernel.records import Record
from graph_api.network.graph.edges import edge_params, ends_of
from graph_api.network.records import WHOLE_EDGE, EdgeRecord
from graph_api.network.relationships import ENDS_AT_MAJORITY
from graph_api.people.names import FIELD_END

NEXT_DOOR = timedelta(days=1)
AFTER_ALL = "~"
"""Sorts after every id, and after FIELD_END."""


class ComingReads(Reads):
    """What is to come, of one practice."""

    async def terms_ending(self, after: EndPosition, last: date, size: int) -> Sealed[TermsEnds]:
        """By the edges' own last day and by their authority's; in two statements."""
        rows = await self._session.read(
            "access/coming/ends",
            practice=self._practice,
            after=f"{self._practice}|{after.day.isoformat()}|{after.contact_id}{AFTER_ALL if after.contact_id else ''}",
            before=f"{self._practice}|{last.isoformat()}|{AFTER_ALL}",
            size=size,
        )
        found = [EndPosition(date.fromisoformat(row["key"].split("|")[1]), row["contactId"]) for row in rows]
        ids = list(dict.fromkeys(position.contact_id for position in found))
        edges = (
            await self._session.read(
                "network/contacts/by_ids", practice=self._practice, ids=ids, **edge_params(WHOLE_EDGE)
            )
            if ids
            else []
        )
        current = {edge[0][0]: EdgeRecord(*edge) for row in edges for edge in row["rows"]}
        ending = [(end.day, current[end.contact_id]) for end in found if end.contact_id in current]
        ends = TermsEnds(ending, found[-1] if len(found) == size else None)
        return Sealed(ends, ends_of(edge for _, edge in ending))

    async def coming_of_age(self, first: date, last: date, size: int) -> Sealed[ComingOfAge]:
        """Of clients born from one day through another; in one statement, more where many are born on the same day."""
        after, before = self._born(first, last)
        clients: list[tuple[date, list[EdgeRecord]]] = []
        while True:
            rows = await self._session.read(
                "access/coming/of_age",
                practice=self._practice,
                after=after,
                before=before,
                relationships=sorted(kind.value for kind in ENDS_AT_MAJORITY),
                size=size,
                **edge_params(WHOLE_EDGE),
            )
            found = [client for row in rows for client in row["rows"]]
            clients += [(_birth_date(key), _edges_of(client, edges)) for key, client, edges in found]
            if len(found) < size:
                return _coming(clients, None)
            after, latest = found[-1][0], clients[-1][0]
            # The last day may go on, and 29 February must not be told without 1 March.
            if latest > clients[0][0] + NEXT_DOOR:
                told = [client for client in clients if client[0] < latest]
                return _coming(told, latest - NEXT_DOOR)

    async def born(
        self, first: date, last: date, after: str | None, page: int, properties: Sequence[str]
    ) -> Sealed[list[Record]]:
        """A page of so many clients, and one more where there is one: by birth date, then as in `clients`."""
        start, before = self._born(first, last)
        if after is not None:
            start = max(start, self._practice + FIELD_END + after)
        rows = await self._session.read(
            "access/coming/turning",
            practice=self._practice,
            after=start,
            before=before,
            size=page + 1,
            person=list(properties),
        )
        found = [record for row in rows for record in row["rows"]]
        return Sealed(found, [record[0] for record in found[:page]])

    async def born_total(self, first: date, last: date) -> int:
        """How many there are."""
        after, before = self._born(first, last)
        rows = await self._session.read(
            "access/coming/turning_total", practice=self._practice, after=after, before=before
        )
        return int(rows[0]["total"])

    def _born(self, first: date, last: date) -> tuple[str, str]:
        """Between which keys clients stand who were born from one day through another."""
        start = self._practice + FIELD_END
        return start + first.isoformat(), start + last.isoformat() + AFTER_ALL


def _birth_date(key: str) -> date:
    return date.fromisoformat(key.split(FIELD_END)[1])


def _edges_of(client: Record, edges: Sequence[Any]) -> list[EdgeRecord]:
    return [EdgeRecord(contact, client, person) for contact, person in edges]


def _coming(clients: Sequence[tuple[date, list[EdgeRecord]]], reached: date | None) -> Sealed[ComingOfAge]:
    edges = [(birth_date, edge) for birth_date, edges in clients for edge in edges]
    return Sealed(ComingOfAge(edges, reached), ends_of(edge for _, edge in edges))
