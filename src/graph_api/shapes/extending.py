"""Fields that a concern adds to a type of another concern, which does not know it."""

from collections.abc import Callable
from typing import TypeVar

import strawberry

T = TypeVar("T", bound=type)


def extends(kind: type) -> Callable[[T], T]:
    """Add the decorated class's fields to a type of the schema.

    Raises:
        TypeError: the type has a field of that name.
    """

    def extend(more: T) -> T:
        fields = strawberry.type(more).__strawberry_definition__.fields  # type: ignore[attr-defined]
        known = kind.__strawberry_definition__.fields  # type: ignore[attr-defined]
        names = {field.python_name for field in known}
        for field in fields:
            if field.python_name in names:
                raise TypeError(f"{kind.__name__} has a field {field.python_name}")
        known.extend(fields)
        return more

    return extend
