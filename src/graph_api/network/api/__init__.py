"""Contact networks in GraphQL."""

from graph_api.network.api import enums as _enums  # noqa: F401 - makes them part of the schema
from graph_api.network.api import nodes as _nodes  # noqa: F401 - registers them
from graph_api.network.api import people as _people  # noqa: F401 - extends them
