"""Fields that a role may not read: they are null, without an error.

Both ways of answering ask the one table, `kernel/permissions`: compiled completion once per selection set, the ordinary
way by what `hide` puts before the resolvers. For a portal account it depends on the record as well, so its operations
are answered the ordinary way.
"""

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema, default_field_resolver

from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.permissions import EVERYONE, NOBODY, Rule, rule_of
from graph_api.people.model import Person


class UnlistedField(Exception):
    """A field of the schema has no entry in the table of who may read it."""


def is_hidden(role: ViewerRole, type_name: str, field_name: str) -> bool:
    """Whether the field is null for the role, whatever the record; what introspection tells is shown to all."""
    return not field_name.startswith("__") and not rule_of(type_name, field_name).allows(role)


def rules(schema: GraphQLSchema) -> Iterator[tuple[str, str, Rule]]:
    """Every field of every object type, and the mutations, with who may."""
    for type_name, kind in sorted(schema.type_map.items()):
        if isinstance(kind, GraphQLObjectType) and not type_name.startswith("__"):
            for field_name in kind.fields:
                yield type_name, field_name, rule_of(type_name, field_name)


def hide(schema: GraphQLSchema) -> None:
    """Make the ordinary way ask, for every field that is hidden from some role.

    Raises:
        UnlistedField: the table says nothing of a field.
    """
    for type_name, field_name, rule in rules(schema):
        if rule is NOBODY:
            raise UnlistedField(f"{type_name}.{field_name} has no entry in kernel/permissions.py")
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
