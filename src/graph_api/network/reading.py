"""Reading clients, people and networks (S2, S9); another practice's id is simply not found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from graph_api.engine.errors import BadRequest
from graph_api.kernel.ids import is_id
from graph_api.kernel.paging import Cursors, Page, PageArguments, Position, make_page, page_request
from graph_api.kernel.records import Record
from graph_api.kernel.scope import Scope
from graph_api.network.graph.edges import ContactReads
from graph_api.network.graph.rows import contact_from
from graph_api.network.model import Contact, ContactFilter
from graph_api.network.records import EdgeProperties, EdgeRecord, NetworkProperties
from graph_api.network.requests import NetworkRequest, NetworkRow, Side
from graph_api.people.external_ids import system_name
from graph_api.people.graph.reads import PersonReads
from graph_api.people.graph.rows import person_from
from graph_api.people.model import ClientStatus, ExternalId, Person
from graph_api.people.records import PERSON_PROPERTIES, SORT_KEY, external_pairs
from graph_api.practices.graph import SettingsReads
from graph_api.practices.model import PracticeSettings

EdgePair = list[Record]
"""An edge's record, and the record of whom it leads to."""
MAX_NODES = 100
MAX_EXTERNAL_ID = 200
MAX_FILTER = 50


@dataclass(frozen=True, slots=True)
class NetworkQuery:
    """A network's arguments, checked: what to load and how to make its cursors."""

    request: NetworkRequest
    cursors: Cursors
    sort_place: int
    """Where in the records of those whom the edges lead to is what they are in the order of."""

    def page(self, row: NetworkRow | None) -> Page[EdgePair, EdgePair]:
        """A loaded network as a page; an empty one for somebody who is not there."""
        edges, total = (row[1], row[2]) if row is not None else ((), None)
        return make_page(edges, self.request.page, self._cursor, total)

    def _cursor(self, edge: EdgePair) -> str:
        contact, other = edge
        return self.cursors.encode(Position(other[self.sort_place], contact[0]))


@dataclass(frozen=True, slots=True)
class ClientsPage:
    """A page of clients, and their networks by person id where these came along."""

    page: Page[Record, Record]
    networks: Mapping[str, NetworkRow] | None = None


class Reading(Protocol):
    """Questions of one caller, answered with records of the properties asked for."""

    def person_model(self, record: Record) -> Person:
        """A whole record as the person."""

    def contact_model(self, edge: EdgeRecord) -> Contact:
        """A whole record as the contact."""

    async def settings(self) -> PracticeSettings:
        """The practice's, as they are now."""

    async def people(self, ids: Sequence[str], properties: Sequence[str]) -> Mapping[str, Record]:
        """Those that exist, by id; in one statement."""

    async def contacts(self, ids: Sequence[str], wanted: EdgeProperties) -> Mapping[str, EdgeRecord]:
        """Those that exist, removed ones too, by id."""

    async def person_by_external_id(self, value: str, system: str | None, properties: Sequence[str]) -> Record | None:
        """Whom an id of another system names."""

    async def clients(
        self,
        statuses: Sequence[ClientStatus],
        arguments: PageArguments,
        wanted: NetworkProperties,
        *,
        with_total: bool,
        along: NetworkRequest | None = None,
    ) -> ClientsPage:
        """A page of clients by folded family name, given name, id; `along` brings a page of each one's network.

        `wanted` holds the sort key where cursors are shown.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR, FILTER_TOO_LONG.
        """

    def network_query(
        self,
        side: Side,
        arguments: PageArguments,
        narrow: ContactFilter,
        other: Sequence[str] = PERSON_PROPERTIES,
        *,
        with_total: bool,
    ) -> NetworkQuery:
        """Check a network's arguments; the same for every person of a list.

        `other` is what will be brought of those whom the edges lead to; it holds the sort key where cursors are shown.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR.
        """

    async def networks(
        self, request: NetworkRequest, person_ids: Sequence[str], wanted: NetworkProperties
    ) -> Mapping[str, NetworkRow]:
        """A page for each person, in one statement."""

    async def between(
        self, pairs: Sequence[tuple[str, str]], wanted: EdgeProperties
    ) -> Mapping[tuple[str, str], EdgeRecord]:
        """Current edges by (client id, contact's person id); in one statement."""


class StaffReading:
    """Staff's view: everything in the practice."""

    def __init__(self, scope: Scope) -> None:
        self._caller = scope.caller
        self._graph = scope.graph
        self._door = scope.graph.door
        self._secret = scope.secret

    def person_model(self, record: Record) -> Person:
        """A whole record as the person."""
        return person_from(record)

    def contact_model(self, edge: EdgeRecord) -> Contact:
        """A whole record as the contact."""
        return contact_from(edge, self._graph.today)

    async def settings(self) -> PracticeSettings:
        """The practice's, as they are now."""
        return await self._graph[SettingsReads].read()

    async def people(self, ids: Sequence[str], properties: Sequence[str]) -> Mapping[str, Record]:
        """Those that exist, by id; in one statement."""
        wanted = [person_id for person_id in ids if is_id("person", person_id)]
        return self._door.open(await self._graph[PersonReads].records(wanted, properties)) if wanted else {}

    async def contacts(self, ids: Sequence[str], wanted: EdgeProperties) -> Mapping[str, EdgeRecord]:
        """Those that exist, removed ones too, by id."""
        known = [contact_id for contact_id in ids if is_id("contact", contact_id)]
        return self._door.open(await self._graph[ContactReads].records(known, wanted)) if known else {}

    async def person_by_external_id(self, value: str, system: str | None, properties: Sequence[str]) -> Record | None:
        """Whom an id of another system names."""
        name = system_name(system)
        if len(value) > MAX_EXTERNAL_ID or name is None:
            return None
        asked = [*properties, "externalIds"]
        found = await self._graph[PersonReads].by_external_id(ExternalId(name, value), asked)

        def named(record: Record | None) -> Record | None:
            # The graph's key joins system and value by "|", which a value may hold too.
            is_named = record is not None and [name, value] in external_pairs(record[-1])
            return record[:-1] if record is not None and is_named else None

        return self._door.keep(found, named, lambda record: () if record is None else (record[0],))

    async def clients(
        self,
        statuses: Sequence[ClientStatus],
        arguments: PageArguments,
        wanted: NetworkProperties,
        *,
        with_total: bool,
        along: NetworkRequest | None = None,
    ) -> ClientsPage:
        """A page of clients by folded family name, given name, id; `along` brings a page of each one's network.

        `wanted` holds the sort key where cursors are shown.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR, FILTER_TOO_LONG.
        """
        check_filter(statuses)
        asked = sorted(set(statuses), key=lambda status: status.value)
        scope = "clients\x00" + ",".join(status.value for status in asked)
        cursors = Cursors(self._secret, self._caller.practice.id, scope)
        request = page_request(arguments, cursors, with_total=with_total)
        networks = None
        if along is not None and along.comes_along and not request.backward:
            found = await self._graph[ContactReads].clients_with_networks(asked, request, along, wanted)
            rows = self._door.open(found)
            records: Sequence[Record] = [row[0] for row in rows]
            networks = {row[0][0]: row for row in rows}
        else:
            records = self._door.open(await self._graph[PersonReads].clients(asked, request, wanted.person))
        total = await self._graph[PersonReads].clients_total(asked) if with_total else None
        place = sort_place(wanted.person)
        page = make_page(records, request, lambda record: cursors.encode(Position(record[place])), total)
        return ClientsPage(page, networks)

    def network_query(
        self,
        side: Side,
        arguments: PageArguments,
        narrow: ContactFilter,
        other: Sequence[str] = PERSON_PROPERTIES,
        *,
        with_total: bool,
    ) -> NetworkQuery:
        """Check a network's arguments; the same for every person of a list.

        `other` is what will be brought of those whom the edges lead to; it holds the sort key where cursors are shown.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR.
        """
        scope = f"{side.value}\x00{_filter_scope(narrow)}"
        cursors = Cursors(self._secret, self._caller.practice.id, scope)
        page = page_request(arguments, cursors, with_total=with_total)
        return NetworkQuery(NetworkRequest(side, page, narrow), cursors, sort_place(other))

    async def networks(
        self, request: NetworkRequest, person_ids: Sequence[str], wanted: NetworkProperties
    ) -> Mapping[str, NetworkRow]:
        """A page for each person, in one statement."""
        asked = [person_id for person_id in person_ids if is_id("person", person_id)]
        return self._door.open(await self._graph[ContactReads].networks(request, asked, wanted)) if asked else {}

    async def between(
        self, pairs: Sequence[tuple[str, str]], wanted: EdgeProperties
    ) -> Mapping[tuple[str, str], EdgeRecord]:
        """Current edges by (client id, contact's person id); in one statement."""
        return self._door.open(await self._graph[ContactReads].between(pairs, wanted))


def check_filter(*lists: Sequence[object]) -> None:
    """A filter's lists as they were sent, repeats included.

    Raises:
        BadRequest: FILTER_TOO_LONG.
    """
    if any(len(items) > MAX_FILTER for items in lists):
        raise BadRequest("FILTER_TOO_LONG", f"At most {MAX_FILTER} values.")


def sort_place(names: Sequence[str]) -> int:
    """Where in a record the sort key is; past its end where it is not asked for, as no cursor is shown."""
    return names.index(SORT_KEY) if SORT_KEY in names else len(names)


def _filter_scope(narrow: ContactFilter) -> str:
    """A filter as text, the same for the same filter."""
    parts = (
        sorted(status.value for status in narrow.statuses),
        None if narrow.relationships is None else sorted(kind.value for kind in narrow.relationships),
        None if narrow.roles is None else sorted(role.value for role in narrow.roles),
        narrow.portal_access,
    )
    return repr(parts)
