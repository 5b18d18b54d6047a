"""Locks go along with what is read under them, on every engine; nothing is dated before they are held."""

from datetime import UTC, datetime

import pytest

from graph_api.engine.session import GraphSession
from graph_api.engine.statements import StatementError
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


async def test_only_locks_are_asked_for_like_locks(installation: Installation, api: Api) -> None:
    graph = Graph(GraphSession(installation.database), api.practice.id, datetime.now(UTC).date())

    async def read(tx: Transaction) -> None:
        tx.lock("settings/read", practice=api.practice.id)

    with pytest.raises(StatementError):
        await graph.write(read)
