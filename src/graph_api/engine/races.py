"""Races of write transactions: which errors mean a lost one, and who runs again when."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from weakref import WeakValueDictionary

from neo4j.exceptions import TransientError

WRITE_ATTEMPTS = 12
IN_LINE_FROM = 2
"""Whoever has lost so many races goes on in line with others who have."""
WAITS_IN_LINE = 0.5
"""Seconds; whoever is first may be waiting for something else."""


class RunAgain(Exception):
    """What a write transaction found out too late: it is undone, and run again from the start."""


def is_conflict(error: Exception) -> bool:
    """Reading again gives the answer: a race was lost to another writer, or the server could not do it just then.

    EntityNotFound: an edge was met whose end is just being committed, or removed.
    """
    code = getattr(error, "code", None) or ""
    raced = "ConstraintValidationFailed" in code or "EntityNotFound" in code
    return raced or isinstance(error, TransientError | RunAgain)


def is_race(error: Exception) -> bool:
    """Whether another writer was faster. A server that elects its leader, or a full disk, needs more patience."""
    return is_conflict(error) and (not isinstance(error, TransientError) or "Deadlock" in (error.code or ""))


def pause(attempt: int, *, races: int) -> float:
    """Seconds until it is tried again.

    Args:
        attempt: how often it was tried before.
        races: how often of these a race was lost; whoever stands in line need not wait longer and longer.
    """
    longer = attempt if races <= attempt else min(attempt, IN_LINE_FROM)
    return float(0.01 * 1.6**longer * (0.5 + random.random()))  # noqa: S311 - jitter


class Lines:
    """Those in this process who lost their races several times take turns; in each practice by themselves.

    Of many who want the same, one wins each time. On the embedded engine nobody waits for a lock, so chance alone would
    let somebody lose each time. Whoever stands in line meets only those who come anew.
    """

    def __init__(self) -> None:
        self._first: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, practice_id: str, races: int) -> AsyncIterator[None]:
        """Wait for it a while, where that many races were lost before."""
        if races < IN_LINE_FROM:
            yield
            return
        first = self._first.get(practice_id)
        if first is None:
            first = self._first[practice_id] = asyncio.Lock()
        is_first = False
        with suppress(TimeoutError):
            async with asyncio.timeout(WAITS_IN_LINE):
                is_first = await first.acquire()
        try:
            yield
        finally:
            if is_first:
                first.release()
