"""Reading clients, people and networks (S2, S9); another practice's id is simply not found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph_api.domain.errors import BadRequest
from graph_api.domain.ids import is_id, kind_of
from graph_api.domain.model import (
    DEFAULT_EXTERNAL_SYSTEM,
    Caller,
    ClientStatus,
    Contact,
    ContactFilter,
    ExternalId,
    Person,
    Practice,
)
from graph_api.services.paging import Cursors, Page, PageArguments, make_page, page_request
from graph_api.services.ports import Graph, NetworkPage, NetworkRequest, Position, Side

MAX_NODES = 100
MAX_EXTERNAL_ID = 200
MAX_FILTER = 50


@dataclass(frozen=True, slots=True)
class NetworkQuery:
    """A network's arguments, checked: what to load and how to make its cursors."""

    request: NetworkRequest
    cursors: Cursors


class ReadingService:
    """Questions of one caller."""

    def __init__(self, caller: Caller, graph: Graph, secret: bytes) -> None:
        self._caller = caller
        self._graph = graph
        self._secret = secret

    async def people(self, ids: Sequence[str]) -> dict[str, Person]:
        """Those that exist, by id; in one statement."""
        wanted = [person_id for person_id in ids if is_id("person", person_id)]
        return await self._graph.people.by_ids(wanted) if wanted else {}

    async def contacts(self, ids: Sequence[str]) -> dict[str, Contact]:
        """Those that exist, removed ones too, by id."""
        wanted = [contact_id for contact_id in ids if is_id("contact", contact_id)]
        return await self._graph.contacts.by_ids(wanted) if wanted else {}

    async def nodes(self, ids: Sequence[str]) -> list[Person | Contact | Practice | None]:
        """A node for each id, in order; None where there is none.

        Raises:
            BadRequest: TOO_MANY_IDS.
        """
        if len(ids) > MAX_NODES:
            raise BadRequest("TOO_MANY_IDS", f"At most {MAX_NODES} ids.")
        found: dict[str, Person | Contact | Practice] = {self._caller.practice.id: self._caller.practice}
        kinds = {kind_of(node_id) for node_id in ids}
        if "person" in kinds:
            found |= await self.people(ids)
        if "contact" in kinds:
            found |= await self.contacts(ids)
        return [found.get(node_id) for node_id in ids]

    async def client(self, person_id: str) -> Person | None:
        """The person, if they ever were a client."""
        person = (await self.people([person_id])).get(person_id)
        return person if person is not None and person.is_client else None

    async def person_by_external_id(self, value: str, system: str | None) -> Person | None:
        """Whom an id of another system names."""
        system = DEFAULT_EXTERNAL_SYSTEM if system is None else system
        if len(value) > MAX_EXTERNAL_ID or len(system) > MAX_EXTERNAL_ID:
            return None
        named = ExternalId(system, value)
        person = await self._graph.people.by_external_id(named)
        # The graph's key joins system and value by "|", which a value may hold too.
        return person if person is not None and named in person.external_ids else None

    async def clients(
        self, statuses: Sequence[ClientStatus], arguments: PageArguments, *, with_total: bool
    ) -> Page[Person]:
        """A page of clients by folded family name, given name, id.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR, FILTER_TOO_LONG.
        """
        check_filter(statuses)
        wanted = sorted(set(statuses), key=lambda status: status.value)
        scope = "clients\x00" + ",".join(status.value for status in wanted)
        cursors = Cursors(self._secret, self._caller.practice.id, scope)
        request = page_request(arguments, cursors, with_total=with_total)
        rows = await self._graph.people.clients(wanted, request)
        total = await self._graph.people.clients_total(wanted) if with_total else None
        return make_page(rows, request, cursors, lambda person: Position(person.id), total)

    def network_query(
        self, side: Side, arguments: PageArguments, narrow: ContactFilter, *, with_total: bool
    ) -> NetworkQuery:
        """Check a network's arguments; the same for every person of a list.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR.
        """
        scope = f"{side.value}\x00{_filter_scope(narrow)}"
        cursors = Cursors(self._secret, self._caller.practice.id, scope)
        page = page_request(arguments, cursors, with_total=with_total)
        return NetworkQuery(NetworkRequest(side, page, narrow), cursors)

    async def networks(self, request: NetworkRequest, person_ids: Sequence[str]) -> Mapping[str, NetworkPage]:
        """A page for each person, in one statement."""
        return await self._graph.contacts.networks(request, person_ids)

    def network_page(self, query: NetworkQuery, loaded: NetworkPage | None) -> Page[Contact]:
        """A loaded network as a page."""
        far = query.request.side is Side.CONTACT_NETWORK
        return make_page(
            loaded.contacts if loaded else (),
            query.request.page,
            query.cursors,
            lambda contact: Position((contact.person if far else contact.client).id, contact.id),
            loaded.total if loaded else None,
        )

    async def between(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Contact]:
        """Current edges by (client id, contact's person id); in one statement."""
        return await self._graph.contacts.by_pairs(pairs)


def check_filter(*lists: Sequence[object]) -> None:
    """A filter's lists as they were sent, repeats included.

    Raises:
        BadRequest: FILTER_TOO_LONG.
    """
    if any(len(items) > MAX_FILTER for items in lists):
        raise BadRequest("FILTER_TOO_LONG", f"At most {MAX_FILTER} values.")


def _filter_scope(narrow: ContactFilter) -> str:
    """A filter as text, the same for the same filter."""
    parts = (
        sorted(status.value for status in narrow.statuses),
        None if narrow.relationships is None else sorted(kind.value for kind in narrow.relationships),
        None if narrow.roles is None else sorted(role.value for role in narrow.roles),
        narrow.portal_access,
    )
    return repr(parts)
