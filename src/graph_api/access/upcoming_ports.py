"""The reads of the graph that the lists of coming events need: access that ends, birthdays (D8, D13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

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
