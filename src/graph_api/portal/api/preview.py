"""What a change would do, without making it."""

from typing import Annotated, Any

import strawberry

from graph_api.access.model import PortalAction
from graph_api.engine.errors import BadRequest
from graph_api.kernel.errors import Forbidden, InvalidInput, NotFound
from graph_api.kernel.happened import EventKind
from graph_api.kernel.rules import WRITERS
from graph_api.network.api import inputs as network_inputs
from graph_api.network.api.inputs import contact_fields, terms_fields
from graph_api.people.api import types as people_types
from graph_api.people.api.types import Person, death_fields
from graph_api.portal.preview import AccessPreviewService, Rehearsal
from graph_api.shapes.context import Info
from graph_api.shapes.inputs import given, taken
from graph_api.shapes.node import readable, readable_by, shown
from graph_api.shapes.payloads import Payload, request_of


@readable_by(WRITERS)
@strawberry.type(description="What a person would gain and lose for one client if the change were made")
class AccessChange:
    person: Person = shown("The person who would gain or lose access")
    client: Person = shown("The client for whom the person acts")
    gained: list[PortalAction] = shown("Actions the person could take at once, and can't take now")
    lost: list[PortalAction] = shown("Actions the person can take now, and could not take any more")
    gained_once_accepted: list[PortalAction] = shown(
        "Further actions the person could take once they accept an invitation to the portal. Only for a person "
        "who has no account but an e-mail address for an invitation, or who has a disabled account, which an "
        "invitation opens again"
    )


@readable_by(WRITERS)
@strawberry.type(description="What a change would return if it were made now, and how it would affect access")
class ContactChangeRehearsal(Payload):
    access: list[AccessChange] = shown(
        "An entry for each person for whom something would change; empty if the change would be refused"
    )


@strawberry.input(one_of=True, description="One change: the input of the mutation that would make it")
class ContactChangeInput:
    add_existing: network_inputs.AddExistingContactInput | None = taken("Input of addExistingContact")
    update: network_inputs.UpdateContactInput | None = taken("Input of updateContact")
    remove: network_inputs.RemoveContactInput | None = taken("Input of removeContact")
    client_status: people_types.SetClientStatusInput | None = taken("Input of setClientStatus")
    deceased: people_types.SetDeceasedInput | None = taken("Input of setDeceased")


@strawberry.type(description="Questions about changes")
class PreviewQueries:
    @strawberry.field(
        description="How a change would affect access if it were made now, with an entry for each person for "
        "whom something would change. Nothing is changed. Null if nothing has the given id, or if the viewer "
        "may not make the change. If the change would be refused for another reason, there is an error with "
        "the refusal's code, reason and inputPath",
        graphql_type=list[AccessChange] | None,
        metadata=readable(WRITERS),
    )
    async def preview_contact_change(
        self,
        info: Info,
        input: Annotated[ContactChangeInput, strawberry.argument(description="The change to try out")],  # noqa: A002
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
        description="What a change would return if it were made now: the errors it would be refused with, or its "
        "warnings and how it would affect access. Nothing is changed",
        graphql_type=ContactChangeRehearsal | None,
        metadata=readable(WRITERS),
    )
    async def rehearse_contact_change(
        self,
        info: Info,
        input: Annotated[ContactChangeInput, strawberry.argument(description="The change to try out")],  # noqa: A002
    ) -> Any:
        return await _rehearsed(info, input)


async def _rehearsed(info: Info, change: ContactChangeInput) -> Rehearsal:
    preview = info.context[AccessPreviewService]
    if (add := given(change.add_existing)) is not None:
        request = request_of(EventKind.ADD_EXISTING_CONTACT.value, add)
        return await preview.add_existing(request, str(add.client_id), str(add.person_id), terms_fields(add))
    if (update := given(change.update)) is not None:
        request, changes = request_of(EventKind.UPDATE_CONTACT.value, update), contact_fields(update.changes)
        return await preview.update(request, str(update.contact_id), update.expected_version, changes)
    if (remove := given(change.remove)) is not None:
        request, reason = request_of(EventKind.REMOVE_CONTACT.value, remove), given(remove.reason)
        return await preview.remove(request, str(remove.contact_id), remove.expected_version, reason)
    if (death := given(change.deceased)) is not None:
        request = request_of(EventKind.SET_DECEASED.value, death)
        return await preview.deceased(request, str(death.person_id), death.expected_version, death_fields(death))
    status = given(change.client_status)
    request = request_of(EventKind.SET_CLIENT_STATUS.value, status)
    return await preview.client_status(request, str(status.person_id), status.expected_version, status.status)
