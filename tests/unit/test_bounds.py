"""Variables are bounded as they were sent, by the schema's types: no input can lack a bound."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    OperationDefinitionNode,
    get_named_type,
    get_nullable_type,
    parse,
    parse_type,
    type_from_ast,
)

from graph_api.graphql import bounds
from graph_api.graphql.bounds import MAX_LIST, MAX_TEXT, MAX_VALUES, check_size, compile_bounds
from graph_api.graphql.build import build_schema

SCHEMA = build_schema()._schema
ROOTS = [root for root in (SCHEMA.query_type, SCHEMA.mutation_type) if root is not None]
ARGUMENTS = sorted(
    {str(argument.type) for root in ROOTS for field in root.fields.values() for argument in field.args.values()}
)
"""The types of all arguments of questions and changes."""
INPUTS = [kind for kind in SCHEMA.type_map.values() if isinstance(kind, GraphQLInputObjectType)]


def too_much(kind: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """For each list and object inside an input type a value that holds too much there, and what it is called."""
    kind = get_nullable_type(kind)
    if isinstance(kind, GraphQLList):
        yield ".".join(("$v", *path)), [None] * (MAX_LIST + 1)
        for name, value in too_much(kind.of_type, path):
            yield name, [None, value]
    elif isinstance(kind, GraphQLInputObjectType):
        yield ".".join(("$v", *path)), {f"unknown{number}": 1 for number in range(len(kind.fields) + 1)}
        for field, definition in kind.fields.items():
            for name, value in too_much(definition.type, (*path, field)):
                yield name, {field: value}


CASES = [(kind, name, value) for kind in ARGUMENTS for name, value in too_much(type_from_ast(SCHEMA, parse_type(kind)))]


def check(kind: str, value: Any) -> None:
    [operation] = parse(f"query ($v: {kind}) {{ __typename }}").definitions
    assert isinstance(operation, OperationDefinitionNode)
    found = compile_bounds(SCHEMA, operation.variable_definitions or ())
    assert found is not None, f"nothing bounds {kind}"
    found({"v": value}, "")


@pytest.mark.parametrize(("kind", "name", "value"), CASES, ids=[f"{kind} {name}" for kind, name, _ in CASES])
def test_every_list_and_object_of_every_argument_has_a_bound(kind: str, name: str, value: Any) -> None:
    with pytest.raises(GraphQLError) as refused:
        check(kind, value)
    assert refused.value.extensions == {"code": "INPUT_TOO_LARGE"}
    assert refused.value.message.startswith(f"{name} has ")
    assert "unknown" not in refused.value.message


def test_every_input_is_reached_by_an_argument() -> None:
    """Else the walk above would miss it."""
    reached: set[str] = set()
    left: list[Any] = [
        argument.type
        for kind in SCHEMA.type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for field in kind.fields.values()
        for argument in field.args.values()
    ]
    while left:
        kind = get_named_type(left.pop())
        if isinstance(kind, GraphQLInputObjectType) and kind.name not in reached:
            reached.add(kind.name)
            left.extend(field.type for field in kind.fields.values())
    assert reached == {kind.name for kind in INPUTS}
    assert len(CASES) > len(INPUTS)


def test_what_just_fits_is_let_through() -> None:
    check("[ID!]!", ["x"] * MAX_LIST)
    check("AddClientInput!", {"person": {"address": {"lines": ["x"] * MAX_LIST}}})
    check_size({"v": ["x"] * (MAX_VALUES - 2)})
    check_size({"v": "x" * MAX_TEXT})


def test_one_value_that_stands_for_a_list_is_bounded_as_its_item() -> None:
    [item] = [kind for kind in INPUTS if kind.name == "ContactFilter"]
    found = bounds.check_of(GraphQLList(GraphQLNonNull(item)))
    assert found is not None
    with pytest.raises(GraphQLError):
        found({"statuses": ["REMOVED"] * (MAX_LIST + 1)}, "$v")


DEEP: Any = 1
for _ in range(MAX_VALUES):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "variables",
    [
        {"v": {f"k{number}": 1 for number in range(60_000)}},
        {f"k{number}": 1 for number in range(60_000)},
        {"v": ["x"] * 150_000},
        {"v": [["x"] * 10] * 300},
        {"v": [{}] * (MAX_VALUES - 1)},
        {"v": DEEP},
        {"v": "x" * (MAX_TEXT + 1)},
        {"v": [{"k": "x" * (MAX_TEXT + 1)}]},
        {"v": {"x" * (MAX_TEXT + 1): 1}},
    ],
    ids=range(9),
)
def test_variables_of_any_shape_are_bounded(variables: dict[str, Any]) -> None:
    with pytest.raises(GraphQLError) as refused:
        check_size(variables)
    assert refused.value.extensions == {"code": "INPUT_TOO_LARGE"}
    assert len(refused.value.message) < 100


class Seen(list[Any]):
    """A list that says how far it was looked at."""

    looked = 0

    def __iter__(self) -> Iterator[Any]:
        for item in super().__iter__():
            self.looked += 1
            yield item


def test_what_holds_too_much_is_not_looked_into() -> None:
    sent = Seen(["x"] * 150_000)
    with pytest.raises(GraphQLError):
        check_size({"v": sent})
    assert sent.looked == 0
