"""Fields of inputs."""

from typing import Any

import strawberry
from strawberry import UNSET

KEY = (
    "A key of your choice that makes retries safe: with the same key, the mutation is done only once. Keys are "
    "kept for 24 hours"
)
EXPECTED_VERSION = "The version that you read. If the version has changed since, the mutation is refused"


def taken(description: str, default: Any = UNSET) -> Any:
    """A field that may be left out."""
    return strawberry.field(description=description, default=default)


def needed(description: str) -> Any:
    """A field that must be given."""
    return strawberry.field(description=description)


def given(value: Any) -> Any:
    """An optional field's value, or None when it was left out."""
    return None if value is UNSET else value


def ids_of(value: Any) -> list[str]:
    """A list of ids that may be left out."""
    return [str(item) for item in given(value) or ()]


def sent(source: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The fields of these names that were sent."""
    return {name: value for name in names if (value := getattr(source, name)) is not UNSET}
