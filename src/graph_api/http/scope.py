"""The parts that one request needs from lower packages; bootstrap makes them."""

from collections.abc import Callable
from dataclasses import dataclass

from graph_api.kernel.caller import Caller
from graph_api.kernel.scope import Scope

ScopeFactory = Callable[[Caller, frozenset[str], float], Scope]
"""From who asks, the bookmarks they carry, and when all statements must have ended, in the event loop's time."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether requests can be answered: each check with "ok" or what is wrong."""

    checks: dict[str, str]

    @property
    def ready(self) -> bool:
        """All are ok."""
        return all(value == "ok" for value in self.checks.values())
