"""The practice by its id."""

from collections.abc import Mapping, Sequence
from typing import Any

from graph_api.kernel.scope import Scope
from graph_api.shapes.nodes import register_node


async def _practice(scope: Scope, _ids: Sequence[str]) -> Mapping[str, Any]:
    return {scope.caller.practice.id: scope.caller.practice}


register_node("practice", _practice)
