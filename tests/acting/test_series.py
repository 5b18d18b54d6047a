"""Series of appointments (A7); data/openings.yaml has those over changes of clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from graph_api.acting.appointments.model import AppointmentStatus, SeriesScope
from graph_api.acting.appointments.series import Repeat, cancelled_with, occurrences
from tests.acting.opening_cases import appointment
from tests.acting.refusals import reasons

NEW_YORK = ZoneInfo("America/New_York")
START = datetime(2026, 2, 3, 14, tzinfo=UTC)
WEEK = timedelta(weeks=1)
SERIES = [appointment(START + number * WEEK, id=f"appointment_{number}", series_id="series_1") for number in range(4)]


def test_a7_a_series_has_at_most_52() -> None:
    found = occurrences(START, NEW_YORK, Repeat(1, 52))
    assert len(found) == 52
    assert {one.local_start.time().isoformat() for one in found} == {"09:00:00"}


@pytest.mark.parametrize(
    ("repeat", "reason"),
    [
        (Repeat(1, 53), "count.outOfRange"),
        (Repeat(1, 0), "count.outOfRange"),
        (Repeat(0, 2), "everyWeeks.outOfRange"),
        (Repeat(13, 2), "everyWeeks.outOfRange"),
        (Repeat(1, 10**9), "count.outOfRange"),
    ],
)
def test_a7_other_numbers_are_refused(repeat: Repeat, reason: str) -> None:
    assert reasons(lambda: occurrences(START, NEW_YORK, repeat)) == [reason]


def test_a7_the_first_one_starts_when_somebody_chose_also_in_the_second_of_two_hours() -> None:
    second = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    found = occurrences(second, NEW_YORK, Repeat(1, 2))
    assert [one.starts_at for one in found] == [second, second + WEEK]


def test_a7_cancelling_takes_one_or_it_and_those_that_follow() -> None:
    assert cancelled_with(SERIES[1], SERIES, SeriesScope.THIS, START) == (SERIES[1],)
    assert cancelled_with(SERIES[1], SERIES, SeriesScope.THIS_AND_FOLLOWING, START) == tuple(SERIES[1:])


def test_a7_what_follows_is_of_the_series_and_can_be_cancelled() -> None:
    others = [
        appointment(START + 5 * WEEK, id="of another", series_id="series_2"),
        appointment(START + 5 * WEEK, id="cancelled", series_id="series_1", status=AppointmentStatus.CANCELLED),
        appointment(START - WEEK, id="moved to an earlier day", series_id="series_1"),
    ]
    assert cancelled_with(SERIES[3], [*SERIES, *others], SeriesScope.THIS_AND_FOLLOWING, START) == (SERIES[3],)


def test_a7_an_appointment_that_is_of_no_series_is_cancelled_alone() -> None:
    alone = appointment(START)
    follows = appointment(START + WEEK, id="appointment_2")
    assert cancelled_with(alone, [alone, follows], SeriesScope.THIS_AND_FOLLOWING, START) == (alone,)
