"""The portal in GraphQL."""

from graph_api.portal.api import enums as _enums  # noqa: F401 - makes them part of the schema
