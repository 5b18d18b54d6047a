"""From an operation's text to its answer, under limits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import strawberry
from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, OperationType, execute
from graphql.execution.values import get_variable_values

from graph_api.config import SettingsFileError
from graph_api.graphql.anonymous import may_be_anonymous
from graph_api.graphql.answers import Answer as Answer
from graph_api.graphql.answers import answer_of, errors_body, request_error
from graph_api.graphql.authorisation import admitted
from graph_api.graphql.bounds import check_size
from graph_api.graphql.compile.arguments import NotCompiled
from graph_api.graphql.documents import MAX_ERRORS, Documents, Invalid, Prepared, PreparedOperation, TooLarge
from graph_api.graphql.limits import MAX_COST, MAX_TOKENS, oversize
from graph_api.graphql.registered import RegisteredOperations
from graph_api.kernel.scope import Scope
from graph_api.shapes.mutations import Made

MAX_NAME_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks to be executed."""

    query: str | None
    variables: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None
    reads_only: bool = False
    """True for GET, which may not change anything."""
    document_id: str | None = None
    """Of a registered operation."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an operation asks for, told as soon as it is known."""

    characters: int = 0
    """Of its text."""
    tokens: int = 0
    fields: int = 0
    """That it selects, fragments written out."""
    rows: int = 0
    is_refused: bool = False
    """Whether the document is none that can be executed."""


Spend = Callable[[Asked], None]


def _spend_nothing(_: Asked) -> None:
    """For callers whose work nobody counts."""


class Executor:
    """Executes operations against the schema: compiled where that can be, else the ordinary way."""

    def __init__(
        self, schema: strawberry.Schema, registered: RegisteredOperations | None = None, *, compiles: bool = True
    ) -> None:
        self._schema = schema._schema
        self._registered = registered or RegisteredOperations()
        self._documents = Documents(schema)
        self._documents_of_strangers = Documents(schema, of_strangers=True)
        self._compiles = compiles

    def check(self) -> None:
        """See that each registered operation can be executed.

        Raises:
            SettingsFileError: names the first that can't.
        """
        for key, text in self._registered.texts.items():
            try:
                self._documents.prepare(text)
            except Invalid as invalid:
                place = f"{key}: {invalid.errors[0].message}"
                raise SettingsFileError(f"The registered operation {place}") from None

    def operation_name(self, operation: Operation) -> str | None:
        """Of one that was answered: its name in the document, cut where it is longer than a name needs to be."""
        try:
            prepared = self._documents.prepare(self._registered.text(operation.query, operation.document_id))
            name = _choose(prepared, operation.name).name
        except (GraphQLError, Invalid):
            return None
        return None if name is None else name[:MAX_NAME_SHOWN]

    def is_anonymous(self, operation: Operation) -> bool:
        """Whether an operation may be executed for somebody without a token; what can't be executed may not.

        Raises:
            TooLarge: its document is larger than theirs may be.
        """
        if operation.reads_only or not may_be_anonymous(operation.query):
            return False
        try:
            documents = self._of(operation, is_anonymous=True)
            prepared = documents.prepare(self._registered.text(operation.query, operation.document_id))
            documents.keep(prepared)
            return _choose(prepared, operation.name).anonymous
        except Invalid as invalid:
            if invalid.is_too_large:
                raise TooLarge(invalid.errors[0].message) from None
            return False
        except GraphQLError:
            return False

    def _of(self, operation: Operation, *, is_anonymous: bool) -> Documents:
        """Where a document is kept; what is registered here is held to no stranger's bounds."""
        return self._documents_of_strangers if is_anonymous and operation.query is not None else self._documents

    async def execute(self, operation: Operation, context: Scope, spend: Spend = _spend_nothing) -> Answer:
        """Answer an operation; `spend` is told what it asks for, before it is done.

        What goes wrong inside is shown as INTERNAL with an id under which the log has the place, not the values.
        """
        documents = self._of(operation, is_anonymous=context.caller.is_anonymous)
        try:
            check_size(operation.variables)
            prepared = documents.prepare(self._registered.text(operation.query, operation.document_id))
        except GraphQLError as error:
            return Answer(errors_body([error]), is_request_error=True)
        except Invalid as invalid:
            tokens = MAX_TOKENS if invalid.document is None else invalid.document.token_count
            spend(Asked(len(operation.query or ""), tokens, is_refused=True))
            return request_error(invalid.errors, invalid.document, operation.variables)
        spend(Asked(len(prepared.query), prepared.tokens, prepared.fields))
        try:
            return await self._execute(documents, prepared, operation, context, spend)
        except GraphQLError as error:
            return request_error([error], prepared.document(), operation.variables)
        finally:
            documents.keep(prepared)

    async def _execute(
        self, documents: Documents, prepared: Prepared, operation: Operation, context: Scope, spend: Spend
    ) -> Answer:
        chosen = _choose(prepared, operation.name)
        if operation.reads_only and chosen.kind is not OperationType.QUERY:
            message = "A GET request may only read. Send mutations with POST."
            return Answer(errors_body([GraphQLError(message)]), is_request_error=True, is_wrong_method=True)
        cost = chosen.cost(operation.variables)
        if cost > MAX_COST:
            raise oversize(f"The operation asks for up to {cost} rows; {MAX_COST} are allowed. Ask for smaller pages.")
        spend(Asked(rows=cost))
        if chosen.kind is OperationType.MUTATION:
            return await self._change(documents, prepared, chosen, operation, context)
        if chosen.bounds is not None:
            chosen.bounds(operation.variables, "")
        if prepared.only_reads and self._may_compile(context):
            answer = await self._execute_compiled(documents, prepared, chosen, operation, context)
            if isinstance(answer, Answer):
                return answer
        return await self._execute_ordinarily(self._schema, prepared.document(), chosen, operation, context)

    def _may_compile(self, context: Scope) -> bool:
        """What a portal account may read of an object depends on the object, which compiled answers do not ask."""
        return self._compiles and not context.caller.is_account

    async def _change(
        self,
        documents: Documents,
        prepared: Prepared,
        chosen: PreparedOperation,
        operation: Operation,
        context: Scope,
    ) -> Answer:
        """A mutation: who may not call it is told so before its input is read."""
        caller = context.caller
        root = None
        narrowed = documents.narrowed(prepared, chosen, admitted(caller.role, caller.is_anonymous))
        schema, document, bounds = self._schema, prepared.document(), chosen.bounds
        if narrowed is not None:
            schema, document, bounds = narrowed.schema, narrowed.document, narrowed.bounds
        if bounds is not None:
            bounds(operation.variables, "")
        if narrowed is None and self._may_compile(context):
            answer = await self._execute_compiled(documents, prepared, chosen, operation, context)
            if isinstance(answer, Answer):
                return answer
            root = answer
        return await self._execute_ordinarily(schema, document, chosen, operation, context, root)

    async def _execute_compiled(
        self,
        documents: Documents,
        prepared: Prepared,
        chosen: PreparedOperation,
        operation: Operation,
        context: Scope,
    ) -> Answer | Made | None:
        """None where the ordinary way must answer: it also says what is wrong with variables.

        Of a mutation that was made, and that the ordinary way must answer, what came of it.
        """
        values = get_variable_values(self._schema, chosen.variables, dict(operation.variables), max_errors=1)
        if isinstance(values, list):
            return None
        compiled = documents.compiled(prepared, chosen, values.coerced, context.caller.role)
        if compiled is None:
            return None
        try:
            data, errors = await compiled.run(context, values, prepared.query)
        except NotCompiled as error:
            return None if error.outcome is None else Made(error.outcome)
        if not errors:
            return Answer({"data": data}, is_compiled=True)
        answer = answer_of(ExecutionResult(data, errors), chosen.kind, prepared.document(), operation.variables)
        return replace(answer, is_compiled=True)

    async def _execute_ordinarily(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        chosen: PreparedOperation,
        operation: Operation,
        context: Scope,
        root: Made | None = None,
    ) -> Answer:
        result = execute(
            schema,
            document,
            root_value=root,
            context_value=context,
            variable_values=dict(operation.variables),
            operation_name=operation.name,
            hide_suggestions=True,
            max_coercion_errors=MAX_ERRORS,
        )
        done = result if isinstance(result, ExecutionResult) else await result
        return answer_of(done, chosen.kind, document, operation.variables)


def _choose(prepared: Prepared, name: str | None) -> PreparedOperation:
    found = prepared.operations
    if name is not None:
        found = [operation for operation in found if operation.name == name]
        if not found:
            raise GraphQLError("The document has no operation with that name.")
    if len(found) != 1:
        raise GraphQLError(
            "The document has several operations. Choose one with operationName."
            if found
            else "The document has no operation."
        )
    return found[0]
