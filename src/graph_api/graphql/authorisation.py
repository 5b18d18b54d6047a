"""A mutation is authorised before its input is read: who may not call it is told so whatever they send with it.

Services decide (`kernel.unit` asks the same again); here it is seen to that a refusal costs nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    Visitor,
    visit,
)

from graph_api.graphql.bounds import Check, compile_bounds
from graph_api.graphql.limits import fragments_of
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.errors import Forbidden
from graph_api.kernel.rules import CALLED_BY
from graph_api.kernel.unit import Outcome


@dataclass(frozen=True, slots=True)
class Narrowed:
    """How a mutation is executed for somebody who may not call all of it."""

    schema: GraphQLSchema
    """In which mutations that they may not call take no arguments and answer Forbidden."""
    document: DocumentNode
    """With those of the operation's variables alone that what they may call needs."""
    bounds: Check | None
    """What checks the lists and objects among these."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """What somebody may call."""

    mutations: frozenset[str]

    def narrowed(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
    ) -> Narrowed | None:
        """How an operation of a valid document is executed; None when all that it calls is admitted."""
        needs = _Needs(fragments_of(document), self.mutations)
        needs.root(operation.selection_set)
        if operation.operation is not OperationType.MUTATION or not needs.refuses:
            return None
        needs.directives(operation)
        kept = tuple(
            item for item in operation.variable_definitions or () if item.variable.name.value in needs.variables
        )
        narrow = OperationDefinitionNode(
            operation=operation.operation,
            name=operation.name,
            directives=operation.directives,
            variable_definitions=kept,
            selection_set=operation.selection_set,
            loc=operation.loc,
        )
        definitions = tuple(narrow if node is operation else node for node in document.definitions)
        return Narrowed(
            _refusing(schema, self.mutations), DocumentNode(definitions=definitions), compile_bounds(schema, kept)
        )


@lru_cache(2 * len(ViewerRole))
def admitted(role: ViewerRole, is_anonymous: bool) -> Admitted:
    """What a role may call, or somebody without a token."""
    return Admitted(
        frozenset(name for name, rule in CALLED_BY.items() if (rule.anonymous if is_anonymous else rule.allows(role)))
    )


@lru_cache(10)
def _refusing(whole: GraphQLSchema, mutations: frozenset[str]) -> GraphQLSchema:
    """The schema in which other mutations are refused: all types are the very same, but for the mutations' root."""
    root = whole.mutation_type
    assert root is not None  # noqa: S101 - the contract has mutations
    fields = {
        name: field if name in mutations else GraphQLField(field.type, resolve=_forbid)
        for name, field in root.fields.items()
    }
    return GraphQLSchema(
        query=whole.query_type,
        mutation=GraphQLObjectType(root.name, fields),
        types=[kind for kind in whole.type_map.values() if kind is not root],
        directives=whole.directives,
    )


def _forbid(*_: Any, **_arguments: Any) -> Outcome[Any]:
    return Outcome(errors=(Forbidden(),))


class _Variables(Visitor):
    """Gathers variables, and the fragments that are spread."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.spread: set[str] = set()

    def enter_variable(self, node: VariableNode, *_args: Any) -> None:
        self.found.add(node.name.value)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_args: Any) -> None:
        self.spread.add(node.name.value)


class _Needs:
    """Which variables an operation needs, where some of its fields are refused: of those only the directives'."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], mutations: frozenset[str]) -> None:
        self._fragments = fragments
        self._mutations = mutations
        self._seen: set[str] = set()
        self._below: set[str] = set()
        self.variables: set[str] = set()
        self.refuses = False

    def root(self, selections: SelectionSetNode) -> None:
        """Look at what is called, through fragments."""
        for item in selections.selections:
            self.directives(item)
            if isinstance(item, FieldNode):
                self._field(item)
            elif isinstance(item, InlineFragmentNode):
                self.root(item.selection_set)
            elif isinstance(item, FragmentSpreadNode) and item.name.value not in self._seen:
                self._seen.add(item.name.value)
                self.root(self._fragments[item.name.value].selection_set)

    def directives(self, node: Any) -> None:
        """Whatever becomes of the node, its directives are read."""
        for directive in node.directives or ():
            self._all(directive)

    def _field(self, item: FieldNode) -> None:
        name = item.name.value
        if name.startswith("__") or name in self._mutations:
            self._all(item)
            return
        self.refuses = True
        for node in (item.selection_set, *self._fragments.values()):
            if node is not None:
                visit(node, _OfDirectives(self))

    def _all(self, node: Node) -> None:
        found = _Variables()
        visit(node, found)
        self.variables |= found.found
        for name in found.spread - self._below:
            self._below.add(name)
            self._all(self._fragments[name])


class _OfDirectives(Visitor):
    """Takes in what directives need: below a refused field they are read all the same."""

    def __init__(self, needs: _Needs) -> None:
        super().__init__()
        self._needs = needs

    def enter_field(self, node: FieldNode, *_args: Any) -> None:
        self._needs.directives(node)

    enter_inline_fragment = enter_fragment_spread = enter_field
