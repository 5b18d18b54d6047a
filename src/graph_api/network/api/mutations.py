"""Changes of edges."""

from typing import Any

import strawberry

from graph_api.kernel.rules import WRITERS
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Outcome, Request
from graph_api.network.api.inputs import (
    AddExistingContactInput,
    AddNewContactInput,
    AddReciprocalContactInput,
    RemoveContactInput,
    UpdateContactInput,
    contact_fields,
    terms_fields,
)
from graph_api.network.api.types import Contact
from graph_api.network.commands import ContactService
from graph_api.people.api.types import person_fields
from graph_api.shapes.inputs import given, ids_of
from graph_api.shapes.mutations import mutation
from graph_api.shapes.payloads import Payload, entity_field


def _removed_id(root: strawberry.Parent[Any]) -> strawberry.ID | None:
    outcome: Outcome[Any] = root
    return None if outcome.entity is None else strawberry.ID(outcome.entity.id)


@strawberry.type(description="Return type of removeContact")
class RemoveContactPayload(Payload):
    contact: Contact | None = entity_field("contact", Contact)
    removed_contact_id: strawberry.ID | None = strawberry.field(
        resolver=_removed_id, description="Id of the contact that was removed"
    )


@mutation(
    WRITERS,
    "Add a new person to a client's network. Refused if they may already be in the system",
    shows=("contact", Contact),
)
async def add_new_contact(scope: Scope, request: Request, source: AddNewContactInput) -> Any:
    return await scope[ContactService].add_new(
        request,
        str(source.client_id),
        person_fields(source.person),
        ids_of(source.not_duplicate_of),
        terms_fields(source),
    )


@mutation(
    WRITERS,
    "Add a person who is already in the system to a client's network. This does not add the "
    "client to the person's network",
    shows=("contact", Contact),
)
async def add_existing_contact(scope: Scope, request: Request, source: AddExistingContactInput) -> Any:
    return await scope[ContactService].add_existing(
        request, str(source.client_id), str(source.person_id), terms_fields(source)
    )


@mutation(WRITERS, "Add the client of a contact to the contact's own network", shows=("contact", Contact))
async def add_reciprocal_contact(scope: Scope, request: Request, source: AddReciprocalContactInput) -> Any:
    return await scope[ContactService].add_reciprocal(request, str(source.contact_id), terms_fields(source))


@mutation(WRITERS, "Change a contact's terms", shows=("contact", Contact))
async def update_contact(scope: Scope, request: Request, source: UpdateContactInput) -> Any:
    return await scope[ContactService].update(
        request,
        str(source.contact_id),
        source.expected_version,
        contact_fields(source.changes),
    )


@mutation(WRITERS, "Remove a contact. The person and the contact's history stay", payload=RemoveContactPayload)
async def remove_contact(scope: Scope, request: Request, source: RemoveContactInput) -> Any:
    return await scope[ContactService].remove(
        request, str(source.contact_id), source.expected_version, given(source.reason)
    )
