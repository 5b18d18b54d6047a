"""Further work in the transaction of a change, by concerns that the changing concern does not import."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from graph_api.kernel.clock import Clock
from graph_api.kernel.errors import MutationWarning
from graph_api.kernel.happened import Happened
from graph_api.kernel.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Change:
    """A change that other concerns react to. Everything that they may lock must be locked first."""


C = TypeVar("C", bound=Change)


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it: what staff should see, and what the audit log keeps."""

    warnings: tuple[MutationWarning, ...] = ()
    events: tuple[Happened, ...] = ()


Reaction = Callable[[Transaction, C, Clock, datetime], Awaitable[Told]]
"""Works in the transaction of the change, at the moment given. What it raises undoes the change.

Raises:
    Refused: the change can't be made, because this can't follow from it.
"""


@dataclass(frozen=True, slots=True)
class On:
    """Which change a reaction belongs to."""

    change: type[Change]
    react: Reaction[Any]


@dataclass(frozen=True, slots=True)
class Reactions:
    """Reactions to each kind of change, in the order in which they were registered."""

    registered: tuple[On, ...] = field(default=())

    def __add__(self, more: Iterable[On]) -> "Reactions":
        return Reactions((*self.registered, *more))

    async def to(self, tx: Transaction, change: Change, clock: Clock, now: datetime) -> Told:
        """All that follows from a change."""
        warnings: tuple[MutationWarning, ...] = ()
        events: tuple[Happened, ...] = ()
        for one in self.registered:
            if isinstance(change, one.change):
                told = await one.react(tx, change, clock, now)
                warnings, events = (*warnings, *told.warnings), (*events, *told.events)
        return Told(warnings, events)


NO_REACTIONS = Reactions()
