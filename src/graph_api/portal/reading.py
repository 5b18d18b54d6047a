"""What a portal account sees: its own person, clients whose portal it may view, its own contacts of these (S13)."""

from collections.abc import Mapping, Sequence

from graph_api.access.model import PortalAction
from graph_api.access.questions import AccessService
from graph_api.kernel.paging import Cursors, PageArguments, PageRequest, make_page, page_request
from graph_api.kernel.records import Record
from graph_api.kernel.scope import Scope
from graph_api.network.model import Contact, ContactFilter
from graph_api.network.reading import ClientsPage, NetworkQuery, StaffReading
from graph_api.network.records import CONTACT_PROPERTIES, WHOLE_EDGE, EdgeProperties, EdgeRecord, NetworkProperties
from graph_api.network.requests import NetworkRequest, NetworkRow, Side
from graph_api.people.model import ClientStatus, Person
from graph_api.people.records import PERSON_PROPERTIES, SORT_KEY
from graph_api.practices.model import PracticeSettings

_SORT_KEY = PERSON_PROPERTIES.index(SORT_KEY)


class PortalReading:
    """Reads for a portal account. What it may not see is not found; each load checks that again."""

    def __init__(self, scope: Scope) -> None:
        self._all = StaffReading(scope)
        self._caller = scope.caller
        self._access = scope[AccessService]
        self._secret = scope.secret

    def person_model(self, record: Record) -> Person:
        """A whole record as the person."""
        return self._all.person_model(record)

    def contact_model(self, edge: EdgeRecord) -> Contact:
        """A whole record as the contact."""
        return self._all.contact_model(edge)

    async def settings(self) -> PracticeSettings:
        """The practice's, as they are now."""
        return await self._all.settings()

    def network_query(
        self,
        side: Side,
        arguments: PageArguments,
        narrow: ContactFilter,
        other: Sequence[str] = PERSON_PROPERTIES,
        *,
        with_total: bool,
    ) -> NetworkQuery:
        """Check a network's arguments."""
        return self._all.network_query(side, arguments, narrow, other, with_total=with_total)

    async def _grants(self) -> Mapping[str, str]:
        """Clients' ids by the ids of the account's contacts whose portal it may view now."""
        told = await self._access.granted(PortalAction.VIEW_PORTAL, lambda grant: (grant.contact_id, grant.client.id))
        return {contact_id: client_id for contact_id, client_id in told if contact_id is not None}

    async def people(self, ids: Sequence[str], properties: Sequence[str]) -> Mapping[str, Record]:
        """Those that the account may see."""
        own = self._caller.person_id
        seen = set() if own is None else {own}
        if any(person_id != own for person_id in ids):
            seen |= set((await self._grants()).values())
        found = await self._all.people([person_id for person_id in ids if person_id in seen], properties)
        return {person_id: found[person_id] for person_id in seen if person_id in found}

    async def contacts(self, ids: Sequence[str], wanted: EdgeProperties) -> Mapping[str, EdgeRecord]:
        """The account's own, of clients it may view."""
        granted = await self._grants()
        found = await self._all.contacts([contact_id for contact_id in ids if contact_id in granted], wanted)
        return {contact_id: found[contact_id] for contact_id in granted if contact_id in found}

    async def person_by_external_id(self, value: str, system: str | None, properties: Sequence[str]) -> Record | None:
        """Nobody: other systems' keys are the practice's own business."""
        return None

    async def clients(
        self,
        statuses: Sequence[ClientStatus],
        arguments: PageArguments,
        wanted: NetworkProperties,
        *,
        with_total: bool,
        along: NetworkRequest | None = None,
    ) -> ClientsPage:
        """None: `viewer.actsFor` lists whom the account acts for."""
        request = page_request(
            arguments, Cursors(self._secret, self._caller.practice.id, "none"), with_total=with_total
        )
        return ClientsPage(make_page((), request, lambda record: record[0], 0 if with_total else None))

    async def networks(
        self, request: NetworkRequest, person_ids: Sequence[str], wanted: NetworkProperties
    ) -> Mapping[str, NetworkRow]:
        """`contactOf` of the account's own person; nobody's contact network."""
        own = self._caller.person_id
        if own is None or own not in person_ids or request.side is not Side.CONTACT_OF:
            return {}
        people = await self._all.people([own], wanted.person)
        edges = await self._all.contacts(list(await self._grants()), WHOLE_EDGE)
        shown = [(self.contact_model(edge), edge) for edge in edges.values()]
        kept = [(contact, edge) for contact, edge in shown if _is_wanted(contact, request.filter)]
        kept.sort(key=_place)
        rows = [_row(edge, wanted) for _, edge in _from_position(kept, request.page)]
        total = len(kept) if request.page.with_total else None
        return {own: [people[own], rows[: request.page.size + 1], total]} if own in people else {}

    async def between(
        self, pairs: Sequence[tuple[str, str]], wanted: EdgeProperties
    ) -> Mapping[tuple[str, str], EdgeRecord]:
        """None: whether someone is in another network is not theirs to know."""
        return {}


def _is_wanted(contact: Contact, narrow: ContactFilter) -> bool:
    terms = contact.terms
    return (
        contact.status in narrow.statuses
        and (narrow.relationships is None or terms.relationship in narrow.relationships)
        and (narrow.roles is None or not narrow.roles.isdisjoint(terms.roles))
        and (narrow.portal_access is None or terms.portal_access is narrow.portal_access)
    )


def _from_position(rows: list[tuple[Contact, EdgeRecord]], page: PageRequest) -> list[tuple[Contact, EdgeRecord]]:
    """The rows after the position, in the direction asked for."""
    ordered = rows[::-1] if page.backward else rows
    position = page.position
    if position is None:
        return ordered
    place = (position.key, position.id)
    return [row for row in ordered if (_place(row) < place if page.backward else _place(row) > place)]


def _place(row: tuple[Contact, EdgeRecord]) -> tuple[str, str]:
    contact, edge = row
    return edge.client[_SORT_KEY], contact.id


def _row(edge: EdgeRecord, wanted: NetworkProperties) -> list[Record]:
    return [
        _projected(edge.contact, CONTACT_PROPERTIES, wanted.contact),
        _projected(edge.client, PERSON_PROPERTIES, wanted.other),
    ]


def _projected(record: Record, names: Sequence[str], wanted: Sequence[str]) -> Record:
    values = dict(zip(names, record, strict=True))
    return [values[name] for name in wanted]
