"""The inbox of staff."""

from typing import Annotated, Any

import strawberry

from graph_api.acting.messages.api.inputs import InboxFilter, inbox_of
from graph_api.acting.messages.api.types import MessageThreadConnection
from graph_api.acting.messages.reading import MessageReading
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.rules import WRITERS
from graph_api.shapes.context import Info
from graph_api.shapes.node import readable
from graph_api.shapes.pages import AFTER, BEFORE, FIRST, LAST


@strawberry.type(description="Questions about messages")
class MessageQueries:
    @strawberry.field(
        description="The practice's conversations, the one with the newest message first",
        graphql_type=MessageThreadConnection | None,
        metadata=readable(WRITERS),
    )
    async def message_inbox(
        self,
        info: Info,
        filter: Annotated[  # noqa: A002 - the contract's name
            InboxFilter | None, strawberry.argument(description="Which conversations to list; open ones by default")
        ] = None,
        first: FIRST = None,
        after: AFTER = None,
        last: LAST = None,
        before: BEFORE = None,
    ) -> Any:
        arguments = PageArguments(first, after, last, before)
        return await info.context[MessageReading].inbox(inbox_of(filter), arguments)
