"""Loads of edges: what is asked for in one turn of the event loop is loaded together.

Nothing is kept: in one request a mutation may follow another, and must see what the first changed.
"""

from collections.abc import Mapping, Sequence

from strawberry.dataloader import DataLoader

from graph_api.kernel.scope import Scope
from graph_api.network.model import Contact
from graph_api.network.ports import NetworkRequest, NetworkRow
from graph_api.network.reading import Reading
from graph_api.network.records import WHOLE_EDGE, WHOLE_NETWORK
from graph_api.shapes.loading import by_request


class NetworkLoader(DataLoader[tuple[NetworkRequest, str], NetworkRow | None]):
    """Pages of networks."""

    def __init__(self, scope: Scope) -> None:
        self._reading = scope[Reading]
        super().__init__(self._load, cache=False)

    async def _load(self, keys: Sequence[tuple[NetworkRequest, str]]) -> list[NetworkRow | Exception | None]:
        return await by_request(keys, self._page)

    async def _page(self, request: NetworkRequest, person_ids: Sequence[str]) -> Mapping[str, NetworkRow]:
        return await self._reading.networks(request, person_ids, WHOLE_NETWORK)


class BetweenLoader(DataLoader[tuple[str, str], Contact | None]):
    """Current edges by (client id, contact's person id)."""

    def __init__(self, scope: Scope) -> None:
        self._reading = scope[Reading]
        super().__init__(self._load, cache=False)

    async def _load(self, keys: Sequence[tuple[str, str]]) -> list[Contact | None]:
        found = await self._reading.between(keys, WHOLE_EDGE)
        return [None if (edge := found.get(key)) is None else self._reading.contact_model(edge) for key in keys]
