"""When one practitioner is open: weekly rules and the exceptions of a day, as spans of time (A2, A3)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from graph_api.acting.appointments.model import OpeningException, OpeningRule, Weekday
from graph_api.acting.appointments.spans import Span, joined, without
from graph_api.acting.appointments.wall_time import MIDNIGHT, ONE_DAY, end_on_day, on_day, passed, reached, wall_of

_NUMBER = {weekday: number for number, weekday in enumerate(Weekday)}
"""As `date.weekday` counts."""
Zones = Mapping[str, ZoneInfo]
"""The time zone of each location that is asked about, by its id. What is at another location does not count."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When one practitioner can be booked, and where."""

    practitioner_id: str
    rules: tuple[OpeningRule, ...] = ()
    exceptions: tuple[OpeningException, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """The hours of one rule or exception on one day, as far as exceptions leave them open."""

    location_id: str
    zone: ZoneInfo
    opens: datetime
    """Wall time from which the grid is counted, whether or not it is still open then."""
    closes: datetime
    """Wall time."""
    spans: tuple[Span, ...]
    """What is open of it; an appointment lies within one of these."""


def applies_on(rule: OpeningRule, day: date) -> bool:
    """Whether a rule counts on a day, as `FREQ=WEEKLY;INTERVAL` of iCalendar does: weeks begin on Monday, and the week
    of the rule's first day is the first that counts (A2)."""
    if day.weekday() != _NUMBER[rule.weekday] or day < rule.starts_on:
        return False
    if rule.ends_on is not None and day > rule.ends_on:
        return False
    return (_monday(day) - _monday(rule.starts_on)).days // 7 % rule.every_weeks == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def windows(hours: Hours, zones: Zones, first: date, days: int) -> Iterator[Window]:
    """When the practitioner is open at these locations, from `first` for `days` days of each location's calendar.

    A closing takes away from rules and from other exceptions, whichever was recorded first: what somebody closed is not
    open (as EXDATE wins over RDATE in iCalendar).
    """
    for number in range(days):
        day = first + number * ONE_DAY
        of_day = [exception for exception in hours.exceptions if exception.day == day]
        for location_id, from_time, to_time in _said(hours.rules, of_day, day):
            zone = zones.get(location_id)
            if zone is not None:
                opens, closes = on_day(day, from_time), end_on_day(day, to_time)
                whole = Span(reached(opens, zone), reached(closes, zone))
                spans = without(whole, _closed(of_day, location_id, zone))
                if spans:
                    yield Window(location_id, zone, opens, closes, tuple(spans))


def _said(
    rules: Iterable[OpeningRule], exceptions: Iterable[OpeningException], day: date
) -> Iterator[tuple[str, time, time]]:
    """Where and when a day is open, by its rules and exceptions. One that does not say where or when opens nothing."""
    for rule in rules:
        if applies_on(rule, day):
            yield rule.location_id, rule.from_time, rule.to_time
    for said in exceptions:
        if said.is_open and said.location_id and said.from_time is not None and said.to_time is not None:
            yield said.location_id, said.from_time, said.to_time


def _closed(exceptions: Iterable[OpeningException], location_id: str, zone: ZoneInfo) -> list[Span]:
    """What of a day is closed at a location: all that clocks show from `from` to `to`, even if they do twice."""
    return [
        Span(
            reached(on_day(said.day, said.from_time or MIDNIGHT), zone),
            passed(end_on_day(said.day, said.to_time or MIDNIGHT), zone),
        )
        for said in exceptions
        if not said.is_open and said.location_id in (None, location_id)
    ]


def is_open(hours: Hours, zones: Zones, location_id: str, span: Span) -> bool:
    """Whether a span lies within the practitioner's hours at a location, whatever is booked and on whatever grid.

    Staff may book outside of them and are warned (A6).
    """
    if location_id not in zones:
        return False
    zone = zones[location_id]
    first = wall_of(span.start, zone).date()
    days = (wall_of(span.end, zone).date() - first).days + 1
    found = windows(hours, {location_id: zone}, first, days)
    return any(part.holds(span) for part in joined(part for window in found for part in window.spans))
