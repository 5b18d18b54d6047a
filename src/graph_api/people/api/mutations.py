"""Changes of people."""

import strawberry

from graph_api.people.api.types import Person
from graph_api.shapes.payloads import Payload, entity_field


@strawberry.type(description="The answer of addClient")
class AddClientPayload(Payload):
    person: Person | None = entity_field("person", Person)


@strawberry.type(description="The answer of updatePerson")
class UpdatePersonPayload(Payload):
    person: Person | None = entity_field("person", Person)


@strawberry.type(description="The answer of setClientStatus")
class SetClientStatusPayload(Payload):
    person: Person | None = entity_field("person", Person)


@strawberry.type(description="The answer of setDeceased")
class SetDeceasedPayload(Payload):
    person: Person | None = entity_field("person", Person)
