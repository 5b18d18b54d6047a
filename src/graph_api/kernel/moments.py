"""Which moment an answer about now is for, so that asking with `at` later gives the same answer.

A change is dated a little ahead of the clock, further than its commit takes. So whoever asks, and reads the clock
first, and reads nothing that is dated later than that, has read all that is so at that moment: what they did not see
is committed after they read, and dated later still. Where something newer was read the answer is about that, and is
given when that time has come: until then other changes may be committed that are dated before it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from graph_api.kernel.clock import Clock

LONGEST_WAIT = 2.0
"""Seconds; no change is dated further ahead of the clock. Where clocks differ by more, nobody waits longer."""
TICK = timedelta(microseconds=1)


T = TypeVar("T")


async def answer_at(
    clock: Clock,
    asked: datetime | None,
    now: Callable[[], Awaitable[T]],
    then: Callable[[datetime], Awaitable[T]],
    newest: Callable[[T], datetime | None],
) -> tuple[datetime, T]:
    """The moment that the answer is for, and the facts at that moment.

    Args:
        clock: of this server.
        asked: what was asked about; None for now.
        now: reads the facts as they are now.
        then: reads the facts as they were at a moment.
        newest: the latest date of facts that were read.
    """
    moment = clock.now()
    if asked is not None and await is_past(clock, asked):
        return asked, await then(asked)
    found = await now()
    seen = newest(found)
    if seen is None or seen <= (asked or moment):
        return asked or moment, found
    if asked is not None:
        return asked, await then(asked)
    await _pass(clock, seen)
    moment, found = max(clock.now(), seen), await now()
    again = newest(found)
    return moment, found if again is not None and again <= moment else await then(moment)


async def is_past(clock: Clock, asked: datetime) -> bool:
    """Whether what was so at the moment can be told; one that comes as soon as a change may be dated is waited for.

    Until then changes may be committed that are dated before it: an asker's clock may be a little ahead.
    """
    ahead = (asked - clock.now()).total_seconds()
    if 0 <= ahead <= LONGEST_WAIT:
        await _pass(clock, asked)
    return ahead <= LONGEST_WAIT


async def settled(
    clock: Clock, read: Callable[[], Awaitable[T]], newest: Callable[[T], datetime | None]
) -> tuple[datetime, T]:
    """The facts as they are now, for an answer that names no moment, and when they are so.

    As `answer_at`, but where others go on changing them nobody waits for more than one change: what was read then is
    given when it has come to be so.
    """
    moment = clock.now()
    found = await read()
    seen = newest(found)
    if seen is None or seen <= moment:
        return moment, found
    await _pass(clock, seen)
    moment = clock.now()
    found = await read()
    again = newest(found)
    if again is None or again <= moment:
        return moment, found
    if moment >= seen:  # else clocks differ by more than anybody waits for
        await _pass(clock, again)
    return max(clock.now(), again), found


async def _pass(clock: Clock, moment: datetime) -> None:
    """Wait until the clock has passed the moment."""
    seconds = (moment + TICK - clock.now()).total_seconds()
    await asyncio.sleep(min(max(seconds, 0.0), LONGEST_WAIT))
