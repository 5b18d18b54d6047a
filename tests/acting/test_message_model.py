"""Random lives of two clients' conversations: what every reader is shown agrees with a plain model (M1-M8, X6)."""

import asyncio
from collections.abc import Iterator

import pytest

from graph_api.acting.messages.model import MessageAudience
from graph_api.bootstrap import make_executor
from tests.acting.message_lives import AUDIENCES, Lives
from tests.api import Installation, Now
from tests.budgets import budget
from tests.lives import live

EXAMPLES, STEPS = budget(3, 300), budget(20, 40)


@pytest.fixture
def clock(now: Now) -> Iterator[Now]:
    yield now
    now.moment = None


def test_the_model_knows_every_audience() -> None:
    """One that it does not know would be left out of every life."""
    assert set(AUDIENCES) == {audience.name for audience in MessageAudience}


async def test_m2_every_reader_sees_what_a_plain_model_says(installation: Installation, clock: Now) -> None:
    class Machine(Lives):
        pass

    Machine.installation, Machine.clock, Machine.loop = installation, clock, asyncio.get_running_loop()
    Machine.executor = make_executor(installation.settings)
    await live(Machine, EXAMPLES, STEPS)
