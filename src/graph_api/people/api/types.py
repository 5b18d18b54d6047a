"""People in GraphQL."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

import strawberry

from graph_api.kernel.rules import EVERYONE, INSIDE, INSIDE_AND_OWN, WRITERS, WRITERS_AND_OWN
from graph_api.people import model as people_model
from graph_api.people.deaths import DeathFields
from graph_api.people.fields import AddressFields, PersonFields
from graph_api.people.model import ClientStatus, Gender
from graph_api.practices import model as practices_model
from graph_api.practices.api.loaders import SettingsLoader
from graph_api.practices.api.types import in_order
from graph_api.practices.model import PracticeFeature
from graph_api.shapes.context import Info
from graph_api.shapes.inputs import KEY, needed, sent, taken
from graph_api.shapes.node import VERSION, Node, is_a, readable, readable_by, shown
from graph_api.shapes.pages import (
    PageInfo,
    edges_of,
    nodes_of,
    page_info_field,
    total_field,
)

if TYPE_CHECKING:
    pass


@strawberry.type(description="What staff set for one client, beside their own fields")
class ClientProfile:
    confidential_email: str | None = shown("Only for staff and the client's own account; never among emails", EVERYONE)
    confidential_phone: str | None = shown("Only for staff and the client's own account; never among phones", EVERYONE)

    @strawberry.field(
        description="What the client has: the practice offers it, and it is not off for them",
        metadata=readable(EVERYONE),
    )
    async def features(root: strawberry.Parent[Any], info: Info) -> list[PracticeFeature] | None:
        settings: practices_model.PracticeSettings = await info.context[SettingsLoader].load(
            info.context.caller.practice.id
        )
        return in_order(settings.features - root.features_off)


@readable_by(INSIDE)
@strawberry.type(description="A person's key in another system")
class ExternalId:
    system: str = shown("The other system; `import` by default")
    value: str = shown("The key there")


@readable_by(EVERYONE)
@strawberry.type(description="A postal address")
class PostalAddress:
    lines: list[str] = shown("Street lines, in order")
    city: str | None = shown("City or town")
    region: str | None = shown("State, province or region")
    postal_code: str | None = shown("Postal code")
    country_code: str | None = shown("ISO 3166-1 alpha-2")


def _client_profile(root: strawberry.Parent[Any]) -> Any:
    return root if root.is_client else None


@strawberry.type(description="A person exists once per practice, whether client, contact or both")
class Person(Node):
    display_name: str = shown("(preferredName or givenName) and familyName", EVERYONE)
    given_name: str | None = shown("Given name", EVERYONE)
    family_name: str | None = shown("Family name", EVERYONE)
    preferred_name: str | None = shown("What the person is called", EVERYONE)
    birth_date: date | None = shown("Birth date", INSIDE_AND_OWN)
    deceased_on: date | None = shown("The day of their death; null: they live, or hidden", INSIDE)
    gender: Gender | None = shown("FHIR administrative gender", INSIDE_AND_OWN)
    emails: list[str] | None = shown("E-mail addresses, the preferred one first", INSIDE_AND_OWN)
    phones: list[str] | None = shown("Phone numbers in E.164, the preferred one first", INSIDE_AND_OWN)
    address: PostalAddress | None = shown("Postal address", INSIDE_AND_OWN)
    external_id: str | None = shown("The first of externalIds", INSIDE)
    external_ids: list[ExternalId] | None = shown("Keys in other systems", INSIDE)
    client_status: ClientStatus | None = shown("Null: never a client, or hidden", INSIDE)
    is_client: bool | None = shown("clientStatus is set, ARCHIVED included", EVERYONE)
    client_profile: ClientProfile | None = strawberry.field(
        resolver=_client_profile,
        description="What staff set for the client; null for who was never one, or hidden",
        metadata=readable(WRITERS_AND_OWN),
    )
    version: int | None = shown(VERSION, WRITERS)
    created_at: datetime | None = shown("When the record was made", INSIDE)
    updated_at: datetime | None = shown("When it was last changed", INSIDE)
    is_type_of = is_a(people_model.Person)


@readable_by(EVERYONE)
@strawberry.type(description="A row of people")
class PersonEdge:
    cursor: str = shown("Where the row stands")
    node: Person = shown("The person")


@readable_by(EVERYONE)
@strawberry.type(description="A page of people")
class PersonConnection:
    edges: list[PersonEdge] = edges_of("PersonEdge", __name__)
    nodes: list[Person] = nodes_of("Person", __name__)
    page_info: PageInfo = page_info_field()
    total_count: int | None = total_field()


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
