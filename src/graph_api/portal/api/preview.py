"""What a change would do, without making it."""

from typing import Annotated, Any

import strawberry

from graph_api.access.model import PortalAction
from graph_api.engine.errors import BadRequest
from graph_api.kernel.errors import Forbidden, InvalidInput, NotFound
from graph_api.kernel.rules import WRITERS
from graph_api.network.api import inputs as network_inputs
from graph_api.network.api.inputs import terms_fields
from graph_api.people.api import types as people_types
from graph_api.people.api.types import Person, death_fields
from graph_api.portal.preview import AccessPreviewService, Rehearsal
from graph_api.shapes.context import Info
from graph_api.shapes.inputs import given, taken
from graph_api.shapes.node import readable, readable_by, shown
from graph_api.shapes.payloads import Payload, request_of


@readable_by(WRITERS)
@strawberry.type(description="What a change would give somebody and take from them, for one client")
class AccessChange:
    person: Person = shown("Who would gain or lose")
    client: Person = shown("For whom they act")
    gained: list[PortalAction] = shown("What they could do at once, and can't now")
    lost: list[PortalAction] = shown("What they can do now, and could not any more")
    gained_once_accepted: list[PortalAction] = shown(
        "What they could do besides, once they accept an invitation to the portal. For who has no account, and an "
        "e-mail address to be invited at; or a disabled account, which an invitation opens again"
    )


@readable_by(WRITERS)
@strawberry.type(description="What a change would answer, and do to access, if it were made now")
class ContactChangeRehearsal(Payload):
    access: list[AccessChange] = shown("Each person for whom something would change; nobody when it would be refused")


@strawberry.input(one_of=True, description="One change, as its mutation would be told")
class ContactChangeInput:
    add_existing: network_inputs.AddExistingContactInput | None = taken("As addExistingContact")
    update: network_inputs.UpdateContactInput | None = taken("As updateContact")
    remove: network_inputs.RemoveContactInput | None = taken("As removeContact")
    client_status: people_types.SetClientStatusInput | None = taken("As setClientStatus")
    deceased: people_types.SetDeceasedInput | None = taken("As setDeceased")


@strawberry.type(description="Questions about changes")
class PreviewQueries:
    @strawberry.field(
        description="What access a change would give or take now, without making it: each person for whom something "
        "changes. Null: nothing of such an id, or the viewer may not make the change. What the change would be refused "
        "with is an error with the refusal's code, reason and inputPath",
        graphql_type=list[AccessChange] | None,
        metadata=readable(WRITERS),
    )
    async def preview_contact_change(
        self,
        info: Info,
        input: Annotated[ContactChangeInput, strawberry.argument(description="The change")],  # noqa: A002
    ) -> Any:
        rehearsal = await _rehearsed(info, input)
        if not rehearsal.errors:
            return rehearsal.access
        first = rehearsal.errors[0]
        if isinstance(first, NotFound | Forbidden):
            return None
        more: dict[str, object] = {"inputPath": list(first.path)}
        if isinstance(first, InvalidInput):
            more["reason"] = first.reason
        raise BadRequest(first.code.value, first.message, more)

    @strawberry.field(
        description="All that a change would answer and do to access now, without making it: what it would be refused "
        "with, or what it would warn of and whose access would change",
        graphql_type=ContactChangeRehearsal | None,
        metadata=readable(WRITERS),
    )
    async def rehearse_contact_change(
        self,
        info: Info,
        input: Annotated[ContactChangeInput, strawberry.argument(description="The change")],  # noqa: A002
    ) -> Any:
        return await _rehearsed(info, input)


async def _rehearsed(info: Info, change: ContactChangeInput) -> Rehearsal:
    preview = info.context[AccessPreviewService]
    if (add := given(change.add_existing)) is not None:
        request = request_of("addExistingContact", add)
        return await preview.add_existing(request, str(add.client_id), str(add.person_id), terms_fields(add))
    if (update := given(change.update)) is not None:
        request, changes = request_of("updateContact", update), terms_fields(update.changes)
        return await preview.update(request, str(update.contact_id), update.expected_version, changes)
    if (remove := given(change.remove)) is not None:
        request, reason = request_of("removeContact", remove), given(remove.reason)
        return await preview.remove(request, str(remove.contact_id), remove.expected_version, reason)
    if (death := given(change.deceased)) is not None:
        request = request_of("setDeceased", death)
        return await preview.deceased(request, str(death.person_id), death.expected_version, death_fields(death))
    status = given(change.client_status)
    request = request_of("setClientStatus", status)
    return await preview.client_status(request, str(status.person_id), status.expected_version, status.status)
