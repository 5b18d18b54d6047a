"""Messages as fields of clients and practices."""

from typing import Any

import strawberry

from graph_api.acting.messages.api.loaders import MessagingLoader
from graph_api.acting.messages.api.types import MessageThreadConnection
from graph_api.acting.messages.reading import MessageReading
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.rules import EVERYONE, WRITERS, WRITERS_AND_ACCOUNTS
from graph_api.people.api.types import Person
from graph_api.practices.api.types import Practice
from graph_api.shapes.context import Info
from graph_api.shapes.extending import extends
from graph_api.shapes.node import readable
from graph_api.shapes.pages import AFTER, BEFORE, FIRST, LAST


@extends(Person)
class PersonThreads:
    @strawberry.field(
        description="Conversations about the client that the viewer can read, the one with the newest message first. "
        "Null if the viewer reads no messages of the client",
        graphql_type=MessageThreadConnection | None,
        metadata=readable(WRITERS_AND_ACCOUNTS),
    )
    async def message_threads(
        root: strawberry.Parent[Any],
        info: Info,
        first: FIRST = None,
        after: AFTER = None,
        last: LAST = None,
        before: BEFORE = None,
    ) -> Any:
        arguments = PageArguments(first, after, last, before)
        return await info.context[MessageReading].of_client(root.id, arguments)


@extends(Practice)
class PracticeMessaging:
    @strawberry.field(
        description="The age from which a client's own conversations are private unless they say otherwise",
        metadata=readable(WRITERS),
    )
    async def message_privacy_age(root: strawberry.Parent[Any], info: Info) -> int | None:
        return (await info.context[MessagingLoader].load(root.id)).message_privacy_age

    @strawberry.field(
        description="The e-mail address where staff are told of messages that no practitioner with an address is to "
        "answer",
        metadata=readable(WRITERS),
    )
    async def staff_notice_email(root: strawberry.Parent[Any], info: Info) -> str | None:
        return (await info.context[MessagingLoader].load(root.id)).staff_notice_email

    @strawberry.field(
        description="What people read before they write, such as that messages are not for emergencies",
        metadata=readable(EVERYONE),
    )
    async def messaging_notice(root: strawberry.Parent[Any], info: Info) -> str | None:
        return (await info.context[MessagingLoader].load(root.id)).messaging_notice
