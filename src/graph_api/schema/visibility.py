"""Fields that a role may not read: they are null, without an error, for every record of a selection set.

Both ways of answering ask here: compiled completion once per selection set, the ordinary way by what `hide` puts before
the resolvers of the fields named here.
"""

from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema, default_field_resolver

from graph_api.domain.model import ViewerRole

FOR_WRITERS = frozenset({("Person", "version"), ("Contact", "version")})
"""What only serves to write: expectedVersion."""


def is_hidden(role: ViewerRole, type_name: str, field_name: str) -> bool:
    """Whether the field is null for the role."""
    return (type_name, field_name) in FOR_WRITERS and not role.may_write


def hide(schema: GraphQLSchema) -> None:
    """Make the ordinary way ask, for every field that is hidden from some role."""
    for type_name, field_name in FOR_WRITERS:
        kind = schema.type_map[type_name]
        assert isinstance(kind, GraphQLObjectType)  # noqa: S101 - the table names object types
        _ask_first(kind.fields[field_name], type_name, field_name)


def _ask_first(field: GraphQLField, type_name: str, field_name: str) -> None:
    resolve = field.resolve or default_field_resolver

    def asking(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        hidden = is_hidden(info.context.caller.role, type_name, field_name)
        return None if hidden else resolve(source, info, **arguments)

    field.resolve = asking
