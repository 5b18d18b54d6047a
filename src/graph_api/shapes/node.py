"""Objects with an id."""

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry

from graph_api.kernel.rules import EVERYONE, Rule


def is_a(*kinds: type) -> Callable[[Any, Any], bool]:
    """How an abstract type tells its objects apart: by the domain class."""

    def is_type_of(obj: Any, _info: Any) -> bool:
        return isinstance(obj, kinds)

    return is_type_of


K = TypeVar("K", bound=type)
RULE = "rule"
_CLASS_RULE = "__readable_by__"


def readable(rule: Rule) -> dict[str, Rule]:
    """A field's metadata: who may read it."""
    return {RULE: rule}


def readable_by(rule: Rule) -> Callable[[K], K]:
    """A type whose fields are all alike: whoever may read them is given the object, and nobody else.

    A field that fewer may read says so itself.
    """

    def say(kind: K) -> K:
        setattr(kind, _CLASS_RULE, rule)
        return kind

    return say


def rule_of_class(kind: type) -> Rule | None:
    """What is said of all fields of a type, or of a type that it is made from."""
    found: Rule | None = getattr(kind, _CLASS_RULE, None)
    return found


def shown(description: str, rule: Rule | None = None) -> Any:
    """A field that is an attribute of the domain object, and who may read it where its type does not say."""
    return strawberry.field(description=description, metadata={} if rule is None else readable(rule))


@strawberry.interface(description="An object with an id")
class Node:
    id: strawberry.ID = shown("Opaque, stable id", EVERYONE)


VERSION = "The version to send as expectedVersion; null unless the viewer may write"
