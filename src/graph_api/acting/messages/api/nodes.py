"""Threads and messages by their ids, as far as the caller may see them."""

from collections.abc import Mapping, Sequence
from typing import Any

from graph_api.acting.messages.reading import MessageReading
from graph_api.kernel.scope import Scope
from graph_api.shapes.nodes import register_node


async def _threads(scope: Scope, ids: Sequence[str]) -> Mapping[str, Any]:
    return await scope[MessageReading].threads(ids)


async def _messages(scope: Scope, ids: Sequence[str]) -> Mapping[str, Any]:
    return await scope[MessageReading].messages_by_ids(ids)


register_node("thread", _threads)
register_node("message", _messages)
