"""Documents: parsed, validated and compiled once, and kept within bounds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import strawberry
from cachetools import LRUCache
from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    specified_rules,
    validate,
    visit,
)

from graph_api.graphql.anonymous import is_anonymous
from graph_api.graphql.authorisation import Admitted, Narrowed
from graph_api.graphql.bounds import Check, compile_bounds
from graph_api.graphql.compile.arguments import NotCompiled
from graph_api.graphql.compile.program import CompiledOperation
from graph_api.graphql.cost import compile_cost, counted_fields
from graph_api.graphql.limits import (
    MAX_LINES,
    MAX_SOURCE,
    MAX_TOKENS,
    OPERATION_TOO_LARGE,
    STRANGERS_TOKENS,
    fragments_of,
    oversize,
    too_large,
    too_large_for_strangers,
)
from graph_api.kernel.caller import ViewerRole

MAX_KEPT = 20_000
"""What is kept of documents, in parts: selection sets and levels that were compiled, and a part for 100 characters."""
MAX_KEPT_WHOLE = 100
"""Documents that the ordinary way answers: they are kept as trees, which take more room than compiled ones."""
MAX_MUTATION_FIELDS = 200
"""Of a document whose mutation is compiled."""
WEIGHT = 10
"""Of any document, in parts."""
MAX_VARIANTS = 8
MAX_ERRORS = 5
"""Of validation: nobody mends more at once, and each costs."""


class TooLarge(Exception):
    """A document that somebody without a token may not send, as it is too large; the message says why."""


class Invalid(Exception):
    """A document that can't be executed."""

    def __init__(self, errors: list[GraphQLError], document: DocumentNode | None = None) -> None:
        super().__init__()
        self.errors = errors
        self.document = document

    @property
    def is_too_large(self) -> bool:
        """Whether that is what is wrong with it."""
        return any((error.extensions or {}).get("code") == OPERATION_TOO_LARGE for error in self.errors)


@dataclass(slots=True)
class PreparedOperation:
    """One operation of a valid document. It holds no tree of the document once it is compiled."""

    name: str | None
    kind: OperationType
    cost: Callable[[Mapping[str, Any]], int]
    """The rows asked for."""
    variables: Sequence[VariableDefinitionNode]
    conditions: tuple[str, ...]
    """Variables that @skip and @include depend on."""
    bounds: Check | None
    """What checks the lists and objects among its variables."""
    anonymous: bool = False
    """Whether it needs no token."""
    variants: LRUCache[tuple[Any, ...], CompiledOperation | None] = field(
        default_factory=lambda: LRUCache(MAX_VARIANTS)
    )
    """None: with these values of directives, only the ordinary way answers."""
    narrowed: dict[Admitted, Narrowed | None] = field(default_factory=dict)
    """Of a mutation: how it is executed for who may not call all of it; None for who may."""


@dataclass(slots=True)
class Prepared:
    """A valid document. Its tree is kept where the ordinary way answers it; else it is parsed again when needed."""

    query: str
    operations: list[PreparedOperation]
    tree: DocumentNode | None
    only_reads: bool
    tokens: int
    fields: int
    """That it selects, fragments written out."""

    def document(self) -> DocumentNode:
        """The tree."""
        return self.tree or parse_document(self.query)

    @property
    def keeps_tree(self) -> bool:
        """Whether the ordinary way answers it, at least for some values of directives."""
        return not self.only_reads or any(None in operation.variants.values() for operation in self.operations)

    @property
    def weight(self) -> int:
        """How much is kept of it, in parts."""
        compiled = (query for operation in self.operations for query in operation.variants.values())
        return WEIGHT + len(self.query) // 100 + sum(query.parts for query in compiled if query is not None)


def parse_document(query: str, max_tokens: int = MAX_TOKENS) -> DocumentNode:
    """The tree of a query.

    Raises:
        Invalid: it is no GraphQL, or too large.
    """
    lines = query.count("\n") + query.count("\r")
    if lines > MAX_LINES:
        raise Invalid([oversize(f"The document has {lines} lines; {MAX_LINES} are allowed.")])
    try:
        return parse(query, max_tokens=max_tokens, max_source_length=MAX_SOURCE)
    except GraphQLError as error:
        too_many = f"more than {max_tokens} tokens" in error.message
        raise Invalid([oversize(f"The document has more than {max_tokens} tokens.") if too_many else error]) from None
    except RecursionError:
        raise Invalid([GraphQLError("The operation is nested too deeply.")]) from None


class Documents:
    """The documents of a schema."""

    def __init__(self, schema: strawberry.Schema, *, of_strangers: bool = False) -> None:
        """What strangers send is held to smaller bounds, and apart: it takes no room from what others send."""
        self._of_strangers = of_strangers
        self._strawberry = schema
        self._schema = schema._schema
        self._counted = counted_fields(schema._schema)
        self._compiled: LRUCache[str, Prepared] = LRUCache(MAX_KEPT, getsizeof=lambda prepared: prepared.weight)
        self._whole: LRUCache[str, Prepared] = LRUCache(MAX_KEPT_WHOLE)

    def prepare(self, query: str) -> Prepared:
        """A document by its text.

        Raises:
            Invalid: it breaks a rule of the specification or one of our limits.
        """
        return self._compiled.get(query) or self._whole.get(query) or self._prepare(query)

    def keep(self, prepared: Prepared) -> None:
        """Keep a document for the next time, when it was used."""
        if prepared.keeps_tree:
            self._whole[prepared.query] = prepared
            self._compiled.pop(prepared.query, None)
        elif self._compiled.get(prepared.query) is not prepared or prepared.tree is not None:
            prepared.tree = None  # something was compiled: it weighs more than before
            self._whole.pop(prepared.query, None)
            self._compiled.pop(prepared.query, None)
            if prepared.weight <= self._compiled.maxsize:
                self._compiled[prepared.query] = prepared

    def _prepare(self, query: str) -> Prepared:
        document = parse_document(query, STRANGERS_TOKENS if self._of_strangers else MAX_TOKENS)
        too_much = too_large_for_strangers(document) if self._of_strangers else []
        errors, selected = (too_much, 0) if too_much else too_large(document)
        errors = errors or validate(
            self._schema, document, specified_rules, max_errors=MAX_ERRORS, hide_suggestions=True
        )
        if errors:
            raise Invalid(errors, document)
        fragments, conditions = fragments_of(document), _conditions(document)
        found = [
            PreparedOperation(
                name=None if node.name is None else node.name.value,
                kind=node.operation,
                cost=compile_cost(self._schema, self._counted, fragments, node),
                variables=_definitions_apart(node),
                conditions=conditions,
                bounds=compile_bounds(self._schema, node.variable_definitions or ()),
                anonymous=is_anonymous(fragments, node),
            )
            for node in document.definitions
            if isinstance(node, OperationDefinitionNode)
        ]
        reads = all(operation.kind is OperationType.QUERY for operation in found)
        return Prepared(query, found, document, only_reads=reads, tokens=document.token_count, fields=selected)

    def narrowed(self, prepared: Prepared, operation: PreparedOperation, admitted: Admitted) -> Narrowed | None:
        """How a mutation is executed for who may not call all of it; None for who may."""
        if admitted not in operation.narrowed:
            document = prepared.document()
            node = next(node for node in document.definitions if _is_operation(node, operation.name))
            assert isinstance(node, OperationDefinitionNode)  # noqa: S101 - _is_operation saw to it
            operation.narrowed[admitted] = admitted.narrowed(self._schema, document, node)
        return operation.narrowed[admitted]

    def _is_compilable(self, prepared: Prepared, operation: PreparedOperation) -> bool:
        """Queries always; a small mutation when it comes again, since its document is kept whole all the same."""
        if operation.kind is not OperationType.MUTATION:
            return prepared.only_reads
        is_small = prepared.fields <= MAX_MUTATION_FIELDS and not operation.conditions
        return is_small and prepared.query in self._whole

    def compiled(
        self, prepared: Prepared, operation: PreparedOperation, variables: Mapping[str, Any], role: ViewerRole
    ) -> CompiledOperation | None:
        """The operation compiled for these directive values and this role; None where only the ordinary way answers."""
        if not self._is_compilable(prepared, operation):
            return None
        key = (role, *(variables.get(name) for name in operation.conditions))
        if key in operation.variants:
            return operation.variants[key]
        document = prepared.tree = prepared.document()
        node = next(node for node in document.definitions if _is_operation(node, operation.name))
        assert isinstance(node, OperationDefinitionNode)  # noqa: S101 - _is_operation saw to it
        found = None
        try:
            found = CompiledOperation(self._strawberry, document, node, variables, role)
        except NotCompiled:
            pass
        except GraphQLError:
            return None  # these values do not fit; it says nothing of others
        operation.variants[key] = found
        return found


def _is_operation(node: object, name: str | None) -> bool:
    if not isinstance(node, OperationDefinitionNode):
        return False
    return name == (None if node.name is None else node.name.value)


class _Conditions(Visitor):
    """Gathers the variables of @skip and @include."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, None] = {}

    def enter_directive(self, node: DirectiveNode, *_args: Any) -> None:
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.found[argument.value.name.value] = None


def _conditions(document: DocumentNode) -> tuple[str, ...]:
    conditions = _Conditions()
    visit(document, conditions)
    return tuple(conditions.found)


def _definitions_apart(node: OperationDefinitionNode) -> Sequence[VariableDefinitionNode]:
    """The operation's variables; a node of a document keeps all of the document's tokens alive."""
    if not node.variable_definitions:
        return ()
    definitions = ", ".join(print_ast(item) for item in node.variable_definitions)
    [alone] = parse(f"query ({definitions}) {{ __typename }}", no_location=True).definitions
    assert isinstance(alone, OperationDefinitionNode)  # noqa: S101 - it was just written so
    return alone.variable_definitions or ()
