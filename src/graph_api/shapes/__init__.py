"""What every concern shows in GraphQL is made of."""

from graph_api.shapes import enums as _enums  # noqa: F401 - makes them part of the schema
