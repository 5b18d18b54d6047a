"""What clocks show, and the moments at which they show it (A3).

A wall time is a `datetime` without an offset, in a zone. A day on which clocks change lacks some wall times (a gap), or
has some twice. Zones change their clocks at whole minutes, so minutes are exact.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
ONE_MINUTE = timedelta(minutes=1)
MIDNIGHT = time(0)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment, in UTC, at which clocks show `wall`: None where they never do, the first where they do twice (A3)."""
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return instant if wall_of(instant, zone) == wall else None


def wall_of(instant: datetime, zone: ZoneInfo) -> datetime:
    """What clocks show at a moment."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def reached(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment at which clocks show `wall`; in a gap, the moment at which they leave it out."""
    return instant_of(wall, zone) or _change(wall, zone)


def passed(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment from which clocks show nothing before `wall` any more, however often they showed it."""
    last = wall - ONE_MINUTE
    if instant_of(last, zone) is None:
        return _change(last, zone)
    return last.replace(tzinfo=zone, fold=1).astimezone(UTC) + ONE_MINUTE


def _change(wall: datetime, zone: ZoneInfo) -> datetime:
    """When clocks leave out `wall`, which they never show.

    Read with the offset that holds after the change, a wall time in the gap is a moment before it; read with the one
    that held before, it is not.
    """
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    while after - before > ONE_MINUTE:
        middle = before + (after - before) // ONE_MINUTE // 2 * ONE_MINUTE
        if wall_of(middle, zone) < wall:
            before = middle
        else:
            after = middle
    return after


def on_day(day: date, at: time) -> datetime:
    """A wall time of a day."""
    return datetime.combine(day, at)


def end_on_day(day: date, to: time) -> datetime:
    """The wall time at which hours of a day end; 00:00 is the end of the day, so the beginning of the next."""
    return datetime.combine(day + ONE_DAY if to == MIDNIGHT else day, to)


def local_text(wall: datetime) -> str:
    """A wall time as an appointment keeps it, `2026-03-09T09:00`."""
    return wall.isoformat(timespec="minutes")


def fits(local_start: str, starts_at: datetime, time_zone: str) -> bool:
    """Whether clocks still show the time that was agreed on when the appointment starts (A3).

    Countries change their rules after appointments were made, and new tzdata brings the change.
    """
    return local_text(wall_of(starts_at, ZoneInfo(time_zone))) == local_start
