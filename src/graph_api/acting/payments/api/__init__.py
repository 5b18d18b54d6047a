"""Charges, payments and statements in GraphQL."""

from graph_api.acting.payments.api import extensions as _extensions  # noqa: F401 - adds fields to other types
from graph_api.acting.payments.api import nodes as _nodes  # noqa: F401 - registers them
