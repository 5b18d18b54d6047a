"""Inputs about messages."""

from typing import cast

import strawberry

from graph_api.acting.messages.checks import Draft
from graph_api.acting.messages.graph.reads import Inbox
from graph_api.acting.messages.model import MessageAudience, ThreadStatus
from graph_api.acting.messages.settings_commands import MessagingFields
from graph_api.shapes.inputs import EXPECTED_VERSION, KEY, given, needed, sent, taken

_THREAD = "Id of the conversation"


@strawberry.input(description="Input of startThread")
class StartThreadInput:
    client_id: strawberry.ID = needed("Id of the client whom the conversation is about")
    subject: str = needed("The subject line, at most 200 characters. Only readers of the conversation see it")
    body: str = needed("The text of the first message, at most 10,000 characters")
    audience: MessageAudience | None = taken(
        "Who can read the conversation besides staff. Staff must say it. By default, a contact's is CONTACT_ONLY, and "
        "a client's is CLIENT_ONLY from the practice's messagePrivacyAge on, and SHARED below it"
    )
    contact_id: strawberry.ID | None = taken("Id of the contact of a CONTACT_ONLY conversation; only for staff")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of sendMessage")
class SendMessageInput:
    thread_id: strawberry.ID = needed(_THREAD)
    body: str = needed("The text, at most 10,000 characters")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of markThreadRead")
class MarkThreadReadInput:
    thread_id: strawberry.ID = needed(_THREAD)
    through: int = needed("The sequence of the last message that was read. A mark never goes back")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of setThreadAudience")
class SetThreadAudienceInput:
    thread_id: strawberry.ID = needed(_THREAD)
    expected_version: int = needed(EXPECTED_VERSION)
    audience: MessageAudience = needed("Who can read the conversation from now on, besides staff")
    contact_id: strawberry.ID | None = taken("Id of the contact of a CONTACT_ONLY conversation")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of assignThread")
class AssignThreadInput:
    thread_id: strawberry.ID = needed(_THREAD)
    expected_version: int = needed(EXPECTED_VERSION)
    practitioner_id: strawberry.ID | None = taken("Id of the practitioner who is to answer; null assigns it to nobody")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of setThreadStatus")
class SetThreadStatusInput:
    thread_id: strawberry.ID = needed(_THREAD)
    expected_version: int = needed(EXPECTED_VERSION)
    status: ThreadStatus = needed("Whether something is left to do")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of retractMessage")
class RetractMessageInput:
    message_id: strawberry.ID = needed("Id of the message")
    reason: str | None = taken("Why it is retracted; only staff see it")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of setMessaging. An omitted field keeps its value, null clears it")
class SetMessagingInput:
    message_privacy_age: int | None = taken(
        "The age from which a client's own conversations are private unless they say otherwise, from 0 to the age of "
        "majority; 13 if cleared"
    )
    staff_notice_email: str | None = taken(
        "The e-mail address where staff are told of messages that no practitioner with an address is to answer"
    )
    messaging_notice: str | None = taken(
        "What people read before they write, such as that messages are not for emergencies; at most 2,000 characters"
    )
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Filter for the inbox")
class InboxFilter:
    status: ThreadStatus | None = taken("OPEN by default")
    assigned_to_id: strawberry.ID | None = taken("Id of a practitioner: only conversations that they are to answer")
    awaits_reply: bool | None = taken(
        "true: only conversations that wait for an answer from staff; false: only those that do not"
    )


def draft_of(source: StartThreadInput) -> Draft:
    """A new thread as it was asked for."""
    contact_id = given(source.contact_id)
    return Draft(
        str(source.client_id),
        source.subject,
        source.body,
        given(source.audience),
        None if contact_id is None else str(contact_id),
    )


def messaging_fields(source: SetMessagingInput) -> MessagingFields:
    """The settings that were sent."""
    return cast("MessagingFields", sent(source, tuple(MessagingFields.__annotations__)))


def inbox_of(source: InboxFilter | None) -> Inbox:
    """Which threads are listed."""
    if source is None:
        return Inbox()
    practitioner = given(source.assigned_to_id)
    return Inbox(
        given(source.status) or ThreadStatus.OPEN,
        None if practitioner is None else str(practitioner),
        given(source.awaits_reply),
    )
