"""The schema put together."""

from typing import Any

import strawberry
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, Undefined
from strawberry.schema.config import StrawberryConfig

from graph_api.acting.appointments.api.types import TimeTaken
from graph_api.acting.payments.api.types import PaymentExceedsDue
from graph_api.audit.api import AuditEvent
from graph_api.graphql.compile.program import ROOTS
from graph_api.graphql.compile.readers import READERS
from graph_api.graphql.compile.values import RELATIONSHIP_TYPE
from graph_api.graphql.mutations import Mutation
from graph_api.graphql.queries import Query
from graph_api.graphql.visibility import hide, rules
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.rules import Rule
from graph_api.network.api.errors import ERROR_TYPES
from graph_api.network.api.types import Contact as ContactType
from graph_api.network.api.types import ContactVersion as ContactVersionType
from graph_api.network.model import Contact, ContactTerms
from graph_api.network.versions import ContactVersion
from graph_api.people.api.types import Person
from graph_api.practices.api.types import Practice
from graph_api.shapes.scalars import SCALARS

_TERMS = frozenset(ContactTerms.__slots__)


def read_attribute(source: Any, name: str) -> object:
    """A field's value where it has no resolver; a contact's terms are shown as its own fields."""
    if name in _TERMS and isinstance(source, Contact | ContactVersion):
        return getattr(source.terms, name)
    return getattr(source, name)


def build_schema() -> strawberry.Schema:
    """The contract, as schema.graphql has it."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        types=[
            *ERROR_TYPES,
            TimeTaken,
            PaymentExceedsDue,
            Person,
            ContactType,
            ContactVersionType,
            Practice,
            AuditEvent,
        ],
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


def print_access() -> str:
    """Who may read each field and call each mutation, a line each: the field, then a column for each role.

    `own`: on the portal account's own record alone. Of rows, a portal account sees its own person, the clients whose
    portal it may view, and its own contacts of these.
    """
    columns = (*(role.name for role in ViewerRole), "WITHOUT A TOKEN")
    found = [
        (f"{type_name}.{field_name}", *_cells(type_name, rule))
        for type_name, field_name, rule in rules(build_schema()._schema)
    ]
    width = max(len(name) for name, *_ in found)
    lines = [("", *columns), *found]
    sizes = [max(len(row[place]) for row in lines) for place in range(1, len(columns) + 1)]
    shown = (
        "  ".join((name.ljust(width), *(cell.ljust(size) for cell, size in zip(cells, sizes, strict=True)))).rstrip()
        for name, *cells in lines
    )
    return "\n".join(shown) + "\n"


def print_compiled() -> str:
    """The fields that compiled code can answer, a line each. An operation that selects another is answered by
    resolvers, and so is every operation of a portal account."""
    schema = build_schema()._schema
    tables = {"Query": ROOTS, **READERS, "RelationshipType": RELATIONSHIP_TYPE}
    lines = [
        f"{type_name}.{field_name}"
        for type_name, field_name, _ in rules(schema)
        if field_name in tables.get(type_name, {})
    ]
    return "\n".join(lines) + "\n"


def _cells(type_name: str, rule: Rule) -> list[str]:
    yes = "call" if type_name == "Mutation" else "read"
    cells = [
        yes if role in rule.roles else "own" if rule.own and role is ViewerRole.PORTAL else "-" for role in ViewerRole
    ]
    return [*cells, yes if rule.anonymous else "-"]
