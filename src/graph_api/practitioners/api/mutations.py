"""Changes of practitioners."""

from typing import Any

from graph_api.kernel.rules import ADMINS
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Request
from graph_api.practitioners.api.inputs import AddPractitionerInput, UpdatePractitionerInput, practitioner_fields
from graph_api.practitioners.api.types import Practitioner
from graph_api.practitioners.commands import PractitionerService
from graph_api.shapes.mutations import mutation


@mutation(ADMINS, "Add somebody who works at the practice", shows=("practitioner", Practitioner))
async def add_practitioner(scope: Scope, request: Request, source: AddPractitionerInput) -> Any:
    return await scope[PractitionerService].add(request, practitioner_fields(source))


@mutation(ADMINS, "Change a practitioner's fields", shows=("practitioner", Practitioner))
async def update_practitioner(scope: Scope, request: Request, source: UpdatePractitionerInput) -> Any:
    return await scope[PractitionerService].update(
        request, str(source.practitioner_id), source.expected_version, practitioner_fields(source)
    )
