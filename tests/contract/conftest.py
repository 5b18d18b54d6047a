"""What several files of the contract suite share."""

import pytest

from tests.api import Installation
from tests.contract.both_ways import Both, open_both


@pytest.fixture(scope="module")
async def both(installation: Installation) -> Both:
    """Both ways of answering, over a practice on the engine."""
    return await open_both(installation)
