"""Random lives of a calendar: what is booked, refused, shown and offered agrees with a plain model (A2, A4-A9)."""

import asyncio
from collections.abc import Iterator

import pytest

from graph_api.bootstrap import make_executor
from tests.acting.booking_lives import Lives
from tests.api import Installation, Now
from tests.budgets import budget
from tests.lives import live

EXAMPLES, STEPS = budget(3, 300), budget(30, 50)


@pytest.fixture
def clock(now: Now) -> Iterator[Now]:
    yield now
    now.moment = None


async def test_a5_the_calendar_is_what_a_plain_model_says(installation: Installation, clock: Now) -> None:
    class Machine(Lives):
        pass

    Machine.installation, Machine.clock, Machine.loop = installation, clock, asyncio.get_running_loop()
    Machine.executor = make_executor(installation.settings)
    await live(Machine, EXAMPLES, STEPS)
