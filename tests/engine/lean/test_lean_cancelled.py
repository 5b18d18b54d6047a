"""A caller who goes away, at any await: what was begun is ended, and the connection is nobody's until it is as new."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest

from graph_api.engine.clients import Terms
from graph_api.engine.lean import pool
from tests.engine.lean.server import Message, bolt_server
from tests.engine.lean.test_lean_faults import READ, WITHIN, WRITE, three

TURNS = 120


async def gone(task: "asyncio.Task[Any]") -> bool:
    """Whether it was cancelled, and not just done before."""
    with suppress(asyncio.CancelledError):
        await task
        return False
    return True


@pytest.mark.parametrize("asked", ["read", "write"])
async def test_cancelled_after_any_turn_of_the_loop(asked: str) -> None:
    cancelled = 0
    async with bolt_server() as server:
        client = server.client(pool_size=1)
        for turns in range(TURNS):
            task: asyncio.Task[Any] = asyncio.create_task(
                client.read("R", {"x": 1}, READ) if asked == "read" else client.write(three, WRITE)
            )
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            cancelled += await gone(task)
            async with asyncio.timeout(WITHIN):
                assert await client.read("R", {"x": [turns]}, READ) == [{"x": [turns]}]
        await client.close()
    assert cancelled > 4


@pytest.mark.parametrize("name", ["HELLO", "LOGON", "BEGIN", "RUN", "PULL", "COMMIT"])
async def test_cancelled_when_the_server_has_a_message(name: str) -> None:
    """The one connection is given to the next caller after RESET was answered, or replaced."""
    tasks: list[asyncio.Task[Any]] = []

    def spoil(asked: str, answers: list[Message]) -> Sequence[Message]:
        if asked == name and len(server.asked) < 40 and tasks:
            tasks.pop().cancel()
        return answers

    async with bolt_server(spoil=spoil) as server:
        client = server.client(pool_size=1)
        tasks.append(asyncio.create_task(client.write(three, WRITE)))
        assert await gone(tasks[0])
        async with asyncio.timeout(WITHIN):
            assert await client.read("R", {"x": 5}, READ) == [{"x": 5}]
            assert (await client.write(three, WRITE))[0] == [1, 3]
        if name not in ("HELLO", "LOGON"):
            assert server.connections == 1
            assert "RESET" in server.asked
        await client.close()


async def test_one_who_waits_for_a_connection_leaves_it_to_the_next() -> None:
    async with bolt_server(pause=0.02) as server:
        client = server.client(pool_size=1)
        asked = [asyncio.create_task(client.read("R", {"x": x}, READ)) for x in range(6)]
        await asyncio.sleep(0.01)
        for number in (1, 3, 4):
            asked[number].cancel()
        async with asyncio.timeout(WITHIN):
            assert [await gone(task) for task in asked] == [False, True, False, True, True, False]
        assert asked[5].result() == [{"x": 5}]
        await client.close()


async def test_a_reset_that_is_not_answered_drops_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "RESET_WITHIN", 0.05)

    def spoil(asked: str, answers: list[Message]) -> Sequence[Message]:
        return [] if asked in ("PULL", "RESET") and server.connections == 1 else answers

    async with bolt_server(spoil=spoil) as server:
        client = server.client(pool_size=1)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await client.read("R", {"x": 1}, Terms(5.0))
        async with asyncio.timeout(WITHIN):
            assert await client.read("R", {"x": 2}, READ) == [{"x": 2}]
        assert server.connections == 2
        await client.close()


async def test_what_rested_long_is_tried_and_what_is_old_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    async with bolt_server() as server:
        client = server.client(pool_size=1)
        assert await client.read("R", {"x": 1}, READ) == [{"x": 1}]
        monkeypatch.setattr(pool, "LOOKED_AT_AFTER", -1.0)
        assert await client.read("R", {"x": 2}, READ) == [{"x": 2}]
        assert (server.connections, server.asked.count("RESET")) == (1, 1)
        monkeypatch.setattr(pool, "OLDEST", -1.0)
        assert await client.read("R", {"x": 3}, READ) == [{"x": 3}]
        assert server.connections == 2
        await client.close()


async def test_what_was_cut_while_it_rested_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LOOKED_AT_AFTER", -1.0)
    async with bolt_server() as server:
        client = server.client(pool_size=1)
        assert await client.read("R", {"x": 1}, READ) == [{"x": 1}]
        server.spoil = lambda asked, answers: None if asked == "RESET" else answers
        assert await client.read("R", {"x": 2}, READ) == [{"x": 2}]
        assert server.connections == 2
        await client.close()


async def test_closing_leaves_no_connection() -> None:
    async with bolt_server() as server:
        client = server.client()
        await asyncio.gather(*(client.read("R", {"x": x}, READ) for x in range(4)))
        assert server.open == 4
        await client.close()
        async with asyncio.timeout(WITHIN):
            while server.open:  # noqa: ASYNC110 - the server has no event for it
                await asyncio.sleep(0.01)
        assert server.asked[-1] == "GOODBYE"
