"""When an outside issuer's keys are fetched again, by a clock that the test moves."""

import asyncio
import contextlib
from collections.abc import Iterator

import pytest

from graph_api.engine.errors import Unavailable
from graph_api.http.auth import Authenticator
from graph_api.http.token_keys import (
    JWKS_FRESH_FOR,
    JWKS_KEPT_FOR,
    JWKS_RETRY_AFTER,
    MAX_JWKS,
    RemoteKeys,
    Unauthenticated,
)
from graph_api.kernel.caller import Practice
from tests.http.issuer import AUDIENCE, NAME, Issuer, make_key, published, token


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    with issuer.serving():
        yield issuer


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.time = 1_000.0

    def __call__(self) -> float:
        return self.time


async def test_a_new_key_is_fetched_at_most_every_ten_seconds(issuer: Issuer) -> None:
    clock = Clock()
    keys = RemoteKeys(issuer.url, NAME, AUDIENCE, now=clock)
    old, new = make_key("ES256"), make_key("ES256")
    issuer.keys = [published(old, "ES256", kid="old")]
    await keys.key_for(token(old, "ES256", "old"))

    issuer.keys.append(published(new, "ES256", kid="new"))
    for _ in range(3):
        with pytest.raises(Unavailable) as unavailable:  # not refused: it may have been published a moment ago
            await keys.key_for(token(new, "ES256", "new"))
        assert unavailable.value.retry_after == JWKS_RETRY_AFTER
    assert issuer.asked == 1

    clock.time += JWKS_RETRY_AFTER + 1
    await asyncio.gather(*(keys.key_for(token(new, "ES256", "new")) for _ in range(5)))
    assert issuer.asked == 2


async def test_a_key_that_is_not_published_is_refused_where_the_issuer_was_asked_for_it(issuer: Issuer) -> None:
    clock = Clock()
    keys = RemoteKeys(issuer.url, NAME, AUDIENCE, now=clock)
    forged = token(make_key("ES256"), "ES256", "none")

    found = await asyncio.gather(*(keys.key_for(forged) for _ in range(5)), return_exceptions=True)

    assert [type(error) for error in found] == [Unauthenticated] * 5
    assert issuer.asked == 1


OUTAGES = [
    (500, b"", "answered 500"),
    (302, b"", "answered 302"),
    (200, b"<html>", "not JSON"),
    (200, b"[" * 100_000, "not JSON"),
    (200, b'{"keys": 1}', "no set of keys"),
    (200, b'{"keys": []}' + b" " * MAX_JWKS, "more than"),
]


@pytest.mark.parametrize(("status", "body", "reason"), OUTAGES, ids=[reason for *_, reason in OUTAGES])
async def test_in_an_outage_an_unknown_key_is_unavailable_and_the_log_says_why(
    issuer: Issuer, caplog: pytest.LogCaptureFixture, status: int, body: bytes, reason: str
) -> None:
    clock = Clock()
    keys = RemoteKeys(issuer.url, NAME, AUDIENCE, now=clock)
    known, other = make_key("ES256"), make_key("ES256")
    issuer.keys = [published(known, "ES256", kid="known")]
    await keys.key_for(token(known, "ES256", "known"))
    clock.time += JWKS_RETRY_AFTER + 1
    issuer.status, issuer.body = status, body

    for _ in range(3):
        with pytest.raises(Unavailable):
            await keys.key_for(token(other, "ES256", "other"))
        with pytest.raises(Unavailable):
            await keys.another_for(token(other, "ES256", "known"), await keys.key_for(token(known, "ES256", "known")))
    assert issuer.asked == 2
    [line] = [record.getMessage() for record in caplog.records if record.name == "graph_api.http.token_keys"]
    assert reason in line

    issuer.status, issuer.body = 200, None
    clock.time += JWKS_RETRY_AFTER + 1
    with pytest.raises(Unauthenticated):
        await keys.key_for(token(other, "ES256", "other"))
    assert "over" in caplog.records[-1].getMessage()


async def test_an_issuer_that_trickles_its_answer_is_given_up(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph_api.http.token_keys.JWKS_ANSWERS_WITHIN", 0.3)

    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)

    server = await asyncio.start_server(trickle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    keys = RemoteKeys(f"http://127.0.0.1:{port}/", NAME, AUDIENCE)
    async with asyncio.timeout(20):
        with pytest.raises(Unavailable):
            await keys.key_for(token(make_key("ES256"), "ES256", "k"))
    server.close()


async def test_a_key_replaced_under_its_id_is_fetched_once_when_a_signature_fails(issuer: Issuer) -> None:
    clock = Clock()
    keys = RemoteKeys(issuer.url, NAME, AUDIENCE, now=clock)
    old, new = make_key("ES256"), make_key("ES256")
    issuer.keys = [published(old, "ES256", kid="k")]
    failed = await keys.key_for(token(old, "ES256", "k"))
    issuer.keys = [published(new, "ES256", kid="k")]

    assert await keys.another_for(token(new, "ES256", "k"), failed) is None
    assert issuer.asked == 1
    clock.time += JWKS_RETRY_AFTER + 1
    found = await asyncio.gather(*(keys.another_for(token(new, "ES256", "k"), failed) for _ in range(5)))
    assert {key and key.public_numbers() for key in found} == {new.public_key().public_numbers()}
    assert issuer.asked == 2


async def test_a_caller_with_the_new_key_is_let_in_and_one_with_the_old_is_not(issuer: Issuer) -> None:
    clock = Clock()
    keys = RemoteKeys(issuer.url, NAME, AUDIENCE, now=clock)
    practice = Practice("practice_1", "p", "P", "UTC", "US")

    async def by_slug(_: str) -> Practice:
        return practice

    authenticator = Authenticator(keys, by_slug)
    old, new = make_key("RS256"), make_key("ES256")
    issuer.keys = [published(old, "RS256", kid="k")]
    await authenticator.caller(f"Bearer {token(old, 'RS256', 'k', practice='p')}")
    issuer.keys = [published(new, "ES256", kid="k")]
    clock.time += JWKS_RETRY_AFTER + 1

    caller = await authenticator.caller(f"Bearer {token(new, 'ES256', 'k', practice='p')}")

    assert caller.practice is practice
    with pytest.raises(Unauthenticated):
        await authenticator.caller(f"Bearer {token(old, 'RS256', 'k', practice='p')}")


async def test_a_withdrawn_key_ends_when_the_keys_are_no_longer_fresh(issuer: Issuer) -> None:
    clock = Clock()
    keys = RemoteKeys(issuer.url, NAME, AUDIENCE, now=clock)
    key = make_key("ES256")
    issuer.keys = [published(key, "ES256", kid="k")]
    await keys.key_for(token(key, "ES256", "k"))

    issuer.keys = []
    await keys.key_for(token(key, "ES256", "k"))
    clock.time += JWKS_FRESH_FOR + 1
    with pytest.raises(Unauthenticated):
        await keys.key_for(token(key, "ES256", "k"))


async def test_known_keys_outlast_an_issuer_that_is_gone_but_not_for_ever() -> None:
    clock, issuer = Clock(), Issuer()
    key = make_key("ES256")
    issuer.keys = [published(key, "ES256", kid="k")]
    with issuer.serving():
        keys = RemoteKeys(issuer.url, NAME, AUDIENCE, now=clock)
        await keys.key_for(token(key, "ES256", "k"))

    clock.time += JWKS_FRESH_FOR + 1
    await keys.key_for(token(key, "ES256", "k"))

    clock.time += JWKS_KEPT_FOR + 1
    with pytest.raises(Unavailable):
        await keys.key_for(token(key, "ES256", "k"))


async def test_an_issuer_that_was_never_reached_is_asked_again_soon() -> None:
    clock, issuer = Clock(), Issuer()
    key = make_key("ES256")
    issuer.keys = [published(key, "ES256", kid="k")]
    with issuer.serving():
        keys = RemoteKeys(issuer.url, NAME, AUDIENCE, now=clock)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await keys.key_for(token(key, "ES256", "k"))

    with issuer.serving():
        clock.time += 1.5
        await keys.key_for(token(key, "ES256", "k"))
