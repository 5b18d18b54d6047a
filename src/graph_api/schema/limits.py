"""How large an operation may be. Fragments are walked once each, so that nesting them costs nothing extra."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)
from graphql.validation import ASTValidationRule, ValidationContext

from graph_api.services.paging import DEFAULT_SIZE, MAX_SIZE

MAX_TOKENS = 1_000
MAX_SOURCE = 100_000
MAX_DEPTH = 12
MAX_ALIASES = 30
MAX_DIRECTIVES = 50
MAX_COST = 20_000

PAGED = frozenset({"contactNetwork", "contactOf", "clients", "findContacts"})


class Size:
    """Depth, aliases and directives of a selection, every spread counted where it stands."""

    __slots__ = ("aliases", "depth", "directives")

    def __init__(self, depth: int = 0, aliases: int = 0, directives: int = 0) -> None:
        self.depth = depth
        self.aliases = aliases
        self.directives = directives

    def add(self, other: "Size", below: int = 0) -> None:
        """Take in a part that stands `below` levels further down."""
        self.depth = max(self.depth, other.depth + below)
        self.aliases += other.aliases
        self.directives += other.directives


class _Measure:
    """Measures selections; each fragment once."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, Size] = {}

    def selections(self, node: SelectionSetNode | None) -> Size:
        size = Size()
        for item in node.selections if node else ():
            size.directives += len(item.directives or ())
            if isinstance(item, FieldNode):
                size.aliases += item.alias is not None
                below = self.selections(item.selection_set)
                if item.name.value.startswith("__"):
                    below.depth = 0  # the standard introspection query is deeper; a rule of graphql-core bounds it
                size.add(below, below=1)
            elif isinstance(item, InlineFragmentNode):
                size.add(self.selections(item.selection_set))
            elif isinstance(item, FragmentSpreadNode):
                size.add(self.fragment(item.name.value))
        size.depth = max(size.depth, 1 if node and node.selections else 0)
        return size

    def fragment(self, name: str) -> Size:
        if name not in self._known:
            self._known[name] = Size()  # a cycle, which another rule refuses, ends here
            found = self._fragments.get(name)
            if found is not None:
                self._known[name] = self.selections(found.selection_set)
        return self._known[name]


class SizeRule(ASTValidationRule):
    """Refuses operations that are too deep or use too many aliases or directives."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._measure = _Measure(fragments_of(context.document))

    def enter_operation_definition(self, node: OperationDefinitionNode, *_args: Any) -> None:
        """Measure each operation."""
        size = self._measure.selections(node.selection_set)
        size.directives += len(node.directives or ())
        for what, found, limit in (
            ("levels", size.depth, MAX_DEPTH),
            ("aliases", size.aliases, MAX_ALIASES),
            ("directives", size.directives, MAX_DIRECTIVES),
        ):
            if found > limit:
                message = f"The operation has {found} {what}; {limit} are allowed."
                self.report_error(GraphQLError(message, node, extensions={"code": "OPERATION_TOO_LARGE"}))


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """A document's fragments by name."""
    return {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}


class Cost:
    """Counts the rows an operation asks for, page sizes from variables included."""

    def __init__(
        self,
        fragments: Mapping[str, FragmentDefinitionNode],
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
    ) -> None:
        self._fragments = fragments
        self._known: dict[str, int] = {}
        defaults = {item.variable.name.value: item.default_value for item in operation.variable_definitions or ()}
        self._variables = variables
        self._defaults: dict[str, Node | None] = dict(defaults)
        self.total = self._selections(operation.selection_set)

    def _selections(self, node: SelectionSetNode | None) -> int:
        cost = 0
        for item in node.selections if node else ():
            if isinstance(item, FieldNode):
                below = self._selections(item.selection_set)
                rows = self._rows(item)
                cost += below if rows is None else rows * (1 + below)
            elif isinstance(item, InlineFragmentNode):
                cost += self._selections(item.selection_set)
            elif isinstance(item, FragmentSpreadNode):
                cost += self._fragment(item.name.value)
        return cost

    def _fragment(self, name: str) -> int:
        if name not in self._known:
            self._known[name] = self._selections(self._fragments[name].selection_set)
        return self._known[name]

    def _rows(self, field: FieldNode) -> int | None:
        """How many rows a field asks for; None when it is no list of rows."""
        name = field.name.value
        arguments = {item.name.value: item.value for item in field.arguments or ()}
        if name == "nodes" and "ids" in arguments:
            return self._length(arguments["ids"])
        if name not in PAGED:
            return None
        sizes = [self._integer(arguments[key]) for key in ("first", "last") if key in arguments]
        known = [size for size in sizes if size is not None]
        return max(0, min(max(known, default=DEFAULT_SIZE), MAX_SIZE))

    def _resolved(self, node: Node | None) -> Any:
        if isinstance(node, VariableNode):
            name = node.name.value
            return self._variables[name] if name in self._variables else self._defaults.get(name)
        return node

    def _integer(self, node: Node) -> int | None:
        value = self._resolved(node)
        if isinstance(value, IntValueNode):
            return int(value.value[:9])
        return int(value) if isinstance(value, int | float) else None

    def _length(self, node: Node) -> int:
        value = self._resolved(node)
        if isinstance(value, ListValueNode):
            return len(value.values)
        return len(value) if isinstance(value, list) else 1
