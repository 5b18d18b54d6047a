"""What is asked of the graph about people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from graph_api.kernel.paging import PageRequest
from graph_api.kernel.records import Record
from graph_api.network.ports import NetworkRequest, NetworkRow, SearchAnchor, SearchHit, SearchRequest
from graph_api.network.records import NetworkProperties
from graph_api.people.model import ClientStatus, ExternalId


class PersonReads(Protocol):
    """Reading people of one practice, as records of the properties asked for."""

    async def records(self, ids: Sequence[str], properties: Sequence[str]) -> Mapping[str, Record]:
        """Those that exist, by id; others of the practice may be among them."""

    async def by_external_id(self, external_id: ExternalId, properties: Sequence[str]) -> Record | None:
        """Whom it names."""

    async def clients(
        self, statuses: Iterable[ClientStatus], page: PageRequest, properties: Sequence[str]
    ) -> Sequence[Record]:
        """At most `size` + 1 clients, in the order of the direction asked for."""

    async def clients_with_networks(
        self, statuses: Iterable[ClientStatus], page: PageRequest, request: NetworkRequest, wanted: NetworkProperties
    ) -> Sequence[NetworkRow]:
        """As `clients`, forwards, each with the first page of a network; in the same statement."""

    async def clients_total(self, statuses: Iterable[ClientStatus]) -> int:
        """How many there are."""

    async def search(self, anchor: SearchAnchor, request: SearchRequest, limit: int) -> Sequence[SearchHit]:
        """People the anchor finds, unranked."""
