"""How much a caller may have done: a bucket of work for each account, which fills again as time goes by.

A unit is about a microsecond of a worker's time on the machine where `bench/abuse.py` weighed it. What a request costs
is known bit by bit, and partly when it is done, so a bucket may be overdrawn by the request that empties it: the next
one waits until it is filled again. The library that counts tries (`rate_limits`) has no such bucket, and takes longer
than a question that is answered from memory may. Each worker counts for itself.
"""

import math
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from cachetools import LRUCache

from graph_api.graphql.execution import Asked
from graph_api.kernel.caller import ViewerRole

REQUEST = 300
BYTE = 0.05
"""Of a request's body, or of an address's query, and of the answer."""
CHARACTER = 0.3
"""Of a document."""
TOKEN = 25
FIELD = 10
ROW = 20
"""That is asked for, whether or not there is one."""
STATEMENT = 500
REFUSED = 10
"""Times as much, where a document can't be executed: a front end sends none, and who does so on purpose stops soon."""

SAVED = 30
"""Seconds."""
MAX_BUCKETS = 100_000
K = TypeVar("K", bound=Hashable)
Key = tuple[str, str]
"""Practice and subject: another token of the same account draws on the same bucket."""


Draw = Callable[[float], None]
"""Draws so many units on a bucket."""


def draw_nothing(_units: float) -> None:
    """For callers whose work nobody counts."""


class Spent(Exception):
    """A bucket is empty; it is filled again after so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Allowance:
    """How fast a bucket fills, and how much it holds, in units; nothing is counted where it fills with nothing."""

    a_second: float
    most: float


def allowance(milliseconds: int) -> Allowance:
    """What so many milliseconds in each second come to; what is saved up in half a minute may be used at once."""
    return Allowance(milliseconds * 1_000, milliseconds * 1_000 * SAVED)


def cost_of(asked: Asked) -> float:
    """What an operation costs by what it asks for."""
    units = CHARACTER * asked.characters + TOKEN * asked.tokens + FIELD * asked.fields + ROW * asked.rows
    return REFUSED * units if asked.is_refused else units


class Level:
    """How full one bucket is."""

    __slots__ = ("_allowance", "_clock", "_held", "_since")

    def __init__(self, allowance: Allowance, clock: Callable[[], float]) -> None:
        self._allowance = allowance
        self._clock = clock
        self._held = allowance.most
        self._since = clock()

    def now(self) -> float:
        """What it holds; less than nothing where it is overdrawn."""
        found = self._held + (self._clock() - self._since) * self._allowance.a_second
        return found if found < self._allowance.most else self._allowance.most

    def take(self, units: float) -> None:
        """Draw on it, if need be more than it holds."""
        self._held = self.now() - units
        self._since = self._clock()


class Levels(Generic[K]):
    """How full each bucket is; those that nobody asked for for the longest are forgotten, and are full."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: LRUCache[K, Level] = LRUCache(MAX_BUCKETS)

    def of(self, key: K, allowance: Allowance) -> Level:
        """A bucket."""
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = Level(allowance, self._clock)
        return kept


class Buckets:
    """The buckets of one worker."""

    def __init__(self, staff: Allowance, portal: Allowance, clock: Callable[[], float] = time.monotonic) -> None:
        self._staff = staff
        self._portal = portal
        self._levels: Levels[Key] = Levels(clock)

    def admit(self, key: Key, role: ViewerRole) -> None:
        """Let a request in.

        Raises:
            Spent: the bucket is empty.
        """
        allowance = self._of(role)
        if allowance.a_second and (level := self._levels.of(key, allowance).now()) <= 0:
            raise Spent(max(1, math.ceil(-level / allowance.a_second)))

    def drawing(self, key: Key, role: ViewerRole) -> Draw:
        """What draws on a bucket, if need be more than it holds: a request does so several times."""
        allowance = self._of(role)
        return self._levels.of(key, allowance).take if allowance.a_second else draw_nothing

    def _of(self, role: ViewerRole) -> Allowance:
        return self._portal if role is ViewerRole.PORTAL else self._staff
