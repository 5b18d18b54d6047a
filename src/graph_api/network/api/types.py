"""Edges in GraphQL, as they are now and as they were (D6)."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from graph_api.kernel.paging import PageArguments
from graph_api.kernel.rules import EVERYONE, INSIDE, WRITERS, WRITERS_AND_ACCOUNTS
from graph_api.network import model as network_model
from graph_api.network import versions as network_versions
from graph_api.network.api.loaders import BetweenLoader
from graph_api.network.api.past_loaders import HistoryLoaders
from graph_api.network.history import MAY_READ, HistoryService
from graph_api.network.model import AuthorityKind, ContactRole, ContactStatus
from graph_api.network.relationships import Relationship
from graph_api.people.api.types import Person
from graph_api.shapes.context import Info
from graph_api.shapes.node import VERSION, Node, is_a, readable, readable_by, shown
from graph_api.shapes.pages import AFTER, CURSOR, FIRST, PageInfo, edges_of, nodes_of, page_info_field, total_field
from graph_api.shapes.selection import selects

if TYPE_CHECKING:
    from graph_api.network.api.history import ContactVersionConnection


@readable_by(EVERYONE)
@strawberry.type(description="A kind of relationship")
class RelationshipType:
    code: str = shown("HL7 v3 RoleCode, or a local code that begins with x-")
    name: Relationship = shown("The value to send in inputs")
    display: str = shown("The relationship in words")
    inverse: Annotated["RelationshipType", strawberry.lazy("graph_api.network.api.types")] | None = shown(
        "What the client is to the contact; null if that is ambiguous"
    )
    needs_label: bool = shown("Whether relationshipLabel must be given")


@readable_by(INSIDE)
@strawberry.type(
    description="A document by which a contact may act for the client whatever the client's age, or after the "
    "client's death"
)
class ContactAuthority:
    kind: AuthorityKind = shown("The kind of authority")
    document_reference: str | None = shown("Where to find the document")
    ends_on: date | None = shown("Last day of the authority, inclusive, in the practice's time zone")
    recorded_at: datetime | None = shown(
        "When staff recorded the authority; null if that was before this time was stored"
    )


@strawberry.type(
    description="A contact: one person in one client's network (a HAS_CONTACT edge), as it is now. It stays "
    "readable when REMOVED"
)
class Contact(Node):
    client: Person = shown("The client whose network the contact is in", EVERYONE)
    person: Person = shown("The person who is the contact", EVERYONE)
    relationship: Relationship = shown("What `person` is to `client`", EVERYONE)
    relationship_type: RelationshipType = shown("The relationship with its code and its words", EVERYONE)
    relationship_label: str | None = shown("The relationship in the user's words; always set for OTHER", INSIDE)
    roles: list[ContactRole] | None = shown("Roles in addition to the relationship", EVERYONE)
    authority: ContactAuthority | None = shown(
        "The document by which the contact may act for the client whatever the client's age", INSIDE
    )
    adult_consent_at: datetime | None = shown(
        "When the client, as an adult, agreed to the contact's portal access", INSIDE
    )
    messages_from: datetime | None = shown(
        "The time from which the contact can read secure messages; null while secureMessaging is off",
        WRITERS_AND_ACCOUNTS,
    )
    portal_access: bool = shown("Stored toggle for access to the client portal", EVERYONE)
    secure_messaging: bool = shown("Stored toggle for secure messages", EVERYONE)
    payments: bool = shown("Stored toggle for payments", EVERYONE)
    appointment_reminders: bool = shown("Stored toggle for appointment reminders", EVERYONE)
    starts_on: date | None = shown("First day of the contact, inclusive, in the practice's time zone", EVERYONE)
    ends_on: date | None = shown("Last day of the contact, inclusive, in the practice's time zone", EVERYONE)
    status: ContactStatus = shown("Status of the contact today", EVERYONE)
    is_in_force: bool = shown("Whether the contact is in force today", EVERYONE)
    removed_at: datetime | None = shown("When the contact was removed", INSIDE)
    removal_reason: str | None = shown("Why the contact was removed, in staff's words", INSIDE)
    note: str | None = shown("A note by staff", INSIDE)
    version: int | None = shown(VERSION, WRITERS)
    created_at: datetime | None = shown("When the contact was added", INSIDE)
    updated_at: datetime | None = shown("When the contact was last changed", INSIDE)
    is_type_of = is_a(network_model.Contact)

    @strawberry.field(
        description="Whether the client is in this person's own network. That is never added automatically",
        metadata=readable(INSIDE),
    )
    async def is_reciprocated(root: strawberry.Parent[Any], info: Info) -> bool | None:
        return await info.context[BetweenLoader].load((root.person.id, root.client.id)) is not None

    @strawberry.field(
        description="The contact in the other direction, if there is one",
        graphql_type=Annotated["Contact", strawberry.lazy("graph_api.network.api.types")] | None,
        metadata=readable(INSIDE),
    )
    async def reciprocal(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context[BetweenLoader].load((root.person.id, root.client.id))

    @strawberry.field(
        description="The versions of the contact, newest first. A removal ends the last version and adds none",
        graphql_type=Annotated["ContactVersionConnection", strawberry.lazy("graph_api.network.api.history")] | None,
        metadata=readable(INSIDE),
    )
    async def history(root: strawberry.Parent[Any], info: Info, first: FIRST = None, after: AFTER = None) -> Any:
        with_total = selects(info, "totalCount")
        query = info.context[HistoryService].history_query(PageArguments(first, after), with_total=with_total)
        return await info.context[HistoryLoaders].history(query, root)


@readable_by(MAY_READ)
@strawberry.type(
    description="A contact as it was for some time, or as it has been since its last change. A "
    "version never changes, except that it ends"
)
class ContactVersion(Node):
    client: Person = shown("The client whose network the contact was in, as they are now")
    person: Person = shown("The person who was the contact, as they are now")
    version: int = shown("Number of the version: the contact's version at that time")
    relationship: Relationship = shown("What `person` was to `client`")
    relationship_label: str | None = shown("The relationship in the user's words")
    roles: list[ContactRole] | None = shown("Roles in addition to the relationship")
    authority: ContactAuthority | None = shown(
        "The document by which the contact could act for the client whatever the client's age"
    )
    adult_consent_at: datetime | None = shown("When the client, as an adult, had agreed to the contact's portal access")
    messages_from: datetime | None = shown(
        "The time from which the contact could read secure messages; null while secureMessaging was off", WRITERS
    )
    portal_access: bool = shown("Stored toggle for access to the client portal")
    secure_messaging: bool = shown("Stored toggle for secure messages")
    payments: bool = shown("Stored toggle for payments")
    appointment_reminders: bool = shown("Stored toggle for appointment reminders")
    starts_on: date | None = shown("First day of the contact, inclusive, in the practice's time zone")
    ends_on: date | None = shown("Last day of the contact, inclusive, in the practice's time zone")
    note: str | None = shown("The note by staff at that time")
    valid_from: datetime = shown("When the version began, inclusive")
    valid_to: datetime | None = shown(
        "When the version ended by a change or a removal, exclusive; null while it is current"
    )
    is_type_of = is_a(network_versions.ContactVersion)

    @strawberry.field(description="The contact as it is now", graphql_type=Contact)
    async def contact(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context[HistoryLoaders].contacts.load(root.contact_id)


@readable_by(EVERYONE)
@strawberry.type(description="An edge in a page of contacts")
class ContactEdge:
    cursor: str = shown(CURSOR)
    node: Contact = shown("The contact")


@readable_by(EVERYONE)
@strawberry.type(description="A page of contacts")
class ContactConnection:
    edges: list[ContactEdge] = edges_of("ContactEdge", __name__)
    nodes: list[Contact] = nodes_of("Contact", __name__)
    page_info: PageInfo = page_info_field()
    total_count: int | None = total_field()
