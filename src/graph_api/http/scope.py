"""What one request needs from below; bootstrap makes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from graph_api.kernel.caller import Caller
from graph_api.shapes.context import Context


class Bookmarked(Protocol):
    """A view of the database that knows how far its caller has seen."""

    @property
    def bookmarks(self) -> frozenset[str]:
        """What the caller's next request should carry."""

    @property
    def statements(self) -> int:
        """How many were sent."""


@dataclass(frozen=True, slots=True)
class RequestScope:
    """One request's context, and its view of the database."""

    context: Context
    session: Bookmarked


ScopeFactory = Callable[[Caller, frozenset[str], float], RequestScope]
"""From who asks, the bookmarks they carry, and when all statements must have ended, in the event loop's time."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether requests can be answered: each check with "ok" or what is wrong."""

    checks: dict[str, str]

    @property
    def ready(self) -> bool:
        """All are ok."""
        return all(value == "ok" for value in self.checks.values())
