"""What all of GraphiQL's example tabs are made of."""

from collections.abc import Mapping

from graph_api.demo.seeding import MAPLE
from graph_api.http.graphiql import ExampleTab

PORTAL = "maple-anna"
"""Under this name the page has the portal account's token."""


def mutation_tab(title: str, query: str, values: Mapping[str, object], practice: str = MAPLE[0]) -> ExampleTab:
    """A tab with a mutation and its input."""
    return ExampleTab(title, practice, query, {"input": dict(values)})
