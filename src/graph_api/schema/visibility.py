"""Fields that a role may not read: they are null, without an error, for every record of a selection set."""

from graph_api.domain.model import ViewerRole

_FOR_WRITERS = frozenset({("Person", "version"), ("Contact", "version")})
"""What only serves to write: expectedVersion."""


def is_hidden(role: ViewerRole, type_name: str, field_name: str) -> bool:
    """Whether the field is null for the role; asked once per selection set, never per record."""
    return (type_name, field_name) in _FOR_WRITERS and not role.may_write
