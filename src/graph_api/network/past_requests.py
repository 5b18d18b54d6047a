"""What is asked of the past of edges, and what is read of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from graph_api.kernel.records import Record


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """A page of contacts' superseded versions, newest first; the same for every contact of one load."""

    size: int
    below: int | None = None
    """Versions with lower numbers; None: from the newest on."""


@dataclass(frozen=True, slots=True)
class AsOfRequest:
    """A page of networks as they were at a moment; the same for every person of one load."""

    at: datetime
    size: int
    after: tuple[str, str] | None = None
    """Where the row stood that it starts after: by whose name, and the contact's id."""
    with_total: bool = False


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """An edge's version with both its ends."""

    version: Record
    client: Record
    person: Record


@dataclass(frozen=True, slots=True)
class SupersededRecords:
    """A contact's superseded versions: the first of those asked for, and how many there are in all."""

    versions: Sequence[Record]
    total: int


VersionThen = tuple[Record, Record]
"""A version's record, and that of the person it leads to."""


@dataclass(frozen=True, slots=True)
class NetworkThen:
    """One person's network as it was: pairs of a version's record and of the person it leads to, one more than asked
    for where there is another page, and how many there are in all (None when not asked)."""

    versions: Sequence[VersionThen]
    total: int | None
