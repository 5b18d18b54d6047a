"""Loads of edges: what is asked for in one turn of the event loop is loaded together.

Nothing is kept: in one request a mutation may follow another, and must see what the first changed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import TypeVar

from strawberry.dataloader import DataLoader

from graph_api.kernel.scope import Scope
from graph_api.network.model import Contact
from graph_api.network.reading import Reading
from graph_api.network.records import WHOLE_EDGE, WHOLE_NETWORK
from graph_api.network.requests import NetworkRequest, NetworkRow

Request = TypeVar("Request", bound=Hashable)
Row = TypeVar("Row")


async def by_request(
    keys: Sequence[tuple[Request, str]], load: Callable[[Request, Sequence[str]], Awaitable[Mapping[str, Row]]]
) -> list[Row | Exception | None]:
    """A row for each request and id, one load for each request; where a load failed, only who asked for it hears."""
    requests = list(dict.fromkeys(request for request, _ in keys))
    loads = [load(request, [row_id for asked, row_id in keys if asked == request]) for request in requests]
    loaded = dict(zip(requests, await asyncio.gather(*loads, return_exceptions=True), strict=True))
    return [_of(loaded[request], row_id) for request, row_id in keys]


def _of(loaded: Mapping[str, Row] | BaseException, row_id: str) -> Row | Exception | None:
    if isinstance(loaded, Exception):
        return loaded
    if isinstance(loaded, BaseException):
        raise loaded
    return loaded.get(row_id)


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
