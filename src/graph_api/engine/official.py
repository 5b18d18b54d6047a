"""The driver `neo4j`: for addresses that route (`neo4j://`), for commands, and where the lean client can't speak."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeVar

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from graph_api.engine.clients import (
    CONNECT_WITHIN,
    LOOKED_AT_AFTER,
    Address,
    ClientTransaction,
    Row,
    Take,
    Terms,
    arriving,
)

T = TypeVar("T")


class OfficialTransaction:
    """A transaction of the driver's, as clients give it."""

    def __init__(self, transaction: neo4j.AsyncManagedTransaction | neo4j.AsyncTransaction) -> None:
        self._transaction = transaction
        self._later: list[tuple[str, Mapping[str, Any], Take | None]] = []
        self._turn = asyncio.Lock()  # the driver's transaction takes one statement at a time
        self._failure: Exception | None = None

    async def run(self, text: str, params: Mapping[str, Any]) -> list[Row]:
        """One statement; all its rows."""
        waiting, self._later = self._later, []
        async with self._turn:
            await self._run_all(waiting)
            return await self._rows(text, params)

    def later(self, text: str, params: Mapping[str, Any], take: Take | None = None) -> None:
        """One that nobody waits for."""
        self._later.append((text, params, take))

    async def flush(self) -> None:
        """Run those that were put off."""
        waiting, self._later = self._later, []
        async with self._turn:
            await self._run_all(waiting)

    async def _run_all(self, waiting: Iterable[tuple[str, Mapping[str, Any], Take | None]]) -> None:
        for text, params, take in waiting:
            rows = await self._rows(text, params)
            if take is not None:
                take(rows)

    async def _rows(self, text: str, params: Mapping[str, Any]) -> list[Row]:
        """What fails after a failure has the same reason; the driver would say no more than that it failed."""
        if self._failure is not None:
            raise self._failure
        try:
            result = await self._transaction.run(text, dict(params))
            return [dict(record) async for record in result]
        except (Neo4jError, DriverError) as error:
            self._failure = error
            raise


class OfficialClient:
    """The driver as one of our clients."""

    name = "official"

    def __init__(self, address: Address, *, pool_size: int, wait: float) -> None:
        """`wait` is how many seconds a caller waits for a connection of the pool."""
        auth = None if address.user is None else (address.user, address.password or "")
        self._database = address.database
        self._driver = neo4j.AsyncGraphDatabase.driver(
            address.uri,
            auth=auth,
            max_connection_pool_size=pool_size,
            connection_acquisition_timeout=wait,
            connection_timeout=CONNECT_WITHIN,
            liveness_check_timeout=LOOKED_AT_AFTER,
            max_transaction_retry_time=0,  # a session runs a transaction again itself
            notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
            user_agent="graph-api",
            telemetry_disabled=True,
        )

    def session(self, *, write: bool, bookmarks: Iterable[str] = ()) -> neo4j.AsyncSession:
        """A session of the driver's; reads go to readers."""
        return self._driver.session(
            database=self._database,
            default_access_mode=neo4j.WRITE_ACCESS if write else neo4j.READ_ACCESS,
            bookmarks=neo4j.Bookmarks.from_raw_values(bookmarks),
            fetch_size=2_000,
        )

    async def read(self, text: str, params: Mapping[str, Any], terms: Terms) -> list[Row]:
        """One statement in a transaction of its own; all its rows."""
        query = neo4j.Query(text, timeout=terms.timeout)
        async with self.session(write=terms.newest, bookmarks=terms.bookmarks) as session:
            async with arriving(terms):
                result = await session.run(query, dict(params))
            return [dict(record) async for record in result]

    async def write(self, work: Callable[[ClientTransaction], Awaitable[T]], terms: Terms) -> tuple[T, frozenset[str]]:
        """What `work` answers once it is committed, and the bookmarks of it."""

        async def whole(given: neo4j.AsyncManagedTransaction | neo4j.AsyncTransaction) -> T:
            transaction = OfficialTransaction(given)
            answer = await work(transaction)
            await transaction.flush()
            return answer

        async with self.session(write=True, bookmarks=terms.bookmarks) as session:
            if terms.bookmarks:
                async with arriving(terms):
                    begun = await session.begin_transaction(timeout=terms.timeout)
                async with begun as transaction:
                    answer = await whole(transaction)
                    await transaction.commit()
            else:  # the begin goes along with the first statement
                answer = await session.execute_write(neo4j.unit_of_work(timeout=terms.timeout)(whole))
            return answer, frozenset((await session.last_bookmarks()).raw_values)

    async def close(self) -> None:
        """Close every connection."""
        await self._driver.close()
