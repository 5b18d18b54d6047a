"""From an operation's text to its answer: parsed and validated once, then executed under limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    execute,
    parse,
    specified_rules,
    validate,
)

from graph_api.domain.errors import BadRequest, OutcomeUnknown, Unavailable
from graph_api.schema.context import Context
from graph_api.schema.disclosure import internal_error, redacted, typed_texts
from graph_api.schema.limits import MAX_COST, MAX_SOURCE, MAX_TOKENS, Cost, SizeRule, fragments_of

CACHED_DOCUMENTS = 1_000
CACHED_LENGTH = 10_000
RULES = (*specified_rules, SizeRule)


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks to be executed."""

    query: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None
    reads_only: bool = False
    """True for GET, which may not change anything."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. A request error was never executed and has no data."""

    body: dict[str, Any]
    is_request_error: bool = False
    is_wrong_method: bool = False
    is_unavailable: bool = False


@dataclass(frozen=True, slots=True)
class _Prepared:
    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()


class Executor:
    """Executes operations against the schema."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self._schema = schema._schema
        self._cached = lru_cache(CACHED_DOCUMENTS)(self._prepare)

    def _prepare(self, query: str) -> _Prepared:
        try:
            document = parse(query, max_tokens=MAX_TOKENS, max_source_length=MAX_SOURCE)
        except GraphQLError as error:
            return _Prepared(None, (error,))
        except RecursionError:
            return _Prepared(None, (GraphQLError("The operation is nested too deeply."),))
        errors = validate(self._schema, document, RULES, max_errors=20, hide_suggestions=True)
        return _Prepared(document, tuple(errors))

    async def execute(self, operation: Operation, context: Context) -> Answer:
        """Answer an operation.

        What goes wrong inside is shown as INTERNAL with an id under which the log has the place, not the values.
        """
        short = len(operation.query) <= CACHED_LENGTH
        prepared = self._cached(operation.query) if short else self._prepare(operation.query)
        if prepared.document is None or prepared.errors:
            return _request_error(prepared.errors, prepared.document, operation)
        document = prepared.document
        try:
            chosen = _choose(document, operation.name)
            if operation.reads_only and chosen.operation is not OperationType.QUERY:
                message = "A GET request may only read: send mutations with POST."
                return Answer(_errors_body([GraphQLError(message)]), is_request_error=True, is_wrong_method=True)
            _refuse_costly(document, chosen, operation.variables)
        except GraphQLError as error:
            return _request_error((error,), document, operation)
        result = execute(
            self._schema,
            document,
            context_value=context,
            variable_values=dict(operation.variables),
            operation_name=operation.name,
            hide_suggestions=True,
        )
        done = result if isinstance(result, ExecutionResult) else await result
        return _answer(done, chosen, document, operation)


def _choose(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    found = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if name is not None:
        found = [node for node in found if node.name is not None and node.name.value == name]
        if not found:
            raise GraphQLError("There is no operation of that name in the document.")
    if len(found) != 1:
        raise GraphQLError(
            "The document has several operations: say which one by operationName."
            if found
            else "The document has no operation."
        )
    return found[0]


def _refuse_costly(document: DocumentNode, chosen: OperationDefinitionNode, variables: Mapping[str, Any]) -> None:
    cost = Cost(fragments_of(document), chosen, variables).total
    if cost > MAX_COST:
        message = f"The operation asks for up to {cost} rows; {MAX_COST} are allowed. Ask for smaller pages."
        raise GraphQLError(message, extensions={"code": "OPERATION_TOO_LARGE"})


def _errors_body(errors: list[GraphQLError]) -> dict[str, Any]:
    return {"errors": [error.formatted for error in errors]}


def _request_error(errors: tuple[GraphQLError, ...], document: DocumentNode | None, operation: Operation) -> Answer:
    texts = typed_texts(document, operation.variables)
    return Answer({"errors": [redacted(error, texts) for error in errors]}, is_request_error=True)


def _answer(
    result: ExecutionResult, chosen: OperationDefinitionNode, document: DocumentNode, operation: Operation
) -> Answer:
    if not result.errors:
        return Answer({"data": result.data})
    texts = typed_texts(document, operation.variables)
    shown = [_shown(error, texts) for error in result.errors]
    never_ran = result.data is None and all(error.path is None for error in result.errors)
    if never_ran:
        return Answer({"errors": shown}, is_request_error=True)
    unavailable = any(isinstance(error.original_error, Unavailable) for error in result.errors)
    unknown = any(isinstance(error.original_error, OutcomeUnknown) for error in result.errors)
    # A mutation that was committed before the failure must be seen, so its answer is not turned into a 503.
    changed = chosen.operation is OperationType.MUTATION and any((result.data or {}).values())
    return Answer({"errors": shown, "data": result.data}, is_unavailable=unavailable and not changed and not unknown)


def _shown(error: GraphQLError, texts: set[str]) -> dict[str, Any]:
    """An error as the caller sees it."""
    original = error.original_error
    formatted = redacted(error, texts)
    if isinstance(original, BadRequest):
        return formatted | {"message": str(original), "extensions": {"code": original.code}}
    if isinstance(original, OutcomeUnknown):
        # Not retryable: without an idempotency key it could be done twice.
        return formatted | {"message": str(original), "extensions": {"code": "OUTCOME_UNKNOWN"}}
    if isinstance(original, Unavailable):
        return formatted | {"message": str(original), "extensions": {"code": "UNAVAILABLE", "retryable": True}}
    if original is None or isinstance(original, GraphQLError):
        return formatted
    return formatted | internal_error(original)
