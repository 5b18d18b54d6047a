"""Openings: the starts that can be booked, computed and never stored (A2, A3, A4, A6, A9)."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import inf

from graph_api.acting.appointments.claims import span_of
from graph_api.acting.appointments.model import AppointmentType
from graph_api.acting.appointments.spans import Span
from graph_api.acting.appointments.wall_time import ONE_DAY, instant_of
from graph_api.acting.appointments.windows import Hours, Window, Zones, windows

MAX_DAYS = 31
"""Days that one question may be about."""
MAX_PRACTITIONERS = 20
NEAREST = 5
"""Openings that somebody is told of whose time was taken (A5)."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A start that can be booked."""

    starts_at: datetime
    """UTC."""
    ends_at: datetime
    local_start: datetime
    """What clocks show at the location, without an offset."""
    time_zone: str
    practitioner_id: str
    location_id: str
    type_id: str


@dataclass(frozen=True, slots=True)
class Busy:
    """What nobody can book: what is booked or held, buffers included (`claims.claimed_in`)."""

    practitioner: Sequence[Span] = ()
    locations: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    """Of exclusive locations, by id."""
    client: Sequence[Span] = ()
    """The client's own booked time, without buffers (`claims.booked_of`)."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The first and the last start that may be offered, both inclusive; `deadlines` makes them."""

    earliest: datetime
    latest: datetime | None = None


def openings(
    hours: Hours, kind: AppointmentType, zones: Zones, busy: Busy, bounds: Bounds, first: date, days: int
) -> list[Opening]:
    """The starts of one practitioner that can be booked, by time and location (A2).

    A start lies on the type's grid, counted in wall time from the start of the rule, and the appointment lies within
    the rule; its buffers may reach outside. A start that clocks do not show is left out, and of one that they show
    twice the first is offered; the length is elapsed minutes (A3).

    Args:
        hours: of the practitioner.
        kind: what would be booked.
        zones: the time zone of each location that is asked about.
        busy: what is booked or held.
        bounds: what may be offered to the one who asks.
        first: the first day, on the calendar of each location.
        days: how many.

    Raises:
        ValueError: more than 31 days.
    """
    if not 0 <= days <= MAX_DAYS:
        raise ValueError(f"at most {MAX_DAYS} days")
    earliest, latest = bounds.earliest.timestamp(), inf if bounds.latest is None else bounds.latest.timestamp()
    taken = {location_id: _Taken(kind, busy, location_id) for location_id in zones}
    found: dict[tuple[float, str], Opening] = {}
    for window in windows(hours, zones, first, days):
        of_location = taken[window.location_id]
        for moment, number in _starts(window, kind):
            if earliest <= moment <= latest and not of_location.keeps_from_starting(moment):
                # Two windows may offer the same.
                found[moment, window.location_id] = _opening(hours, kind, window, moment, number)
    return [found[place] for place in sorted(found)]


def is_on_grid(hours: Hours, kind: AppointmentType, zones: Zones, starts_at: datetime, location_id: str) -> bool:
    """Whether a start would be offered if nothing were booked or held (`start.offGrid` where it would not)."""
    if location_id not in zones:
        return False
    zone = zones[location_id]
    day = starts_at.astimezone(zone).date()
    found = openings(hours, kind, {location_id: zone}, Busy(), Bounds(starts_at, starts_at), day, 1)
    return bool(found)


def nearest(found: Iterable[Opening], starts_at: datetime) -> tuple[Opening, ...]:
    """The openings nearest to a start that was taken; of two equally near, the earlier first (A5)."""
    return tuple(sorted(found, key=lambda opening: (abs(opening.starts_at - starts_at), opening.starts_at)))[:NEAREST]


def _opening(hours: Hours, kind: AppointmentType, window: Window, moment: float, number: int) -> Opening:
    start = datetime.fromtimestamp(moment, UTC)
    return Opening(
        starts_at=start,
        ends_at=span_of(kind, start).end,
        local_start=window.opens + timedelta(minutes=number * kind.grid_minutes),
        time_zone=window.zone.key,
        practitioner_id=hours.practitioner_id,
        location_id=window.location_id,
        type_id=kind.id,
    )


def _starts(window: Window, kind: AppointmentType) -> Iterator[tuple[float, int]]:
    """The starts at which the whole appointment lies in what is open: moments, and how many steps of the grid they are
    from where it begins.

    Moments are seconds since 1970, as numbers are compared much faster.
    """
    step, length = timedelta(minutes=kind.grid_minutes), kind.minutes * 60
    count = -(-(window.closes - window.opens) // step)
    offset = _one_offset(window)
    if offset is None:
        shown = [instant_of(window.opens + number * step, window.zone) for number in range(count)]
        starts = [(instant.timestamp(), number) for number, instant in enumerate(shown) if instant is not None]
    else:
        first, seconds = (window.opens - offset).replace(tzinfo=UTC).timestamp(), kind.grid_minutes * 60
        starts = [(first + number * seconds, number) for number in range(count)]
    for span in window.spans:
        opens, last = span.start.timestamp(), span.end.timestamp() - length
        yield from (start for start in starts if opens <= start[0] <= last)


def _one_offset(window: Window) -> timedelta | None:
    """The zone's offset, where clocks change neither on this day nor on those beside it."""
    before = (window.opens - ONE_DAY).replace(tzinfo=window.zone).utcoffset()
    after = (window.closes + ONE_DAY).replace(tzinfo=window.zone).utcoffset()
    return before if before == after else None


class _Taken:
    """The moments at which an appointment at a location can't start for what is taken, as seconds since 1970.

    An appointment meets a span if it starts after the span's start less its own length, and before the span's end. Both
    are moved by the buffers where these are claimed, too.
    """

    def __init__(self, kind: AppointmentType, busy: Busy, location_id: str) -> None:
        length, before, after = (60 * minutes for minutes in (kind.minutes, kind.buffer_before, kind.buffer_after))
        claimed = (*busy.practitioner, *busy.locations.get(location_id, ()))
        ranges = [(span.start.timestamp() - length - after, span.end.timestamp() + before) for span in claimed]
        ranges += [(span.start.timestamp() - length, span.end.timestamp()) for span in busy.client]
        self._begins, self._ends = list[float](), list[float]()
        for begin, end in sorted(ranges):
            if self._ends and begin < self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:  # neither bound is in the range, so where two of them touch there is a start between them
                self._begins.append(begin)
                self._ends.append(end)

    def keeps_from_starting(self, moment: float) -> bool:
        """Whether an appointment that starts then would meet what is taken."""
        place = bisect_left(self._begins, moment)
        return place > 0 and self._ends[place - 1] > moment
