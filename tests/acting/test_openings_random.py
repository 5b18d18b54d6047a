"""Openings against a reference that looks at every minute, on nights on which clocks change (A2, A3, A6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from graph_api.acting.appointments.model import AppointmentType, OpeningException, OpeningRule, Weekday
from graph_api.acting.appointments.openings import Bounds, Busy, openings
from graph_api.acting.appointments.spans import Span
from graph_api.acting.appointments.windows import Hours, is_open
from tests.acting.opening_cases import PRACTITIONER, kind
from tests.budgets import budget

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CHANGES = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Asia/Kathmandu", date(2026, 3, 8)),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("Africa/Cairo", date(2026, 10, 30)),
    ("America/Havana", date(2026, 11, 1)),
]
"""A zone, and a day on which its clocks change. Kathmandu's do not."""
PLACES = ("main", "annex")


@dataclass(frozen=True)
class Night:
    """A question about days on which clocks change."""

    zone: ZoneInfo
    hours: Hours
    kind: AppointmentType
    busy: Busy
    bounds: Bounds
    first: date
    days: int

    @property
    def zones(self) -> dict[str, ZoneInfo]:
        """All locations are asked about."""
        return dict.fromkeys(PLACES, self.zone)


def at(minutes: int) -> time:
    """A wall time; 1,440 is the end of the day."""
    return time(minutes // 60 % 24, minutes % 60)


STEPS = st.integers(0, 287).map(lambda number: number * 5)
EARLY = st.integers(0, 48).map(lambda number: number * 5)
"""Until four in the morning, when clocks change."""


@st.composite
def times(draw: st.DrawFn) -> tuple[time, time]:
    begins = draw(st.one_of(EARLY, EARLY, STEPS))
    ends = begins + draw(st.integers(1, 90)) * 5
    return at(begins), at(min(ends, 1440))


@st.composite
def rules(draw: st.DrawFn, around: st.SearchStrategy[date]) -> OpeningRule:
    day, (begins, ends) = draw(around), draw(times())
    since = day - draw(st.sampled_from([0, 0, 7, 14, 20, 28, 30])) * DAY
    until = draw(st.none() | st.none() | around)
    weekday, every = list(Weekday)[day.weekday()], draw(st.sampled_from([1, 1, 2, 3, 4]))
    place = draw(st.sampled_from(PLACES))
    return OpeningRule("rule_1", PRACTITIONER, weekday, place, since, begins, ends, every, until)


@st.composite
def exceptions(draw: st.DrawFn, around: st.SearchStrategy[date]) -> OpeningException:
    opens, place = draw(st.booleans()), draw(st.sampled_from(PLACES))
    is_whole_day = not opens and draw(st.sampled_from([False, False, True]))
    begins, ends = (None, None) if is_whole_day else draw(times())
    at_place = place if opens else None
    return OpeningException("exception_1", PRACTITIONER, draw(around), opens, begins, ends, at_place)


@st.composite
def taken(draw: st.DrawFn, midnight: datetime) -> Span:
    start = midnight + draw(st.integers(-12, 72)) * timedelta(minutes=5)
    return Span(start, start + draw(st.integers(1, 24)) * timedelta(minutes=5))


@st.composite
def nights(draw: st.DrawFn) -> Night:
    name, changing = draw(st.sampled_from(CHANGES))
    first, days = changing - draw(st.integers(0, 1)) * DAY, draw(st.integers(1, 3))
    around = st.integers(0, days - 1).map(lambda number: first + number * DAY)
    midnight = datetime(changing.year, changing.month, changing.day, tzinfo=ZoneInfo(name)).astimezone(UTC)
    spans, fives = st.lists(taken(midnight), max_size=2), st.integers(0, 6).map(lambda number: number * 5)
    return Night(
        ZoneInfo(name),
        Hours(
            PRACTITIONER,
            tuple(draw(st.lists(rules(around), min_size=1, max_size=4))),
            tuple(draw(st.lists(exceptions(around), max_size=2))),
        ),
        kind(
            draw(st.integers(1, 12)) * 5,
            draw(st.sampled_from([5, 5, 10, 15, 20, 45])),
            buffer_before=draw(fives),
            buffer_after=draw(fives),
        ),
        Busy(draw(spans), {"annex": draw(spans)}, draw(spans)),
        Bounds(
            midnight + draw(st.sampled_from([-3000, -3000, 37, 90])) * MINUTE,
            draw(st.none() | st.just(midnight + DAY)),
        ),
        first,
        days,
    )


@cache
def clock(zone: ZoneInfo, day: date) -> list[tuple[datetime, datetime]]:
    """Every minute of some days around, and what clocks show then."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - DAY
    minutes = [start + number * MINUTE for number in range(3 * 1440)]
    return [(minute, minute.astimezone(zone).replace(tzinfo=None, fold=0)) for minute in minutes]


def minutes_of(spans: Iterable[Span]) -> set[datetime]:
    """Each minute of some spans."""
    return {span.start + number * MINUTE for span in spans for number in range((span.end - span.start) // MINUTE)}


def counts(rule: OpeningRule, day: date) -> bool:
    """Whether a rule counts on a day, found by walking from week to week."""
    monday = rule.starts_on - rule.starts_on.weekday() * DAY
    weeks = [monday + number * 7 * rule.every_weeks * DAY for number in range(60)]
    is_of_week = any(0 <= (day - week).days < 7 for week in weeks)
    is_in_force = rule.starts_on <= day and (rule.ends_on is None or day <= rule.ends_on)
    return is_of_week and is_in_force and list(Weekday)[day.weekday()] is rule.weekday


def shown_between(zone: ZoneInfo, day: date, begins: time | None, ends: time | None, *, closing: bool) -> set[datetime]:
    """The minutes from the first that shows `begins` or more until the first that shows `ends` or more; of a closing,
    until the last that shows less than `ends`."""
    minutes = clock(zone, day)
    opens = datetime.combine(day, begins or time(0))
    closes = datetime.combine(day + DAY if ends in (None, time(0)) else day, ends or time(0))
    start = next(minute for minute, wall in minutes if wall >= opens)
    end = next(minute for minute, wall in minutes if wall >= closes)
    if closing:
        end = max(minute for minute, wall in minutes if wall < closes) + MINUTE
    return {minute for minute, _ in minutes if start <= minute < end}


def said(night: Night, day: date) -> Iterable[tuple[str, time, time]]:
    for rule in night.hours.rules:
        if counts(rule, day):
            yield rule.location_id, rule.from_time, rule.to_time
    for one in night.hours.exceptions:
        if one.is_open and one.day == day and one.location_id and one.from_time is not None and one.to_time is not None:
            yield one.location_id, one.from_time, one.to_time


def reference(night: Night) -> list[tuple[datetime, str]]:
    """The starts, and where they are."""
    length, before, after = (
        timedelta(minutes=minutes)
        for minutes in (night.kind.minutes, night.kind.buffer_before, night.kind.buffer_after)
    )
    of_practitioner, of_client = minutes_of(night.busy.practitioner), minutes_of(night.busy.client)
    found = set()
    for day in (night.first + number * DAY for number in range(night.days)):
        closed = set[datetime]()
        for one in night.hours.exceptions:
            if not one.is_open and one.day == day:
                closed |= shown_between(night.zone, day, one.from_time, one.to_time, closing=True)
        for place, begins, ends in said(night, day):
            is_open = shown_between(night.zone, day, begins, ends, closing=False) - closed
            taken = of_practitioner | minutes_of(night.busy.locations.get(place, ()))
            seen = set[datetime]()
            for minute, wall in clock(night.zone, day):
                is_first = wall not in seen
                seen.add(wall)
                on_grid = (wall - datetime.combine(day, begins)) % timedelta(minutes=night.kind.grid_minutes)
                if not is_first or on_grid or minute not in is_open:
                    continue
                own = minutes_of([Span(minute, minute + length)])
                claimed = minutes_of([Span(minute - before, minute + length + after)])
                in_bounds = night.bounds.earliest <= minute and minute <= (night.bounds.latest or minute)
                if own <= is_open and not claimed & taken and not own & of_client and in_bounds:
                    found.add((minute, place))
    return sorted(found)


@settings(max_examples=budget(50, 5_000))
@given(nights())
def test_a2_openings_are_what_a_look_at_every_minute_finds(night: Night) -> None:
    found = openings(night.hours, night.kind, night.zones, night.busy, night.bounds, night.first, night.days)
    assert [(opening.starts_at, opening.location_id) for opening in found] == reference(night)
    for opening in found:
        assert opening.ends_at - opening.starts_at == timedelta(minutes=night.kind.minutes)
        wall = opening.starts_at.astimezone(night.zone)
        assert (wall.replace(tzinfo=None), wall.fold) == (opening.local_start, 0)
        assert is_open(night.hours, night.zones, opening.location_id, Span(opening.starts_at, opening.ends_at))
