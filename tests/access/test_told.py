"""What anyone was told at a moment is what `at` says of it later; nothing is ahead of what it depends on.

A short race in CI; GRAPH_API_THOROUGH=1 makes it long.
"""

import logging

from tests.access.told import Household
from tests.api import Api, Installation
from tests.budgets import budget
from tests.contract.workers import two_workers

log = logging.getLogger(__name__)
CHANGES = budget(60, 3_000)
ASKERS = 6
COMPARED = budget(150, 10_000)
"""Answers that are compared at most; the last ones, spread over all."""


async def test_what_was_told_at_a_moment_is_what_at_says_of_it(installation: Installation) -> None:
    home = await Household.make(installation)
    async with two_workers(installation) as workers:
        second = Api(workers.second.app, home.staff.token, home.staff.practice)
        askers = [api for api in (home.staff, second) for _ in range(ASKERS // 2)]
        told = await home.race(CHANGES, askers)
        step = max(len(told) // COMPARED, 1)
        compared = told[::step]
        found = await home.contradicted(compared)
    log.info("%d answers, %d changes, %d compared", len(told), home.changes, len(compared))
    assert found == []
