"""Reading edges of one practice, as they are on a day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from graph_api.domain.model import Contact, ContactFilter, ContactStatus
from graph_api.engine.bolt import GraphSession, Row
from graph_api.repositories.rows import contact_of, person_of
from graph_api.services.ports import NetworkPage, NetworkRequest, Side


def edge_of(row: Row, today: date) -> Contact:
    """An edge with both its ends."""
    return contact_of(row, person_of(row["client"]), person_of(row["person"]), today)


def _filter_params(narrow: ContactFilter, today: date) -> dict[str, Any]:
    return {
        "today": today.isoformat(),
        "statuses": [status.value for status in narrow.statuses],
        "relationships": None if narrow.relationships is None else [kind.value for kind in narrow.relationships],
        "roles": None if narrow.roles is None else [role.value for role in narrow.roles],
        "portalAccess": narrow.portal_access,
    }


class ContactRepository:
    """Implements the `ContactReads` port."""

    def __init__(self, session: GraphSession, practice_id: str, today: date) -> None:
        self._session = session
        self._practice = practice_id
        self._today = today

    async def by_ids(self, ids: Sequence[str]) -> dict[str, Contact]:
        """Those that exist, removed ones too, by contact id."""
        wanted = list(dict.fromkeys(ids))
        rows = await self._session.read("contacts/by_ids", practice=self._practice, ids=wanted)
        found = {contact.id: contact for contact in (edge_of(row["contact"], self._today) for row in rows)}
        missing = [contact_id for contact_id in wanted if contact_id not in found]
        if missing:
            rows = await self._session.read("contacts/removed_by_ids", practice=self._practice, ids=missing)
            found |= {contact.id: contact for contact in (edge_of(row["contact"], self._today) for row in rows)}
        return found

    async def networks(self, request: NetworkRequest, person_ids: Sequence[str]) -> dict[str, NetworkPage]:
        """A page for each person, in one statement (two when there is a cursor)."""
        page = request.page
        cursor_key = None
        if page.position is not None:
            rows = await self._session.read("people/sort_keys", practice=self._practice, id=page.position.person_id)
            if not rows:
                return {}
            cursor_key = rows[0]["sortKey"]
        name = f"contacts/{request.side.value}"
        if ContactStatus.REMOVED in request.filter.statuses:
            name += "_with_removed"
        if page.backward:
            name += "_backward"
        rows = await self._session.read(
            name,
            practice=self._practice,
            ids=list(dict.fromkeys(person_ids)),
            cursorKey=cursor_key,
            cursorId=page.position.contact_id if page.position else "",
            limit=page.size + 1,
            withTotal=page.with_total,
            **_filter_params(request.filter, self._today),
        )
        return {row["id"]: self._page(row, request.side) for row in rows}

    def _page(self, row: Row, side: Side) -> NetworkPage:
        near = person_of(row["person"])
        contacts = []
        for edge in row["contacts"]:
            far = person_of(edge["other"])
            client, person = (near, far) if side is Side.CONTACT_NETWORK else (far, near)
            contacts.append(contact_of(edge, client, person, self._today))
        return NetworkPage(tuple(contacts), row["total"])

    async def by_pairs(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Contact]:
        """Current edges by (client id, contact's person id)."""
        wanted = [{"clientId": client, "personId": person} for client, person in dict.fromkeys(pairs)]
        rows = await self._session.read("contacts/by_pairs", practice=self._practice, pairs=wanted)
        found = (edge_of(row["contact"], self._today) for row in rows)
        return {(contact.client.id, contact.person.id): contact for contact in found}
