"""Checks a practitioner's weekly hours and the exceptions to them (A2)."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from itertools import combinations
from math import lcm

from graph_api.acting.appointments.model import STEP_MINUTES, OpeningException, OpeningRule
from graph_api.acting.appointments.wall_time import MIDNIGHT
from graph_api.acting.appointments.windows import applies_on
from graph_api.kernel.problems import Problems

MAX_RULES = 100
MAX_EVERY_WEEKS = 4
LAST_DAY = date(9000, 1, 1)
"""Far enough from the calendar's end that nothing overflows when days and weeks are added."""
_DAY_MINUTES = 24 * 60


def check_rules(rules: Sequence[OpeningRule], problems: Problems, *path: str) -> None:
    """Note what is wrong with all rules of one practitioner, below `path` and a rule's number.

    `rules.tooMany`; `from.offGrid` and `to.offGrid`: no multiple of 5 minutes; `to.notAfterFrom`;
    `everyWeeks.outOfRange`; `startsOn.tooLate`; `endsOn.beforeStartsOn`; `rules.overlap`, at the later of two rules
    that are open at one time of one day. Locations do not matter there, as nobody is at two of them.
    """
    if len(rules) > MAX_RULES:
        problems.add("rules.tooMany", f"At most {MAX_RULES} rules.", *path)
        return
    for number, rule in enumerate(rules):
        _check_rule(rule, problems, *path, str(number))
    for number in _overlapping(rules):
        problems.add("rules.overlap", "Another rule is open at a time of this one.", *path, str(number))


def check_exception(exception: OpeningException, problems: Problems, *path: str) -> None:
    """Note what is wrong with an exception.

    `from.missing` and `to.missing`: only a whole day that is closed has neither; `location.missing`: it has to be open
    somewhere; otherwise as a rule's.
    """
    begins, ends = exception.from_time, exception.to_time
    if exception.is_open and exception.location_id is None:
        problems.add("location.missing", "Say where it is open.", *path, "locationId")
    is_whole_day = begins is None and ends is None and not exception.is_open
    if begins is None and not is_whole_day:
        problems.add("from.missing", "Say from when.", *path, "from")
    if ends is None and not is_whole_day:
        problems.add("to.missing", "Say until when.", *path, "to")
    if begins is not None and ends is not None:
        _check_times(begins, ends, problems, *path)
    if exception.day > LAST_DAY:
        problems.add("day.tooLate", "This is too far in the future.", *path, "day")


def _check_rule(rule: OpeningRule, problems: Problems, *path: str) -> None:
    _check_times(rule.from_time, rule.to_time, problems, *path)
    if not 1 <= rule.every_weeks <= MAX_EVERY_WEEKS:
        message = f"Hours are those of every week, or of every second to {MAX_EVERY_WEEKS}th week."
        problems.add("everyWeeks.outOfRange", message, *path, "everyWeeks")
    if rule.starts_on > LAST_DAY:
        problems.add("startsOn.tooLate", "This is too far in the future.", *path, "startsOn")
    if rule.ends_on is not None and rule.ends_on < rule.starts_on:
        problems.add("endsOn.beforeStartsOn", "The end date can't be before the start date.", *path, "endsOn")


def _check_times(begins: time, ends: time, problems: Problems, *path: str) -> None:
    for name, at in (("from", begins), ("to", ends)):
        if at.minute % STEP_MINUTES or at.second or at.microsecond:
            problems.add(f"{name}.offGrid", "Times are multiples of five minutes.", *path, name)
    if _end_minute(ends) <= _minute(begins):
        problems.add("to.notAfterFrom", "Hours must end after they begin, on the same day.", *path, "to")


def _overlapping(rules: Sequence[OpeningRule]) -> Iterator[int]:
    """The numbers of rules that are open at a time of an earlier one, each once."""
    sound = [
        (number, rule)
        for number, rule in enumerate(rules)
        if 1 <= rule.every_weeks <= MAX_EVERY_WEEKS and rule.starts_on <= LAST_DAY
    ]
    found = {later for (_, one), (later, other) in combinations(sound, 2) if _overlap(one, other)}
    yield from sorted(found)


def _overlap(one: OpeningRule, other: OpeningRule) -> bool:
    if one.weekday is not other.weekday:
        return False
    if _end_minute(one.to_time) <= _minute(other.from_time) or _end_minute(other.to_time) <= _minute(one.from_time):
        return False
    return _share_a_day(one, other)


def _share_a_day(one: OpeningRule, other: OpeningRule) -> bool:
    """Whether two rules of one weekday count on one day. After as many weeks as both cycles take, all repeats."""
    first = max(one.starts_on, other.starts_on)
    days = (first + timedelta(days=number) for number in range(7 * (lcm(one.every_weeks, other.every_weeks) + 1)))
    return any(applies_on(one, day) and applies_on(other, day) for day in days)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _end_minute(at: time) -> int:
    """Of the day; 00:00 is its end."""
    return _DAY_MINUTES if at == MIDNIGHT else _minute(at)
