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

from graph_api.domain.model import ViewerRole
from graph_api.schema.anonymous import is_anonymous
from graph_api.schema.arguments import NotCompiled
from graph_api.schema.compiled import CompiledQuery
from graph_api.schema.cost import compile_cost, counted_fields
from graph_api.schema.limits import MAX_SOURCE, MAX_TOKENS, SizeRule, fragments_of

MAX_KEPT = 20_000
"""What is kept of documents, in parts: selection sets and levels that were compiled, and a part for 100 characters."""
MAX_KEPT_WHOLE = 100
"""Documents that the ordinary way answers: they are kept as trees, which take more room than compiled ones."""
WEIGHT = 10
"""Of any document, in parts."""
MAX_VARIANTS = 8
RULES = (*specified_rules, SizeRule)


class Invalid(Exception):
    """A document that can't be executed."""

    def __init__(self, errors: list[GraphQLError], document: DocumentNode | None = None) -> None:
        super().__init__()
        self.errors = errors
        self.document = document


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
    anonymous: bool = False
    """Whether it needs no token."""
    variants: LRUCache[tuple[Any, ...], CompiledQuery | None] = field(default_factory=lambda: LRUCache(MAX_VARIANTS))
    """None: with these values of directives, only the ordinary way answers."""


@dataclass(slots=True)
class Prepared:
    """A valid document. Its tree is kept where the ordinary way answers it; else it is parsed again when needed."""

    query: str
    operations: list[PreparedOperation]
    tree: DocumentNode | None
    only_reads: bool

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


def parse_document(query: str) -> DocumentNode:
    """The tree of a query.

    Raises:
        Invalid: it is no GraphQL, or too large.
    """
    try:
        return parse(query, max_tokens=MAX_TOKENS, max_source_length=MAX_SOURCE)
    except GraphQLError as error:
        raise Invalid([error]) from None
    except RecursionError:
        raise Invalid([GraphQLError("The operation is nested too deeply.")]) from None


class Documents:
    """The documents of a schema."""

    def __init__(self, schema: strawberry.Schema) -> None:
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
        document = parse_document(query)
        errors = validate(self._schema, document, RULES, max_errors=20, hide_suggestions=True)
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
                anonymous=is_anonymous(fragments, node),
            )
            for node in document.definitions
            if isinstance(node, OperationDefinitionNode)
        ]
        reads = all(operation.kind is OperationType.QUERY for operation in found)
        return Prepared(query, found, document, only_reads=reads)

    def compiled(
        self, prepared: Prepared, operation: PreparedOperation, variables: Mapping[str, Any], role: ViewerRole
    ) -> CompiledQuery | None:
        """The operation compiled for these directive values and this role; None where only the ordinary way answers."""
        if not prepared.only_reads:
            return None
        key = (role, *(variables.get(name) for name in operation.conditions))
        if key in operation.variants:
            return operation.variants[key]
        document = prepared.tree = prepared.document()
        node = next(node for node in document.definitions if _is_operation(node, operation.name))
        assert isinstance(node, OperationDefinitionNode)  # noqa: S101 - _is_operation saw to it
        found = None
        try:
            found = CompiledQuery(self._strawberry, document, node, variables, role)
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
