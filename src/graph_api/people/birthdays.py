"""Birthdays: somebody born on 29 February has theirs on 1 March of a common year (D13)."""

from calendar import isleap
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def birthday(birth_date: date, age: int) -> date:
    """The day on which somebody turns `age`; the last day there is, where that is past the calendar's end."""
    year = birth_date.year + age
    if year > date.max.year:
        return date.max
    if (birth_date.month, birth_date.day) == (2, 29) and not isleap(year):
        return date(year, 3, 1)
    return birth_date.replace(year=year)


def born_between(age: int, first: date, last: date) -> tuple[date, date] | None:
    """The first and the last birth date of those who turn `age` from `first` through `last`; None: there are none.

    Birthdays come in the order of birth dates, so whoever is born between these two is among them.
    """
    if last.year - age < date.min.year or last < first:
        return None
    earliest = date.min if first.year - age < date.min.year else _first_born(age, first)
    around = _first_born(age, last)
    # 29 February and 1 March share a birthday in a common year.
    latest = next(day for day in (around + ONE_DAY, around, around - ONE_DAY) if birthday(day, age) <= last)
    return (earliest, latest) if earliest <= latest else None


def _first_born(age: int, day: date) -> date:
    """The earliest birth date whose birthday of `age` is not before `day`."""
    year = day.year - age
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, 3, 1)
    if (day.month, day.day) == (3, 1) and isleap(year) and not isleap(day.year):
        return date(year, 2, 29)
    return day.replace(year=year)
