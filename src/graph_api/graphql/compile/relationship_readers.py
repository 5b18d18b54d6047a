"""Kinds of relationship, shown once when an operation is compiled: they are the same for everybody."""

from collections.abc import Callable
from typing import Any

from graph_api.graphql.compile.arguments import NotCompiled
from graph_api.graphql.compile.completion import Compiler, Details
from graph_api.graphql.visibility import is_hidden
from graph_api.network.relationships import RELATIONSHIP_TYPES, RelationshipType


def relationship_type(compiler: Compiler, row: RelationshipType, details: Details) -> dict[str, Any]:
    """A row of the table, shown; it is the same for everybody."""
    shown: dict[str, Any] = {}
    for key, selected in compiler.fields("RelationshipType", details).items():
        name = selected[0].node.name.value
        if is_hidden(compiler.schema, compiler.role, "RelationshipType", name):
            shown[key] = None
        elif name == "inverse":
            shown[key] = None if row.inverse is None else relationship_type(compiler, row.inverse, selected)
        elif name in _RELATIONSHIP_TYPE:
            shown[key] = _RELATIONSHIP_TYPE[name](row)
        else:
            raise NotCompiled
    return shown


_RELATIONSHIP_TYPE: dict[str, Callable[[RelationshipType], Any]] = {
    "__typename": lambda _: "RelationshipType",
    "code": lambda row: row.code,
    "name": lambda row: row.relationship.name,
    "display": lambda row: row.display,
    "needsLabel": lambda row: row.needs_label,
}


def relationship_types(compiler: Compiler, details: Details) -> str:
    """All rows, shown."""
    return compiler.constant([relationship_type(compiler, row, details) for row in RELATIONSHIP_TYPES])
