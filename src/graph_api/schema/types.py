"""Objects of the contract. Resolvers get domain objects and read their attributes; only what needs a decision or a
load has a resolver of its own."""

import hashlib
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from graph_api.domain import model
from graph_api.domain.access import PortalAction
from graph_api.domain.model import (
    AuthorityKind,
    ClientStatus,
    ContactRole,
    ContactStatus,
    Gender,
    PracticeFeature,
    ViewerRole,
)
from graph_api.domain.records import EdgeRecord
from graph_api.domain.relationships import Relationship
from graph_api.schema import enums as _enums  # noqa: F401 - makes the domain's enums part of the schema
from graph_api.schema.context import Info
from graph_api.schema.inputs import ContactFilter, contact_filter
from graph_api.schema.invitation_types import INVITATION
from graph_api.schema.portal_account import PORTAL_ACCOUNT
from graph_api.schema.selection import selects
from graph_api.services.paging import Page, PageArguments
from graph_api.services.ports import Side
from graph_api.services.reading import EdgePair

if TYPE_CHECKING:
    from graph_api.schema.history_types import ContactVersionConnection


def viewer_id(caller: model.Caller) -> str:
    """Opaque; the same for the same account of the same practice."""
    digest = hashlib.sha256(f"{caller.practice.id}\x00{caller.subject}".encode()).hexdigest()
    return f"viewer_{digest[:32]}"


def is_a(*kinds: type) -> Callable[[Any, Any], bool]:
    """How an abstract type tells its objects apart: by the domain class."""

    def is_type_of(obj: Any, _info: Any) -> bool:
        return isinstance(obj, kinds)

    return is_type_of


def shown(description: str) -> Any:
    """A field that is an attribute of the domain object."""
    return strawberry.field(description=description)


FIRST = Annotated[int | None, strawberry.argument(description="How many from the start, 1 to 100; 25 when not given")]
AFTER = Annotated[str | None, strawberry.argument(description="The cursor to start after")]
LAST = Annotated[int | None, strawberry.argument(description="How many from the end, 1 to 100")]
BEFORE = Annotated[str | None, strawberry.argument(description="The cursor to end before")]
FILTER = Annotated[ContactFilter | None, strawberry.argument(description="Which contacts; all current ones by default")]


@strawberry.interface(description="Anything with an id of its own")
class Node:
    id: strawberry.ID = shown("Opaque and stable")


@strawberry.type(description="Whether there is more, and where the page starts and ends")
class PageInfo:
    has_next_page: bool = shown("Whether there are more after this page")
    has_previous_page: bool = shown("Whether there are more before this page")
    start_cursor: str | None = shown("The cursor of the first edge")
    end_cursor: str | None = shown("The cursor of the last edge")


def page_info(root: strawberry.Parent[Any]) -> PageInfo:
    page: Page[Any, Any] = root
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=page.start_cursor,
        end_cursor=page.end_cursor,
    )


def page_edges(root: strawberry.Parent[Any]) -> Any:
    page: Page[Any, Any] = root
    return [Edge(cursor, node) for cursor, node in zip(page.cursors, page.items, strict=True)]


class Edge:
    """A row and its cursor."""

    __slots__ = ("cursor", "node")

    def __init__(self, cursor: str, node: Any) -> None:
        self.cursor = cursor
        self.node = node


def edges_of(edge: str, module: str = "graph_api.schema.types") -> Any:
    return strawberry.field(
        resolver=page_edges,
        description="The rows with their cursors",
        graphql_type=list[Annotated[edge, strawberry.lazy(module)]],  # type: ignore[valid-type]
    )


def page_nodes(root: strawberry.Parent[Any]) -> Any:
    return root.items


def page_total(root: strawberry.Parent[Any]) -> int | None:
    page: Page[Any, Any] = root
    return page.total


def nodes_of(node: str, module: str = "graph_api.schema.types") -> Any:
    return strawberry.field(
        resolver=page_nodes,
        description="The rows",
        graphql_type=list[Annotated[node, strawberry.lazy(module)]],  # type: ignore[valid-type]
    )


def page_info_field() -> Any:
    return strawberry.field(resolver=page_info, description="Whether there is more")


def total_field() -> Any:
    return strawberry.field(resolver=page_total, description="How many in all; counted only when asked for")


@strawberry.type(description="A health practice")
class Practice(Node):
    name: str = shown("Its name")
    time_zone: str = shown("IANA name of the time zone in which dates count")
    is_type_of = is_a(model.Practice)

    @strawberry.field(description="What it offers")
    async def features(root: strawberry.Parent[Any], info: Info) -> list[PracticeFeature] | None:
        return in_order((await info.context.loaders.settings.load(root.id)).features)

    @strawberry.field(description="The age from which its clients are adults")
    async def age_of_majority(root: strawberry.Parent[Any], info: Info) -> int | None:
        settings: model.PracticeSettings = await info.context.loaders.settings.load(root.id)
        return settings.age_of_majority


def in_order(features: Collection[PracticeFeature]) -> list[PracticeFeature]:
    """Features as they are listed, in the order of the enum."""
    return [feature for feature in PracticeFeature if feature in features]


@strawberry.type(description="What staff set for one client, beside their own fields")
class ClientProfile:
    confidential_email: str | None = shown("Only for staff and the client's own account; never among emails")
    confidential_phone: str | None = shown("Only for staff and the client's own account; never among phones")

    @strawberry.field(description="What the client has: the practice offers it, and it is not off for them")
    async def features(root: strawberry.Parent[Any], info: Info) -> list[PracticeFeature] | None:
        settings: model.PracticeSettings = await info.context.loaders.settings.load(info.context.caller.practice.id)
        return in_order(settings.features - root.features_off)

    @strawberry.field(
        description="The client's own invitation to the portal, if there ever was one", graphql_type=INVITATION
    )
    async def invitation(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context.loaders.invitations.load(root.id)


@strawberry.type(description="A person's key in another system")
class ExternalId:
    system: str = shown("The other system; `import` by default")
    value: str = shown("The key there")


@strawberry.type(description="A postal address")
class PostalAddress:
    lines: list[str] = shown("Street lines, in order")
    city: str | None = shown("City or town")
    region: str | None = shown("State, province or region")
    postal_code: str | None = shown("Postal code")
    country_code: str | None = shown("ISO 3166-1 alpha-2")


VERSION = "What to send as expectedVersion; null unless the viewer may write"


async def _network(
    info: Info, person: model.Person, side: Side, arguments: PageArguments, narrow: ContactFilter | None
) -> Page[EdgePair, model.Contact]:
    context = info.context
    query = context.reading.network_query(
        side, arguments, contact_filter(narrow), with_total=selects(info, "totalCount")
    )
    loaded = await context.loaders.networks.load((query.request, person.id))

    def contact(edge: EdgePair) -> model.Contact:
        near, far = loaded[0] if loaded is not None else [], edge[1]
        client, other = (near, far) if side is Side.CONTACT_NETWORK else (far, near)
        return context.reading.contact_model(EdgeRecord(edge[0], client, other))

    return query.page(loaded).shown_as(contact)


def _client_profile(root: strawberry.Parent[Any]) -> Any:
    return root if root.is_client else None


@strawberry.type(description="A person exists once per practice, whether client, contact or both")
class Person(Node):
    display_name: str = shown("(preferredName or givenName) and familyName")
    given_name: str | None = shown("Given name")
    family_name: str | None = shown("Family name")
    preferred_name: str | None = shown("What the person is called")
    birth_date: date | None = shown("Birth date")
    deceased_on: date | None = shown("The day of their death; null: they live, or hidden")
    gender: Gender | None = shown("FHIR administrative gender")
    emails: list[str] | None = shown("E-mail addresses, the preferred one first")
    phones: list[str] | None = shown("Phone numbers in E.164, the preferred one first")
    address: PostalAddress | None = shown("Postal address")
    external_id: str | None = shown("The first of externalIds")
    external_ids: list[ExternalId] | None = shown("Keys in other systems")
    client_status: ClientStatus | None = shown("Null: never a client, or hidden")
    is_client: bool | None = shown("clientStatus is set, ARCHIVED included")
    client_profile: ClientProfile | None = strawberry.field(
        resolver=_client_profile, description="What staff set for the client; null for who was never one, or hidden"
    )
    version: int | None = shown(VERSION)
    created_at: datetime | None = shown("When the record was made")
    updated_at: datetime | None = shown("When it was last changed")
    is_type_of = is_a(model.Person)

    @strawberry.field(description="The portal account, if there is one", graphql_type=PORTAL_ACCOUNT)
    async def account(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context.loaders.accounts.load(root.id)

    @strawberry.field(
        description="Who is in this client's contact network; one way",
        graphql_type=Annotated["ContactConnection", strawberry.lazy("graph_api.schema.types")] | None,
    )
    async def contact_network(
        root: strawberry.Parent[Any],
        info: Info,
        first: FIRST = None,
        after: AFTER = None,
        last: LAST = None,
        before: BEFORE = None,
        filter: FILTER = None,  # noqa: A002 - the contract's name
    ) -> Any:
        return await _network(info, root, Side.CONTACT_NETWORK, PageArguments(first, after, last, before), filter)

    @strawberry.field(
        description="In whose contact networks this person is",
        graphql_type=Annotated["ContactConnection", strawberry.lazy("graph_api.schema.types")] | None,
    )
    async def contact_of(
        root: strawberry.Parent[Any],
        info: Info,
        first: FIRST = None,
        after: AFTER = None,
        last: LAST = None,
        before: BEFORE = None,
        filter: FILTER = None,  # noqa: A002 - the contract's name
    ) -> Any:
        return await _network(info, root, Side.CONTACT_OF, PageArguments(first, after, last, before), filter)

    @strawberry.field(
        description="This client's contact network as it was at a moment, in the order of contactNetwork; in the "
        "future: as it is now",
        graphql_type=Annotated["ContactVersionConnection", strawberry.lazy("graph_api.schema.history_types")] | None,
    )
    async def contact_network_as_of(
        root: strawberry.Parent[Any],
        info: Info,
        at: Annotated[datetime, strawberry.argument(description="The moment")],
        first: FIRST = None,
        after: AFTER = None,
    ) -> Any:
        with_total = selects(info, "totalCount")
        query = info.context.history.as_of_query(at, PageArguments(first, after), with_total=with_total)
        return await info.context.history_loaders.network_as_of(query, root)


@strawberry.type(description="A kind of relationship")
class RelationshipType:
    code: str = shown("HL7 v3 RoleCode, or a local code that begins with x-")
    name: Relationship = shown("The value to send")
    display: str = shown("In words")
    inverse: Annotated["RelationshipType", strawberry.lazy("graph_api.schema.types")] | None = shown(
        "What the client is to the contact; null where it is ambiguous"
    )
    needs_label: bool = shown("Whether relationshipLabel must be given")


@strawberry.type(
    description="A document by which a contact acts for the client whatever their age, or after their death"
)
class ContactAuthority:
    kind: AuthorityKind = shown("What kind of authority")
    document_reference: str | None = shown("Where the document is to be found")
    ends_on: date | None = shown("Last day, inclusive, in the practice's time zone")
    recorded_at: datetime | None = shown("When staff recorded it; null where it was before this was kept")


@strawberry.type(description="One HAS_CONTACT edge as it is now; stays readable when REMOVED")
class Contact(Node):
    client: Person = shown("Whose network it is in")
    person: Person = shown("The contact")
    relationship: Relationship = shown("What person is to client")
    relationship_type: RelationshipType = shown("The relationship with its code and words")
    relationship_label: str | None = shown("In the user's words; always there for OTHER")
    roles: list[ContactRole] | None = shown("Roles beside the relationship")
    authority: ContactAuthority | None = shown("By which the contact acts for the client whatever their age")
    adult_consent_at: datetime | None = shown("When the client, of age, agreed to the portal access")
    portal_access: bool = shown("Stored toggle: access to the client portal")
    secure_messaging: bool = shown("Stored toggle: secure messages")
    payments: bool = shown("Stored toggle: payments")
    appointment_reminders: bool = shown("Stored toggle: appointment reminders")
    starts_on: date | None = shown("First day, inclusive, in the practice's time zone")
    ends_on: date | None = shown("Last day, inclusive, in the practice's time zone")
    status: ContactStatus = shown("Where it stands today")
    is_in_force: bool = shown("Whether it counts today")
    removed_at: datetime | None = shown("When it was removed")
    removal_reason: str | None = shown("Why it was removed, in staff's words")
    note: str | None = shown("Staff's note")
    version: int | None = shown(VERSION)
    created_at: datetime | None = shown("When the contact was added")
    updated_at: datetime | None = shown("When it was last changed")
    is_type_of = is_a(model.Contact)

    @strawberry.field(description="All that the contact may do for the client now; the toggles are only part of it")
    async def allowed_actions(root: strawberry.Parent[Any], info: Info) -> list[PortalAction] | None:
        return list(await info.context.loaders.allowed.load(root.id))

    @strawberry.field(description="The invitation to the portal, if there ever was one", graphql_type=INVITATION)
    async def invitation(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context.loaders.invitations.load(root.id)

    @strawberry.field(description="Whether the client is in this person's own network; never made on its own")
    async def is_reciprocated(root: strawberry.Parent[Any], info: Info) -> bool | None:
        return await info.context.loaders.between.load((root.person.id, root.client.id)) is not None

    @strawberry.field(
        description="The edge back, if there is one",
        graphql_type=Annotated["Contact", strawberry.lazy("graph_api.schema.types")] | None,
    )
    async def reciprocal(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context.loaders.between.load((root.person.id, root.client.id))

    @strawberry.field(
        description="What it was and is, newest first. A removal ends the last version and makes none",
        graphql_type=Annotated["ContactVersionConnection", strawberry.lazy("graph_api.schema.history_types")] | None,
    )
    async def history(root: strawberry.Parent[Any], info: Info, first: FIRST = None, after: AFTER = None) -> Any:
        with_total = selects(info, "totalCount")
        query = info.context.history.history_query(PageArguments(first, after), with_total=with_total)
        return await info.context.history_loaders.history(query, root)


@strawberry.type(description="A row of people")
class PersonEdge:
    cursor: str = shown("Where the row stands")
    node: Person = shown("The person")


@strawberry.type(description="A page of people")
class PersonConnection:
    edges: list[PersonEdge] = edges_of("PersonEdge")
    nodes: list[Person] = nodes_of("Person")
    page_info: PageInfo = page_info_field()
    total_count: int | None = total_field()


@strawberry.type(description="A row of contacts")
class ContactEdge:
    cursor: str = shown("Where the row stands")
    node: Contact = shown("The contact")


@strawberry.type(description="A page of contacts")
class ContactConnection:
    edges: list[ContactEdge] = edges_of("ContactEdge")
    nodes: list[Contact] = nodes_of("Contact")
    page_info: PageInfo = page_info_field()
    total_count: int | None = total_field()


@strawberry.type(description="Who asks")
class Viewer:
    role: ViewerRole = shown("What the viewer may do")
    practice: Practice = shown("The practice the viewer works for")

    @strawberry.field(description="Opaque; the same for the same account of the same practice")
    def id(root: strawberry.Parent[Any]) -> strawberry.ID:
        return strawberry.ID(viewer_id(root))

    @strawberry.field(description="The viewer's own record; null for staff", graphql_type=Person | None)
    async def person(root: strawberry.Parent[Any], info: Info) -> Any:
        own = root.person_id
        return None if own is None else await info.context.loaders.nodes.load(own)

    @strawberry.field(
        description="The clients whose portal the viewer's account may view now, the viewer themselves first, and all "
        "that it may do for each; null for staff",
        # The type stands in a module that imports this one.
        graphql_type=Annotated["AccessGrantConnection", strawberry.lazy("graph_api.schema.access_types")] | None,  # noqa: F821
    )
    async def acts_for(root: strawberry.Parent[Any], info: Info, first: FIRST = None, after: AFTER = None) -> Any:
        return await info.context.access.acts_for(PageArguments(first, after), with_total=selects(info, "totalCount"))
