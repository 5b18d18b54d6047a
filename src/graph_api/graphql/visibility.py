"""Fields that a role may not read: they are null, without an error.

Each field says who may read it where it is declared (`shapes.node`). Both ways of answering ask the schema: compiled
completion once per selection set, the ordinary way by what `hide` puts before the resolvers. For a portal account it
depends on the record as well, so its operations are answered the ordinary way.
"""

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    default_field_resolver,
)

from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.rules import CALLED_BY, EVERYONE, NOBODY, Rule
from graph_api.people.model import Person
from graph_api.shapes.node import RULE, rule_of_class

_DEFINITION = "strawberry-definition"


class UnlistedField(Exception):
    """A field of the schema says of nobody that they may read it."""


def rule_of(kind: GraphQLNamedType | None, field_name: str) -> Rule:
    """Who may read a field, or call a mutation; what introspection tells is shown to all."""
    if field_name.startswith("__"):
        return EVERYONE
    if not isinstance(kind, GraphQLObjectType):
        return NOBODY
    if kind.name == "Mutation":
        return CALLED_BY.get(field_name, NOBODY)
    whole = rule_of_class(kind.extensions[_DEFINITION].origin)
    own: Rule | None = kind.fields[field_name].extensions[_DEFINITION].metadata.get(RULE)
    if whole is None or own is None:
        return whole or own or NOBODY
    # A field may be closed to some of those who are given the object, and never opened to others.
    return own if own.roles < whole.roles else whole


def is_hidden(schema: GraphQLSchema, role: ViewerRole, type_name: str, field_name: str) -> bool:
    """Whether the field is null for the role, whatever the record."""
    return not rule_of(schema.type_map.get(type_name), field_name).allows(role)


def rules(schema: GraphQLSchema) -> Iterator[tuple[str, str, Rule]]:
    """Every field of every object type, and the mutations, with who may."""
    for type_name, kind in sorted(schema.type_map.items()):
        if isinstance(kind, GraphQLObjectType) and not type_name.startswith("__"):
            for field_name in kind.fields:
                yield type_name, field_name, rule_of(kind, field_name)


def hide(schema: GraphQLSchema) -> None:
    """Make the ordinary way ask, for every field that is hidden from some role.

    Raises:
        UnlistedField: nothing is said of a field.
    """
    for type_name, field_name, rule in rules(schema):
        if rule is NOBODY:
            raise UnlistedField(f"nothing says who may read {type_name}.{field_name}")
        kind = schema.type_map[type_name]
        # Mutations answer Forbidden as data instead.
        if rule is not EVERYONE and type_name != "Mutation" and isinstance(kind, GraphQLObjectType):
            _ask_first(kind.fields[field_name], rule)


def _ask_first(field: GraphQLField, rule: Rule) -> None:
    resolve = field.resolve or default_field_resolver

    def asking(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        caller = info.context.caller
        own = isinstance(source, Person) and source.id == caller.person_id
        return resolve(source, info, **arguments) if rule.allows(caller.role, own=own) else None

    field.resolve = asking
