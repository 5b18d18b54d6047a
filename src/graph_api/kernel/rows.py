"""Values as the graph keeps them. Dates and times are ISO 8601 text: they compare as they read, on every engine."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

Row = Mapping[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 9_999_999_999_999_999
"""Microseconds; some three centuries after 1970."""


def stamp(moment: datetime) -> str:
    """UTC with microseconds, always of one length, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment_of(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def present(values: dict[str, Any]) -> dict[str, Any]:
    """Unknown is absent, not null: a map with nulls is stored differently by the engines."""
    return {name: value for name, value in values.items() if value is not None and value != []}


def newest_first(moment: datetime) -> str:
    """A moment as text that sorts the newest first, because both engines walk an index forwards far faster."""
    return f"{_LATEST - (moment - _EPOCH) // timedelta(microseconds=1):016d}"
