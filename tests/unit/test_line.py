"""Whoever has lost several races takes turns with others who have, so that nobody loses each time."""

import asyncio

import pytest
from neo4j.exceptions import ConstraintError, Neo4jError, TransientError

from graph_api.engine import races
from graph_api.engine.races import IN_LINE_FROM, WRITE_ATTEMPTS, Lines, RunAgain, is_race, pause


async def most_at_once(attempts: list[int], practices: int = 1) -> int:
    lines, running, most = Lines(), 0, 0

    async def run(place: int, attempt: int) -> None:
        nonlocal running, most
        async with lines.turn(f"practice_{place % practices}", attempt):
            running += 1
            most = max(most, running)
            for _ in range(5):
                await asyncio.sleep(0)
            running -= 1

    await asyncio.gather(*(run(place, attempt) for place, attempt in enumerate(attempts)))
    return most


async def test_those_who_lost_several_run_one_at_a_time() -> None:
    assert await most_at_once([IN_LINE_FROM, IN_LINE_FROM + 1, WRITE_ATTEMPTS - 1, IN_LINE_FROM]) == 1


async def test_others_wait_for_nobody() -> None:
    assert await most_at_once([0, 1, 0, 1, IN_LINE_FROM, IN_LINE_FROM + 3]) == 5


async def test_practices_do_not_wait_for_each_other() -> None:
    assert await most_at_once([IN_LINE_FROM] * 6, practices=3) == 3


async def test_nobody_waits_long_for_one_who_waits_for_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(races, "WAITS_IN_LINE", 0.01)
    lines = Lines()
    async with asyncio.timeout(5), lines.turn("practice", IN_LINE_FROM), lines.turn("practice", IN_LINE_FROM):
        pass
    async with asyncio.timeout(5), lines.turn("practice", IN_LINE_FROM):
        pass


@pytest.mark.parametrize("error", [KeyError, asyncio.CancelledError])
async def test_a_turn_ends_whatever_becomes_of_it(error: type[BaseException]) -> None:
    lines = Lines()
    with pytest.raises(error):
        async with lines.turn("practice", IN_LINE_FROM):
            raise error
    async with asyncio.timeout(1), lines.turn("practice", IN_LINE_FROM):
        pass


def test_all_pauses_of_lost_races_are_a_small_part_of_a_deadline() -> None:
    assert sum(pause(attempt, races=attempt + 1) for attempt in range(WRITE_ATTEMPTS)) < 1.0


def test_a_server_that_can_not_do_it_just_then_is_given_seconds() -> None:
    """As long as a cluster takes to choose another leader."""
    assert sum(pause(attempt, races=0) for attempt in range(WRITE_ATTEMPTS - 1)) > 1.4


def error(code: str) -> Neo4jError:
    made: Neo4jError = Neo4jError._hydrate_neo4j(code=code, message="")
    return made


def test_which_errors_are_lost_races() -> None:
    raced = [
        error("Neo.TransientError.Transaction.DeadlockDetected"),
        error("Neo.ClientError.Schema.ConstraintValidationFailed"),
        error("Neo.ClientError.Statement.EntityNotFound"),
        RunAgain(),
    ]
    others = [
        error("Neo.ClientError.Cluster.NotALeader"),
        error("Neo.TransientError.General.DatabaseUnavailable"),
        error("Neo.TransientError.Transaction.LockAcquisitionTimeout"),
    ]
    assert isinstance(raced[1], ConstraintError)
    assert all(map(is_race, raced))
    assert all(isinstance(one, TransientError) for one in others)
    assert not any(map(is_race, others))
