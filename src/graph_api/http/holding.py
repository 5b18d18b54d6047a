"""Holds refusals back from callers who are refused again and again.

To refuse a request takes a worker's time, too. A caller who is answered at once asks again at once, and a few of them
keep a worker busy with nothing but refusals. A caller who waits for each refusal costs next to nothing.
"""

import time
from asyncio import sleep
from collections.abc import Callable

from graph_api.http.work import Allowance, Levels

SECONDS = 1.0
"""How long one refusal is held back."""
REFUSALS = Allowance(a_second=5, most=50)
"""How many refusals an address is answered at once: a front end whose session has ended gets a few together."""

SHARE = 4
"""One in so many connections may wait."""


class Holding:
    """The refusals of one worker that wait."""

    def __init__(self, connections: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`connections` that the worker holds: some of them wait, the others are for callers who are answered."""
        self._most = max(1, connections // SHARE)
        self._held = 0
        self._refused: Levels[str] = Levels(clock)

    async def hold(self, network: str, *, is_over_limit: bool) -> None:
        """Wait before a refusal is sent to an address, where it is one of too many or tells of too many requests."""
        refused = self._refused.of(network, REFUSALS)
        is_one_of_few = refused.now() >= 1
        if is_one_of_few:
            refused.take(1)
        if self._held >= self._most or (is_one_of_few and not is_over_limit):
            return
        self._held += 1
        try:
            await sleep(SECONDS)
        finally:
            self._held -= 1
