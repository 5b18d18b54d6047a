"""Openings beside the tables: the nearest ones, what is on the grid, what lies within hours (A2, A3, A5, A6)."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.acting.appointments.model import Location
from graph_api.acting.appointments.openings import MAX_DAYS, Bounds, Busy, Opening, is_on_grid, nearest, openings
from graph_api.acting.appointments.spans import Span, joined, without
from graph_api.acting.appointments.windows import Hours, is_open
from tests.acting.opening_cases import PRACTITIONER, exception, kind, rule

TUESDAY = datetime(2026, 2, 3, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
UTC_ZONE = ZoneInfo("UTC")
ZONES = {"main": UTC_ZONE}
ALWAYS = Bounds(datetime(2026, 1, 1, tzinfo=UTC))


def at(hour: int, minute: int = 0) -> datetime:
    return TUESDAY + timedelta(hours=hour, minutes=minute)


def hours(*said: str) -> Hours:
    """Of that Tuesday."""
    return Hours(PRACTITIONER, tuple(rule("TUESDAY", text) for text in said))


def test_a2_at_most_31_days_are_asked_about() -> None:
    assert MAX_DAYS == 31
    for days in (-1, 32):
        with pytest.raises(ValueError, match="31 days"):
            openings(hours("09:00-12:00"), kind(), ZONES, Busy(), ALWAYS, TUESDAY.date(), days)


def test_a2_nobody_is_open_where_nothing_says_so() -> None:
    assert openings(Hours(PRACTITIONER), kind(), ZONES, Busy(), ALWAYS, TUESDAY.date(), 31) == []
    assert openings(hours("09:00-12:00"), kind(), {}, Busy(), ALWAYS, TUESDAY.date(), 31) == []


def test_a2_an_opening_says_all_of_itself() -> None:
    zones = {"main": ZoneInfo("America/New_York")}
    (found,) = openings(hours("09:00-10:00"), kind(50), zones, Busy(), ALWAYS, TUESDAY.date(), 1)
    assert found == Opening(
        at(14), at(14, 50), datetime(2026, 2, 3, 9), "America/New_York", PRACTITIONER, "main", "type_1"
    )


def test_a5_who_lost_a_time_is_told_of_the_five_nearest() -> None:
    found = openings(hours("08:00-16:00"), kind(), ZONES, Busy([Span(at(11), at(12))]), ALWAYS, TUESDAY.date(), 1)
    assert [opening.starts_at.hour for opening in nearest(found, at(11))] == [10, 12, 9, 13, 8]
    assert nearest(found[:2], at(11)) == (found[1], found[0])
    assert nearest([], at(11)) == ()


@pytest.mark.parametrize(("hour", "minute", "expected"), [(9, 0, True), (9, 30, False), (11, 0, True), (12, 0, False)])
def test_a2_a_start_is_on_the_grid_whatever_is_booked(hour: int, minute: int, expected: bool) -> None:
    assert is_on_grid(hours("09:00-12:00"), kind(), ZONES, at(hour, minute), "main") is expected


def test_a3_the_second_of_two_hours_is_not_on_the_grid() -> None:
    zones, night = {"main": ZoneInfo("America/New_York")}, Hours(PRACTITIONER, (rule("SUNDAY", "00:00-04:00"),))
    first = datetime(2026, 11, 1, 5, tzinfo=UTC)
    assert is_on_grid(night, kind(), zones, first, "main")
    assert not is_on_grid(night, kind(), zones, first + timedelta(hours=1), "main")


def test_a2_a_place_that_is_not_asked_about_is_not_open() -> None:
    assert not is_on_grid(hours("09:00-12:00"), kind(), ZONES, at(9), "annex")
    assert not is_open(hours("09:00-12:00"), ZONES, "annex", Span(at(9), at(10)))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (at(9, 35), at(9, 50), True),
        (at(11, 30), at(12, 30), True),  # over two rules that touch
        (at(12, 30), at(13, 30), False),
        (at(8, 55), at(9, 30), False),
        (at(23, 30), at(24, 30), True),  # over midnight, with hours on both days
        (at(24, 30), at(25, 30), False),
    ],
)
def test_a6_staff_are_warned_outside_of_hours(start: datetime, end: datetime, expected: bool) -> None:
    said = hours("09:00-12:00", "12:00-13:00", "23:00-00:00")
    night = Hours(PRACTITIONER, (*said.rules, rule("WEDNESDAY", "00:00-01:00")))
    assert is_open(night, ZONES, "main", Span(start, end)) is expected


def test_a6_what_was_closed_is_outside_of_hours() -> None:
    closed = Hours(PRACTITIONER, hours("09:00-12:00").rules, (exception(TUESDAY.date(), closed="10:00-11:00"),))
    assert not is_open(closed, ZONES, "main", Span(at(10, 30), at(11, 30)))
    assert is_open(closed, ZONES, "main", Span(at(11), at(12)))


def test_a3_a_location_is_in_its_own_time_zone_or_the_practices() -> None:
    assert Location("location_1", "Room").zone(UTC_ZONE) is UTC_ZONE
    assert Location("location_1", "Room", time_zone="Asia/Kathmandu").zone(UTC_ZONE).key == "Asia/Kathmandu"


SPANS = st.builds(
    lambda start, minutes: Span(TUESDAY + start * MINUTE, TUESDAY + (start + minutes) * MINUTE),
    st.integers(0, 60),
    st.integers(0, 20),
)


def minutes(*spans: Span) -> set[datetime]:
    return {span.start + number * MINUTE for span in spans for number in range((span.end - span.start) // MINUTE)}


@given(st.lists(SPANS, max_size=6), SPANS)
def test_spans_are_joined_and_taken_away_minute_by_minute(spans: list[Span], whole: Span) -> None:
    together, rest = joined(spans), without(whole, spans)
    assert minutes(*together) == minutes(*spans)
    assert minutes(*rest) == minutes(whole) - minutes(*spans)
    for found in (together, rest):
        assert all(span.start < span.end for span in found)
        assert all(one.end < other.start for one, other in pairwise(found))


@given(SPANS, SPANS)
def test_spans_overlap_if_a_minute_is_in_both(one: Span, other: Span) -> None:
    if minutes(one) and minutes(other):
        assert one.overlaps(other) == bool(minutes(one) & minutes(other))
        assert one.holds(other) == (minutes(other) <= minutes(one))


@pytest.mark.parametrize("first", [date(2026, 2, 2), date(2025, 12, 20)])
def test_a2_a_month_of_a_full_calendar_is_what_its_days_are(first: date) -> None:
    """300 appointments, 31 days: asked about at once or day by day."""
    week = Hours(PRACTITIONER, tuple(rule(day, "08:00-18:00") for day in ("MONDAY", "TUESDAY", "FRIDAY", "SUNDAY")))
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    busy = Busy([Span(start + number * 145 * MINUTE, start + (number * 145 + 50) * MINUTE) for number in range(300)])
    bounds, wanted = Bounds(start), kind(50, 15, buffer_after=10)
    days = [openings(week, wanted, ZONES, busy, bounds, first + timedelta(days=number), 1) for number in range(31)]
    assert openings(week, wanted, ZONES, busy, bounds, first, 31) == [opening for day in days for opening in day]
    assert sum(map(len, days)) > 100
