"""The portal in GraphQL."""

from graph_api.portal.api import enums as _enums  # noqa: F401 - makes them part of the schema
from graph_api.portal.api import extensions as _extensions  # noqa: F401 - extend people, clients and contacts
