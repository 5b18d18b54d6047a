"""Checks of weekly hours and exceptions (A2)."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.acting.appointments.hours import LAST_DAY, MAX_RULES, check_exception, check_rules
from graph_api.acting.appointments.model import OpeningRule, Weekday
from graph_api.acting.appointments.windows import applies_on
from tests.acting.opening_cases import exception, rule
from tests.acting.refusals import noted

MONDAY = date(2026, 2, 2)
WEEK = timedelta(weeks=1)


def found(*rules: OpeningRule) -> list[tuple[str, str]]:
    return noted(lambda problems: check_rules(rules, problems, "rules"))


def test_a2_hours_that_touch_and_hours_of_other_days_are_fine() -> None:
    hours = [rule("MONDAY", "09:00-12:00"), rule("MONDAY", "12:00-00:00"), rule("TUESDAY", "00:00-09:00")]
    assert found(*hours) == []


@pytest.mark.parametrize("hours", ["12:00-09:00", "09:00-09:00"])
def test_a2_hours_end_after_they_begin(hours: str) -> None:
    assert found(rule("MONDAY", hours)) == [("to.notAfterFrom", "rules.0.to")]


def test_a2_hours_that_end_at_midnight_end_with_the_day() -> None:
    assert found(rule("MONDAY", "00:00-00:00")) == []
    assert found(rule("MONDAY", "00:00-00:00"), rule("MONDAY", "23:55-00:00")) == [("rules.overlap", "rules.1")]


def test_a2_hours_are_multiples_of_five_minutes() -> None:
    odd = rule("MONDAY", "09:03-12:00")
    assert found(odd, replace(odd, weekday=Weekday.FRIDAY, from_time=time(9), to_time=time(12, 0, 30))) == [
        ("from.offGrid", "rules.0.from"),
        ("to.offGrid", "rules.1.to"),
    ]


@pytest.mark.parametrize("every", [0, 5, -1])
def test_a2_hours_are_of_every_first_to_fourth_week(every: int) -> None:
    sound = rule("MONDAY", "09:00-12:00")
    assert found(rule("MONDAY", "09:00-12:00", every=every), sound) == [("everyWeeks.outOfRange", "rules.0.everyWeeks")]


def test_a2_the_last_day_is_not_before_the_first() -> None:
    assert found(rule("MONDAY", "09:00-12:00", since=MONDAY, until=MONDAY)) == []
    early = rule("MONDAY", "09:00-12:00", since=MONDAY, until=MONDAY - timedelta(days=1))
    assert found(early) == [("endsOn.beforeStartsOn", "rules.0.endsOn")]


def test_a2_days_near_the_end_of_the_calendar_are_refused() -> None:
    assert found(rule("MONDAY", "09:00-12:00", since=date.max)) == [("startsOn.tooLate", "rules.0.startsOn")]
    assert found(*[rule("MONDAY", "09:00-12:00", since=LAST_DAY)] * 2) == [("rules.overlap", "rules.1")]


def test_a2_hours_overlap_whatever_the_location() -> None:
    assert found(rule("MONDAY", "09:00-12:00"), rule("MONDAY", "11:55-13:00", at="annex")) == [
        ("rules.overlap", "rules.1")
    ]


def test_a2_a_rule_that_overlaps_two_others_is_named_once() -> None:
    rules = [rule("MONDAY", "09:00-12:00"), rule("MONDAY", "14:00-16:00"), rule("MONDAY", "11:00-15:00")]
    assert found(*rules) == [("rules.overlap", "rules.2")]


def test_a2_weeks_in_turn_do_not_overlap() -> None:
    one, other = (rule("MONDAY", "09:00-12:00", every=2, since=since) for since in (MONDAY, MONDAY + WEEK))
    assert found(one, other) == []
    assert found(one, replace(other, starts_on=MONDAY + 2 * WEEK)) == [("rules.overlap", "rules.1")]
    assert found(one, replace(other, every_weeks=3)) == [("rules.overlap", "rules.1")]
    assert found(one, replace(other, every_weeks=4)) == []


def test_a2_hours_that_end_before_others_begin_do_not_overlap() -> None:
    one = rule("MONDAY", "09:00-12:00", until=MONDAY)
    assert found(one, rule("MONDAY", "09:00-12:00", since=MONDAY + WEEK)) == []
    assert found(one, rule("MONDAY", "09:00-12:00", since=MONDAY)) == [("rules.overlap", "rules.1")]
    # They would meet in the third week, and one of them ends before.
    both = [rule("MONDAY", "09:00-12:00", every=every, since=MONDAY + late * WEEK) for every, late in ((3, 0), (4, 2))]
    assert found(*both) == [("rules.overlap", "rules.1")]
    assert found(both[0], replace(both[1], ends_on=MONDAY + 5 * WEEK)) == []


DAYS = st.integers(0, 60).map(lambda number: MONDAY + timedelta(days=number))
RULES = st.builds(
    lambda since, every, until: rule("MONDAY", "09:00-12:00", since=since, every=every, until=until),
    DAYS,
    st.integers(1, 4),
    st.none() | DAYS,
)


@given(RULES, RULES)
def test_a2_two_rules_overlap_if_and_only_if_they_count_on_one_day(one: OpeningRule, other: OpeningRule) -> None:
    days = [MONDAY + timedelta(days=number) for number in range(200)]
    expected = any(applies_on(one, day) and applies_on(other, day) for day in days)
    assert (("rules.overlap", "rules.1") in found(one, other)) == expected


def test_a2_at_most_a_hundred_rules() -> None:
    assert found(*[rule("MONDAY", "09:00-12:00")] * (MAX_RULES + 1)) == [("rules.tooMany", "rules")]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"closed": "all"}, []),
        ({"closed": "09:00-10:00"}, []),
        ({"open": "09:00-10:00"}, []),
        ({"open": "10:00-09:00"}, [("to.notAfterFrom", "to")]),
        ({"closed": "09:01-10:00"}, [("from.offGrid", "from")]),
        ({"open": "all"}, [("from.missing", "from"), ("to.missing", "to")]),
    ],
)
def test_a2_an_exception_closes_a_day_or_hours_or_opens_hours(
    said: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert noted(lambda problems: check_exception(exception(MONDAY, **said), problems)) == expected


def test_a2_half_an_exception_is_none() -> None:
    nowhere = replace(exception(MONDAY, open="09:00-10:00"), location_id=None, to_time=None)
    assert noted(lambda problems: check_exception(nowhere, problems)) == [
        ("location.missing", "locationId"),
        ("to.missing", "to"),
    ]
    closed = replace(exception(date.max, closed="09:00-10:00"), from_time=None)
    assert noted(lambda problems: check_exception(closed, problems)) == [
        ("from.missing", "from"),
        ("day.tooLate", "day"),
    ]
