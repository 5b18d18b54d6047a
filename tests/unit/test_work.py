"""An account's bucket of work: what it holds, how it fills again, and that only its own work draws on it."""

import pytest

from graph_api.graphql.execution import Asked
from graph_api.http.work import (
    CHARACTER,
    FIELD,
    MAX_BUCKETS,
    REFUSED,
    ROW,
    SAVED,
    TOKEN,
    Allowance,
    Buckets,
    Spent,
    allowance,
    cost_of,
)
from graph_api.kernel.caller import ViewerRole

ANA, BEN, ELSEWHERE = ("practice_1", "ana"), ("practice_1", "ben"), ("practice_2", "ana")
PORTAL = Allowance(a_second=100, most=1_000)
STAFF = Allowance(a_second=1_000, most=50_000)


class Clock:
    """Time that a test moves."""

    moment = 1_000.0

    def __call__(self) -> float:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def buckets(clock: Clock) -> Buckets:
    return Buckets(STAFF, PORTAL, clock)


def wait(buckets: Buckets, key: tuple[str, str] = ANA, role: ViewerRole = ViewerRole.PORTAL) -> int:
    """Seconds until an account is let in; 0 when it is."""
    try:
        buckets.admit(key, role)
    except Spent as spent:
        return spent.seconds
    return 0


def test_what_a_bucket_holds_may_be_used_at_once(buckets: Buckets) -> None:
    buckets.drawing(ANA, ViewerRole.PORTAL)(999)
    assert wait(buckets) == 0
    buckets.drawing(ANA, ViewerRole.PORTAL)(1)
    assert wait(buckets) == 1
    assert wait(buckets, BEN) == wait(buckets, ELSEWHERE) == 0


def test_it_fills_again_and_the_wait_is_what_it_takes(buckets: Buckets, clock: Clock) -> None:
    buckets.drawing(ANA, ViewerRole.PORTAL)(2_050)  # one request may overdraw it
    assert wait(buckets) == 11
    clock.moment += 10
    assert wait(buckets) == 1
    clock.moment += 1
    assert wait(buckets) == 0
    clock.moment += 1_000_000
    buckets.drawing(ANA, ViewerRole.PORTAL)(1_000)
    assert wait(buckets) == 1  # it holds no more than it holds


@pytest.mark.parametrize("role", [ViewerRole.STAFF, ViewerRole.ADMIN, ViewerRole.ANALYST])
def test_staffs_is_wide(buckets: Buckets, role: ViewerRole) -> None:
    buckets.drawing(ANA, role)(49_999)
    assert wait(buckets, role=role) == 0


def test_nothing_is_counted_where_a_setting_says_so() -> None:
    buckets = Buckets(allowance(0), allowance(0))
    buckets.drawing(ANA, ViewerRole.PORTAL)(1e12)
    assert wait(buckets) == 0


def test_half_a_minute_is_saved_up() -> None:
    assert allowance(20) == Allowance(20_000, 20_000 * SAVED)


def test_what_is_asked_for_is_weighed() -> None:
    asked = Asked(characters=10, tokens=20, fields=30, rows=40)
    assert cost_of(asked) == 10 * CHARACTER + 20 * TOKEN + 30 * FIELD + 40 * ROW
    assert cost_of(Asked()) == 0
    assert cost_of(Asked(10, 20, is_refused=True)) == REFUSED * cost_of(Asked(10, 20))


def test_buckets_take_no_memory_without_end(buckets: Buckets) -> None:
    for number in range(MAX_BUCKETS + 100):
        buckets.drawing(("practice_1", str(number)), ViewerRole.PORTAL)(1)
    assert len(buckets._levels._kept) == MAX_BUCKETS
