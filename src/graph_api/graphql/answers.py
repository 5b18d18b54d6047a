"""What goes back: an operation's data and its errors, as the caller may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import DocumentNode, ExecutionResult, GraphQLError, OperationType

from graph_api.engine.errors import BadRequest, OutcomeUnknown, Unavailable
from graph_api.engine.session import CHANGING
from graph_api.graphql.disclosure import internal_error, redacted, typed_texts
from graph_api.kernel.fields import Hollow


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. A request error was never executed and has no data."""

    body: dict[str, Any]
    is_request_error: bool = False
    is_wrong_method: bool = False
    is_unavailable: bool = False
    is_compiled: bool = False
    """Compiled code answered, not the ordinary way (docs/speed.md)."""


def errors_body(errors: list[GraphQLError]) -> dict[str, Any]:
    """Errors alone."""
    return {"errors": [error.formatted for error in errors]}


def request_error(errors: list[GraphQLError], document: DocumentNode | None, variables: Mapping[str, Any]) -> Answer:
    """An operation that was never executed."""
    texts = typed_texts(document, variables)
    return Answer({"errors": [redacted(error, texts) for error in errors]}, is_request_error=True)


def answer_of(
    result: ExecutionResult, kind: OperationType, document: DocumentNode, variables: Mapping[str, Any]
) -> Answer:
    """An operation that was executed."""
    if not result.errors:
        return Answer({"data": result.data})
    texts = typed_texts(document, variables)
    # Loads end in any order; the answer is the same for the same errors.
    shown = [_shown(error, texts) for error in sorted(result.errors, key=_place)]
    never_ran = result.data is None and all(error.path is None for error in result.errors)
    if never_ran:
        return Answer({"errors": shown}, is_request_error=True)
    unavailable = any(isinstance(error.original_error, Unavailable | Hollow) for error in result.errors)
    unknown = any(isinstance(error.original_error, OutcomeUnknown) for error in result.errors)
    # A mutation that was committed before the failure must be seen, so its answer is not turned into a 503.
    changed = kind is OperationType.MUTATION and any((result.data or {}).values())
    return Answer({"errors": shown, "data": result.data}, is_unavailable=unavailable and not changed and not unknown)


def _place(error: GraphQLError) -> list[tuple[int, str]]:
    """Where an error stands in the answer, as something that compares."""
    return [(step, "") if isinstance(step, int) else (0, step) for step in error.path or ()]


def _shown(error: GraphQLError, texts: set[str]) -> dict[str, Any]:
    """An error as the caller sees it."""
    original = error.original_error
    formatted = redacted(error, texts)
    if isinstance(original, BadRequest):
        return formatted | {"message": str(original), "extensions": {"code": original.code, **original.more}}
    if isinstance(original, OutcomeUnknown):
        # Not retryable: without an idempotency key it could be done twice.
        return formatted | {"message": str(original), "extensions": {"code": "OUTCOME_UNKNOWN"}}
    if isinstance(original, Hollow):
        original = Unavailable(CHANGING)
    if isinstance(original, Unavailable):
        return formatted | {"message": str(original), "extensions": {"code": "UNAVAILABLE", "retryable": True}}
    if original is None or isinstance(original, GraphQLError):
        return formatted
    return formatted | internal_error(original)
