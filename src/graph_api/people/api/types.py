"""People in GraphQL."""

from datetime import date, datetime
from typing import Any, cast

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
from graph_api.shapes.inputs import EXPECTED_VERSION, KEY, needed, sent, taken
from graph_api.shapes.node import VERSION, Node, is_a, readable, readable_by, shown
from graph_api.shapes.pages import (
    CURSOR,
    PageInfo,
    edges_of,
    nodes_of,
    page_info_field,
    total_field,
)


@strawberry.type(description="What staff set for one client, in addition to the person's own fields")
class ClientProfile:
    confidential_email: str | None = shown(
        "An e-mail address that only staff and the client's own account see; it is never among emails", EVERYONE
    )
    confidential_phone: str | None = shown(
        "A phone number that only staff and the client's own account see; it is never among phones", EVERYONE
    )

    @strawberry.field(
        description="Features the client has: the practice offers them, and they are not switched off for this client",
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
    value: str = shown("The person's key in that system")


@readable_by(EVERYONE)
@strawberry.type(description="A postal address")
class PostalAddress:
    lines: list[str] = shown("Street lines, in order")
    city: str | None = shown("City or town")
    region: str | None = shown("State, province or region")
    postal_code: str | None = shown("Postal code")
    country_code: str | None = shown("ISO 3166-1 alpha-2 code of the country")


def _client_profile(root: strawberry.Parent[Any]) -> Any:
    return root if root.is_client else None


@strawberry.type(
    description="A person. Each person exists once per practice, whether they are a client, a contact or both"
)
class Person(Node):
    display_name: str = shown("The name to show: preferredName or else givenName, then familyName", EVERYONE)
    given_name: str | None = shown("Given name", EVERYONE)
    family_name: str | None = shown("Family name", EVERYONE)
    preferred_name: str | None = shown("What the person likes to be called", EVERYONE)
    birth_date: date | None = shown("Birth date", INSIDE_AND_OWN)
    deceased_on: date | None = shown(
        "The day the person died; null if they live, or if the viewer may not see it", INSIDE
    )
    gender: Gender | None = shown("FHIR administrative gender", INSIDE_AND_OWN)
    emails: list[str] | None = shown("E-mail addresses, the preferred one first", INSIDE_AND_OWN)
    phones: list[str] | None = shown("Phone numbers in E.164, the preferred one first", INSIDE_AND_OWN)
    address: PostalAddress | None = shown("Postal address", INSIDE_AND_OWN)
    external_id: str | None = shown("The value of the first of externalIds", INSIDE)
    external_ids: list[ExternalId] | None = shown("Keys in other systems", INSIDE)
    client_status: ClientStatus | None = shown(
        "The person's status as a client; null if they never were one, or if the viewer may not see it", INSIDE
    )
    is_client: bool | None = shown("Whether the person is or was a client; true for ARCHIVED too", EVERYONE)
    client_profile: ClientProfile | None = strawberry.field(
        resolver=_client_profile,
        description="What staff set for the client; null if the person never was one, or if the viewer may not see it",
        metadata=readable(WRITERS_AND_OWN),
    )
    version: int | None = shown(VERSION, WRITERS)
    created_at: datetime | None = shown("When the record was created", INSIDE)
    updated_at: datetime | None = shown("When the person was last changed", INSIDE)
    is_type_of = is_a(people_model.Person)


@readable_by(EVERYONE)
@strawberry.type(description="An edge in a page of people")
class PersonEdge:
    cursor: str = shown(CURSOR)
    node: Person = shown("The person")


@readable_by(EVERYONE)
@strawberry.type(description="A page of people")
class PersonConnection:
    edges: list[PersonEdge] = edges_of("PersonEdge", __name__)
    nodes: list[Person] = nodes_of("Person", __name__)
    page_info: PageInfo = page_info_field()
    total_count: int | None = total_field()


@strawberry.input(description="Filter for clients")
class ClientFilter:
    statuses: list[ClientStatus] = strawberry.field(
        description="Statuses to include; all but ARCHIVED by default",
        default_factory=lambda: [ClientStatus.ACTIVE, ClientStatus.INACTIVE],
    )


@strawberry.input(description="A postal address")
class PostalAddressInput:
    lines: list[str] = needed("Street lines, in order; at most 10")
    city: str | None = taken("City or town")
    region: str | None = taken("State, province or region")
    postal_code: str | None = taken("Postal code")
    country_code: str | None = taken("ISO 3166-1 alpha-2 code of the country")


@strawberry.input(
    description="A person's own fields. In an update, an omitted field keeps its value, null "
    "clears it, and a list replaces the whole list"
)
class PersonInput:
    given_name: str | None = taken("Given name; optional if there is a family name")
    family_name: str | None = taken("Family name; optional if there is a given name")
    preferred_name: str | None = taken("What the person likes to be called")
    birth_date: date | None = taken("Birth date, from 1900 on and not in the future")
    gender: Gender | None = taken("FHIR administrative gender")
    emails: list[str] | None = taken("E-mail addresses, the preferred one first; at most 20")
    phones: list[str] | None = taken(
        "Phone numbers, the preferred one first; at most 20. Without a country "
        "code, they are read as numbers of the practice's region"
    )
    address: PostalAddressInput | None = taken("Postal address")
    external_id: str | None = taken("The key in the system `import`")


@strawberry.input(description="Input of addClient")
class AddClientInput:
    person: PersonInput = needed("The person to add")
    not_duplicate_of: list[strawberry.ID] | None = taken(
        "Ids of the candidates that staff have seen and found to be other people. The decision is stored"
    )
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of updatePerson")
class UpdatePersonInput:
    person_id: strawberry.ID = needed("Id of the person")
    expected_version: int = needed(EXPECTED_VERSION)
    changes: PersonInput = needed("The changes to make")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of setClientStatus")
class SetClientStatusInput:
    person_id: strawberry.ID = needed("Id of the person")
    expected_version: int = needed(EXPECTED_VERSION)
    status: ClientStatus = needed("The new status")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of setDeceased: a person's death, or that it was recorded by mistake")
class SetDeceasedInput:
    person_id: strawberry.ID = needed("Id of the person")
    expected_version: int = needed(EXPECTED_VERSION)
    deceased_on: date | None = taken(
        "The day the person died, not in the future; null takes back a death that was recorded by mistake"
    )
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
