"""Messages beside what forbids them, each other, new keys, and a change of who reads them, on every engine (X1, M1-M6).

`python -m bench.race` runs the same for as many rounds as one likes.
"""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from bench.racing import REVOCATIONS, Outcome, Revocation
from bench.racing_messages import MESSAGE_KINDS, MessageKind, MessageRacer
from bench.sides import DATED, judged, two_sides

from graph_api.kernel.caller import Practice
from tests.api import Installation
from tests.budgets import budget

ROUNDS = budget(20, 100)
"""Of each kind."""
LEAD = 0.01


@pytest.fixture(scope="module")
async def racer(installation: Installation) -> AsyncIterator[MessageRacer]:
    """Staff and accounts as two processes."""
    async with two_sides(installation.settings, installation.database) as (racer, accounts):
        yield MessageRacer(racer, accounts, installation.settings)
        installation.made.extend(racer.practices)


@pytest.fixture(scope="module")
async def practice(racer: MessageRacer) -> Practice:
    return await racer.racer.practice()


@pytest.mark.parametrize("kind", MESSAGE_KINDS, ids=lambda kind: kind.name.replace(" ", "_"))
async def test_m5_what_messages_race_is_never_lost_or_shown(
    racer: MessageRacer, practice: Practice, kind: MessageKind
) -> None:
    outcomes = Counter([await kind.round(racer, practice, LEAD) for _ in range(ROUNDS)])
    assert outcomes[Outcome.VIOLATED] == 0
    assert outcomes.total() == ROUNDS


@pytest.mark.parametrize("kind", REVOCATIONS, ids=lambda kind: kind.name.replace(" ", "_"))
async def test_x1_after_a_revocation_nothing_is_sent(racer: MessageRacer, practice: Practice, kind: Revocation) -> None:
    home, thread = await racer.home(await racer.racer.practice() if kind.own_practice else practice)
    sent_at = await racer.send(racer.account(home), thread)
    assert sent_at is not None
    await kind.revoke(racer.racer, home)
    if kind.shared == DATED:
        assert judged(sent_at, await racer.revoked_at(home, kind)) is Outcome.WRITTEN
    assert await racer.send(racer.account(home), thread) is None
    assert await racer.read(racer.account(home), thread) is None
    found = await racer.read(racer.staff(home), thread)
    assert found is not None
    assert [message.body for message in found[1]] == ["0", "Racing"]


def test_a_message_that_is_dated_after_its_revocation_is_found() -> None:
    now = datetime.now(UTC)
    assert judged(None, now) is Outcome.REVOKED
    assert judged(now - timedelta(microseconds=1), now) is Outcome.WRITTEN
    assert judged(now, now) is judged(now + timedelta(seconds=1), now) is Outcome.VIOLATED
