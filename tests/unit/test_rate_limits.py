"""How often one caller may call what needs no token."""

import pytest
from limits import RateLimitItemPerSecond

from graph_api.http import rate_limits
from graph_api.http.rate_limits import LIMITS, RateLimits
from graph_api.portal.session_ports import Limited


def test_everything_that_needs_no_token_is_bounded() -> None:
    assert LIMITS.keys() == set(Limited)


@pytest.mark.parametrize("what", Limited)
async def test_one_too_many_is_refused_and_others_are_not_kept_out(what: Limited) -> None:
    limits = RateLimits()
    admitted = [await limits.admit(what, "192.0.2.1") for _ in range(LIMITS[what].amount + 2)]
    assert admitted == [True] * LIMITS[what].amount + [False, False]
    assert await limits.admit(what, "192.0.2.2")
    other = next(each for each in Limited if each is not what)
    assert await limits.admit(other, "192.0.2.1")


async def test_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr("limits.aio.storage.memory.time.time", lambda: now[0])
    monkeypatch.setitem(rate_limits.LIMITS, Limited.CODES, RateLimitItemPerSecond(1, 10))
    limits = RateLimits()
    assert [await limits.admit(Limited.CODES, "x") for _ in range(2)] == [True, False]
    now[0] += 10
    assert await limits.admit(Limited.CODES, "x")
