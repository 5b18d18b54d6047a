"""A reminder that is due against what ends it: nothing is sent once the other has committed (R6, R8).

`python -m bench.race` runs its kinds for as many rounds as one likes.
"""

from collections import Counter
from collections.abc import AsyncIterator

import pytest
from bench.racing import Outcome
from bench.racing_appointments import AppointmentKind
from bench.racing_reminders import REMINDER_KINDS, ReminderRacer
from bench.sides import two_sides

from graph_api.kernel.stamps import utc_now
from graph_api.opening import make_auditor
from graph_api.sms.files import TextFiles
from tests.api import Installation
from tests.budgets import THOROUGH_TIMEOUT, budget

pytestmark = pytest.mark.timeout(THOROUGH_TIMEOUT)
OF_EACH_KIND = budget(20, 250)


@pytest.fixture(scope="module")
async def racer(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ReminderRacer]:
    """Staff and a worker as two processes."""
    texts = TextFiles(tmp_path_factory.mktemp("sms"), utc_now)
    async with two_sides(installation.settings, installation.database) as (racer, accounts):
        yield ReminderRacer(racer, accounts, racer.writing, make_auditor(installation.settings), texts)
        installation.made.extend(racer.practices)


@pytest.mark.parametrize("kind", REMINDER_KINDS, ids=lambda kind: kind.name.replace(" ", "_"))
async def test_r6_whoever_commits_first_wins(racer: ReminderRacer, kind: AppointmentKind) -> None:
    practice = await racer.racer.practice()
    outcomes = Counter([await kind.round(racer, practice, 0.01) for _ in range(OF_EACH_KIND)])
    assert outcomes[Outcome.VIOLATED] == 0
    assert outcomes.total() == OF_EACH_KIND
