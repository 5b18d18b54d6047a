"""The contract's scalars."""

import re
from datetime import date, datetime
from typing import Any

import strawberry
from strawberry.types.scalar import ScalarDefinition

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _parse_date(value: Any) -> date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("A date is written YYYY-MM-DD.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("There is no such day.") from None


def _parse_moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("A time is written as RFC 3339 has it, with an offset.") from None
    if moment.tzinfo is None:
        raise ValueError("A time needs an offset.")
    return moment


def show_moment(value: datetime) -> str:
    """Always with microseconds: as the graph keeps it, and of one length."""
    return value.isoformat(timespec="microseconds")


SCALARS: dict[object, ScalarDefinition] = {
    date: strawberry.scalar(name="Date", description="YYYY-MM-DD", serialize=date.isoformat, parse_value=_parse_date),
    datetime: strawberry.scalar(
        name="DateTime",
        description="RFC 3339 with offset",
        serialize=show_moment,
        parse_value=_parse_moment,
    ),
}
