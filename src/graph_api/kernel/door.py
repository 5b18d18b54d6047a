"""The door through which what was read of people is handed over, so that the account of reads knows whom it shows.

What a concern reads of people is sealed. It says whom it shows, and only the door opens it: a question that forgets the
door has nothing to answer with, and the type checker says so.
"""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
R = TypeVar("R")


class Sealed(Generic[T_co]):
    """What was read of people, and the ids of the people whom it shows."""

    __slots__ = ("_content", "_shows")

    def __init__(self, content: T_co, shows: Iterable[str]) -> None:
        self._content = content
        self._shows = shows


def nobody(_: object) -> tuple[str, ...]:
    """Whom something shows that is not shown itself: it is looked at, or put in order with others first."""
    return ()


class Door:
    """One request's."""

    def __init__(self) -> None:
        self.shown: set[str] = set()
        """Ids of the people whose records were handed over."""

    def open(self, sealed: Sealed[T]) -> T:
        """All of it; everybody in it is shown."""
        self.shown.update(sealed._shows)
        return sealed._content

    def keep(self, sealed: Sealed[T], withhold: Callable[[T], R], shows: Callable[[R], Iterable[str]]) -> R:
        """What `withhold` leaves of it; those are shown whom `shows` finds in that."""
        kept = withhold(sealed._content)
        self.shown.update(shows(kept))
        return kept

    def show(self, people: Iterable[str]) -> None:
        """People of whom an answer tells something that was worked out, such as a decision or a refusal."""
        self.shown.update(people)
