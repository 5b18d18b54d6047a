"""Birthdays, with 29 February on 1 March of common years (D13)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.network.terms import age_on
from graph_api.people.birthdays import birthday, born_between

ONE_DAY = timedelta(days=1)
AGES = st.integers(0, 130)
SPANS = st.integers(0, 366)
LEAP_DAYS = st.sampled_from([date(year, 2, 29) for year in (1904, 1996, 2000, 2004, 2008)])
BIRTH_DATES = st.dates(date(1890, 1, 1), date(2100, 1, 1)) | LEAP_DAYS
DAYS = st.dates(date(2020, 1, 1), date(2032, 1, 1)) | st.sampled_from(
    [date(year, month, day) for year in (2026, 2028, 2100) for month, day in ((2, 28), (3, 1))] + [date(2028, 2, 29)]
)


@pytest.mark.parametrize(
    ("born", "age", "day"),
    [
        (date(2008, 2, 29), 18, date(2026, 3, 1)),
        (date(2008, 2, 29), 20, date(2028, 2, 29)),
        (date(2008, 2, 28), 18, date(2026, 2, 28)),
        (date(2008, 3, 1), 18, date(2026, 3, 1)),
        (date(2026, 6, 1), 0, date(2026, 6, 1)),
        (date(9990, 6, 1), 18, date.max),
    ],
)
def test_d13_a_birthday_is_the_day_of_that_age(born: date, age: int, day: date) -> None:
    assert birthday(born, age) == day


@given(BIRTH_DATES, AGES)
def test_d13_somebody_is_of_an_age_from_its_birthday_on(born: date, age: int) -> None:
    day = birthday(born, age)
    assert age_on(born, day) == age
    assert age_on(born, day - ONE_DAY) == age - 1


@given(DAYS, AGES, SPANS, st.integers(-4, 370))
def test_d13_who_turns_an_age_in_a_window_is_born_between_two_dates(first: date, age: int, n: int, off: int) -> None:
    last = first + timedelta(days=n)
    born = date(first.year - age, first.month, min(first.day, 28)) + timedelta(days=off)
    found = born_between(age, first, last)
    assert (found is not None and found[0] <= born <= found[1]) == (first <= birthday(born, age) <= last)


@given(DAYS, AGES, SPANS)
def test_d13_the_bounds_themselves_have_their_birthday_in_the_window(first: date, age: int, n: int) -> None:
    last = first + timedelta(days=n)
    for born in born_between(age, first, last) or ():
        assert first <= birthday(born, age) <= last


def test_nobody_was_born_before_the_calendar() -> None:
    assert born_between(130, date(100, 1, 1), date(100, 12, 31)) is None
    assert born_between(18, date(2026, 1, 2), date(2026, 1, 1)) is None
