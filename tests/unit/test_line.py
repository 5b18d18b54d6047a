"""Whoever has lost several races takes turns with others who have, so that nobody loses each time."""

import asyncio

import pytest

from graph_api.engine.races import IN_LINE_FROM, WRITE_ATTEMPTS, Line, pause


async def most_at_once(attempts: list[int]) -> int:
    line, running, most = Line(), 0, 0

    async def run(attempt: int) -> None:
        nonlocal running, most
        async with line.turn(attempt):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1

    await asyncio.gather(*map(run, attempts))
    return most


async def test_those_who_lost_several_run_one_at_a_time() -> None:
    assert await most_at_once([IN_LINE_FROM, IN_LINE_FROM + 1, WRITE_ATTEMPTS - 1, IN_LINE_FROM]) == 1


async def test_others_wait_for_nobody() -> None:
    assert await most_at_once([0, 1, 0, 1, IN_LINE_FROM, IN_LINE_FROM + 3]) == 5


@pytest.mark.parametrize("error", [KeyError, asyncio.CancelledError])
async def test_a_turn_ends_whatever_becomes_of_it(error: type[BaseException]) -> None:
    line = Line()
    with pytest.raises(error):
        async with line.turn(IN_LINE_FROM):
            raise error
    async with asyncio.timeout(1), line.turn(IN_LINE_FROM):
        pass


def test_all_pauses_together_are_a_small_part_of_a_deadline() -> None:
    assert sum(pause(attempt) for attempt in range(WRITE_ATTEMPTS)) < 1.0
