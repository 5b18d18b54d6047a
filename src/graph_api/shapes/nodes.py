"""Anything by its id: each concern registers how its kinds of ids are loaded."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from strawberry.dataloader import DataLoader

from graph_api.engine.errors import BadRequest
from graph_api.kernel.ids import kind_of
from graph_api.kernel.scope import Scope

MAX_NODES = 100
NodeLoad = Callable[[Scope, Sequence[str]], Awaitable[Mapping[str, Any]]]
"""Objects of the ids that exist and the caller may see, by id; all ids may be given that are of any kind."""
_KINDS: dict[str, NodeLoad] = {}
"""By how ids of the kind begin."""


def register_node(kind: str, load: NodeLoad) -> None:
    """Have nodes of a kind loaded like this."""
    _KINDS[kind] = load


def require_few(ids: Sequence[str]) -> None:
    """At most a hundred nodes are asked for at once.

    Raises:
        BadRequest: TOO_MANY_IDS.
    """
    if len(ids) > MAX_NODES:
        raise BadRequest("TOO_MANY_IDS", f"At most {MAX_NODES} ids.")


async def load_nodes(scope: Scope, ids: Sequence[str]) -> list[Any]:
    """A node for each id, in order; None where there is none.

    Raises:
        BadRequest: TOO_MANY_IDS.
    """
    require_few(ids)
    found: dict[str, Any] = {}
    for kind, load in _KINDS.items():
        wanted = [node_id for node_id in ids if kind_of(node_id) == kind]
        if wanted:
            found |= await load(scope, wanted)
    return [found.get(node_id) for node_id in ids]


class NodeLoader(DataLoader[str, Any]):
    """Nodes that are asked for one by one, loaded together."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        super().__init__(self._load, max_batch_size=MAX_NODES, cache=False)

    async def _load(self, ids: Sequence[str]) -> list[Any]:
        return await load_nodes(self._scope, ids)
