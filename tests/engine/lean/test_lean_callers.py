"""Callers who follow each other on a connection, or wait for one: each gets what is theirs alone."""

import asyncio
import gc
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from neo4j.exceptions import ConnectionPoolError, ServiceUnavailable, TransientError

from graph_api.engine.clients import ClientTransaction, Terms
from graph_api.engine.errors import Unavailable
from tests.engine.lean.server import Message, bolt_server, failure
from tests.engine.lean.test_lean_faults import READ, WITHIN, WRITE

BEHIND = Terms(5.0, frozenset({"b:9"}), 0.05, newest=True)


@pytest.fixture
async def unheard() -> AsyncIterator[list[str]]:
    """What asyncio tells of errors that nobody took; there must be none in the end."""
    told: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: told.append(str(context["message"])))
    yield told
    gc.collect()
    await asyncio.sleep(0)
    loop.set_exception_handler(None)
    assert told == []


async def test_what_is_put_off_before_the_first_statement_is_not_taken_for_it(unheard: list[str]) -> None:
    async def work(transaction: ClientTransaction) -> list[dict[str, Any]]:
        transaction.later("A", {"x": "put off"})
        return await transaction.run("B", {"x": "mine"})

    async with bolt_server() as server:
        client = server.client(pool_size=1)
        for terms in (WRITE, BEHIND):
            found, bookmarks = await client.write(work, terms)
            assert found == [{"x": "mine"}]
            assert bookmarks == {"b:1"}
        await client.close()


@pytest.mark.parametrize("flushes", [True, False])
async def test_a_write_that_only_puts_off_waits_for_its_bookmarks_no_longer_than_others(
    unheard: list[str], flushes: bool
) -> None:
    async def work(transaction: ClientTransaction) -> None:
        transaction.later("A", {"x": 1})
        if flushes:
            await transaction.flush()

    def spoil(asked: str, answers: list[Message]) -> Sequence[Message]:
        return [] if asked in ("BEGIN", "RUN", "PULL", "COMMIT") else answers

    async with bolt_server(spoil=spoil) as server:
        client = server.client(pool_size=1)
        async with asyncio.timeout(WITHIN):
            with pytest.raises(Unavailable, match="has not arrived"):
                await client.write(work, BEHIND)
        assert "COMMIT" not in server.asked
        await client.close()


async def test_a_read_that_waits_for_bookmarks_in_vain_leaves_nothing(unheard: list[str]) -> None:
    async with bolt_server(spoil=lambda asked, answers: [] if asked in ("RUN", "PULL") else answers) as server:
        client = server.client(pool_size=1)
        with pytest.raises(Unavailable):
            await client.read("A", {"x": 1}, BEHIND)
        await client.close()


@pytest.mark.parametrize("ends", ["cut", "failure"])
async def test_nobody_is_told_what_the_caller_before_did_wrong(unheard: list[str], ends: str) -> None:
    """The connection is lost, or RESET fails, while it is made as new."""

    def spoil(asked: str, answers: list[Message]) -> Sequence[Message] | None:
        if asked != "RESET":
            return answers
        return None if ends == "cut" else [failure("Neo.ClientError.Transaction.InvalidBookmark")]

    async with bolt_server(spoil=spoil) as server:
        client = server.client(pool_size=1)
        with pytest.raises(TransientError):
            await client.read("FAIL", {}, READ)
        with pytest.raises(ServiceUnavailable):
            await client.read("A", {"x": 1}, READ)
        assert await client.read("A", {"x": 2}, READ) == [{"x": 2}]
        await client.close()


async def test_a_reset_that_fails_behind_a_caller_who_went_away_is_told_to_nobody(unheard: list[str]) -> None:
    def spoil(asked: str, answers: list[Message]) -> Sequence[Message]:
        if asked == "RESET":
            return [failure("Neo.ClientError.Transaction.Terminated")]
        return [] if asked == "PULL" and server.connections == 1 else answers

    async with bolt_server(spoil=spoil) as server:
        client = server.client(pool_size=1)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await client.read("A", {"x": 1}, READ)
        async with asyncio.timeout(WITHIN):
            assert await client.read("A", {"x": 2}, READ) == [{"x": 2}]
        await client.close()


async def test_whoever_waits_is_next_however_often_another_asks(unheard: list[str]) -> None:
    async with bolt_server() as server:
        client = server.client(pool_size=1, wait=2.0)

        async def again_and_again() -> None:
            while True:
                await client.read("A", {"x": 1}, READ)

        greedy = asyncio.create_task(again_and_again())
        await asyncio.sleep(0.05)
        async with asyncio.timeout(WITHIN):
            assert await client.read("A", {"x": 2}, READ) == [{"x": 2}]
        greedy.cancel()
        await client.close()


async def test_whoever_waits_is_told_when_the_client_is_closed(unheard: list[str]) -> None:
    async with bolt_server(spoil=lambda asked, answers: [] if asked == "PULL" else answers) as server:
        client = server.client(pool_size=1, wait=60.0)
        asked = [asyncio.create_task(client.read("A", {"x": x}, READ)) for x in range(4)]
        await asyncio.sleep(0.05)
        await client.close()
        async with asyncio.timeout(WITHIN):
            told = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(error) for error in told] == [ServiceUnavailable] * 4
        assert ConnectionPoolError not in map(type, told)


async def test_a_write_that_runs_nothing_keeps_its_bookmarks(unheard: list[str]) -> None:
    async def nothing(_: ClientTransaction) -> None:
        return None

    async with bolt_server() as server:
        client = server.client()
        assert (await client.write(nothing, BEHIND))[1] == {"b:9"}
        await client.close()


async def test_a_transaction_that_is_over_sends_nothing(unheard: list[str]) -> None:
    kept: list[ClientTransaction] = []

    async def work(transaction: ClientTransaction) -> None:
        kept.append(transaction)
        await transaction.run("A", {"x": 1})

    async with bolt_server() as server:
        client = server.client()
        await client.write(work, WRITE)
        before = len(server.asked)
        with pytest.raises(RuntimeError, match="over"):
            await kept[0].run("B", {"x": 2})
        assert len(server.asked) == before
        await client.close()
