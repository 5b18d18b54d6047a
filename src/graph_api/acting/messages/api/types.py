"""Threads and messages in GraphQL."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from graph_api.acting.api import Byline
from graph_api.acting.messages import shown as shown_messages
from graph_api.acting.messages.api import enums as _enums  # noqa: F401 - makes them part of the schema
from graph_api.acting.messages.api.loaders import ReadersLoader, UnreadLoader
from graph_api.acting.messages.model import MessageAudience, ThreadStatus
from graph_api.acting.messages.reading import MessageReading
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.rules import WRITERS, WRITERS_AND_ACCOUNTS
from graph_api.people.api.types import Person
from graph_api.practitioners.api.types import Practitioner
from graph_api.shapes.context import Info
from graph_api.shapes.node import VERSION, Node, is_a, readable, readable_by, shown
from graph_api.shapes.nodes import NodeLoader
from graph_api.shapes.pages import (
    AFTER,
    BEFORE,
    CURSOR,
    FIRST,
    LAST,
    PageInfo,
    edges_of,
    nodes_of,
    page_info_field,
    total_field,
)
from graph_api.shapes.selection import selects


async def _client(root: strawberry.Parent[Any], info: Info) -> Any:
    return await info.context[NodeLoader].load(root.client_id)


async def _with_contact(root: strawberry.Parent[Any], info: Info) -> Any:
    return None if root.with_person_id is None else await info.context[NodeLoader].load(root.with_person_id)


async def _assigned_to(root: strawberry.Parent[Any], info: Info) -> Any:
    return None if root.assigned_to is None else await info.context[NodeLoader].load(root.assigned_to)


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="A conversation between the practice and a client, or somebody who acts for the client")
class MessageThread(Node):
    client: Person | None = strawberry.field(
        resolver=_client,
        description="The client whom the conversation is about",
        graphql_type=Person | None,
    )
    audience: MessageAudience = shown("Who can read the conversation besides staff")
    with_contact: Person | None = strawberry.field(
        resolver=_with_contact,
        description="The person whom a CONTACT_ONLY conversation is with",
        graphql_type=Person | None,
    )
    subject: str | None = shown(
        "The subject line. Null if the conversation was erased, or if the viewer can't read its first message",
    )
    status: ThreadStatus = shown("Whether staff still have something to do")
    awaits_reply: bool | None = shown(
        "Whether staff have not answered the last message and the conversation is open", WRITERS
    )
    assigned_to: Practitioner | None = strawberry.field(
        resolver=_assigned_to,
        description="The practitioner who is to answer",
        graphql_type=Practitioner | None,
        metadata=readable(WRITERS),
    )
    last_message_at: datetime = shown("When the last message was sent")
    is_erased: bool = shown("Whether the subject and all messages were erased for good")
    version: int | None = shown(VERSION, WRITERS)
    is_type_of = is_a(shown_messages.ShownThread)

    @strawberry.field(description="Messages that the viewer has not read; staff share one count. At most 100")
    async def unread_count(root: strawberry.Parent[Any], info: Info) -> int:
        return await info.context[UnreadLoader].load(root)

    @strawberry.field(
        description="The people who can read the conversation now, besides staff",
        graphql_type=list[Person] | None,
        metadata=readable(WRITERS),
    )
    async def readers(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context[ReadersLoader].load(root)

    @strawberry.field(
        description="The messages that the viewer can read, oldest first",
        graphql_type=Annotated["MessageConnection", strawberry.lazy("graph_api.acting.messages.api.types")] | None,
    )
    async def messages(
        root: strawberry.Parent[Any],
        info: Info,
        first: FIRST = None,
        after: AFTER = None,
        last: LAST = None,
        before: BEFORE = None,
    ) -> Any:
        return await info.context[MessageReading].messages(
            root, PageArguments(first, after, last, before), with_total=selects(info, "totalCount")
        )


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="A message. It is never changed, except that staff may retract their own")
class Message(Node):
    thread: MessageThread = shown("The conversation")
    sequence: int = shown("Number of the message in the conversation, from 1 on")
    sent_at: datetime = shown("When it was sent")
    author: Byline = shown("Who wrote it")
    is_own: bool = shown("Whether the viewer wrote it; for staff, whether staff did")
    body: str | None = shown(
        "The text. Null if the message was retracted or erased, or can't be decrypted. Admins can still read a message "
        "that was retracted"
    )
    retracted_at: datetime | None = shown("When staff retracted it")
    retraction_reason: str | None = shown("Why staff retracted it", WRITERS)
    is_type_of = is_a(shown_messages.ShownMessage)


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="An edge in a page of messages")
class MessageEdge:
    cursor: str = shown(CURSOR)
    node: Message = shown("The message")


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="A page of messages")
class MessageConnection:
    edges: list[MessageEdge] = edges_of("MessageEdge", __name__)
    nodes: list[Message] = nodes_of("Message", __name__)
    page_info: PageInfo = page_info_field()
    total_count: int | None = total_field()


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="An edge in a page of conversations")
class MessageThreadEdge:
    cursor: str = shown(CURSOR)
    node: MessageThread = shown("The conversation")


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="A page of conversations, the one with the newest message first")
class MessageThreadConnection:
    edges: list[MessageThreadEdge] = edges_of("MessageThreadEdge", __name__)
    nodes: list[MessageThread] = nodes_of("MessageThread", __name__)
    page_info: PageInfo = page_info_field()
