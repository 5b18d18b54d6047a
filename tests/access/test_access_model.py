"""Random lives of one client and one contact: every decision, present, past and to come, agrees with a plain model."""

import asyncio
from collections.abc import Iterator

import pytest

from graph_api.access.model import PortalAction
from graph_api.practices.model import PracticeFeature
from tests.access.access_lives import TOGGLES, Lives
from tests.access.access_model import ACTIONS, FEATURES, NEEDS
from tests.api import Installation, Now
from tests.budgets import budget
from tests.lives import live

PARTS, EXAMPLES, STEPS = budget(1, 2), budget(4, 100), 25
"""Of each part's lives the first is the simplest there is, and the others are random."""


@pytest.fixture
def clock(now: Now) -> Iterator[Now]:
    yield now
    now.moment = None


def test_the_model_knows_all_there_is() -> None:
    """An action, a feature or a toggle that it does not know would be left out of every life."""
    assert set(ACTIONS) == {action.name for action in PortalAction}
    assert set(FEATURES) == {feature.name for feature in PracticeFeature}
    assert {"portalAccess"} | {toggle for _, toggle in NEEDS.values() if toggle} == set(TOGGLES)


@pytest.mark.parametrize("part", range(PARTS))
async def test_d5_every_decision_agrees_with_a_plain_model(installation: Installation, clock: Now, part: int) -> None:
    class Machine(Lives):
        pass

    Machine.installation, Machine.clock, Machine.loop = installation, clock, asyncio.get_running_loop()
    await live(Machine, EXAMPLES, STEPS)
