"""Reading people of one practice."""

from collections.abc import Iterable, Sequence
from datetime import date

from graph_api.domain.model import ClientStatus, ExternalId, Person
from graph_api.engine.bolt import GraphSession, Row
from graph_api.repositories.rows import client_key_prefix, contact_of, external_key, person_of
from graph_api.services.ports import PageRequest, SearchAnchor, SearchHit


class PersonRepository:
    """Implements the `PersonReads` port."""

    def __init__(self, session: GraphSession, practice_id: str, today: date) -> None:
        self._session = session
        self._practice = practice_id
        self._today = today

    async def by_ids(self, ids: Sequence[str]) -> dict[str, Person]:
        """Those that exist, by id."""
        rows = await self._session.read("people/by_ids", practice=self._practice, ids=list(dict.fromkeys(ids)))
        return {row["person"]["id"]: person_of(row["person"]) for row in rows}

    async def by_external_id(self, external_id: ExternalId) -> Person | None:
        """Whom it names."""
        key = external_key(self._practice, external_id)
        rows = await self._session.read("people/by_external_ids", practice=self._practice, keys=[key])
        return person_of(rows[0]["person"]) if rows else None

    async def clients(self, statuses: Iterable[ClientStatus], page: PageRequest) -> tuple[Person, ...]:
        """At most `size` + 1 clients, in the order of the direction asked for."""
        prefix = client_key_prefix(self._practice)
        after, before = prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)
        if page.position is not None:
            found = await self._session.read("people/sort_keys", practice=self._practice, id=page.position.person_id)
            if not found or found[0]["clientKey"] is None:
                return ()
            after, before = (after, found[0]["clientKey"]) if page.backward else (found[0]["clientKey"], before)
        name = "people/clients_backward" if page.backward else "people/clients"
        rows = await self._session.read(
            name,
            practice=self._practice,
            after=after,
            before=before,
            statuses=[status.value for status in statuses],
            limit=page.size + 1,
        )
        return tuple(person_of(row["person"]) for row in rows)

    async def clients_total(self, statuses: Iterable[ClientStatus]) -> int:
        """How many there are."""
        rows = await self._session.read(
            "people/clients_total",
            practice=self._practice,
            prefix=client_key_prefix(self._practice),
            statuses=[status.value for status in statuses],
        )
        return int(rows[0]["total"])

    async def search(self, anchor: SearchAnchor, client_id: str | None, limit: int) -> tuple[SearchHit, ...]:
        """People the anchor finds, unranked."""
        ids = await self._search_ids(anchor, limit)
        if not ids:
            return ()
        rows = await self._session.read(
            "people/match_details", practice=self._practice, ids=ids[:limit], clientId=client_id or ""
        )
        return tuple(self._hit(row) for row in rows)

    async def _search_ids(self, anchor: SearchAnchor, limit: int) -> list[str]:
        if anchor.match_key is not None:
            prefix = f"{self._practice} {anchor.match_key}"
            rows = await self._session.read(
                "people/search_match_keys", practice=self._practice, prefix=prefix, limit=limit
            )
            return list(dict.fromkeys(id_ for row in rows for id_ in row["ids"]))
        first, *others = sorted(anchor.words, key=len, reverse=True)
        rows = await self._session.read(
            "people/search_names",
            practice=self._practice,
            prefix=f"{self._practice} {first}",
            words=[f" {word}" for word in others],
            limit=limit,
        )
        return list(dict.fromkeys(row["id"] for row in rows))

    def _hit(self, row: Row) -> SearchHit:
        person, edge = person_of(row["person"]), row["contact"]
        existing = contact_of(edge, person_of(edge["client"]), person, self._today) if edge else None
        return SearchHit(person, row["clientCount"], existing)
