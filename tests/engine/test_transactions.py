"""Locks go along with what is read under them, on every engine; nothing is dated before they are held."""

import asyncio
from datetime import UTC, datetime

import pytest

from graph_api.engine.session import GraphSession
from graph_api.engine.statements import Dialect, StatementError
from graph_api.kernel.flights import together
from graph_api.kernel.graph import Graph
from graph_api.kernel.transaction import Transaction
from graph_api.people.graph.writes import PersonWrites
from tests.api import Api, Installation


async def test_nothing_is_dated_before_the_locks_that_were_asked_for_are_held(
    installation: Installation, api: Api
) -> None:
    client: str = (await api.client())["id"]
    graph = Graph(GraphSession(installation.database), api.practice.id, datetime.now(UTC).date())

    async def too_early(tx: Transaction) -> None:
        await tx[PersonWrites].lock(client)
        with pytest.raises(RuntimeError):
            tx.stamp()
        await tx.hold()
        assert tx.stamp() > tx.stamps.now()

    await graph.write(too_early)

    async def with_what_is_read(tx: Transaction) -> None:
        await tx[PersonWrites].lock(client)
        (person,) = (await tx[PersonWrites].by_ids(client)).values()
        assert person.updated_at is not None
        assert tx.stamp() > person.updated_at

    await graph.write(with_what_is_read)


async def test_locks_that_another_statement_carries_are_waited_for(installation: Installation, api: Api) -> None:
    """What starts together must not take them for held because they were sent."""
    client: str = (await api.client())["id"]
    locked, go = asyncio.Event(), asyncio.Event()
    early: list[bool] = []

    def graph() -> Graph:
        return Graph(GraphSession(installation.database), api.practice.id, datetime.now(UTC).date())

    async def holds(tx: Transaction) -> None:
        await tx[PersonWrites].lock(client)
        await tx.hold()
        locked.set()
        await go.wait()

    async def work(tx: Transaction) -> None:
        async def waits() -> None:
            with pytest.raises(RuntimeError):
                tx.stamp()
            asyncio.get_running_loop().call_later(0.1, go.set)
            await tx.hold()
            tx.stamp()
            early.append(not go.is_set())

        await tx[PersonWrites].lock(client)
        await together(tx[PersonWrites].by_ids(client), waits())

    holding = asyncio.create_task(graph().write(holds))
    await locked.wait()
    try:
        await graph().write(work)
    finally:
        go.set()
        await holding
    if installation.database.dialect is Dialect.NEO4J:  # on the embedded engine nobody waits for a lock
        assert not any(early)


async def test_only_locks_are_asked_for_like_locks(installation: Installation, api: Api) -> None:
    graph = Graph(GraphSession(installation.database), api.practice.id, datetime.now(UTC).date())

    async def read(tx: Transaction) -> None:
        tx.lock("practices/settings/read", practice=api.practice.id)

    with pytest.raises(StatementError):
        await graph.write(read)
