"""What resolvers of one request share: who asks, the services, and loaders that gather a level into one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import strawberry
from strawberry.dataloader import DataLoader

from graph_api.domain.model import Caller, Contact
from graph_api.services.contacts import ContactService
from graph_api.services.people import PersonService
from graph_api.services.ports import NetworkPage, NetworkRequest
from graph_api.services.reading import ReadingService
from graph_api.services.search import SearchService

NetworkKey = tuple[NetworkRequest, str]
PairKey = tuple[str, str]


class Loaders:
    """One per request: what is asked for in one turn of the event loop is loaded together.

    Nothing is kept: in one request a mutation may follow another, and must see what the first changed.
    """

    def __init__(self, reading: ReadingService) -> None:
        self._reading = reading
        self.networks = DataLoader[NetworkKey, NetworkPage | None](self._load_networks, cache=False)
        self.between = DataLoader[PairKey, Contact | None](self._load_between, cache=False)
        self.nodes = DataLoader[str, Any](self._load_nodes, max_batch_size=100, cache=False)

    async def _load_networks(self, keys: Sequence[NetworkKey]) -> list[NetworkPage | None]:
        requests = dict.fromkeys(request for request, _ in keys)
        loaded = {
            request: await self._reading.networks(request, [person for asked, person in keys if asked == request])
            for request in requests
        }
        return [loaded[request].get(person) for request, person in keys]

    async def _load_between(self, keys: Sequence[PairKey]) -> list[Contact | None]:
        found = await self._reading.between(keys)
        return [found.get(key) for key in keys]

    async def _load_nodes(self, ids: Sequence[str]) -> list[Any]:
        return list(await self._reading.nodes(ids))


@dataclass(frozen=True)
class Context:
    """One request's context."""

    caller: Caller
    reading: ReadingService
    search: SearchService
    people: PersonService
    contacts: ContactService
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "loaders", Loaders(self.reading))


Info = strawberry.Info[Context, None]
