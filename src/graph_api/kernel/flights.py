"""Reads of one transaction that need nothing of each other go to the database together."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar, overload

from graph_api.kernel.errors import Refused

T1 = TypeVar("T1")
T2 = TypeVar("T2")
T3 = TypeVar("T3")
Work = Coroutine[Any, Any, T1]


@overload
async def together(one: Work[T1], two: Work[T2], /) -> tuple[T1, T2]: ...
@overload
async def together(one: Work[T1], two: Work[T2], three: Work[T3], /) -> tuple[T1, T2, T3]: ...
async def together(*work: Work[Any]) -> tuple[Any, ...]:
    """Start them in this order, before any has an answer, and wait for all of them.

    The database runs statements in the order in which they come. So what begins with locks stands first, and what
    stands after it is read under them. Only what a piece of work sends first is sure to go before the next piece's.

    Raises:
        Exception: what the first of them raises, as if they had run one after another. The others are ended; after a
            refusal they are waited for, because to end a statement may cost the connection.
    """
    tasks = [asyncio.create_task(one) for one in work]
    try:
        return tuple([await task for task in tasks])
    except BaseException as error:
        if not isinstance(error, Refused):
            for task in tasks:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
