"""Races of write transactions: which errors mean a lost one, and who runs again when."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from neo4j.exceptions import TransientError

WRITE_ATTEMPTS = 12
IN_LINE_FROM = 2
"""Whoever has lost so many races goes on in line with others who have."""


class RunAgain(Exception):
    """What a write transaction found out too late: it is undone, and run again from the start."""


def is_conflict(error: Exception) -> bool:
    """A race lost to another writer: reading again gives the answer.

    EntityNotFound: an edge was met whose end is just being committed, or removed.
    """
    code = getattr(error, "code", None) or ""
    raced = "ConstraintValidationFailed" in code or "EntityNotFound" in code
    return raced or isinstance(error, TransientError | RunAgain)


def pause(attempt: int) -> float:
    """Seconds until it is tried again."""
    return float(0.01 * 1.6 ** min(attempt, IN_LINE_FROM) * (0.5 + random.random()))  # noqa: S311 - jitter


class Line:
    """Those in this process who lost their races several times take turns.

    Of many who want the same, one wins each time. On the embedded engine nobody waits for a lock, so chance alone would
    let somebody lose each time. Whoever stands in line meets only those who come anew.
    """

    def __init__(self) -> None:
        self._first = asyncio.Lock()

    @asynccontextmanager
    async def turn(self, attempt: int) -> AsyncIterator[None]:
        """Wait for it, where that many were lost before."""
        if attempt < IN_LINE_FROM:
            yield
            return
        async with self._first:
            yield
