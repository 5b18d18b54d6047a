"""Inputs about edges, and how they read as the commands' arguments."""

from datetime import date, datetime
from typing import Annotated, Any, cast

import strawberry

from graph_api.network import model as network_model
from graph_api.network.model import AuthorityKind, ContactRole, ContactStatus
from graph_api.network.reading import check_filter
from graph_api.network.relationships import Relationship
from graph_api.network.terms import AuthorityFields, ContactFields, TermsFields
from graph_api.people.api.types import PersonInput
from graph_api.shapes.inputs import EXPECTED_VERSION, KEY, given, needed, sent, taken

CURRENT_STATUSES = [ContactStatus.UPCOMING, ContactStatus.IN_FORCE, ContactStatus.EXPIRED]


@strawberry.input(description="Filter for the contacts of a network")
class ContactFilter:
    statuses: list[ContactStatus] = strawberry.field(
        description="Statuses to include; all but REMOVED by default", default_factory=lambda: list(CURRENT_STATUSES)
    )
    relationships: list[Relationship] | None = taken("Only contacts with one of these relationships")
    roles: list[ContactRole] | None = taken("Only contacts with at least one of these roles")
    portal_access: bool | None = taken("Only contacts whose portalAccess toggle has this value")


@strawberry.input(
    description="A document by which a contact may act for a client. It replaces the one that is recorded"
)
class ContactAuthorityInput:
    kind: AuthorityKind = needed("The kind of authority")
    document_reference: str | None = taken("Where to find the document; at most 200 characters")
    ends_on: date | None = taken("Last day of the authority, inclusive; without one it lasts until it is cleared")


@strawberry.input(description="On which terms a contact is added")
class _NewTerms:
    relationship: Relationship = needed("What the contact is to the client")
    relationship_label: str | None = taken("The relationship in your own words; required for OTHER")
    roles: list[ContactRole] | None = taken("Roles in addition to the relationship")
    portal_access: bool = taken("Toggle for access to the client portal", False)
    secure_messaging: bool = taken("Toggle for secure messages", False)
    payments: bool = taken("Toggle for payments", False)
    appointment_reminders: bool = taken("Toggle for appointment reminders", False)
    starts_on: date | None = taken("First day of the contact, inclusive")
    ends_on: date | None = taken("Last day of the contact, inclusive")
    note: str | None = taken("A note by staff")
    authority: ContactAuthorityInput | None = taken(
        "The document by which the contact may act for the client whatever the client's age"
    )


@strawberry.input(description="Input of addNewContact: a contact who is not in the system yet")
class AddNewContactInput(_NewTerms):
    client_id: strawberry.ID = needed("Id of the client whose network to add to")
    person: PersonInput = needed("The person to add")
    not_duplicate_of: list[strawberry.ID] | None = taken(
        "Ids of the candidates that staff have seen and found to be other people. The decision is stored"
    )
    idempotency_key: str | None = taken(KEY)


@strawberry.input(
    description="Input of addExistingContact: a contact who is already in the system, as a client or a contact"
)
class AddExistingContactInput(_NewTerms):
    client_id: strawberry.ID = needed("Id of the client whose network to add to")
    person_id: strawberry.ID = needed("Id of the person to add")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of addReciprocalContact: the contact in the other direction, with its own terms")
class AddReciprocalContactInput(_NewTerms):
    contact_id: strawberry.ID = needed("Id of the contact to reciprocate")
    relationship: Relationship = needed("What the client is to the contact: the relationship in the other direction")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(
    description="Changes to a contact. An omitted field keeps its value, null clears it, and a "
    "list replaces the whole list"
)
class ContactChanges:
    relationship: Relationship | None = taken("What the contact is to the client; can't be null")
    relationship_label: str | None = taken("The relationship in your own words; required for OTHER")
    roles: list[ContactRole] | None = taken("Roles in addition to the relationship")
    portal_access: bool | None = taken("Toggle for access to the client portal; can't be null")
    secure_messaging: bool | None = taken("Toggle for secure messages; can't be null")
    payments: bool | None = taken("Toggle for payments; can't be null")
    appointment_reminders: bool | None = taken("Toggle for appointment reminders; can't be null")
    starts_on: date | None = taken("First day of the contact, inclusive")
    ends_on: date | None = taken("Last day of the contact, inclusive")
    note: str | None = taken("A note by staff")
    authority: ContactAuthorityInput | None = taken(
        "The document by which the contact may act for the client whatever the client's age"
    )
    messages_from: datetime | None = taken(
        "The time from which the contact can read secure messages: not in the future, and only while secureMessaging "
        "is on. If it is omitted when secureMessaging is switched on, it is the time of the change; can't be null"
    )


@strawberry.input(description="Input of updateContact")
class UpdateContactInput:
    contact_id: strawberry.ID = needed("Id of the contact")
    expected_version: int = needed(EXPECTED_VERSION)
    changes: ContactChanges = needed("The changes to make")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of removeContact")
class RemoveContactInput:
    contact_id: strawberry.ID = needed("Id of the contact")
    expected_version: int = needed(EXPECTED_VERSION)
    reason: str | None = taken("Why the contact is removed, in staff's words")
    idempotency_key: str | None = taken(KEY)


TERMS = tuple(TermsFields.__annotations__)
"""What inputs say of an edge: its terms, by their names in Python."""


_AUTHORITY = tuple(AuthorityFields.__annotations__)


def terms_fields(source: Any) -> TermsFields:
    """The terms that were sent."""
    fields = sent(source, TERMS)
    if fields.get("authority") is not None:
        fields["authority"] = sent(fields["authority"], _AUTHORITY)
    return cast("TermsFields", fields)


def contact_fields(source: ContactChanges) -> ContactFields:
    """The changes of an edge that were sent."""
    return cast("ContactFields", terms_fields(source) | sent(source, ("messages_from",)))


def contact_filter(source: ContactFilter | None) -> network_model.ContactFilter:
    """The filter; the current contacts when none was given."""
    if source is None:
        return network_model.ContactFilter()
    relationships, roles = given(source.relationships), given(source.roles)
    check_filter(source.statuses, relationships or (), roles or ())
    return network_model.ContactFilter(
        statuses=frozenset(source.statuses),
        relationships=None if relationships is None else frozenset(relationships),
        roles=None if roles is None else frozenset(roles),
        portal_access=given(source.portal_access),
    )


FILTER = Annotated[
    ContactFilter | None, strawberry.argument(description="Filter for contacts; all but REMOVED ones by default")
]
