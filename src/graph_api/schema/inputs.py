"""Inputs of the contract, and how they read as the services' arguments."""

from datetime import date
from typing import Any, cast

import strawberry
from strawberry import UNSET

from graph_api.domain import model
from graph_api.domain.deaths import DeathFields
from graph_api.domain.model import AuthorityKind, ClientStatus, ContactRole, ContactStatus, Gender
from graph_api.domain.people import AddressFields, PersonFields
from graph_api.domain.relationships import Relationship
from graph_api.domain.terms import AuthorityFields, TermsFields
from graph_api.schema import enums as _enums  # noqa: F401 - makes the domain's enums part of the schema
from graph_api.services.reading import check_filter

CURRENT_STATUSES = [ContactStatus.UPCOMING, ContactStatus.IN_FORCE, ContactStatus.EXPIRED]
KEY = "Send the same key again to be sure it is done once; kept for 24 hours"


def taken(description: str, default: Any = UNSET) -> Any:
    """A field that may be left out."""
    return strawberry.field(description=description, default=default)


def needed(description: str) -> Any:
    """A field that must be given."""
    return strawberry.field(description=description)


@strawberry.input(description="Which contacts of a network")
class ContactFilter:
    statuses: list[ContactStatus] = strawberry.field(
        description="All but REMOVED by default", default_factory=lambda: list(CURRENT_STATUSES)
    )
    relationships: list[Relationship] | None = taken("Any of these")
    roles: list[ContactRole] | None = taken("At least one of these")
    portal_access: bool | None = taken("Whether the portal toggle is on")


@strawberry.input(description="Which clients")
class ClientFilter:
    statuses: list[ClientStatus] = strawberry.field(
        description="All but ARCHIVED by default", default_factory=lambda: [ClientStatus.ACTIVE, ClientStatus.INACTIVE]
    )


@strawberry.input(description="A postal address")
class PostalAddressInput:
    lines: list[str] = needed("Street lines, in order; at most 10")
    city: str | None = taken("City or town")
    region: str | None = taken("State, province or region")
    postal_code: str | None = taken("Postal code")
    country_code: str | None = taken("ISO 3166-1 alpha-2")


@strawberry.input(description="A person's own fields. In an update: omitted keeps, null clears, lists replace")
class PersonInput:
    given_name: str | None = taken("Given name; may be missing when there is a family name")
    family_name: str | None = taken("Family name; may be missing when there is a given name")
    preferred_name: str | None = taken("What the person is called")
    birth_date: date | None = taken("Birth date; from 1900 on, not in the future")
    gender: Gender | None = taken("FHIR administrative gender")
    emails: list[str] | None = taken("E-mail addresses, the preferred one first; at most 20")
    phones: list[str] | None = taken("Phone numbers, read as of the practice's region; at most 20")
    address: PostalAddressInput | None = taken("Postal address")
    external_id: str | None = taken("The key in the system `import`")


@strawberry.input(description="A document by which a contact acts for a client; it replaces the one there is")
class ContactAuthorityInput:
    kind: AuthorityKind = needed("What kind of authority")
    document_reference: str | None = taken("Where the document is to be found; at most 200 characters")
    ends_on: date | None = taken("Last day, inclusive; none: until it is cleared")


@strawberry.input(description="A new client")
class AddClientInput:
    person: PersonInput = needed("Who it is")
    not_duplicate_of: list[strawberry.ID] | None = taken("Candidates seen and rejected; the verdict is stored")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="A contact who was never in the system")
class AddNewContactInput:
    client_id: strawberry.ID = needed("Whose network")
    person: PersonInput = needed("Who it is")
    not_duplicate_of: list[strawberry.ID] | None = taken("Candidates seen and rejected; the verdict is stored")
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
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="A contact who is in the system, as a client or a contact")
class AddExistingContactInput:
    client_id: strawberry.ID = needed("Whose network")
    person_id: strawberry.ID = needed("Who is to be the contact")
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
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="The edge back, on terms of its own")
class AddReciprocalContactInput:
    contact_id: strawberry.ID = needed("The edge to answer")
    relationship: Relationship = needed("What the client of that edge is to its contact")
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


@strawberry.input(description="A change of a person's own fields")
class UpdatePersonInput:
    person_id: strawberry.ID = needed("Which person")
    expected_version: int = needed("The version that was read")
    changes: PersonInput = needed("What changes")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="A change of a person's client status")
class SetClientStatusInput:
    person_id: strawberry.ID = needed("Which person")
    expected_version: int = needed("The version that was read")
    status: ClientStatus = needed("The status from now on")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="A person's death, or that it was a mistake")
class SetDeceasedInput:
    person_id: strawberry.ID = needed("Which person")
    expected_version: int = needed("The version that was read")
    deceased_on: date | None = taken("The day of their death, not in the future; null takes a mistake back")
    idempotency_key: str | None = taken(KEY)


TERMS = tuple(TermsFields.__annotations__)
"""What inputs say of an edge: its terms, by their names in Python."""
_PERSON = tuple(PersonFields.__annotations__)
_ADDRESS = tuple(AddressFields.__annotations__)
_AUTHORITY = tuple(AuthorityFields.__annotations__)


def given(value: Any) -> Any:
    """An optional field's value, or None when it was left out."""
    return None if value is UNSET else value


def sent(source: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The fields of these names that were sent."""
    return {name: value for name in names if (value := getattr(source, name)) is not UNSET}


def terms_fields(source: Any) -> TermsFields:
    """The terms that were sent."""
    fields = sent(source, TERMS)
    if fields.get("authority") is not None:
        fields["authority"] = sent(fields["authority"], _AUTHORITY)
    return cast("TermsFields", fields)


def person_fields(source: PersonInput) -> PersonFields:
    """The person's fields that were sent."""
    fields = sent(source, _PERSON)
    if fields.get("address") is not None:
        fields["address"] = sent(fields["address"], _ADDRESS)
    return cast("PersonFields", fields)


def death_fields(source: SetDeceasedInput) -> DeathFields:
    """The day, if one or null was sent."""
    return cast("DeathFields", sent(source, ("deceased_on",)))


def contact_filter(source: ContactFilter | None) -> model.ContactFilter:
    """The filter; the current contacts when none was given."""
    if source is None:
        return model.ContactFilter()
    relationships, roles = given(source.relationships), given(source.roles)
    check_filter(source.statuses, relationships or (), roles or ())
    return model.ContactFilter(
        statuses=frozenset(source.statuses),
        relationships=None if relationships is None else frozenset(relationships),
        roles=None if roles is None else frozenset(roles),
        portal_access=given(source.portal_access),
    )
