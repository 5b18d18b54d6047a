"""Practices in GraphQL."""

from graph_api.practices.api import enums as _enums  # noqa: F401 - makes them part of the schema
from graph_api.practices.api import nodes as _nodes  # noqa: F401 - registers them
