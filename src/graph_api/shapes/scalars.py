"""The contract's scalars."""

from datetime import date, datetime, time

import strawberry
from strawberry.types.scalar import ScalarDefinition

from graph_api.kernel.written import read_day, read_moment, read_time


def show_moment(value: datetime) -> str:
    """Always with microseconds: as the graph keeps it, and of one length."""
    return value.isoformat(timespec="microseconds")


def show_time(value: time) -> str:
    """Hours and minutes."""
    return value.isoformat(timespec="minutes")


SCALARS: dict[object, ScalarDefinition] = {
    date: strawberry.scalar(
        name="Date", description="A date as YYYY-MM-DD", serialize=date.isoformat, parse_value=read_day
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="A time in RFC 3339 format, with an offset",
        serialize=show_moment,
        parse_value=read_moment,
    ),
    time: strawberry.scalar(
        name="LocalTime",
        description="A time of day as HH:MM, as clocks show it at a location",
        serialize=show_time,
        parse_value=read_time,
    ),
}
