"""How many rows an operation asks for, page sizes multiplied through. What counts is told by the schema's types."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
)

from graph_api.access.model import AccessRule
from graph_api.kernel.paging import DEFAULT_SIZE, MAX_SIZE
from graph_api.network.relationships import BY_RELATIONSHIP

SIZES = ("first", "last")
IDS = "ids"


@dataclass(frozen=True, slots=True)
class Rows:
    """What a field that is a list counts."""

    own: int = DEFAULT_SIZE
    """Rows that it holds; a connection's page says them itself, and so does a list of what `ids` name."""
    each: int = DEFAULT_SIZE
    """How many of them have something below them."""
    by: tuple[str, ...] = ()
    """Arguments that say how many it holds."""


def _rows(count: int) -> Rows:
    return Rows(count, count)


LISTS: Mapping[tuple[str, str], Rows] = {
    ("AccessDecision", "checks"): _rows(len(AccessRule)),
    ("AuditEvent", "changes"): _rows(10),
    ("ContactAlreadyExists", "candidates"): _rows(20),
    ("DuplicateCandidate", "evidence"): _rows(6),
    ("MutationWarning", "persons"): _rows(20),
    ("Person", "externalIds"): _rows(0),  # it is of the person's own record, as the e-mail addresses are
    ("Query", "practitioners"): _rows(100),  # a large practice's; there may be a thousand, small ones
    ("Query", "relationshipTypes"): _rows(len(BY_RELATIONSHIP)),
}
"""Lists that hold another number of rows than a page when nothing is said; any other counts as such a page."""

BY_NAME: Mapping[str, Rows] = {
    "errors": Rows(DEFAULT_SIZE, 1),  # a refusal that shows people or a contact is alone in its payload
    "warnings": _rows(6),
}
"""The same for lists that stand in every payload."""

Counted = Mapping[tuple[str, str], Rows]
ROOTS = {"__schema": "__Schema", "__type": "__Type"}
"""Fields about the schema, which stand at the root of questions and of no type."""


def counted_fields(schema: GraphQLSchema) -> Counted:
    """What each field counts that is a connection or a list of objects, by type and name.

    A connection's rows are counted at the connection: its `edges` and `nodes` are the same rows once more, or twice.
    Lists of values (names, roles, addresses) are part of the row they stand in.
    """
    found: dict[tuple[str, str], Rows] = {}
    for kind in schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) or kind.name.startswith("__"):
            continue
        for name, field in kind.fields.items():
            rows = None if is_connection(kind) else _counted(kind, name, field)
            if rows is not None:
                found[kind.name, name] = rows
    return found | _introspected(schema)


def _introspected(schema: GraphQLSchema) -> dict[tuple[str, str], Rows]:
    """What lists about the schema hold: of this one, on the average."""
    kinds = schema.type_map.values()
    fields = [
        field for kind in kinds for field in getattr(kind, "fields", {}).values() if isinstance(field, GraphQLField)
    ]
    inputs = sum(len(kind.fields) for kind in kinds if isinstance(kind, GraphQLInputObjectType))
    values = sum(len(kind.values) for kind in kinds if isinstance(kind, GraphQLEnumType))
    counts = {
        ("__Schema", "types"): len(kinds),
        ("__Schema", "directives"): len(schema.directives),
        ("__Type", "fields"): math.ceil(len(fields) / len(kinds)),
        ("__Type", "inputFields"): math.ceil(inputs / len(kinds)),
        ("__Type", "enumValues"): math.ceil(values / len(kinds)),
        ("__Type", "interfaces"): 1,
        ("__Type", "possibleTypes"): 1,
        ("__Field", "args"): math.ceil(sum(len(field.args) for field in fields) / len(fields)),
        ("__Directive", "args"): 2,
    }
    return {place: _rows(count) for place, count in counts.items()}


def is_connection(kind: GraphQLNamedType) -> bool:
    """Whether a type is a page: rows with their cursors."""
    return isinstance(kind, GraphQLObjectType) and {"edges", "pageInfo"} <= set(kind.fields)


def _counted(kind: GraphQLNamedType, name: str, field: GraphQLField) -> Rows | None:
    shown = get_named_type(field.type)
    if is_connection(shown):
        return Rows(by=SIZES)
    if not isinstance(get_nullable_type(field.type), GraphQLList) or not is_composite_type(shown):
        return None
    if IDS in field.args:
        return Rows(by=(IDS,))
    return LISTS.get((kind.name, name)) or BY_NAME.get(name) or Rows()


Variables = Mapping[str, Any]
Count = Callable[[Variables, dict[str, int]], int]
"""Rows, from the variables as they were sent and the fragments counted so far."""


def compile_cost(
    schema: GraphQLSchema,
    counted: Counted,
    fragments: Mapping[str, FragmentDefinitionNode],
    operation: OperationDefinitionNode,
) -> Callable[[Variables], int]:
    """What tells the rows an operation asks for, from the variables as they are sent; it is walked once."""
    count = _Counter(schema, counted, fragments, operation).count
    return lambda variables: count(variables, {})


class _Counter:
    """Walks an operation, each fragment once."""

    def __init__(
        self,
        schema: GraphQLSchema,
        counted: Counted,
        fragments: Mapping[str, FragmentDefinitionNode],
        operation: OperationDefinitionNode,
    ) -> None:
        self._schema = schema
        self._counted = counted
        self._fragments = fragments
        self._known: dict[str, Count] = {}
        self._defaults: dict[str, Any] = {
            item.variable.name.value: _plain(item.default_value)
            for item in operation.variable_definitions or ()
            if item.default_value is not None
        }
        self.count = self._selections(operation.selection_set, schema.get_root_type(operation.operation))

    def _selections(self, node: SelectionSetNode | None, kind: GraphQLNamedType | None) -> Count:
        parts: list[Count] = []
        for item in node.selections if node else ():
            if isinstance(item, FieldNode):
                parts.append(self._field(item, kind))
            elif isinstance(item, InlineFragmentNode):
                narrow = item.type_condition
                below = kind if narrow is None else self._schema.get_type(narrow.name.value)
                parts.append(self._selections(item.selection_set, below))
            elif isinstance(item, FragmentSpreadNode):
                parts.append(self._fragment(item.name.value))
        return _sum(parts)

    def _fragment(self, name: str) -> Count:
        if name not in self._known:
            fragment = self._fragments[name]
            kind = self._schema.get_type(fragment.type_condition.name.value)
            self._known[name] = _once(name, self._selections(fragment.selection_set, kind))
        return self._known[name]

    def _field(self, field: FieldNode, kind: GraphQLNamedType | None) -> Count:
        name = field.name.value
        if name in ROOTS:
            return self._selections(field.selection_set, self._schema.get_type(ROOTS[name]))
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) or name not in kind.fields:
            return _nothing  # __typename
        below = self._selections(field.selection_set, get_named_type(kind.fields[name].type))
        rows = self._counted.get((kind.name, name))
        if rows is None:
            return below
        if not rows.by:
            own, each = rows.own, rows.each
            return lambda variables, known: own + each * below(variables, known)
        count = self._rows(field, rows)
        return lambda variables, known: count(variables) * (1 + below(variables, known))

    def _rows(self, field: FieldNode, rows: Rows) -> Callable[[Variables], int]:
        """How many rows a field asks for by its arguments."""
        given = {item.name.value: self._value(item.value) for item in field.arguments or ()}
        sizes = [given[key] for key in rows.by if key in given]
        if rows.by == (IDS,):
            return lambda variables: sum(_length(ids(variables)) for ids in sizes)
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


def _length(ids: Any) -> int:
    return len(ids) if isinstance(ids, list) else 1


def _page_size(given: Sequence[Any]) -> int:
    known = [size for size in given if isinstance(size, int | float) and not math.isnan(size)]
    return int(max(0, min(max(known, default=DEFAULT_SIZE), MAX_SIZE)))


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
