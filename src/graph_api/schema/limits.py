"""How large an operation may be. Fragments are walked once each, so that nesting them costs nothing extra."""

from collections.abc import Callable, Mapping, Sequence
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

PAGED = frozenset(
    {
        "accessEndingWithin",
        "actsFor",
        "clients",
        "clientsTurning",
        "contactNetwork",
        "contactNetworkAsOf",
        "contactOf",
        "findContacts",
        "history",
        "whoCanAct",
    }
)


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


Variables = Mapping[str, Any]
Count = Callable[[Variables, dict[str, int]], int]
"""Rows, from the variables as they were sent and the fragments counted so far."""


def compile_cost(
    fragments: Mapping[str, FragmentDefinitionNode], operation: OperationDefinitionNode
) -> Callable[[Variables], int]:
    """What tells the rows an operation asks for, from the variables as they are sent; it is walked once."""
    count = _Counter(fragments, operation).count
    return lambda variables: count(variables, {})


class _Counter:
    """Walks an operation, each fragment once."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], operation: OperationDefinitionNode) -> None:
        self._fragments = fragments
        self._known: dict[str, Count] = {}
        self._defaults: dict[str, Any] = {
            item.variable.name.value: _plain(item.default_value)
            for item in operation.variable_definitions or ()
            if item.default_value is not None
        }
        self.count = self._selections(operation.selection_set)

    def _selections(self, node: SelectionSetNode | None) -> Count:
        parts: list[Count] = []
        for item in node.selections if node else ():
            if isinstance(item, FieldNode):
                parts.append(self._field(item))
            elif isinstance(item, InlineFragmentNode):
                parts.append(self._selections(item.selection_set))
            elif isinstance(item, FragmentSpreadNode):
                parts.append(self._fragment(item.name.value))
        return _sum(parts)

    def _fragment(self, name: str) -> Count:
        if name not in self._known:
            self._known[name] = _once(name, self._selections(self._fragments[name].selection_set))
        return self._known[name]

    def _field(self, field: FieldNode) -> Count:
        below, rows = self._selections(field.selection_set), self._rows(field)
        if rows is None:
            return below
        return lambda variables, known: rows(variables) * (1 + below(variables, known))

    def _rows(self, field: FieldNode) -> Callable[[Variables], int] | None:
        """How many rows a field asks for; None when it is no list of rows."""
        name = field.name.value
        arguments = {item.name.value: self._value(item.value) for item in field.arguments or ()}
        if name == "nodes" and "ids" in arguments:
            ids = arguments["ids"]
            return lambda variables: len(value) if isinstance(value := ids(variables), list) else 1
        if name not in PAGED:
            return None
        sizes = [arguments[key] for key in ("first", "last") if key in arguments]
        return lambda variables: _page_size([size(variables) for size in sizes])

    def _value(self, node: Node) -> Callable[[Variables], Any]:
        if isinstance(node, VariableNode):
            name = node.name.value
            default = self._defaults.get(name)
            return lambda variables: variables.get(name, default)
        value = _plain(node)
        return lambda _: value


def _plain(node: Node) -> Any:
    """A literal as far as sizes go: an integer, or a list of something."""
    if isinstance(node, IntValueNode):
        return int(node.value[:9])
    return [None] * len(node.values) if isinstance(node, ListValueNode) else None


def _page_size(given: Sequence[Any]) -> int:
    known = [int(size) for size in given if isinstance(size, int | float)]
    return max(0, min(max(known, default=DEFAULT_SIZE), MAX_SIZE))


def _nothing(_variables: Variables, _known: dict[str, int]) -> int:
    return 0


def _once(name: str, count: Count) -> Count:
    """A fragment, counted once however often it is spread."""
    if count is _nothing:
        return count

    def counted(variables: Variables, known: dict[str, int]) -> int:
        if name not in known:
            known[name] = count(variables, known)
        return known[name]

    return counted


def _sum(parts: list[Count]) -> Count:
    counted = [part for part in parts if part is not _nothing]
    if not counted:
        return _nothing
    return counted[0] if len(counted) == 1 else lambda variables, known: sum(part(variables, known) for part in counted)
