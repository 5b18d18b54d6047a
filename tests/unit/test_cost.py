"""How large an operation is: depth, aliases, directives and rows, each fragment looked at once."""

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse
from hypothesis import given
from hypothesis import strategies as st

from graph_api.schema.limits import MAX_COST, Size, _Measure, compile_cost, fragments_of
from graph_api.services.paging import DEFAULT_SIZE, MAX_SIZE


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
    return compile_cost(fragments, operation)(variables or {})


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
    total = compile_cost(fragments, operation)({})
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
    ({"n": True}, 1), ({"n": "7"}, DEFAULT_SIZE), ({"n": [7]}, DEFAULT_SIZE), ({"n": {}}, DEFAULT_SIZE),
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
        "clients(first: 100) { nodes { contactNetwork(first: 100) { nodes { contactOf(first: 2) { totalCount } } } } }"
    )
    assert cost(f"{{ {whole} {' '.join(parts)} }}") >= cost(f"{{ {whole} }}") > MAX_COST
    assert all(0 <= cost(f"{{ {part} }}") <= MAX_SIZE for part in parts)


def test_a_fragment_costs_wherever_it_is_spread() -> None:
    query = """{ a: clients(first: 2) { ...P } b: clients(first: 3) { ...P } }
      fragment P on PersonConnection { nodes { ...N } }
      fragment N on Person { contactNetwork(first: 10) { totalCount } }"""
    assert cost(query) == 2 + 20 + 3 + 30
