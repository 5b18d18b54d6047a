"""The table of cases through the API, on every engine: as they are now, as they were, as they will be (D5, D8, D13)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from tests.access.access_cases import Case, State, access_cases, moment
from tests.access.access_scene import Scene
from tests.api import Installation, Now

START = datetime(2020, 1, 1, tzinfo=UTC)
LATER = timedelta(days=400)


@pytest.fixture
def clock(now: Now) -> Iterator[Now]:
    yield now
    now.moment = None


def start_of(case: Case) -> datetime:
    """When everything is set up: once the client is born."""
    born = [state["client"]["birthDate"] for state in (case.state, case.was) if state is not None]
    days = [datetime.combine(day, time(6), UTC) for day in born if isinstance(day, date)]
    return max(START, *days) if days else START


def settled(state: State, start: datetime) -> datetime:
    """When the state's last part was set up."""
    consent = (state["edge"] or {}).get("adultConsentAt")
    return start if consent is None else moment(consent)


async def expect(case: Case, scene: Scene, at: datetime | None) -> None:
    """The answer of the table, for each action."""
    for action, found in zip(case.actions, await scene.ask(case.actions, at), strict=True):
        where = (action, at, scene.now.moment, found)
        denial: dict[str, Any] = found["nearestDenial"] or {}
        assert denial.get("rule") == (case.denied and case.denied.name), where
        assert found["allowed"] is (case.denied is None), where
        assert case.says in denial.get("explanation", ""), where
        is_now = at is None or scene.now.moment is None or at >= scene.now.moment
        by_contact = scene.contact is not None and is_now
        assert (found["contact"] is not None) is by_contact, where


@pytest.mark.parametrize("case", access_cases(), ids=lambda case: case.name.replace(" ", "_"))
async def test_d5_a_case_is_answered_as_the_table_says(case: Case, installation: Installation, clock: Now) -> None:
    start = start_of(case)
    first = case.was if case.was is not None else case.state
    scene = await Scene.open(installation, clock, first, start, is_self=case.is_self)
    if case.changed is None or case.at < case.changed:
        clock.moment = settled(first, start)
        await expect(case, scene, case.at)
        clock.moment = case.at
        await expect(case, scene, None)
    if case.changed is not None:
        clock.moment = case.changed
        await scene.change(case.state)
        if case.at >= case.changed:
            clock.moment = case.at
            await expect(case, scene, None)
    clock.moment = case.at + LATER
    await expect(case, scene, case.at)
