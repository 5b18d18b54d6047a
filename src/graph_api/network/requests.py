"""The ports of reading a network."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from graph_api.kernel.paging import PageRequest
from graph_api.kernel.records import Record
from graph_api.network.model import Contact, ContactFilter
from graph_api.network.records import EdgeProperties, EdgeRecord
from graph_api.people.model import Person


class Side(Enum):
    """Which end of the edges a network is read from (S7)."""

    CONTACT_NETWORK = "network"
    CONTACT_OF = "contact_of"


@dataclass(frozen=True, slots=True)
class NetworkRequest:
    """A page of a network; the same for every person of one load."""

    side: Side
    page: PageRequest
    filter: ContactFilter

    @property
    def comes_along(self) -> bool:
        """Whether a page of clients can bring this page of their networks: the first of all current edges, no total."""
        first = self.page.position is None and not self.page.backward
        return first and not self.page.with_total and self.filter == ContactFilter()


NetworkRow = list[Any]
"""One person's page as it is read: the person's record, at most `size` + 1 pairs of an edge's record and the record of
whom it leads to, in the order of the direction asked for, and how many there are in all (None when not asked)."""


class SearchHit(NamedTuple):
    """A person the search found, with what staff want to know before adding them, where it was asked for."""

    record: Record
    client_count: int | None
    existing: EdgeRecord | None


@dataclass(frozen=True, slots=True)
class SearchAnchor:
    """What the index is asked for: words of a name, or a match key's beginning."""

    words: tuple[str, ...] = ()
    match_key: str | None = None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked for of those who are found."""

    client_id: str | None
    """Whose existing contacts are wanted."""
    wanted: EdgeProperties
    """Of the person, of the existing contact and of its client."""
    with_count: bool


@dataclass(frozen=True, slots=True)
class BeforeAdding:
    """What a new edge depends on, read under the client's lock (D3, D7)."""

    client: Person | None
    person: Person | None
    existing: Contact | None
    """The current edge between them."""
