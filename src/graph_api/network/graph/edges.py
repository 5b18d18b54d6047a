"""Reading edges of one practice, as they are on a day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from graph_api.engine.session import Of, Row
from graph_api.kernel.door import Sealed
from graph_api.kernel.graph import Reads
from graph_api.kernel.paging import PageRequest
from graph_api.kernel.records import Record
from graph_api.network.model import ContactFilter, ContactStatus
from graph_api.network.records import EdgeProperties, EdgeRecord, NetworkProperties
from graph_api.network.requests import NetworkRequest, NetworkRow, SearchAnchor, SearchHit, SearchRequest
from graph_api.people.graph.reads import clients_bounds
from graph_api.people.model import ClientStatus


def filter_params(narrow: ContactFilter, today: date) -> dict[str, Any]:
    """A filter as the statements take it."""
    return {
        "today": today.isoformat(),
        "statuses": sorted(status.value for status in narrow.statuses),
        "relationships": None if narrow.relationships is None else sorted(kind.value for kind in narrow.relationships),
        "roles": None if narrow.roles is None else sorted(role.value for role in narrow.roles),
        "portalAccess": narrow.portal_access,
    }


def network_params(wanted: NetworkProperties) -> dict[str, list[str]]:
    """What is asked for, as the statements take it."""
    return {"person": list(wanted.person), "contact": list(wanted.contact), "other": list(wanted.other)}


def edge_params(wanted: EdgeProperties) -> dict[str, list[str]]:
    """What is asked for, as the statements take it."""
    return {"contact": list(wanted.contact), "client": list(wanted.client), "person": list(wanted.person)}


def pair_rows(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Pairs of client and contact, as the statements take them."""
    return [{"clientId": client, "personId": person} for client, person in dict.fromkeys(pairs)]


def _inner_id(row: Any) -> str:
    """A network's person, or an edge: the first value of a row's first record."""
    found: str = row[0][0]
    return found


def ends_of(edges: Iterable[EdgeRecord]) -> list[str]:
    """The people at both ends of edges."""
    return [end[0] for edge in edges for end in (edge.client, edge.person)]


def _people_of(rows: Iterable[NetworkRow], size: int) -> list[str]:
    """The people of networks: whose each is, and whom the edges of its page lead to."""
    return [found for row in rows for found in (row[0][0], *(edge[1][0] for edge in row[1][:size]))]


class ContactReads(Reads):
    """Edges of one practice, as records of the properties asked for, as they are on a day."""

    async def records(self, ids: Sequence[str], wanted: EdgeProperties) -> Sealed[dict[str, EdgeRecord]]:
        """Those that exist, removed ones too, by contact id."""
        found = await self._edges("network/contacts/by_ids", ids, wanted)
        missing = [contact_id for contact_id in dict.fromkeys(ids) if contact_id not in found]
        if missing:
            found |= await self._edges("network/contacts/removed_by_ids", missing, wanted, Of.PAST)
        return Sealed(found, ends_of(found.values()))

    async def _edges(
        self, name: str, ids: Sequence[str], wanted: EdgeProperties, of: Of = Of.NOW
    ) -> dict[str, EdgeRecord]:
        params = edge_params(wanted)
        rows = await self._session.gather(name, ids, _inner_id, of=of, practice=self._practice, **params)
        return {contact_id: EdgeRecord(*rows[contact_id]) for contact_id in ids if contact_id in rows}

    async def networks(
        self, request: NetworkRequest, person_ids: Sequence[str], wanted: NetworkProperties
    ) -> Sealed[dict[str, NetworkRow]]:
        """A page for each person, in one statement; others' may be among them."""
        page = request.page
        found: dict[str, NetworkRow] = await self._session.gather(
            _network_statement(request),
            person_ids,
            _inner_id,
            of=Of.PAST if ContactStatus.REMOVED in request.filter.statuses else Of.NOW,
            practice=self._practice,
            cursorKey=page.position.key if page.position else None,
            cursorId=page.position.id if page.position else "",
            limit=page.size + 1,
            withTotal=page.with_total,
            **network_params(wanted),
            **filter_params(request.filter, self._today),
        )
        rows = [found[person_id] for person_id in person_ids if person_id in found]
        return Sealed(found, _people_of(rows, page.size))

    async def between(
        self, pairs: Sequence[tuple[str, str]], wanted: EdgeProperties
    ) -> Sealed[dict[tuple[str, str], EdgeRecord]]:
        """Current edges by (client id, contact's person id)."""
        rows = await self._session.read(
            "network/contacts/by_pairs", practice=self._practice, pairs=pair_rows(pairs), **edge_params(wanted)
        )
        found = [EdgeRecord(*edge) for row in rows for edge in row["rows"]]
        return Sealed({(edge.client[0], edge.person[0]): edge for edge in found}, ends_of(found))

    async def clients_with_networks(
        self, statuses: Iterable[ClientStatus], page: PageRequest, request: NetworkRequest, wanted: NetworkProperties
    ) -> Sealed[Sequence[NetworkRow]]:
        """As `clients`, forwards, each with the first page of a network; in the same statement."""
        rows = await self._session.read(
            f"people/clients_with_{request.side.value}",
            practice=self._practice,
            clientStatuses=[status.value for status in statuses],
            size=page.size + 1,
            limit=request.page.size + 1,
            **clients_bounds(self._practice, page),
            **network_params(wanted),
        )
        found = [network for row in rows for network in row["rows"]]
        return Sealed(found, _people_of(found[: page.size], request.page.size))

    async def search(self, anchor: SearchAnchor, request: SearchRequest, limit: int) -> Sealed[Sequence[SearchHit]]:
        """People the anchor finds, unranked."""
        shown = {
            "practice": self._practice,
            "clientId": request.client_id,
            "withCount": request.with_count,
            "limit": limit,
            **edge_params(request.wanted),
        }
        if anchor.match_key is not None:
            prefix = f"{self._practice} {anchor.match_key}"
            rows = await self._session.read("people/search_match_keys", prefix=prefix, **shown)
        else:
            first, *others = sorted(anchor.words, key=len, reverse=True)
            words = [f" {word}" for word in others]
            rows = await self._by_names(f"{self._practice} {first}", words, shown)
        hits = [_hit(*found) for row in rows for found in row["rows"]]
        return Sealed(hits, [hit.record[0] for hit in hits])

    async def _by_names(self, prefix: str, words: Sequence[str], shown: Row) -> list[Row]:
        """Searches by names go together, where the engine finds several prefixes by its index."""
        if not self._session.unwinds_prefixes:
            return await self._session.read("people/search_names", prefix=prefix, words=words, **shown)
        asked = "\n".join((prefix, *words))
        found = await self._session.gather("people/searches", [asked], _asked, **shown)
        return [{"rows": found[asked][1]}]


def _asked(row: Record) -> str:
    asked: str = row[0]
    return asked


def _network_statement(request: NetworkRequest) -> str:
    name = f"network/contacts/{request.side.value}"
    if ContactStatus.REMOVED in request.filter.statuses:
        name += "_with_removed"
    return f"{name}_backward" if request.page.backward else name


def _hit(record: Record, client_count: int | None, contact: Record | None, client: Record | None) -> SearchHit:
    existing = None if contact is None or client is None else EdgeRecord(contact, client, record)
    return SearchHit(record, client_count, existing)
