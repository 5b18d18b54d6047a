"""Changes of threads and messages."""

from typing import Any

from graph_api.acting.messages.api.inputs import (
    AssignThreadInput,
    MarkThreadReadInput,
    RetractMessageInput,
    SendMessageInput,
    SetMessagingInput,
    SetThreadAudienceInput,
    SetThreadStatusInput,
    StartThreadInput,
    draft_of,
    messaging_fields,
)
from graph_api.acting.messages.api.types import Message, MessageThread
from graph_api.acting.messages.commands import MessageService
from graph_api.acting.messages.settings_commands import MessagingService
from graph_api.acting.messages.staff_commands import ThreadService
from graph_api.kernel.rules import ADMINS, WRITERS, WRITERS_AND_ACCOUNTS
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Request
from graph_api.practices.api.types import Practice
from graph_api.shapes.inputs import given
from graph_api.shapes.mutations import mutation

_THREAD = ("thread", MessageThread)


def _id(value: Any) -> str | None:
    found = given(value)
    return None if found is None else str(found)


@mutation(WRITERS_AND_ACCOUNTS, "Start a conversation with its first message", shows=_THREAD)
async def start_thread(scope: Scope, request: Request, source: StartThreadInput) -> Any:
    return await scope[MessageService].start(request, draft_of(source))


@mutation(WRITERS_AND_ACCOUNTS, "Send a message in a conversation", shows=("message", Message))
async def send_message(scope: Scope, request: Request, source: SendMessageInput) -> Any:
    return await scope[MessageService].send(request, str(source.thread_id), source.body)


@mutation(WRITERS_AND_ACCOUNTS, "Note how far the viewer has read a conversation; staff share one mark", shows=_THREAD)
async def mark_thread_read(scope: Scope, request: Request, source: MarkThreadReadInput) -> Any:
    return await scope[MessageService].mark_read(request, str(source.thread_id), source.through)


@mutation(
    WRITERS,
    "Set who can read a conversation besides staff. Those who are left out stop seeing it at once. Those who are "
    "let in read what is sent from now on",
    shows=_THREAD,
)
async def set_thread_audience(scope: Scope, request: Request, source: SetThreadAudienceInput) -> Any:
    return await scope[ThreadService].set_audience(
        request, str(source.thread_id), source.expected_version, source.audience, _id(source.contact_id)
    )


@mutation(WRITERS, "Assign a conversation to the practitioner who is to answer it, or to nobody", shows=_THREAD)
async def assign_thread(scope: Scope, request: Request, source: AssignThreadInput) -> Any:
    return await scope[ThreadService].assign(
        request, str(source.thread_id), source.expected_version, _id(source.practitioner_id)
    )


@mutation(WRITERS, "Mark a conversation as done, or as open again", shows=_THREAD)
async def set_thread_status(scope: Scope, request: Request, source: SetThreadStatusInput) -> Any:
    return await scope[ThreadService].set_status(request, str(source.thread_id), source.expected_version, source.status)


@mutation(
    WRITERS,
    "Retract a message that the viewer wrote. Its readers then see that a message was retracted. Admins can still "
    "read it",
    shows=("message", Message),
)
async def retract_message(scope: Scope, request: Request, source: RetractMessageInput) -> Any:
    return await scope[ThreadService].retract(request, str(source.message_id), given(source.reason))


@mutation(ADMINS, "Change the practice's settings for secure messages", shows=("practice", Practice))
async def set_messaging(scope: Scope, request: Request, source: SetMessagingInput) -> Any:
    return await scope[MessagingService].set(request, messaging_fields(source))
