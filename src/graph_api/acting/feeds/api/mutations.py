"""Changes of calendar feeds."""

from typing import Any

import strawberry

from graph_api.acting.feeds.api.inputs import CreateCalendarFeedInput, RevokeCalendarFeedInput
from graph_api.acting.feeds.api.types import CalendarFeed
from graph_api.acting.feeds.commands import FeedService
from graph_api.kernel.rules import ACCOUNTS, EVERYONE
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Request
from graph_api.shapes.mutations import mutation
from graph_api.shapes.node import readable
from graph_api.shapes.payloads import Payload


def _feed(root: strawberry.Parent[Any]) -> Any:
    return None if root.entity is None else root.entity.feed


def _url(root: strawberry.Parent[Any]) -> Any:
    return None if root.entity is None else root.entity.url


@strawberry.type(description="Return type of createCalendarFeed")
class CreateCalendarFeedPayload(Payload):
    feed: CalendarFeed | None = strawberry.field(
        resolver=_feed,
        description="The new calendar feed; null if the change was refused",
        graphql_type=CalendarFeed | None,
        metadata=readable(EVERYONE),
    )
    url: str | None = strawberry.field(
        resolver=_url,
        description="Its address, for a calendar application. Anyone who has it can read the feed. It is shown this "
        "once: null if the answer is given again",
        graphql_type=str | None,
        metadata=readable(EVERYONE),
    )


@mutation(
    ACCOUNTS,
    "Make a calendar feed of the appointments that the viewer may see: 10 at most",
    payload=CreateCalendarFeedPayload,
)
async def create_calendar_feed(scope: Scope, request: Request, source: CreateCalendarFeedInput) -> Any:
    return await scope[FeedService].create(request, source.name, shows_first_names=source.shows_first_names)


@mutation(ACCOUNTS, "Revoke a calendar feed of the viewer's. Nobody can read it any more", shows=("feed", CalendarFeed))
async def revoke_calendar_feed(scope: Scope, request: Request, source: RevokeCalendarFeedInput) -> Any:
    return await scope[FeedService].revoke(request, str(source.feed_id))
