"""A server that fails at every place: the connection is dropped, nothing hangs, and nobody gets another's rows."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from neo4j.exceptions import IncompleteCommit, Neo4jError, ServiceUnavailable, TransientError

from graph_api.engine.clients import ClientTransaction, Terms
from graph_api.engine.lean.client import LeanClient
from graph_api.engine.lean.connection import OtherBolt
from tests.engine.lean.server import IGNORED, STRUCTURE, Message, bolt_server, failure, record, success

READ = Terms(5.0)
WRITE = Terms(5.0, newest=True)
WITHIN = 10.0
"""Seconds in which everything here must be over; nothing of it should take one."""
LONG = "x" * 70_000
MESSAGES = ["HELLO", "LOGON", "BEGIN", "RUN", "PULL", "COMMIT"]


async def three(transaction: ClientTransaction) -> list[Any]:
    """A transaction as mutations have it: one that is read, one that is not, one with the commit."""
    found = await transaction.run("RETURN $x AS x", {"x": 1})
    transaction.later("CREATE $x", {"x": 2})
    found += await transaction.run("RETURN $x AS x", {"x": 3})
    transaction.later("CREATE $x", {"x": 4})
    return [row["x"] for row in found]


async def outcome(client: LeanClient) -> Exception | None:
    """What becomes of a write; None where it was made."""
    try:
        async with asyncio.timeout(WITHIN):
            found, bookmarks = await client.write(three, WRITE)
    except (ServiceUnavailable, Neo4jError) as error:
        return error
    assert found == [1, 3]
    assert bookmarks == {"b:1"}
    return None


async def written(client: LeanClient, x: int) -> list[dict[str, Any]]:
    """What a transaction of one statement found."""

    async def work(transaction: ClientTransaction) -> list[dict[str, Any]]:
        return await transaction.run("A", {"x": x})

    return (await client.write(work, WRITE))[0]


async def test_all_of_a_transaction_goes_in_three_flights() -> None:
    async with bolt_server() as server:
        client = server.client()
        assert await outcome(client) is None
        assert await client.read("RETURN $x AS x", {"x": 5}, READ) == [{"x": 5}]
        await client.close()
    transaction = ["BEGIN", *["RUN", "PULL"] * 4, "COMMIT"]
    assert server.asked[: 2 + len(transaction)] == ["HELLO", "LOGON", *transaction]
    assert server.terms[0] == {"tx_timeout": 5000}
    assert server.terms[-1] == {"tx_timeout": 5000, "mode": "r"}


async def test_a_connection_that_is_cut_at_any_byte() -> None:
    """Once the commit was sent its outcome is unknown; before that nothing was changed."""
    length, seen = 0, set()
    while True:
        async with bolt_server(cut_after=length) as server:
            client = server.client()
            error = await outcome(client)
            await client.close()
        if error is None:
            break
        unknown = isinstance(error, IncompleteCommit)
        assert unknown or "COMMIT" not in server.asked, length
        seen.add(unknown)
        length += 1
    assert seen == {False, True}
    assert length > 150


@pytest.mark.parametrize("spoilt", [b"", b"\xb1", b"\xb0\x55", b"\xb1\x70\xd6\xff\xff\xff\xff", b"\xb1\x71\x01"])
@pytest.mark.parametrize("name", MESSAGES)
async def test_a_message_that_is_none(name: str, spoilt: bytes) -> None:
    def spoil(asked: str, answers: list[Message]) -> Sequence[Message] | None:
        if asked != name:
            return answers
        return [spoilt] if spoilt else None

    async with bolt_server(spoil=spoil) as server:
        client = server.client()
        error = await outcome(client)
        if error is None:  # nobody reads what these say of themselves
            assert (name, spoilt[:3]) in [("LOGON", b"\xb1\x70\xd6"), ("BEGIN", b"\xb1\x70\xd6")]
            return
        assert isinstance(error, ServiceUnavailable)
        assert isinstance(error, IncompleteCommit) == (name == "COMMIT")
        server.spoil = lambda _name, answers: answers
        assert await outcome(client) is None  # by a new connection
        await client.close()


@pytest.mark.parametrize(
    "answers",
    [
        [STRUCTURE, success(type="r")],
        [record(1, 2), success(type="r")],
        [success(type="r"), record(1)],
        [success(type="r"), success(type="r")],
        [record(9), record(9), success(type="r"), success()],
        [success(fields=["x"])],
        [IGNORED],
    ],
)
async def test_rows_that_are_not_as_agreed_fail_and_drop_the_connection(answers: list[Message]) -> None:
    """Also an answer too many, which must not pass for the first answer to whoever is next."""

    def spoil(asked: str, right: list[Message]) -> Sequence[Message]:
        return answers if asked == "PULL" and server.connections == 1 else right

    async with bolt_server(spoil=spoil) as server:
        client = server.client(pool_size=1)
        mine: list[Any] = []
        for x in range(3):
            try:
                async with asyncio.timeout(WITHIN):
                    mine.append((x, await client.read("RETURN $x AS x", {"x": x}, READ)))
            except ServiceUnavailable:
                continue
        assert mine
        if record(9) not in answers:  # that server said itself that they are the statement's
            assert all(rows in ([{"x": x}], []) for x, rows in mine)
        assert mine[-1] == (2, [{"x": 2}])
        assert server.connections == 2
        await client.close()


@pytest.mark.parametrize("repeated", ["RUN", "PULL", "BEGIN", "COMMIT", "LOGON", "RESET"])
async def test_an_answer_twice_never_answers_the_next_caller(repeated: str) -> None:
    def spoil(asked: str, answers: list[Message]) -> Sequence[Message]:
        return [*answers, *answers[-1:]] if asked == repeated else answers

    async with bolt_server(spoil=spoil) as server:
        client = server.client(pool_size=1)
        for x in range(6):
            try:
                async with asyncio.timeout(WITHIN):
                    if x % 2:
                        assert await written(client, x) == [{"x": x}]
                    else:
                        assert await client.read("RETURN $x AS x", {"x": x}, READ) == [{"x": x}]
            except ServiceUnavailable:
                continue
        await client.close()


async def test_answers_in_pieces_and_late_are_each_callers_own() -> None:
    async with bolt_server(chunk=3, pause=0.002) as server:
        client = server.client(pool_size=3)
        asked = [client.read("RETURN $x AS x", {"x": [x, LONG]}, READ) for x in range(12)]
        async with asyncio.timeout(30):
            found = await asyncio.gather(*asked)
        assert [rows[0]["x"] for rows in found] == [[x, LONG] for x in range(12)]
        assert server.connections == 3
        await client.close()


async def test_a_statement_that_fails_is_told_where_somebody_waits() -> None:
    """What follows is ignored, and the connection is as new for the next caller."""

    async def first(transaction: ClientTransaction) -> object:
        return await transaction.run("FAIL", {})

    async def later(transaction: ClientTransaction) -> None:
        transaction.later("FAIL", {})
        transaction.later("RETURN $x", {"x": 1})

    async def flushed(transaction: ClientTransaction) -> None:
        transaction.later("RETURN $x", {"x": 1})
        await transaction.flush()
        await transaction.flush()
        transaction.later("FAIL", {})
        transaction.later("RETURN $x", {"x": 1})
        await transaction.flush()
        raise AssertionError

    async def caught(transaction: ClientTransaction) -> None:
        with pytest.raises(TransientError):
            await transaction.run("FAIL", {})

    async with bolt_server() as server:
        client = server.client(pool_size=1)
        for work in (first, later, flushed, caught):
            with pytest.raises(TransientError):
                await client.write(work, WRITE)
            assert await client.read("RETURN $x AS x", {"x": 7}, READ) == [{"x": 7}]
        with pytest.raises(TransientError):
            await client.read("FAIL", {}, READ)
        assert server.connections == 1
        assert server.asked.count("RESET") == 4
        await client.close()


async def test_a_raise_rolls_back() -> None:
    async def work(transaction: ClientTransaction) -> None:
        transaction.later("CREATE", {"x": 0})
        await transaction.run("RETURN $x AS x", {"x": 1})
        transaction.later("CREATE", {"x": 2})
        raise KeyError

    async def nothing(transaction: ClientTransaction) -> None:
        transaction.later("CREATE", {"x": 0})
        raise KeyError

    async with bolt_server() as server:
        client = server.client(pool_size=1)
        for refused in (work, nothing):
            with pytest.raises(KeyError):
                await client.write(refused, WRITE)
        assert await client.read("RETURN $x AS x", {"x": 7}, READ) == [{"x": 7}]
        assert server.asked[2:] == ["BEGIN", *["RUN", "PULL"] * 2, "RESET", "RUN", "PULL"]
        await client.close()


@pytest.mark.parametrize("name", ["HELLO", "LOGON"])
async def test_a_sign_in_that_is_refused(name: str) -> None:
    def spoil(asked: str, answers: list[Message]) -> Sequence[Message]:
        return [failure("Neo.ClientError.Security.Unauthorized")] if asked == name else answers

    async with bolt_server(spoil=spoil) as server:
        client = server.client()
        with pytest.raises(Neo4jError, match="Unauthorized"):
            await client.read("RETURN 1", {}, READ)
        await client.close()


@pytest.mark.parametrize("version", [b"\x00\x00\x00\x00", b"\x00\x00\x03\x05", b"\x00\x00\x09\x05", b"HTTP"])
async def test_a_server_that_speaks_another_bolt(version: bytes) -> None:
    async with bolt_server(version=version) as server:
        client = server.client()
        with pytest.raises(OtherBolt):
            await client.read("RETURN 1", {}, READ)
        await client.close()


@pytest.mark.parametrize("minor", [4, 5, 6, 7, 8])
async def test_each_version_that_is_offered_is_spoken(minor: int) -> None:
    async with bolt_server(version=bytes([0, 0, minor, 5])) as server:
        client = server.client()
        assert await outcome(client) is None
        await client.close()
