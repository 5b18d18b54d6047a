"""The schema put together."""

from typing import Any

import strawberry
from strawberry.schema.config import StrawberryConfig

from graph_api.domain.model import Contact, ContactTerms
from graph_api.schema.errors import ERROR_TYPES
from graph_api.schema.mutations import Mutation
from graph_api.schema.queries import Query
from graph_api.schema.scalars import SCALARS
from graph_api.schema.types import Contact as ContactType
from graph_api.schema.types import Person, Practice

_TERMS = frozenset(ContactTerms.__slots__)


def read_attribute(source: Any, name: str) -> object:
    """A field's value where it has no resolver; a contact's terms are shown as its own fields."""
    if name in _TERMS and isinstance(source, Contact):
        return getattr(source.terms, name)
    return getattr(source, name)


def build_schema() -> strawberry.Schema:
    """The contract, as schema.graphql has it."""
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        types=[*ERROR_TYPES, Person, ContactType, Practice],
        config=StrawberryConfig(default_resolver=read_attribute, scalar_map=SCALARS, disable_field_suggestions=True),
    )


def print_schema() -> str:
    """The contract as text, ending in one newline."""
    return build_schema().as_str().rstrip() + "\n"
