"""What edges were (D6), as the contract shows it."""

from datetime import date, datetime
from typing import Any

import strawberry

from graph_api.kernel.rules import INSIDE
from graph_api.network import versions as history
from graph_api.network.api.past_loaders import HistoryLoaders
from graph_api.network.api.types import Contact, ContactAuthority
from graph_api.network.history import MAY_READ
from graph_api.network.model import ContactRole
from graph_api.network.relationships import Relationship
from graph_api.people.api.types import Person
from graph_api.shapes.context import Info
from graph_api.shapes.node import Node, is_a, readable_by, shown
from graph_api.shapes.pages import PageInfo, edges_of, nodes_of, page_info_field, total_field


@readable_by(MAY_READ)
@strawberry.type(description="A contact as it once was, or as it is since its last change; it never changes but to end")
class ContactVersion(Node):
    client: Person = shown("Whose network it was in; the person as they are now")
    person: Person = shown("The contact; the person as they are now")
    version: int = shown("Its number: the contact's version at that time")
    relationship: Relationship = shown("What person was to client")
    relationship_label: str | None = shown("In the user's words")
    roles: list[ContactRole] | None = shown("Roles beside the relationship")
    authority: ContactAuthority | None = shown("By which the contact acted for the client whatever their age")
    adult_consent_at: datetime | None = shown("When the client, of age, had agreed to the portal access")
    portal_access: bool = shown("Stored toggle: access to the client portal")
    secure_messaging: bool = shown("Stored toggle: secure messages")
    payments: bool = shown("Stored toggle: payments")
    appointment_reminders: bool = shown("Stored toggle: appointment reminders")
    starts_on: date | None = shown("First day, inclusive, in the practice's time zone")
    ends_on: date | None = shown("Last day, inclusive, in the practice's time zone")
    note: str | None = shown("Staff's note, as it was")
    valid_from: datetime = shown("Since when it was so, inclusive")
    valid_to: datetime | None = shown("When it was changed or removed, exclusive; null while it is current")
    is_type_of = is_a(history.ContactVersion)

    @strawberry.field(description="The contact as it is now", graphql_type=Contact)
    async def contact(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context[HistoryLoaders].contacts.load(root.contact_id)


@readable_by(INSIDE)
@strawberry.type(description="A row of contacts' versions")
class ContactVersionEdge:
    cursor: str = shown("Where the row stands")
    node: ContactVersion = shown("The version")


@readable_by(INSIDE)
@strawberry.type(description="A page of contacts' versions")
class ContactVersionConnection:
    edges: list[ContactVersionEdge] = edges_of("ContactVersionEdge", __name__)
    nodes: list[ContactVersion] = nodes_of("ContactVersion", __name__)
    page_info: PageInfo = page_info_field()
    total_count: int | None = total_field()
