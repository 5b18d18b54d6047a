"""Objects with an id."""

from collections.abc import Callable
from typing import Any

import strawberry


def is_a(*kinds: type) -> Callable[[Any, Any], bool]:
    """How an abstract type tells its objects apart: by the domain class."""

    def is_type_of(obj: Any, _info: Any) -> bool:
        return isinstance(obj, kinds)

    return is_type_of


def shown(description: str) -> Any:
    """A field that is an attribute of the domain object."""
    return strawberry.field(description=description)


@strawberry.interface(description="Anything with an id of its own")
class Node:
    id: strawberry.ID = shown("Opaque and stable")


VERSION = "What to send as expectedVersion; null unless the viewer may write"
