"""Inputs about edges, and how they read as the commands' arguments."""

from datetime import date
from typing import Annotated, Any, cast

import strawberry

from graph_api.network import model as network_model
from graph_api.network.model import AuthorityKind, ContactRole, ContactStatus
from graph_api.network.reading import check_filter
from graph_api.network.relationships import Relationship
from graph_api.network.terms import AuthorityFields, TermsFields
from graph_api.people.api.types import PersonInput
from graph_api.shapes.inputs import KEY, given, needed, sent, taken

CURRENT_STATUSES = [ContactStatus.UPCOMING, ContactStatus.IN_FORCE, ContactStatus.EXPIRED]


@strawberry.input(description="Which contacts of a network")
class ContactFilter:
    statuses: list[ContactStatus] = strawberry.field(
        description="All but REMOVED by default", default_factory=lambda: list(CURRENT_STATUSES)
    )
    relationships: list[Relationship] | None = taken("Any of these")
    roles: list[ContactRole] | None = taken("At least one of these")
    portal_access: bool | None = taken("Whether the portal toggle is on")


@strawberry.input(description="A document by which a contact acts for a client; it replaces the one there is")
class ContactAuthorityInput:
    kind: AuthorityKind = needed("What kind of authority")
    document_reference: str | None = taken("Where the document is to be found; at most 200 characters")
    ends_on: date | None = taken("Last day, inclusive; none: until it is cleared")


@strawberry.input(description="On which terms a contact is added")
class _NewTerms:
    relationship: Relationship = needed("What the contact is to the client")
    relationship_label: str | None = taken("In your words; needed for OTHER")
    roles: list[ContactRole] | None = taken("Roles beside the relationship")
    portal_access: bool = taken("Access to the client portal", False)
    secure_messaging: bool = taken("Secure messages", False)
    payments: bool = taken("Payments", False)
    appointment_reminders: bool = taken("Appointment reminders", False)
    starts_on: date | None = taken("First day, inclusive")
    ends_on: date | None = taken("Last day, inclusive")
    note: str | None = taken("Staff's note")
    authority: ContactAuthorityInput | None = taken("By which the contact acts for the client whatever their age")


@strawberry.input(description="A contact who was never in the system")
class AddNewContactInput(_NewTerms):
    client_id: strawberry.ID = needed("Whose network")
    person: PersonInput = needed("Who it is")
    not_duplicate_of: list[strawberry.ID] | None = taken("Candidates seen and rejected; the verdict is stored")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="A contact who is in the system, as a client or a contact")
class AddExistingContactInput(_NewTerms):
    client_id: strawberry.ID = needed("Whose network")
    person_id: strawberry.ID = needed("Who is to be the contact")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="The edge back, on terms of its own")
class AddReciprocalContactInput(_NewTerms):
    contact_id: strawberry.ID = needed("The edge to answer")
    relationship: Relationship = needed("What the client of that edge is to its contact")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Omitted: keep; null: clear; lists replace")
class ContactChanges:
    relationship: Relationship | None = taken("What the contact is to the client; can't be null")
    relationship_label: str | None = taken("In your words; needed for OTHER")
    roles: list[ContactRole] | None = taken("Roles beside the relationship")
    portal_access: bool | None = taken("Access to the client portal; can't be null")
    secure_messaging: bool | None = taken("Secure messages; can't be null")
    payments: bool | None = taken("Payments; can't be null")
    appointment_reminders: bool | None = taken("Appointment reminders; can't be null")
    starts_on: date | None = taken("First day, inclusive")
    ends_on: date | None = taken("Last day, inclusive")
    note: str | None = taken("Staff's note")
    authority: ContactAuthorityInput | None = taken("By which the contact acts for the client whatever their age")


@strawberry.input(description="A change of a contact")
class UpdateContactInput:
    contact_id: strawberry.ID = needed("Which contact")
    expected_version: int = needed("The version that was read")
    changes: ContactChanges = needed("What changes")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="The end of a contact")
class RemoveContactInput:
    contact_id: strawberry.ID = needed("Which contact")
    expected_version: int = needed("The version that was read")
    reason: str | None = taken("Why, in staff's words")
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


FILTER = Annotated[ContactFilter | None, strawberry.argument(description="Which contacts; all current ones by default")]
