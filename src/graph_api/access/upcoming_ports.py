"""What the services ask of the graph about what is coming: access that ends, birthdays (D8, D13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from graph_api.kernel.records import Record
from graph_api.network.records import EdgeRecord


class EndPosition(NamedTuple):
    """Where an end stands: by its day, then by the contact's id."""

    day: date
    contact_id: str = ""


@dataclass(frozen=True, slots=True)
class TermsEnds:
    """Current edges by a day on which their terms end, in order."""

    edges: Sequence[tuple[date, EdgeRecord]]
    reached: EndPosition | None
    """Up to where they are all there are; None: to the end."""


@dataclass(frozen=True, slots=True)
class ComingOfAge:
    """Edges of parents and guardians who have portal access, by their clients' birth dates, in order."""

    edges: Sequence[tuple[date, EdgeRecord]]
    reached: date | None
    """Up to which birth date they are all there are; None: to the end."""


class ComingReads(Protocol):
    """Reading what is coming in one practice."""

    async def terms_ending(self, after: EndPosition, last: date, size: int) -> TermsEnds:
        """By the edges' own last day and by their authority's, through the last day; about `size` of them."""

    async def coming_of_age(self, first: date, last: date, size: int) -> ComingOfAge:
        """Of clients born from one day through another; about `size` clients, and of at least two birth dates that
        follow each other, where there are so many."""

    async def born(
        self, first: date, last: date, after: str | None, size: int, properties: Sequence[str]
    ) -> Sequence[Record]:
        """At most `size` clients born from one day through another, by birth date, then as in `clients`; `after` is
        both of whom they follow, joined by FIELD_END."""

    async def born_total(self, first: date, last: date) -> int:
        """How many there are."""
