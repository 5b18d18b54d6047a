"""Appointments that repeat by weeks, in wall time (A7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from graph_api.acting.appointments.model import Appointment, AppointmentStatus, SeriesScope
from graph_api.acting.appointments.statuses import TRANSITIONS, status_at
from graph_api.acting.appointments.wall_time import instant_of, local_text, wall_of
from graph_api.kernel.errors import Refused, invalid
from graph_api.kernel.problems import Problems

MAX_COUNT = 52
MAX_EVERY_WEEKS = 12
"""A quarter of a year; rarer appointments are booked one by one."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often, and how many weeks apart (iCalendar: `FREQ=WEEKLY;INTERVAL;COUNT`)."""

    every_weeks: int
    count: int
    """The first one included."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One appointment of a series."""

    starts_at: datetime
    """UTC."""
    local_start: datetime
    """What clocks show, without an offset: the same time of day for all of a series."""


def check_repeat(repeat: Repeat, problems: Problems, *path: str) -> None:
    """Note `everyWeeks.outOfRange` and `count.outOfRange`."""
    if not 1 <= repeat.every_weeks <= MAX_EVERY_WEEKS:
        message = f"Appointments repeat every 1 to {MAX_EVERY_WEEKS} weeks."
        problems.add("everyWeeks.outOfRange", message, *path, "everyWeeks")
    if not 1 <= repeat.count <= MAX_COUNT:
        problems.add("count.outOfRange", f"A series has 1 to {MAX_COUNT} appointments.", *path, "count")


def occurrences(starts_at: datetime, zone: ZoneInfo, repeat: Repeat) -> tuple[Occurrence, ...]:
    """The starts of a series, all at one wall time. Of a time that clocks show twice the later ones take the first; the
    first appointment starts at `starts_at` itself, which somebody chose.

    Raises:
        Refused: InvalidInput, as `check_repeat`; `start.inGap` for each that clocks leave out: all or none.
    """
    problems = Problems()
    check_repeat(repeat, problems, "repeat")
    problems.refuse()
    first = wall_of(starts_at, zone)
    walls = [first + timedelta(weeks=number * repeat.every_weeks) for number in range(repeat.count)]
    instants = [starts_at, *(instant_of(wall, zone) for wall in walls[1:])]
    gaps = [wall for wall, instant in zip(walls, instants, strict=True) if instant is None]
    if gaps:
        raise Refused([invalid("start.inGap", _in_gap(wall), "repeat") for wall in gaps])
    return tuple(Occurrence(instant, wall) for wall, instant in zip(walls, instants, strict=True) if instant)


def cancelled_with(
    appointment: Appointment, series: Iterable[Appointment], scope: SeriesScope, now: datetime
) -> tuple[Appointment, ...]:
    """What a cancellation takes, by start: one, or with it those of its series that start later and can be cancelled.

    One that was moved counts by the time that it has now. One that has taken place stays as it is.
    """
    if scope is SeriesScope.THIS or appointment.series_id is None:
        return (appointment,)
    sources = TRANSITIONS[AppointmentStatus.CANCELLED].sources
    later = [
        other
        for other in series
        if other.series_id == appointment.series_id
        and other.id != appointment.id
        and other.starts_at > appointment.starts_at
        and status_at(other, now) in sources
    ]
    return (appointment, *sorted(later, key=lambda other: (other.starts_at, other.id)))


def _in_gap(wall: datetime) -> str:
    return f"Clocks are put forward and leave out {local_text(wall).replace('T', ' ')}. Choose another time."
