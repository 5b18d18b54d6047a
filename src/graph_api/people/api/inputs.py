"""Inputs about people, and how they read as the commands' arguments."""

from datetime import date
from typing import cast

import strawberry

from graph_api.people.deaths import DeathFields
from graph_api.people.fields import AddressFields, PersonFields
from graph_api.people.model import ClientStatus, Gender
from graph_api.shapes.inputs import KEY, needed, sent, taken


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


@strawberry.input(description="A new client")
class AddClientInput:
    person: PersonInput = needed("Who it is")
    not_duplicate_of: list[strawberry.ID] | None = taken("Candidates seen and rejected; the verdict is stored")
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


_PERSON = tuple(PersonFields.__annotations__)
_ADDRESS = tuple(AddressFields.__annotations__)


def person_fields(source: PersonInput) -> PersonFields:
    """The person's fields that were sent."""
    fields = sent(source, _PERSON)
    if fields.get("address") is not None:
        fields["address"] = sent(fields["address"], _ADDRESS)
    return cast("PersonFields", fields)


def death_fields(source: SetDeceasedInput) -> DeathFields:
    """The day, if one or null was sent."""
    return cast("DeathFields", sent(source, ("deceased_on",)))
