"""Changes of people."""

from typing import Any

from graph_api.kernel.rules import WRITERS
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Request
from graph_api.people.api.types import AddClientInput, Person, SetClientStatusInput, UpdatePersonInput, person_fields
from graph_api.people.commands import PersonService
from graph_api.shapes.inputs import ids_of
from graph_api.shapes.mutations import mutation


@mutation(
    WRITERS, "Add a new person as a client. Refused if they may already be in the system", shows=("person", Person)
)
async def add_client(scope: Scope, request: Request, source: AddClientInput) -> Any:
    return await scope[PersonService].add_client(request, person_fields(source.person), ids_of(source.not_duplicate_of))


@mutation(WRITERS, "Change a person's own fields", shows=("person", Person))
async def update_person(scope: Scope, request: Request, source: UpdatePersonInput) -> Any:
    return await scope[PersonService].update(
        request,
        str(source.person_id),
        source.expected_version,
        person_fields(source.changes),
    )


@mutation(WRITERS, "Make a person a client, or change a client's status", shows=("person", Person))
async def set_client_status(scope: Scope, request: Request, source: SetClientStatusInput) -> Any:
    return await scope[PersonService].set_client_status(
        request, str(source.person_id), source.expected_version, source.status
    )
