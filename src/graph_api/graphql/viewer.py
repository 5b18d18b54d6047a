"""Who asks, in GraphQL."""

import hashlib
from typing import Annotated, Any

import strawberry

from graph_api.access.questions import AccessService
from graph_api.acting.feeds.api.types import CalendarFeed
from graph_api.acting.feeds.commands import FeedService
from graph_api.acting.messages.reading import MessageReading
from graph_api.kernel import caller as kernel_caller
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.rules import ACCOUNTS, EVERYONE
from graph_api.people.api.types import Person
from graph_api.practices.api.types import Practice
from graph_api.practitioners.api.types import Practitioner
from graph_api.practitioners.graph import PractitionerReads
from graph_api.shapes.context import Info
from graph_api.shapes.node import readable, readable_by, shown
from graph_api.shapes.nodes import NodeLoader
from graph_api.shapes.pages import AFTER, FIRST
from graph_api.shapes.selection import selects


def viewer_id(caller: kernel_caller.Caller) -> str:
    """Opaque; the same for the same account of the same practice."""
    digest = hashlib.sha256(f"{caller.practice.id}\x00{caller.subject}".encode()).hexdigest()
    return f"viewer_{digest[:32]}"


@readable_by(EVERYONE)
@strawberry.type(description="The caller of this request")
class Viewer:
    role: ViewerRole = shown("The viewer's role, which decides what the viewer may do")
    practice: Practice = shown("The viewer's practice")

    @strawberry.field(description="Opaque id; the same for the same account of the same practice")
    def id(root: strawberry.Parent[Any]) -> strawberry.ID:
        return strawberry.ID(viewer_id(root))

    @strawberry.field(description="The viewer's own record; null for staff", graphql_type=Person | None)
    async def person(root: strawberry.Parent[Any], info: Info) -> Any:
        own = root.person_id
        return None if own is None else await info.context[NodeLoader].load(own)

    @strawberry.field(
        description="The practitioner whom the viewer's token names by its subject; null if there is none, and for "
        "portal accounts",
        graphql_type=Practitioner | None,
    )
    async def practitioner(root: strawberry.Parent[Any], info: Info) -> Any:
        # An account's id is a subject as well, and whoever is tied to it by mistake must not become staff by it.
        if root.role is ViewerRole.PORTAL:
            return None
        return await info.context.graph[PractitionerReads].by_subject(root.subject)

    @strawberry.field(
        description="The clients whose portal the viewer's account may view now, and all that it may do for "
        "each. The viewer comes first. Null for staff",
        # The type stands in a module that imports this one.
        graphql_type=Annotated["AccessGrantConnection", strawberry.lazy("graph_api.access.api.types")] | None,  # noqa: F821
    )
    async def acts_for(root: strawberry.Parent[Any], info: Info, first: FIRST = None, after: AFTER = None) -> Any:
        return await info.context[AccessService].acts_for(
            PageArguments(first, after), with_total=selects(info, "totalCount")
        )

    @strawberry.field(
        description="Conversations with messages that the viewer's account has not read, at most 100; 0 for staff"
    )
    async def unread_threads(root: strawberry.Parent[Any], info: Info) -> int:
        return await info.context[MessageReading].unread_threads()

    @strawberry.field(
        description="The viewer's calendar feeds, the oldest first; null for staff",
        graphql_type=list[CalendarFeed] | None,
        metadata=readable(ACCOUNTS),
    )
    async def calendar_feeds(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context[FeedService].own()
