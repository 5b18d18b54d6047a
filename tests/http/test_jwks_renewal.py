"""When an outside issuer's keys are fetched again, by a clock that the test moves."""

import asyncio
from collections.abc import Iterator

import pytest

from graph_api.domain.errors import Unavailable
from graph_api.http.token_keys import JWKS_FRESH_FOR, JWKS_KEPT_FOR, JWKS_RETRY_AFTER, RemoteKeys, Unauthenticated
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
        with pytest.raises(Unauthenticated):
            await keys.key_for(token(new, "ES256", "new"))
    assert issuer.asked == 1

    clock.time += JWKS_RETRY_AFTER + 1
    await asyncio.gather(*(keys.key_for(token(new, "ES256", "new")) for _ in range(5)))
    assert issuer.asked == 2


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
