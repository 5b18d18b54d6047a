"""Whom an answer shows, for the account of reads: ids alone."""

from collections.abc import Iterable, Iterator
from typing import Protocol


class Shows(Protocol):
    """What may show people."""

    @property
    def shows(self) -> tuple[str, ...]:
        """Ids of the people it shows."""


class Entity(Shows, Protocol):
    """What a mutation answers with."""

    @property
    def id(self) -> str:
        """Its id."""


class Versioned(Entity, Protocol):
    """An object that can only be changed by a caller who has read its newest version."""

    @property
    def version(self) -> int:
        """How often it was changed, and one more."""


def people_in(*groups: Iterable[Shows]) -> Iterator[str]:
    """All that they show."""
    for group in groups:
        for one in group:
            yield from one.shows
