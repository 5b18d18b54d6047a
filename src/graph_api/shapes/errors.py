"""Errors and warnings of mutations as data: what the caller can mend."""

from typing import Annotated, Any

import strawberry

from graph_api.kernel import errors as kernel_errors
from graph_api.kernel.errors import MutationErrorCode, WarningCode
from graph_api.kernel.rules import EVERYONE, WRITERS_AND_ACCOUNTS
from graph_api.shapes.node import Node, is_a, readable_by, shown

_PERSON = "Person"
"""Its type stands above, and is found by name when the schema is put together."""
PATH = "The place in the input: names below `input`, with list indexes as digits"


@strawberry.interface(description="A reason why nothing was changed")
class MutationError:
    code: MutationErrorCode = shown("The kind of error")
    message: str = shown("The message in words, for the person at the screen")
    path: list[str] = shown(PATH)


@readable_by(EVERYONE)
@strawberry.type(description="A value is not valid")
class InvalidInput(MutationError):
    reason: str = shown("A stable key for translations, such as contact.self")
    is_type_of = is_a(kernel_errors.InvalidInput)


@readable_by(EVERYONE)
@strawberry.type(description="Nothing was found with that id")
class NotFound(MutationError):
    is_type_of = is_a(kernel_errors.NotFound)


@readable_by(EVERYONE)
@strawberry.type(description="The viewer's role does not allow this")
class Forbidden(MutationError):
    is_type_of = is_a(kernel_errors.Forbidden)


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="The object was changed since it was read")
class VersionConflict(MutationError):
    current_version: int = shown("The version to send as expectedVersion next time")
    current: Node | None = shown("The object as it is now")
    is_type_of = is_a(kernel_errors.VersionConflict)


@readable_by(EVERYONE)
@strawberry.type(description="The idempotency key was used before with another input")
class IdempotencyKeyReused(MutationError):
    is_type_of = is_a(kernel_errors.IdempotencyKeyReused)


@readable_by(EVERYONE)
@strawberry.type(description="Something to check, although the change was made")
class MutationWarning:
    code: WarningCode = shown("The kind of warning")
    message: str = shown("The message in words, for the person at the screen")
    path: list[str] = shown(PATH)
    persons: Any = strawberry.field(
        description="The people that the warning is about",
        graphql_type=list[Annotated[_PERSON, strawberry.lazy("graph_api.people.api.types")]],  # type: ignore[valid-type]
    )
