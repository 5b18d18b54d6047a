"""Questions of the contract."""

from typing import Annotated, Any

import strawberry

from graph_api.access.api.queries import AccessQueries
from graph_api.access.api.upcoming import ComingQueries
from graph_api.acting.appointments.api.queries import AppointmentQueries
from graph_api.acting.messages.api.queries import MessageQueries
from graph_api.acting.reminders.api.queries import ReminderQueries
from graph_api.audit.api import AuditEventConnection, audit_log_field
from graph_api.graphql.viewer import Viewer
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.records import Record
from graph_api.kernel.rules import EVERYONE, INSIDE
from graph_api.network.api.finding import ContactMatchConnection, FoundContact
from graph_api.network.api.types import RelationshipType
from graph_api.network.finding import SearchService
from graph_api.network.reading import Reading
from graph_api.network.records import WHOLE_EDGE, WHOLE_NETWORK
from graph_api.network.relationships import RELATIONSHIP_TYPES
from graph_api.people import model as people_model
from graph_api.people.api.types import ClientFilter, Person, PersonConnection
from graph_api.people.model import CURRENT_CLIENT_STATUSES
from graph_api.people.records import PERSON_PROPERTIES
from graph_api.portal.api.preview import PreviewQueries
from graph_api.practitioners.api.queries import PractitionerQueries
from graph_api.shapes.context import Info
from graph_api.shapes.node import Node, readable
from graph_api.shapes.nodes import NodeLoader, load_nodes
from graph_api.shapes.pages import AFTER, BEFORE, FIRST, LAST
from graph_api.shapes.selection import selects


def _person(info: Info, record: Record | None) -> people_model.Person | None:
    return None if record is None else info.context[Reading].person_model(record)


@strawberry.type(description="The queries")
class Query(
    AccessQueries,
    PreviewQueries,
    MessageQueries,
    AppointmentQueries,
    ReminderQueries,
    ComingQueries,
    PractitionerQueries,
):
    @strawberry.field(
        description="An object by its id; null if the practice has none with that id",
        graphql_type=Node | None,
        metadata=readable(EVERYONE),
    )
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Id of the object")],  # noqa: A002
    ) -> Any:
        return await info.context[NodeLoader].load(str(id))

    @strawberry.field(
        description="Several objects by their ids, in the order of the ids; at most 100",
        graphql_type=list[Node | None],
        metadata=readable(EVERYONE),
    )
    async def nodes(
        self, info: Info, ids: Annotated[list[strawberry.ID], strawberry.argument(description="Ids to load")]
    ) -> Any:
        return await load_nodes(info.context, [str(node_id) for node_id in ids])

    @strawberry.field(description="The caller of this request", graphql_type=Viewer, metadata=readable(EVERYONE))
    def viewer(self, info: Info) -> Any:
        return info.context.caller

    @strawberry.field(description="A person of the practice", graphql_type=Person | None, metadata=readable(EVERYONE))
    async def person(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Id of the person")],  # noqa: A002
    ) -> Any:
        return _person(info, (await info.context[Reading].people([str(id)], PERSON_PROPERTIES)).get(str(id)))

    @strawberry.field(
        description="A person by their key in another system", graphql_type=Person | None, metadata=readable(INSIDE)
    )
    async def person_by_external_id(
        self,
        info: Info,
        external_id: Annotated[str, strawberry.argument(description="The person's key in the other system")],
        system: Annotated[str | None, strawberry.argument(description="The other system; `import` by default")] = None,
    ) -> Any:
        found = await info.context[Reading].person_by_external_id(external_id, system, PERSON_PROPERTIES)
        return _person(info, found)

    @strawberry.field(
        description="A person who is, or was, a client", graphql_type=Person | None, metadata=readable(EVERYONE)
    )
    async def client(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Id of the client")],  # noqa: A002
    ) -> Any:
        person = _person(info, (await info.context[Reading].people([str(id)], PERSON_PROPERTIES)).get(str(id)))
        return person if person is not None and person.is_client else None

    @strawberry.field(
        description="The practice's clients, ordered by family name and given name, without regard to case and "
        "accents, then by id",
        graphql_type=PersonConnection | None,
        metadata=readable(INSIDE),
    )
    async def clients(
        self,
        info: Info,
        first: FIRST = None,
        after: AFTER = None,
        last: LAST = None,
        before: BEFORE = None,
        filter: Annotated[  # noqa: A002 - the contract's name
            ClientFilter | None, strawberry.argument(description="Filter for clients; all but ARCHIVED ones by default")
        ] = None,
    ) -> Any:
        found = await info.context[Reading].clients(
            CURRENT_CLIENT_STATUSES if filter is None else filter.statuses,
            PageArguments(first, after, last, before),
            WHOLE_NETWORK,
            with_total=selects(info, "totalCount"),
        )
        return found.page.shown_as(info.context[Reading].person_model)

    @strawberry.field(
        description="Find people before adding them: by names, an e-mail address, a phone number or a birth "
        "date. If more than 500 people are found, only 500 of them are ranked, so make the search more "
        "specific",
        graphql_type=ContactMatchConnection | None,
        metadata=readable(INSIDE),
    )
    async def find_contacts(
        self,
        info: Info,
        search: Annotated[str, strawberry.argument(description="What to look for; every part must match")],
        for_client_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Id of the client for whose network existingContact is shown"),
        ] = None,
        first: FIRST = None,
        after: AFTER = None,
    ) -> Any:
        client_id = None if for_client_id is None else str(for_client_id)
        found = await info.context[SearchService].find(
            search, client_id, PageArguments(first, after), WHOLE_EDGE, with_count=True
        )
        return found.shown_as(lambda match: FoundContact(info.context[Reading], match))

    @strawberry.field(
        description="Every kind of relationship, in the order to offer them",
        graphql_type=list[RelationshipType] | None,
        metadata=readable(EVERYONE),
    )
    def relationship_types(self) -> Any:
        return RELATIONSHIP_TYPES

    audit_log: AuditEventConnection | None = audit_log_field
