"""Calendar feeds in GraphQL."""

from graph_api.acting.feeds.api import nodes as _nodes  # noqa: F401 - registers them
