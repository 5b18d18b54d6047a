"""Both Bolt clients say and do the same, on every engine: rows, what is undone, what fails, and when."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest
from neo4j.exceptions import ClientError, Neo4jError

from graph_api.engine.chosen import Bolt, ChosenClient
from graph_api.engine.clients import Client, ClientTransaction, Terms
from graph_api.engine.statements import Dialect
from graph_api.kernel.flights import together
from tests.api import Installation

READ = Terms(20.0)
WRITE = Terms(20.0, newest=True)
CREATE = "CREATE (n:Probe {key: $key, value: $value}) RETURN n.value AS value"
FOUND = "MATCH (n:Probe {key: $key}) RETURN n.value AS value ORDER BY value"


@pytest.fixture(params=Bolt)
async def client(request: pytest.FixtureRequest, installation: Installation) -> AsyncIterator[Client]:
    """Each of them, with one connection, so that what one caller leaves meets the next."""
    address = await installation.database._locator.locate()
    made = ChosenClient(address, request.param, pool_size=1, wait=20.0)
    yield made
    assert made.name == request.param.value
    await made.close()


@pytest.fixture
async def key(client: Client) -> AsyncIterator[str]:
    """What a test's nodes are found by; they go with it."""
    made = secrets.token_hex(8)
    yield made
    await client.write(lambda tx: tx.run("MATCH (n:Probe {key: $key}) DELETE n", {"key": made}), WRITE)


async def values(client: Client, key: str) -> list[Any]:
    return [row["value"] for row in await client.read(FOUND, {"key": key}, READ)]


async def test_rows_come_by_name_with_every_kind_of_value(client: Client) -> None:
    sent = {"text": "Zoë \U0001f9e0", "list": [1, 2.5, None, True, "x" * 70_000], "map": {"a": {"b": [False]}}}
    text = "UNWIND range(1, 3) AS number RETURN number, $text AS text, $list AS list, $map AS map"
    found = await client.read(text, sent, READ)
    assert found == [{"number": number, **sent} for number in (1, 2, 3)]
    assert await client.read("MATCH (n:Probe {key: $key}) RETURN n.value AS value", {"key": "none"}, READ) == []


async def test_what_is_put_off_is_seen_by_what_comes_after_it(client: Client, key: str) -> None:
    async def work(transaction: ClientTransaction) -> list[Any]:
        transaction.later(CREATE, {"key": key, "value": 1})
        seen = [[row["value"] for row in await transaction.run(FOUND, {"key": key})]]
        transaction.later(CREATE, {"key": key, "value": 2})
        transaction.later(CREATE, {"key": key, "value": 3})
        await transaction.flush()
        seen.append([row["value"] for row in await transaction.run(FOUND, {"key": key})])
        transaction.later(CREATE, {"key": key, "value": 4})
        return seen

    seen, bookmarks = await client.write(work, WRITE)
    assert seen == [[1], [1, 2, 3]]
    assert len(bookmarks) == 1
    assert await values(client, key) == [1, 2, 3, 4]


@pytest.mark.parametrize("at", ["run", "flush", "commit"])
async def test_rows_of_what_is_put_off_are_taken_before_anything_after_it(client: Client, key: str, at: str) -> None:
    taken: list[Any] = []

    async def work(transaction: ClientTransaction) -> None:
        for value in (1, 2):
            transaction.later(CREATE, {"key": key, "value": value}, taken.extend)
        if at == "run":
            await transaction.run(FOUND, {"key": key})
        elif at == "flush":
            await transaction.flush()
        assert taken == ([] if at == "commit" else [{"value": 1}, {"value": 2}])

    await client.write(work, WRITE)
    assert taken == [{"value": 1}, {"value": 2}]
    assert await values(client, key) == [1, 2]


@pytest.mark.parametrize("at", ["run", "flush", "commit"])
async def test_whoever_takes_the_rows_may_undo_it_all(client: Client, key: str, at: str) -> None:
    def refuse(_rows: list[dict[str, Any]]) -> None:
        raise KeyError

    async def work(transaction: ClientTransaction) -> None:
        transaction.later(CREATE, {"key": key, "value": 1}, refuse)
        if at == "run":
            await transaction.run(FOUND, {"key": key})
        elif at == "flush":
            await transaction.flush()

    for _ in range(3):
        with pytest.raises(KeyError):
            await client.write(work, WRITE)
        assert await values(client, key) == []


async def test_what_is_sent_together_runs_in_its_order_and_each_has_its_own_rows(client: Client, key: str) -> None:
    async def made_and_found(transaction: ClientTransaction, value: int) -> list[Any]:
        transaction.later(CREATE, {"key": key, "value": value})
        return [row["value"] for row in await transaction.run(FOUND, {"key": key})]

    async def work(transaction: ClientTransaction) -> tuple[Any, ...]:
        return await together(*(made_and_found(transaction, value) for value in range(5)))

    for _ in range(3):
        assert (await client.write(work, WRITE))[0] == tuple(list(range(value + 1)) for value in range(5))
        await client.write(lambda tx: tx.run("MATCH (n:Probe {key: $key}) DELETE n", {"key": key}), WRITE)


@pytest.mark.parametrize("fails", range(4))
async def test_of_what_is_sent_together_one_failure_undoes_all(client: Client, key: str, fails: int) -> None:
    """And the connection is as new for whoever is next."""

    async def one(transaction: ClientTransaction, number: int) -> None:
        transaction.later(CREATE, {"key": key, "value": number})
        await transaction.run("RETURN 1 / $by AS x" if number == fails else FOUND, {"key": key, "by": 0})

    async def work(transaction: ClientTransaction) -> None:
        await together(*(one(transaction, number) for number in range(4)))

    for _ in range(3):
        with pytest.raises(ClientError):
            await client.write(work, WRITE)
        assert await values(client, key) == []


async def test_of_what_is_sent_together_the_failure_is_told_whoever_is_asked_first(client: Client, key: str) -> None:
    """The one that failed went ahead of the one whose answer is looked at first."""

    async def second(transaction: ClientTransaction) -> None:
        await asyncio.sleep(0)
        await transaction.run(FOUND, {"key": key})

    async def first(transaction: ClientTransaction) -> None:
        await transaction.run("RETURN 1 / $by AS x", {"by": 0})

    async def work(transaction: ClientTransaction) -> None:
        await together(second(transaction), first(transaction))

    with pytest.raises(ClientError):
        await client.write(work, WRITE)


async def test_of_what_is_sent_together_a_refusal_undoes_all(client: Client, key: str) -> None:
    """The refusal is ours, so others are still under way."""

    async def refused(transaction: ClientTransaction) -> None:
        await transaction.run(CREATE, {"key": key, "value": 1})
        raise KeyError

    async def slow(transaction: ClientTransaction) -> None:
        await transaction.run("UNWIND range(1, 300000) AS n RETURN count(n % 7) AS found", {})

    async def work(transaction: ClientTransaction) -> None:
        await together(refused(transaction), slow(transaction), slow(transaction))

    for _ in range(3):
        with pytest.raises(KeyError):
            await client.write(work, WRITE)
        assert await values(client, key) == []


@pytest.mark.parametrize("place", ["run", "flush", "commit", "raise"])
async def test_nothing_is_left_of_what_failed(client: Client, key: str, place: str) -> None:
    """And the connection is as new for whoever is next."""

    async def work(transaction: ClientTransaction) -> None:
        transaction.later(CREATE, {"key": key, "value": 1})
        await transaction.run(CREATE, {"key": key, "value": 2})
        if place == "raise":
            transaction.later(CREATE, {"key": key, "value": 3})
            raise KeyError
        transaction.later("RETURN 1 / $nought AS x", {"nought": 0})
        transaction.later(CREATE, {"key": key, "value": 3})
        if place == "run":
            await transaction.run(FOUND, {"key": key})
        if place == "flush":
            await transaction.flush()

    for _ in range(3):
        with pytest.raises(KeyError if place == "raise" else ClientError):
            await client.write(work, WRITE)
        assert await values(client, key) == []


async def test_a_statement_that_fails_says_the_code_whichever_client_asks(client: Client) -> None:
    with pytest.raises(Neo4jError) as caught:
        await client.read("THIS IS NO CYPHER", {}, READ)
    assert caught.value.code == "Neo.ClientError.Statement.SyntaxError"
    assert await client.read("RETURN 1 AS one", {}, READ) == [{"one": 1}]


async def test_bookmarks_are_taken_back(client: Client, installation: Installation, key: str) -> None:
    async def work(transaction: ClientTransaction) -> None:
        transaction.later(CREATE, {"key": key, "value": 1})

    _, bookmarks = await client.write(work, WRITE)
    if installation.database.dialect is Dialect.ARCADEDB:
        return  # its bookmarks mean nothing, and none are sent back
    after = Terms(20.0, bookmarks, 5.0)
    assert await client.read(FOUND, {"key": key}, after) == [{"value": 1}]
    await client.write(work, Terms(20.0, bookmarks, 5.0, newest=True))
    assert await values(client, key) == [1, 1]
