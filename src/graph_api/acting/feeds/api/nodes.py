"""Calendar feeds by their ids: the caller's own."""

from collections.abc import Mapping, Sequence
from typing import Any

from graph_api.acting.feeds.commands import FeedService
from graph_api.kernel.scope import Scope
from graph_api.shapes.nodes import register_node


async def _feeds(scope: Scope, _ids: Sequence[str]) -> Mapping[str, Any]:
    return {feed.id: feed for feed in await scope[FeedService].own()}


register_node("feed", _feeds)
