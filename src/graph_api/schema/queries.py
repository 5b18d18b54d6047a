"""Questions of the contract."""

from typing import Annotated, Any

import strawberry

from graph_api.domain import model
from graph_api.domain.duplicates import MatchField
from graph_api.domain.model import ClientStatus
from graph_api.domain.records import PERSON_PROPERTIES, WHOLE_EDGE, WHOLE_NETWORK, Record
from graph_api.domain.relationships import RELATIONSHIP_TYPES
from graph_api.schema.access_queries import AccessQueries
from graph_api.schema.audit_types import AuditEventConnection, audit_log_field
from graph_api.schema.coming_queries import ComingQueries
from graph_api.schema.context import Info
from graph_api.schema.inputs import ClientFilter
from graph_api.schema.selection import selects
from graph_api.schema.types import (
    AFTER,
    BEFORE,
    FIRST,
    LAST,
    Contact,
    Node,
    PageInfo,
    Person,
    PersonConnection,
    RelationshipType,
    Viewer,
    edges_of,
    nodes_of,
    page_info_field,
    shown,
)
from graph_api.services import search as searching
from graph_api.services.paging import PageArguments
from graph_api.services.reading import ReadingService

CURRENT_CLIENTS = [ClientStatus.ACTIVE, ClientStatus.INACTIVE]
HERE = "graph_api.schema.queries"


@strawberry.type(description="Somebody the search found")
class ContactMatch:
    person: Person = shown("Who it is")
    score: float = shown("How well they answer the search, 0 to 1")
    matched_on: list[MatchField] = shown("By which fields")
    is_client: bool = shown("Whether they are a client too")
    client_count: int = shown("In how many clients' networks they are")
    existing_contact: Contact | None = shown("Their contact in the network of forClientId, if any")


@strawberry.type(description="A row of the search")
class ContactMatchEdge:
    cursor: str = shown("Where the row stands")
    node: ContactMatch = shown("The match")


@strawberry.type(description="A page of the search, best first")
class ContactMatchConnection:
    edges: list[ContactMatchEdge] = edges_of("ContactMatchEdge", HERE)
    nodes: list[ContactMatch] = nodes_of("ContactMatch", HERE)
    page_info: PageInfo = page_info_field()


class FoundContact:
    """A match as the ordinary way shows it."""

    def __init__(self, reading: ReadingService, match: searching.ContactMatch) -> None:
        self.person = reading.person_model(match.record)
        self.score = match.score
        self.matched_on = match.matched_on
        self.is_client = self.person.is_client
        self.client_count = match.client_count
        self.existing_contact = None if match.existing is None else reading.contact_model(match.existing)


def _person(info: Info, record: Record | None) -> model.Person | None:
    return None if record is None else info.context.reading.person_model(record)


@strawberry.type(description="Questions")
class Query(AccessQueries, ComingQueries):
    @strawberry.field(description="Anything by its id; null when it is not the practice's", graphql_type=Node | None)
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Its id")],  # noqa: A002
    ) -> Any:
        return await info.context.loaders.nodes.load(str(id))

    @strawberry.field(description="Several by their ids, in order; at most 100", graphql_type=list[Node | None])
    async def nodes(
        self, info: Info, ids: Annotated[list[strawberry.ID], strawberry.argument(description="Their ids")]
    ) -> Any:
        return await info.context.loaders.nodes_in_order([str(node_id) for node_id in ids])

    @strawberry.field(description="Who asks", graphql_type=Viewer)
    def viewer(self, info: Info) -> Any:
        return info.context.caller

    @strawberry.field(description="A person of the practice", graphql_type=Person | None)
    async def person(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Their id")],  # noqa: A002
    ) -> Any:
        return _person(info, (await info.context.reading.people([str(id)], PERSON_PROPERTIES)).get(str(id)))

    @strawberry.field(description="A person by their key in another system", graphql_type=Person | None)
    async def person_by_external_id(
        self,
        info: Info,
        external_id: Annotated[str, strawberry.argument(description="The key there")],
        system: Annotated[str | None, strawberry.argument(description="The other system; `import` by default")] = None,
    ) -> Any:
        found = await info.context.reading.person_by_external_id(external_id, system, PERSON_PROPERTIES)
        return _person(info, found)

    @strawberry.field(description="A person who is, or was, a client", graphql_type=Person | None)
    async def client(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Their id")],  # noqa: A002
    ) -> Any:
        person = _person(info, (await info.context.reading.people([str(id)], PERSON_PROPERTIES)).get(str(id)))
        return person if person is not None and person.is_client else None

    @strawberry.field(
        description="Clients by folded family name, given name and id", graphql_type=PersonConnection | None
    )
    async def clients(
        self,
        info: Info,
        first: FIRST = None,
        after: AFTER = None,
        last: LAST = None,
        before: BEFORE = None,
        filter: Annotated[  # noqa: A002 - the contract's name
            ClientFilter | None, strawberry.argument(description="Which clients; all but archived ones by default")
        ] = None,
    ) -> Any:
        found = await info.context.reading.clients(
            CURRENT_CLIENTS if filter is None else filter.statuses,
            PageArguments(first, after, last, before),
            WHOLE_NETWORK,
            with_total=selects(info, "totalCount"),
        )
        return found.page.shown_as(info.context.reading.person_model)

    @strawberry.field(
        description="Search before adding: by names, an e-mail address, a phone number, a birth date. Of more than 500 "
        "people found only 500 are ranked: say more",
        graphql_type=ContactMatchConnection | None,
    )
    async def find_contacts(
        self,
        info: Info,
        search: Annotated[str, strawberry.argument(description="What to look for; every part must match")],
        for_client_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Show existing contacts of this client")
        ] = None,
        first: FIRST = None,
        after: AFTER = None,
    ) -> Any:
        client_id = None if for_client_id is None else str(for_client_id)
        found = await info.context.search.find(
            search, client_id, PageArguments(first, after), WHOLE_EDGE, with_count=True
        )
        return found.shown_as(lambda match: FoundContact(info.context.reading, match))

    @strawberry.field(
        description="Every kind of relationship, in the order to offer them", graphql_type=list[RelationshipType] | None
    )
    def relationship_types(self) -> Any:
        return RELATIONSHIP_TYPES

    audit_log: AuditEventConnection | None = audit_log_field
