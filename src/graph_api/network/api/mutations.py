"""Changes of edges."""

from typing import Any

import strawberry

from graph_api.kernel.unit import Outcome
from graph_api.network.api.types import Contact
from graph_api.shapes.payloads import Payload, entity_field


def _removed_id(root: strawberry.Parent[Any]) -> strawberry.ID | None:
    outcome: Outcome[Any] = root
    return None if outcome.entity is None else strawberry.ID(outcome.entity.id)


@strawberry.type(description="The answer of addNewContact")
class AddNewContactPayload(Payload):
    contact: Contact | None = entity_field("contact", Contact)


@strawberry.type(description="The answer of addExistingContact")
class AddExistingContactPayload(Payload):
    contact: Contact | None = entity_field("contact", Contact)


@strawberry.type(description="The answer of addReciprocalContact")
class AddReciprocalContactPayload(Payload):
    contact: Contact | None = entity_field("contact", Contact)


@strawberry.type(description="The answer of updateContact")
class UpdateContactPayload(Payload):
    contact: Contact | None = entity_field("contact", Contact)


@strawberry.type(description="The answer of removeContact")
class RemoveContactPayload(Payload):
    contact: Contact | None = entity_field("contact", Contact)
    removed_contact_id: strawberry.ID | None = strawberry.field(
        resolver=_removed_id, description="The id that left the network"
    )
