"""Edges in GraphQL."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from graph_api.kernel.paging import PageArguments
from graph_api.kernel.rules import EVERYONE, INSIDE, WRITERS
from graph_api.network import model as network_model
from graph_api.network.api.loaders import BetweenLoader
from graph_api.network.api.past_loaders import HistoryLoaders
from graph_api.network.history import HistoryService
from graph_api.network.model import AuthorityKind, ContactRole, ContactStatus
from graph_api.network.relationships import Relationship
from graph_api.people.api.types import Person
from graph_api.shapes.context import Info
from graph_api.shapes.node import VERSION, Node, is_a, readable, readable_by, shown
from graph_api.shapes.pages import AFTER, FIRST, PageInfo, edges_of, nodes_of, page_info_field, total_field
from graph_api.shapes.selection import selects

if TYPE_CHECKING:
    from graph_api.network.api.history import ContactVersionConnection


@readable_by(EVERYONE)
@strawberry.type(description="A kind of relationship")
class RelationshipType:
    code: str = shown("HL7 v3 RoleCode, or a local code that begins with x-")
    name: Relationship = shown("The value to send")
    display: str = shown("In words")
    inverse: Annotated["RelationshipType", strawberry.lazy("graph_api.network.api.types")] | None = shown(
        "What the client is to the contact; null where it is ambiguous"
    )
    needs_label: bool = shown("Whether relationshipLabel must be given")


@readable_by(INSIDE)
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
    client: Person = shown("Whose network it is in", EVERYONE)
    person: Person = shown("The contact", EVERYONE)
    relationship: Relationship = shown("What person is to client", EVERYONE)
    relationship_type: RelationshipType = shown("The relationship with its code and words", EVERYONE)
    relationship_label: str | None = shown("In the user's words; always there for OTHER", INSIDE)
    roles: list[ContactRole] | None = shown("Roles beside the relationship", EVERYONE)
    authority: ContactAuthority | None = shown("By which the contact acts for the client whatever their age", INSIDE)
    adult_consent_at: datetime | None = shown("When the client, of age, agreed to the portal access", INSIDE)
    portal_access: bool = shown("Stored toggle: access to the client portal", EVERYONE)
    secure_messaging: bool = shown("Stored toggle: secure messages", EVERYONE)
    payments: bool = shown("Stored toggle: payments", EVERYONE)
    appointment_reminders: bool = shown("Stored toggle: appointment reminders", EVERYONE)
    starts_on: date | None = shown("First day, inclusive, in the practice's time zone", EVERYONE)
    ends_on: date | None = shown("Last day, inclusive, in the practice's time zone", EVERYONE)
    status: ContactStatus = shown("Where it stands today", EVERYONE)
    is_in_force: bool = shown("Whether it counts today", EVERYONE)
    removed_at: datetime | None = shown("When it was removed", INSIDE)
    removal_reason: str | None = shown("Why it was removed, in staff's words", INSIDE)
    note: str | None = shown("Staff's note", INSIDE)
    version: int | None = shown(VERSION, WRITERS)
    created_at: datetime | None = shown("When the contact was added", INSIDE)
    updated_at: datetime | None = shown("When it was last changed", INSIDE)
    is_type_of = is_a(network_model.Contact)

    @strawberry.field(
        description="Whether the client is in this person's own network; never made on its own",
        metadata=readable(INSIDE),
    )
    async def is_reciprocated(root: strawberry.Parent[Any], info: Info) -> bool | None:
        return await info.context[BetweenLoader].load((root.person.id, root.client.id)) is not None

    @strawberry.field(
        description="The edge back, if there is one",
        graphql_type=Annotated["Contact", strawberry.lazy("graph_api.network.api.types")] | None,
        metadata=readable(INSIDE),
    )
    async def reciprocal(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context[BetweenLoader].load((root.person.id, root.client.id))

    @strawberry.field(
        description="What it was and is, newest first. A removal ends the last version and makes none",
        graphql_type=Annotated["ContactVersionConnection", strawberry.lazy("graph_api.network.api.history")] | None,
        metadata=readable(INSIDE),
    )
    async def history(root: strawberry.Parent[Any], info: Info, first: FIRST = None, after: AFTER = None) -> Any:
        with_total = selects(info, "totalCount")
        query = info.context[HistoryService].history_query(PageArguments(first, after), with_total=with_total)
        return await info.context[HistoryLoaders].history(query, root)


@readable_by(EVERYONE)
@strawberry.type(description="A row of contacts")
class ContactEdge:
    cursor: str = shown("Where the row stands")
    node: Contact = shown("The contact")


@readable_by(EVERYONE)
@strawberry.type(description="A page of contacts")
class ContactConnection:
    edges: list[ContactEdge] = edges_of("ContactEdge", __name__)
    nodes: list[Contact] = nodes_of("Contact", __name__)
    page_info: PageInfo = page_info_field()
    total_count: int | None = total_field()
