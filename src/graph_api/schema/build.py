"""The schema put together."""

from typing import Any

import strawberry
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, Undefined
from strawberry.schema.config import StrawberryConfig

from graph_api.domain.model import Contact, ContactTerms
from graph_api.schema.errors import ERROR_TYPES
from graph_api.schema.mutations import Mutation
from graph_api.schema.queries import Query
from graph_api.schema.scalars import SCALARS
from graph_api.schema.types import Contact as ContactType
from graph_api.schema.types import Person, Practice
from graph_api.schema.visibility import hide

_TERMS = frozenset(ContactTerms.__slots__)


def read_attribute(source: Any, name: str) -> object:
    """A field's value where it has no resolver; a contact's terms are shown as its own fields."""
    if name in _TERMS and isinstance(source, Contact):
        return getattr(source.terms, name)
    return getattr(source, name)


def build_schema() -> strawberry.Schema:
    """The contract, as schema.graphql has it."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        types=[*ERROR_TYPES, Person, ContactType, Practice],
        config=StrawberryConfig(default_resolver=read_attribute, scalar_map=SCALARS, disable_field_suggestions=True),
    )
    _leave_null_defaults_out(schema._schema)
    hide(schema._schema)
    return schema


def _leave_null_defaults_out(schema: GraphQLSchema) -> None:
    """An argument that may be left out has None in Python; in the contract it has no default."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field in kind.fields.values():
                for argument in field.args.values():
                    if argument.default_value is None:
                        argument.default_value = Undefined


def print_schema() -> str:
    """The contract as text, ending in one newline."""
    return build_schema().as_str().rstrip() + "\n"
