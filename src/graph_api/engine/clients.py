"""How statements reach the database: what every Bolt client here can do, whichever of them is used."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from graph_api.engine.errors import Unavailable
from graph_api.engine.statements import Dialect

T = TypeVar("T")
Row = dict[str, Any]
Take = Callable[[list[Row]], None]
"""What is done with the rows of a statement that nobody waits for."""

CONNECT_WITHIN = 5.0
"""Seconds, of every client."""
LOOKED_AT_AFTER = 60.0
"""Seconds a connection may rest before it is tried, ahead of its use."""
NOT_ARRIVED = "Your last change has not arrived here yet. Try again."


@dataclass(frozen=True, slots=True)
class Address:
    """Where the database is and how to sign in; the password is not shown."""

    uri: str
    user: str | None
    password: str | None = field(repr=False)
    database: str | None
    dialect: Dialect


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a statement or a transaction is run."""

    timeout: float
    """Seconds after which the database ends it."""
    bookmarks: frozenset[str] = frozenset()
    """What it must have seen before."""
    arrival: float = 2.0
    """Seconds in which it must have seen them."""
    newest: bool = False
    """Whether it goes to the server that writes."""


class ClientTransaction(Protocol):
    """Statements of one write transaction."""

    async def run(self, text: str, params: Mapping[str, Any]) -> list[Row]:
        """One statement; all its rows."""

    def later(self, text: str, params: Mapping[str, Any], take: Take | None = None) -> None:
        """One that nobody waits for: it goes with the next one or with the commit, and so does its error.

        `take` is given its rows before the next one has its own.
        """

    async def flush(self) -> None:
        """Run those that were put off."""


class Client(Protocol):
    """Connections to one database. Errors are those of `neo4j.exceptions`, whichever client it is."""

    @property
    def name(self) -> str:
        """As GRAPH_API_BOLT calls it."""

    async def read(self, text: str, params: Mapping[str, Any], terms: Terms) -> list[Row]:
        """One statement in a transaction of its own; all its rows.

        Raises:
            Unavailable: the database did not see the bookmarks in time.
        """

    async def write(self, work: Callable[[ClientTransaction], Awaitable[T]], terms: Terms) -> tuple[T, frozenset[str]]:
        """What `work` answers once it is committed, and the bookmarks of it; a raise rolls back.

        Raises:
            Unavailable: the database did not see the bookmarks in time.
            IncompleteCommit: the connection was lost while it was committed.
        """

    async def close(self) -> None:
        """Close every connection."""


@asynccontextmanager
async def arriving(terms: Terms) -> AsyncIterator[None]:
    """Waits for the database to have seen the bookmarks, where there are any.

    Raises:
        Unavailable: it did not in time.
    """
    try:
        async with asyncio.timeout(terms.arrival if terms.bookmarks else None):
            yield
    except TimeoutError:
        raise Unavailable(NOT_ARRIVED) from None
