"""Random lives of reminders: everybody hears what a plain model says, once, and nobody else (R3, R6, R7, R8)."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.acting.reminder_lives import Lives
from tests.api import Installation, Now
from tests.budgets import budget
from tests.lives import live

EXAMPLES, STEPS = budget(6, 200), budget(25, 50)


@pytest.fixture
def clock(now: Now) -> Iterator[Now]:
    yield now
    now.moment = None


async def test_r6_everybody_hears_what_a_plain_model_says(installation: Installation, clock: Now) -> None:
    class Machine(Lives):
        pass

    Machine.installation, Machine.clock, Machine.loop = installation, clock, asyncio.get_running_loop()
    await live(Machine, EXAMPLES, STEPS)
