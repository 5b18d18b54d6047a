"""Practitioners in GraphQL."""

from graph_api.practitioners.api import nodes as _nodes  # noqa: F401 - registers them
