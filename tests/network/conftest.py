"""Networks that begin at a moment of the services' clock."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.api import Installation, Now
from tests.contract.household import Household, new_household
from tests.network.past import START


@pytest.fixture
async def home(installation: Installation, now: Now) -> Household:
    """A household that was there the day before."""
    now.moment = START - timedelta(days=1)
    made = await new_household(installation)
    now.moment = None
    return made


@pytest.fixture
def clock(now: Now) -> Iterator[Now]:
    """The services' clock, which begins at `START`."""
    now.moment = START
    yield now
    now.moment = None
