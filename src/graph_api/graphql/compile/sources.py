"""What compiled code reads from, beside records."""

from collections.abc import Callable
from dataclasses import dataclass

from graph_api.graphql.compile.completion import Details, Values
from graph_api.graphql.compile.levels import SearchLevel
from graph_api.people.records import SORT_KEY


@dataclass(frozen=True, slots=True)
class EdgeSource:
    """An edge in compiled code, with both its ends."""

    contact: Values
    client: Values
    person: Values

    def __getitem__(self, name: str) -> str:
        return self.contact[name]


@dataclass(frozen=True, slots=True)
class PageSource:
    """A page in compiled code: its rows, and how one is shown."""

    page: str
    edge_type: str
    row: str
    """What a row is taken apart into; also the row put together again."""
    node: Callable[[Details], str]
    named: Values | None = None
    """Of whom the rows are in the order of their names; their cursors hold it."""

    def keep_places(self) -> None:
        """Bring what cursors are made of."""
        if self.named is not None:
            self.named.projection.place(SORT_KEY)


@dataclass(frozen=True, slots=True)
class MatchSource:
    """Somebody the search found, in compiled code."""

    var: str
    level: SearchLevel

    @property
    def person(self) -> Values:
        """Their record."""
        return Values(f"{self.var}.record", self.level.person)
