"""Practitioners by their ids. Portal accounts too: they are shown who writes to them, and may ask for that again."""

from collections.abc import Mapping, Sequence
from typing import Any

from graph_api.kernel.scope import Scope
from graph_api.practitioners.graph import PractitionerReads
from graph_api.shapes.nodes import register_node


async def _practitioners(scope: Scope, ids: Sequence[str]) -> Mapping[str, Any]:
    return await scope.graph[PractitionerReads].by_ids(ids)


register_node("practitioner", _practitioners)
