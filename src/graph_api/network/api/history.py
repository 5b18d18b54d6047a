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
    is_type_of = is_a(history.ContactVersion)

    @strawberry.field(description="The contact as it is now", graphql_type=Contact)
    async def contact(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context[HistoryLoaders].contacts.load(root.contact_id)


@readable_by(INSIDE)
@strawberry.type(description="An edge in a page of contact versions")
class ContactVersionEdge:
    cursor: str = shown("Cursor of this item, for use in pagination")
    node: ContactVersion = shown("The version")


@readable_by(INSIDE)
@strawberry.type(description="A page of contact versions")
class ContactVersionConnection:
    edges: list[ContactVersionEdge] = edges_of("ContactVersionEdge", __name__)
    nodes: list[ContactVersion] = nodes_of("ContactVersion", __name__)
    page_info: PageInfo = page_info_field()
    total_count: int | None = total_field()
