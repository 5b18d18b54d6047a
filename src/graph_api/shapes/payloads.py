"""What every change has in common: how its input is known again, and what its answer holds."""

from datetime import date
from enum import Enum
from typing import Any

import strawberry
from strawberry import UNSET

from graph_api.kernel.rules import EVERYONE
from graph_api.kernel.unit import Outcome, Request
from graph_api.shapes.errors import MutationError, MutationWarning
from graph_api.shapes.inputs import given
from graph_api.shapes.node import readable, readable_by, rule_of_class, shown

INPUT = strawberry.argument(description="Input of the mutation")


def _entity(root: strawberry.Parent[Any]) -> Any:
    outcome: Outcome[Any] = root
    return outcome.entity


def entity_field(what: str, kind: type) -> Any:
    """What was changed, in a payload."""
    return strawberry.field(
        resolver=_entity,
        description=f"The {what}; null if the change was refused",
        graphql_type=kind | None,
        metadata=readable(rule_of_class(kind) or EVERYONE),
    )


@readable_by(EVERYONE)
@strawberry.type(description="What every change answers")
class Payload:
    errors: list[MutationError] = shown("Reasons why nothing was changed; empty if the change was made")
    warnings: list[MutationWarning] = shown("Things to check, although the change was made")


def _plain(value: Any) -> Any:
    """An input as plain data, for the idempotency key; what was left out stays out."""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if hasattr(value, "__strawberry_definition__"):
        return {name: _plain(item) for name, item in vars(value).items() if item is not UNSET}
    return value


def request_of(mutation: str, source: Any) -> Request:
    """What was asked; the key itself is not part of what it stands for."""
    plain = _plain(source)
    plain.pop("idempotency_key", None)
    return Request(mutation, plain, given(getattr(source, "idempotency_key", None)))
