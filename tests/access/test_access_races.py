"""A revocation races a checked write: whichever commits first wins, on every engine (D5; docs/access.md, Locks)."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest
from bench.racing import REVOCATIONS, Outcome, Racer, Revocation
from bench.sides import two_sides

from graph_api.kernel.caller import Practice
from tests.api import Installation

ROUNDS = 20
"""Of each of the five ways to revoke."""


@pytest.fixture(scope="module")
async def racer(installation: Installation) -> AsyncIterator[Racer]:
    """The writing side has a driver of its own, as another process would have."""
    async with two_sides(installation.settings, installation.database) as (racer, _):
        yield racer
        installation.made.extend(racer.practices)


@pytest.fixture(scope="module")
async def practice(racer: Racer) -> Practice:
    return await racer.practice()


@pytest.mark.parametrize("kind", REVOCATIONS, ids=lambda kind: kind.name.replace(" ", "_"))
async def test_d5_of_a_revocation_and_a_checked_write_the_first_wins(
    racer: Racer, practice: Practice, kind: Revocation
) -> None:
    outcomes = Counter([await racer.round(kind, practice) for _ in range(ROUNDS)])
    assert outcomes[Outcome.VIOLATED] == 0
    assert outcomes.total() == ROUNDS


@pytest.mark.parametrize("kind", REVOCATIONS, ids=lambda kind: kind.name.replace(" ", "_"))
async def test_d5_after_a_revocation_nothing_is_written(racer: Racer, practice: Practice, kind: Revocation) -> None:
    home = await racer.household(await racer.practice() if kind.own_practice else practice)
    first = await racer.checked_write(home)
    assert await racer.judge(kind, home, first) is Outcome.VIOLATED  # nobody has revoked yet: the last lock is its own
    await kind.revoke(racer, home)
    assert await racer.checked_write(home) is None


@pytest.mark.parametrize("kind", REVOCATIONS, ids=lambda kind: kind.name.replace(" ", "_"))
async def test_a_write_that_locks_too_late_is_found(racer: Racer, practice: Practice, kind: Revocation) -> None:
    """What the races look for: a decision, then the revocation, then the locks."""
    home = await racer.household(await racer.practice() if kind.own_practice else practice)
    revoked = False

    async def revoke_once() -> None:
        nonlocal revoked
        if not revoked:
            revoked = True
            await kind.revoke(racer, home)

    stamp = await racer.checked_write(home, revoke_once)
    assert await racer.judge(kind, home, stamp) is Outcome.VIOLATED
