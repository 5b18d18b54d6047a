"""Access in GraphQL."""

from graph_api.access.api import contacts as _contacts  # noqa: F401 - extends them
from graph_api.access.api import enums as _enums  # noqa: F401 - makes them part of the schema
