"""Arguments that are brought to resolvers' types by compiled code are what strawberry makes of them."""

from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    is_input_object_type,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from strawberry import UNSET
from strawberry.types.arguments import convert_arguments

from graph_api.graphql.build import build_schema
from graph_api.graphql.compile.inputs import compile_arguments
from tests.budgets import budget

SCHEMA = build_schema()
FIELDS = [
    pytest.param(field, id=f"{parent.name}.{name}")
    for parent in SCHEMA._schema.type_map.values()
    if not parent.name.startswith("__")
    for name, field in getattr(parent, "fields", {}).items()
    if getattr(field, "args", None)
]
FEW = 3
"""Items of a list, and inputs within inputs."""


class Value:
    """A scalar's value: both ways must hand over the very same."""


def values(kind: Any, depth: int = FEW) -> st.SearchStrategy[Any]:
    """Coerced values of a type: null where it may be, parts left out where they may be."""
    if isinstance(kind, GraphQLNonNull):
        return _present(kind.of_type, depth)
    return st.one_of(st.none(), _present(kind, depth))


def _present(kind: Any, depth: int) -> st.SearchStrategy[Any]:
    if isinstance(kind, GraphQLList):
        return st.lists(values(kind.of_type, depth), max_size=FEW)
    if isinstance(kind, GraphQLEnumType):
        return st.sampled_from([value.value for value in kind.values.values()])
    if is_input_object_type(kind):
        return _objects(kind, depth - 1)
    return st.builds(Value)


def _objects(kind: GraphQLInputObjectType, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    required = {name: part.type for name, part in kind.fields.items() if isinstance(part.type, GraphQLNonNull)}
    optional = {name: part.type for name, part in kind.fields.items() if name not in required and depth > 0}
    return st.fixed_dictionaries(
        {name: values(part, depth) for name, part in required.items()},
        optional={name: values(part, depth) | st.just(UNSET) for name, part in optional.items()},
    )


@pytest.mark.parametrize("field", FIELDS)
@settings(max_examples=budget(15, 500))
@given(data=st.data())
def test_compiled_code_makes_what_strawberry_makes(field: GraphQLField, data: st.DataObject) -> None:
    found = data.draw(
        st.fixed_dictionaries({}, optional={name: values(argument.type) for name, argument in field.args.items()})
    )
    arguments = field.extensions["strawberry-definition"].arguments
    scalars = SCHEMA.schema_converter.scalar_registry
    expected = convert_arguments(found, arguments, scalars, SCHEMA.config)
    made = compile_arguments(SCHEMA, arguments)(found)
    assert made == expected
    assert list(made) == list(expected)
    assert all(type(made[name]) is type(expected[name]) for name in made)
    for name, value in made.items():
        assert value is not found.get(name) or not isinstance(value, list), "a list is shared with other requests"
