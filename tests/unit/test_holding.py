"""Refusals that are held back: whose, how many at once, and that nobody waits for the first few."""

import asyncio

import pytest

from graph_api.http import holding
from graph_api.http.holding import REFUSALS, SHARE, Holding

HERE, THERE = "198.51.100.1", "198.51.100.2"


class Clock:
    """Time that a test moves."""

    moment = 1_000.0

    def __call__(self) -> float:
        return self.moment


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each refusal that was held back would have waited."""
    found: list[float] = []

    async def note(seconds: float) -> None:
        found.append(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr(holding, "sleep", note)
    return found


async def test_an_address_is_refused_at_once_a_few_times_and_then_waits(waited: list[float]) -> None:
    clock = Clock()
    held = Holding(1_000, clock)
    for _ in range(int(REFUSALS.most)):
        await held.hold(HERE, is_over_limit=False)
    assert waited == []
    await held.hold(HERE, is_over_limit=False)
    assert waited == [holding.SECONDS]
    await held.hold(THERE, is_over_limit=False)
    assert waited == [holding.SECONDS]
    clock.moment += 2 / REFUSALS.a_second
    await held.hold(HERE, is_over_limit=False)
    assert waited == [holding.SECONDS]


async def test_whoever_asks_too_much_waits_at_once(waited: list[float]) -> None:
    await Holding(1_000, Clock()).hold(HERE, is_over_limit=True)
    assert waited == [holding.SECONDS]


async def test_most_connections_are_left_to_callers_who_are_answered(waited: list[float]) -> None:
    held = Holding(8 * SHARE, Clock())
    await asyncio.gather(*(held.hold(HERE, is_over_limit=True) for _ in range(20)))
    assert len(waited) == 8
    await held.hold(HERE, is_over_limit=True)
    assert len(waited) == 9


async def test_whoever_goes_away_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Holding(SHARE, Clock())
    monkeypatch.setattr(holding, "SECONDS", 3_600.0)
    waiting = asyncio.ensure_future(held.hold(HERE, is_over_limit=True))
    await asyncio.sleep(0)
    await held.hold(THERE, is_over_limit=True)  # nobody else may wait
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    again = asyncio.ensure_future(held.hold(THERE, is_over_limit=True))
    done, _ = await asyncio.wait([again], timeout=0.01)
    assert not done
    again.cancel()
