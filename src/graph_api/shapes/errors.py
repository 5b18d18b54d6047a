"""Errors and warnings of mutations as data: what the caller can mend."""

from typing import Annotated, Any

import strawberry

from graph_api.kernel import errors as kernel_errors
from graph_api.kernel.errors import MutationErrorCode, WarningCode
from graph_api.kernel.rules import EVERYONE, WRITERS
from graph_api.shapes.node import Node, is_a, readable_by, shown

_PERSON = "Person"
"""Its type stands above, and is found by name when the schema is put together."""
PATH = "Where in the input: names below `input`, list indexes as digits"


@strawberry.interface(description="Why nothing was changed")
class MutationError:
    code: MutationErrorCode = shown("The kind of error")
    message: str = shown("In words, for the person at the screen")
    path: list[str] = shown(PATH)


@readable_by(EVERYONE)
@strawberry.type(description="A value breaks a rule")
class InvalidInput(MutationError):
    reason: str = shown("Stable key to translate by, as contact.self")
    is_type_of = is_a(kernel_errors.InvalidInput)


@readable_by(EVERYONE)
@strawberry.type(description="Nothing of that id here")
class NotFound(MutationError):
    is_type_of = is_a(kernel_errors.NotFound)


@readable_by(EVERYONE)
@strawberry.type(description="The viewer's role may not do this")
class Forbidden(MutationError):
    is_type_of = is_a(kernel_errors.Forbidden)


@readable_by(WRITERS)
@strawberry.type(description="It was changed since it was read")
class VersionConflict(MutationError):
    current_version: int = shown("What to send as expectedVersion next")
    current: Node | None = shown("As it is now")
    is_type_of = is_a(kernel_errors.VersionConflict)


@readable_by(EVERYONE)
@strawberry.type(description="The key was used for another input")
class IdempotencyKeyReused(MutationError):
    is_type_of = is_a(kernel_errors.IdempotencyKeyReused)


@readable_by(EVERYONE)
@strawberry.type(description="Something to look at although the change went through")
class MutationWarning:
    code: WarningCode = shown("The kind of warning")
    message: str = shown("In words, for the person at the screen")
    path: list[str] = shown(PATH)
    persons: Any = strawberry.field(
        description="Whom it is about",
        graphql_type=list[Annotated[_PERSON, strawberry.lazy("graph_api.people.api.types")]],  # type: ignore[valid-type]
    )
