"""Which client is used: the lean one where it can be, the driver where it can't, and where somebody chose it."""

from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from graph_api.engine.clients import Address, Client, ClientTransaction, Row, Terms
from graph_api.engine.lean.client import LeanClient
from graph_api.engine.lean.connection import OtherBolt
from graph_api.engine.official import OfficialClient

T = TypeVar("T")
ONE_SERVER = frozenset({"bolt", "bolt+s", "bolt+ssc"})


class Bolt(Enum):
    """The clients, as GRAPH_API_BOLT names them."""

    LEAN = "lean"
    OFFICIAL = "official"


class ChosenClient:
    """Both clients of one address; the driver is made when it is first needed."""

    def __init__(self, address: Address, bolt: Bolt, *, pool_size: int, wait: float) -> None:
        """`wait` is how many seconds a caller waits for a connection of the pool."""
        self._address = address
        self._pool_size = pool_size
        self._wait = wait
        self._official: OfficialClient | None = None
        lean = bolt is Bolt.LEAN and urlsplit(address.uri).scheme in ONE_SERVER
        self._lean = LeanClient(address, pool_size=pool_size, wait=wait) if lean else None

    @property
    def official(self) -> OfficialClient:
        """The driver."""
        if self._official is None:
            self._official = OfficialClient(self._address, pool_size=self._pool_size, wait=self._wait)
        return self._official

    @property
    def name(self) -> str:
        """Of the client in use."""
        return self._client.name

    @property
    def _client(self) -> Client:
        return self._lean or self.official

    async def read(self, text: str, params: Mapping[str, Any], said: Terms) -> list[Row]:
        """One statement in a transaction of its own; all its rows."""
        try:
            return await self._client.read(text, params, said)
        except OtherBolt:
            await self._leave_lean()
            return await self.official.read(text, params, said)

    async def write(self, work: Callable[[ClientTransaction], Awaitable[T]], said: Terms) -> tuple[T, frozenset[str]]:
        """What `work` answers once it is committed, and the bookmarks of it; a raise rolls back."""
        try:
            return await self._client.write(work, said)
        except OtherBolt:  # it is told before anything is sent
            await self._leave_lean()
            return await self.official.write(work, said)

    async def close(self) -> None:
        """Close every connection."""
        for client in (self._lean, self._official):
            if client is not None:
                await client.close()

    async def _leave_lean(self) -> None:
        lean, self._lean = self._lean, None
        if lean is not None:
            await lean.close()
