"""How large an operation is: depth, aliases, directives and rows, each fragment looked at once."""

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import (
    FragmentDefinitionNode,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    OperationDefinitionNode,
    get_introspection_query,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    parse,
)
from hypothesis import given
from hypothesis import strategies as st

from graph_api.graphql.build import build_schema
from graph_api.graphql.cost import BY_NAME, LISTS, compile_cost, counted_fields
from graph_api.graphql.limits import MAX_COST, Size, _Measure, fragments_of
from graph_api.kernel.paging import DEFAULT_SIZE, MAX_SIZE

SCHEMA = build_schema()._schema
COUNTED = counted_fields(SCHEMA)
OBJECTS = [
    kind
    for kind in SCHEMA.type_map.values()
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__")
]


class Counted(dict[str, FragmentDefinitionNode]):
    """Fragments that count how often they are fetched."""

    fetched = 0

    def __getitem__(self, name: str) -> FragmentDefinitionNode:
        self.fetched += 1
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.fetched += 1
        return super().get(name, default)


def taken_apart(query: str) -> tuple[Counted, OperationDefinitionNode]:
    """Fragments and the operation."""
    document = parse(query)
    [operation] = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    return Counted(fragments_of(document)), operation


def cost(query: str, variables: Mapping[str, Any] | None = None) -> int:
    fragments, operation = taken_apart(query)
    return compile_cost(SCHEMA, COUNTED, fragments, operation)(variables or {})


def size(query: str) -> Size:
    fragments, operation = taken_apart(query)
    return _Measure(fragments).selections(operation.selection_set)


def doubling(levels: int, inner: str) -> str:
    """Fragments each of which spreads the next twice: two to the power of `levels` paths."""
    nested = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)]
    return "\n".join(["{ ...F0 }", *nested, f"fragment F{levels} on Query {{ {inner} }}"])


@pytest.mark.parametrize("inner", ["viewer { id }", "clients(first: 100) { nodes { id } }"])
def test_ninety_levels_of_doubling_fragments_are_looked_at_once_each(inner: str) -> None:
    fragments, operation = taken_apart(doubling(90, inner))
    _Measure(fragments).selections(operation.selection_set)
    assert fragments.fetched == 91
    fragments.fetched = 0
    total = compile_cost(SCHEMA, COUNTED, fragments, operation)({})
    assert fragments.fetched == 91
    assert total == (100 * 2**90 if "clients" in inner else 0)


def test_aliases_and_directives_in_a_fragment_count_wherever_it_is_spread() -> None:
    found = size(
        "{ ...F ...F ... on Query @skip(if: false) { ...F } } fragment F on Query { a: viewer @skip(if: true) { id } }"
    )
    assert (found.aliases, found.directives) == (3, 4)


def test_depth_is_the_deepest_path_through_fragments() -> None:
    assert size("{ viewer { id } }").depth == 2
    assert size("{ a { ...F } b { c } } fragment F on X { d { e { ... on Y { f } } } }").depth == 4
    assert size("{ __schema { types { fields { type { ofType { name } } } } } }").depth == 1


def test_a_cycle_of_fragments_ends() -> None:
    assert size("{ ...A } fragment A on Query { ...B x: viewer { id } } fragment B on Query { ...A }").aliases == 1


@pytest.mark.parametrize(("query", "expected"), [
    ("{ viewer { id } }", 0),
    ("{ clients { nodes { id } } }", DEFAULT_SIZE),
    ("{ clients(first: 7) { nodes { id } } }", 7),
    ("{ clients(last: 7) { edges { node { id } } } }", 7),
    ("{ clients(first: 3, last: 7) { nodes { id } } }", 7),
    ("{ clients(first: 7) { totalCount } }", 7),
    ("{ a: clients(first: 7) { totalCount } b: clients(first: 8) { totalCount } }", 15),
    ("{ clients(first: 10) { nodes { contactNetwork(first: 5) { nodes { id } } } } }", 10 + 50),
    ("{ clients(first: 10) { nodes { contactNetwork(first: 5) { nodes { person { contactOf(first: 2) "
     "{ nodes { id } } } } } } } }", 10 + 50 + 100),
    ("{ clients(first: 2) { nodes { contactOf(first: 3) { totalCount } } "
     "edges { node { contactOf(first: 3) { totalCount } } } } }", 2 + 12),
    ('{ nodes(ids: ["a", "b", "c"]) { ... on Person { contactOf(first: 10) { totalCount } } } }', 3 + 30),
    ('{ nodes(ids: "a") { id } }', 1),
    ('{ findContacts(search: "a", first: 9) { nodes { person { contactOf(first: 2) { totalCount } } } } }', 9 + 18),
    ('{ person(id: "a") { contactNetwork(first: 9) { nodes { id } } } }', 9),
    ("{ clients(first: null) { totalCount } }", DEFAULT_SIZE),
])  # fmt: skip
def test_rows_are_counted_as_they_multiply(query: str, expected: int) -> None:
    assert cost(query) == expected


SIZED = "query ($n: Int = 30, $ids: [ID!]) { clients(first: $n) { totalCount } nodes(ids: $ids) { id } }"


@pytest.mark.parametrize(("variables", "rows"), [
    ({}, 30), ({"n": 7}, 7), ({"n": 7.0}, 7), ({"n": None}, DEFAULT_SIZE), ({"n": 10**9}, MAX_SIZE), ({"n": -5}, 0),
    ({"n": True}, 1), ({"n": "7"}, DEFAULT_SIZE), ({"n": [7]}, DEFAULT_SIZE),
    ({"n": float("inf")}, MAX_SIZE), ({"n": float("nan")}, DEFAULT_SIZE), ({"n": {}}, DEFAULT_SIZE),
])  # fmt: skip
def test_sizes_come_from_variables_and_their_defaults(variables: dict[str, Any], rows: int) -> None:
    assert cost(SIZED, {"ids": [], **variables}) == rows


def test_ids_come_from_variables_and_their_defaults() -> None:
    assert cost(SIZED, {"n": 0, "ids": ["a"] * 100}) == 100
    assert cost('query ($ids: [ID!] = ["a", "b"]) { nodes(ids: $ids) { id } }') == 2


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=5))
def test_no_size_takes_away_from_what_the_others_cost(sizes: list[int]) -> None:
    parts = [f"a{n}: clients(first: {first}) {{ nodes {{ id }} }}" for n, first in enumerate(sizes)]
    whole = (
        "clients(first: 100) { nodes { contactNetwork(first: 100) "
        "{ nodes { person { contactOf(first: 2) { totalCount } } } } } }"
    )
    assert cost(f"{{ {whole} {' '.join(parts)} }}") >= cost(f"{{ {whole} }}") > MAX_COST
    assert all(0 <= cost(f"{{ {part} }}") <= MAX_SIZE for part in parts)


def test_a_fragment_costs_wherever_it_is_spread() -> None:
    query = """{ a: clients(first: 2) { ...P } b: clients(first: 3) { ...P } }
      fragment P on PersonConnection { nodes { ...N } }
      fragment N on Person { contactNetwork(first: 10) { totalCount } }"""
    assert cost(query) == 2 + 20 + 3 + 30


def paths() -> dict[str, str]:
    """For each type of the schema, a query's text that leads to it, with HERE where its fields stand."""
    found = {"Query": "query { HERE }", "Mutation": "mutation { HERE }"}
    waiting = list(found)
    for name in waiting:
        kind = SCHEMA.type_map[name]
        below = [(f"... on {item.name} {{ HERE }}", item.name) for item in narrowed(kind)]
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            below += [(f"{field} {{ HERE }}", get_named_type(item.type).name) for field, item in kind.fields.items()]
        for text, target in below:
            if target not in found and is_composite_type(SCHEMA.type_map[target]):
                found[target] = found[name].replace("HERE", text)
                waiting.append(target)
    return found


def narrowed(kind: Any) -> list[GraphQLObjectType]:
    return list(SCHEMA.get_possible_types(kind)) if is_abstract_type(kind) else []


PATHS = paths()
CONNECTIONS = [
    (kind.name, name)
    for kind in OBJECTS
    for name, field in kind.fields.items()
    if get_named_type(field.type).name.endswith("Connection")
]
LISTED = [
    (kind.name, name)
    for kind in OBJECTS
    for name, field in kind.fields.items()
    if isinstance(get_nullable_type(field.type), GraphQLList)
    and is_composite_type(get_named_type(field.type))
    and not kind.name.endswith("Connection")
]


def test_every_type_can_be_asked_for() -> None:
    assert {kind.name for kind in OBJECTS} <= set(PATHS)
    assert len(CONNECTIONS) >= 11
    assert len(LISTED) >= 45


@pytest.mark.parametrize(("kind", "name"), CONNECTIONS)
def test_every_connection_of_the_schema_counts_its_rows(kind: str, name: str) -> None:
    assert COUNTED[kind, name].by == ("first", "last")
    way = PATHS[kind]

    def rows(arguments: str) -> int:
        field = f"{name}{arguments} {{ nodes {{ __typename }} }}"
        return cost(way.replace("HERE", field)) - cost(way.replace("HERE", "__typename"))

    assert rows("(first: 14)") == 2 * rows("(first: 7)") > 0
    assert rows("") == rows(f"(first: {DEFAULT_SIZE})")


@pytest.mark.parametrize(("kind", "name"), LISTED)
def test_every_list_of_objects_counts_its_rows(kind: str, name: str) -> None:
    rows = COUNTED[kind, name]
    assert rows.own > 0 or (kind, name) == ("Person", "externalIds")
    way = PATHS[kind]
    field = f'{name}(ids: ["a", "b"]) {{ __typename }}' if rows.by else f"{name} {{ __typename }}"
    assert cost(way.replace("HERE", field)) - cost(way.replace("HERE", "__typename")) >= (2 if rows.by else rows.own)


def test_what_is_said_of_lists_is_said_of_lists_there_are() -> None:
    assert set(LISTS) <= set(LISTED)
    assert set(BY_NAME) <= {name for _, name in LISTED}


def test_a_page_of_the_audit_log_counts_its_events_and_what_each_changed() -> None:
    assert cost("{ auditLog(first: 100) { nodes { id } } }") == 100
    assert cost("{ auditLog(first: 100) { nodes { changes { field } } } }") == 100 + 100 * 10
    deep = "auditLog(first: 100) { nodes { changes { field } client { contactNetwork(first: 100) { totalCount } } } }"
    assert cost(f"{{ a: {deep} b: {deep} }}") > MAX_COST


def test_people_shown_by_refusals_and_warnings_are_counted() -> None:
    errors = "errors { ... on ContactAlreadyExists { candidates { person { id } evidence { weight } } } }"
    adding = f"addNewContact {{ {errors} warnings {{ persons {{ id }} }} }}"
    assert cost(f"mutation {{ {adding} }}") == (DEFAULT_SIZE + 20 * 7) + (6 + 6 * 20)
    many = " ".join(f"a{n}: {adding}" for n in range(30))
    assert cost(f"mutation {{ {many} }}") < MAX_COST
    deep = adding.replace("persons { id", "persons { contactOf(first: 100) { totalCount }")
    assert cost(f"mutation {{ {deep} }}") > 6 * 20 * 100


def test_questions_about_the_schema_cost_what_they_show() -> None:
    kinds = len(SCHEMA.type_map)
    whole = cost(get_introspection_query())
    assert 5 * kinds < whole < MAX_COST
    assert cost("{ __schema { types { name } } }") == kinds
    assert cost('{ __type(name: "Person") { name } }') == 0
    assert cost("{ __schema { types { fields { args { name } } } } }") > 2 * kinds
    assert cost("{ ...A } fragment A on Query { __schema { types { name } } }") == kinds


def test_every_list_about_the_schema_counts() -> None:
    about = [kind for kind in SCHEMA.type_map.values() if kind.name.startswith("__")]
    lists = {
        (kind.name, name)
        for kind in about
        if isinstance(kind, GraphQLObjectType)
        for name, field in kind.fields.items()
        if isinstance(get_nullable_type(field.type), GraphQLList) and is_composite_type(get_named_type(field.type))
    }
    assert lists <= set(COUNTED)
    assert len(lists) > 5
