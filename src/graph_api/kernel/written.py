"""Days and moments as they are written: YYYY-MM-DD, and RFC 3339.

Python reads more forms, a week's day among them (2026-W01-2): what is no date to those who wrote it would be one here.
"""

import re
from datetime import UTC, date, datetime, time

from graph_api.engine.errors import BadRequest

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)


def read_day(text: object) -> date:
    """A day.

    Raises:
        ValueError: it is written otherwise, or there is no such day.
    """
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        raise ValueError("Write a date as YYYY-MM-DD.")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("There is no such day.") from None


def read_time(text: object) -> time:
    """A time of day.

    Raises:
        ValueError: it is written otherwise, or there is no such time.
    """
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise ValueError("Write a time of day as HH:MM.")
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ValueError("There is no such time of day.") from None


def read_moment(text: object) -> datetime:
    """A moment, with the offset it is written with.

    Raises:
        ValueError: it is written otherwise, has no offset, or there is no such time.
    """
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        raise ValueError("Write a time in RFC 3339 format, with an offset.")
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        raise ValueError("There is no such time.") from None
    if moment.tzinfo is None:
        raise ValueError("A time needs an offset.")
    return moment


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC, so that it is one however it was written.

    Raises:
        BadRequest: INVALID_TIME, before the first or after the last moment there is.
    """
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise BadRequest("INVALID_TIME", "There is no such time.") from None
