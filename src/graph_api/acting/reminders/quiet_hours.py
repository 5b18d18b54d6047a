"""When a message may be sent at a decent hour (R5)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from graph_api.acting.reminders.model import QuietHours

MOMENT = timedelta(minutes=1)
"""By which a message is sent before quiet hours begin."""
AHEAD_AFTERWARDS = timedelta(minutes=60)
"""By which an appointment must be ahead of a message that waited for the end of quiet hours."""


def allowed_moment(
    due: datetime, now: datetime, starts_at: datetime, zone: ZoneInfo, quiet: QuietHours
) -> datetime | None:
    """When a message that is due then may be sent.

    Before quiet hours where they begin only later than now, else after them, where the appointment is far enough ahead.

    Args:
        due: when it is to be sent.
        now: it is sent no earlier.
        starts_at: the appointment's start.
        zone: the recipient's.
        quiet: the practice's quiet hours.

    Returns:
        None where there is no such moment.
    """
    wanted = max(due, now)
    span = next((span for span in _spans(wanted, zone, quiet) if span[0] <= wanted < span[1]), None)
    if span is None:
        return wanted
    if now < span[0]:
        return max(span[0] - MOMENT, now)
    return span[1] if span[1] <= starts_at - AHEAD_AFTERWARDS else None


def _spans(moment: datetime, zone: ZoneInfo, quiet: QuietHours) -> Iterator[tuple[datetime, datetime]]:
    """Quiet hours that may contain a moment.

    Of a wall time that occurs twice they begin with the first and end with the second.
    """
    if quiet.from_time == quiet.to_time:
        return
    day = moment.astimezone(zone).date()
    for begins in (day - timedelta(days=1), day):
        ends = begins + timedelta(days=quiet.to_time <= quiet.from_time)
        yield _at(begins, quiet, zone, is_end=False), _at(ends, quiet, zone, is_end=True)


def _at(day: date, quiet: QuietHours, zone: ZoneInfo, *, is_end: bool) -> datetime:
    wall = datetime.combine(day, quiet.to_time if is_end else quiet.from_time, zone)
    return wall.replace(fold=int(is_end)).astimezone(UTC)
