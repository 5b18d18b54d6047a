"""Waiting, for a connection, for bookmarks and for a server that is silent, has an end; so does a client."""

import asyncio
from collections.abc import Sequence

import pytest
from neo4j.exceptions import ConnectionPoolError, Neo4jError, ServiceUnavailable

from graph_api.engine.clients import Terms
from graph_api.engine.errors import Unavailable
from tests.engine.lean.server import Message, bolt_server, failure
from tests.engine.lean.test_lean_faults import READ, WITHIN, three


async def test_whoever_waits_too_long_for_a_connection_is_told() -> None:
    async with bolt_server(pause=0.2) as server:
        client = server.client(pool_size=1, wait=0.1)
        first = asyncio.create_task(client.read("RETURN $x AS x", {"x": 1}, READ))
        await asyncio.sleep(0.05)
        with pytest.raises(ConnectionPoolError):
            await client.read("RETURN $x AS x", {"x": 2}, READ)
        assert await first == [{"x": 1}]
        await client.close()


async def test_a_sign_in_that_has_run_out_is_made_anew() -> None:
    def spoil(asked: str, answers: list[Message]) -> Sequence[Message]:
        is_first = asked == "RUN" and server.asked.count("RUN") == 1
        return [failure("Neo.ClientError.Security.AuthorizationExpired")] if is_first else answers

    async with bolt_server(spoil=spoil) as server:
        client = server.client(pool_size=1)
        with pytest.raises(Neo4jError, match="AuthorizationExpired"):
            await client.read("R", {"x": 1}, READ)
        assert await client.read("R", {"x": 2}, READ) == [{"x": 2}]
        assert server.connections == 2
        await client.close()


async def test_nothing_is_asked_of_a_client_that_was_closed() -> None:
    async with bolt_server() as server:
        client = server.client()
        assert await client.read("R", {"x": 1}, READ) == [{"x": 1}]
        await client.close()
        with pytest.raises(ServiceUnavailable):
            await client.read("R", {"x": 2}, READ)


async def test_bookmarks_that_are_not_reached_in_time() -> None:
    behind = ["BEGIN", "RUN", "PULL"]

    def spoil(asked: str, answers: list[Message]) -> Sequence[Message]:
        return [] if asked in behind else answers

    terms = Terms(5.0, frozenset({"b:9"}), 0.05, newest=True)
    async with bolt_server(spoil=spoil) as server:
        client = server.client(pool_size=1)
        for asked in (client.read("R", {"x": 1}, terms), client.write(three, terms)):
            with pytest.raises(Unavailable, match="has not arrived"):
                await asked
        behind.clear()
        assert await client.read("R", {"x": 1}, terms) == [{"x": 1}]
        assert (await client.write(three, terms))[0] == [1, 3]
        assert server.terms[-5]["bookmarks"] == ["b:9"]
        await client.close()


async def test_a_server_that_is_silent_for_longer_than_it_says_is_left() -> None:
    def spoil(asked: str, answers: list[Message]) -> Sequence[Message]:
        return [] if asked == "PULL" else answers

    async with bolt_server(spoil=spoil, hints={"connection.recv_timeout_seconds": 1}) as server:
        client = server.client()
        async with asyncio.timeout(WITHIN):
            with pytest.raises(ServiceUnavailable):
                await client.read("RETURN $x AS x", {"x": 1}, Terms(60.0))
        await client.close()


async def test_nobody_listens() -> None:
    async with bolt_server() as server:
        client = server.client()
    with pytest.raises(ServiceUnavailable):
        await client.read("RETURN 1", {}, READ)
    await client.close()
