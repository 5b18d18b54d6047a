"""Loads of one kind that wait at the same time go to the database as one statement, whichever requests they are of."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any

AT_ONCE = 2
"""Statements of one kind in flight; what is asked for meanwhile waits for the next and goes with it."""
SLOW = 0.25
"""Seconds after which a statement no longer keeps others back: one that runs away must not block its kind."""
MAX_IDS = 100
"""Ids that are gathered into one statement; a single load may bring more."""

Rows = dict[str, Any]
Read = Callable[[Sequence[str]], Awaitable[Rows]]


class _Kind:
    """Loads that differ in their ids alone."""

    __slots__ = ("in_flight", "read", "starting", "waiting")

    def __init__(self, read: Read) -> None:
        self.read = read
        self.waiting: list[tuple[Sequence[str], asyncio.Future[Rows]]] = []
        self.in_flight = 0
        self.starting = False

    def next_batch(self) -> list[tuple[Sequence[str], asyncio.Future[Rows]]]:
        """What goes next; at least one load."""
        count = size = 0
        for ids, _ in self.waiting:
            if count and size + len(ids) > MAX_IDS:
                break
            count += 1
            size += len(ids)
        batch, self.waiting = self.waiting[:count], self.waiting[count:]
        return [(ids, future) for ids, future in batch if not future.done()]


class Gatherer:
    """One per process. When nothing is in flight a load waits for the end of the event loop's turn, no longer.

    A load never joins a statement that was sent before it, so it sees what its caller committed.
    """

    def __init__(self) -> None:
        self._kinds: dict[Hashable, _Kind] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def load(self, kind: Hashable, ids: Sequence[str], read: Read) -> Rows:
        """Rows by id; those of others may be among them.

        Args:
            kind: everything that the statement depends on but the ids: practice, parameters, bookmarks.
            ids: what is asked for.
            read: sends the statement, for this and for others of the same kind.
        """
        loop = asyncio.get_running_loop()
        found = self._kinds.get(kind)
        if found is None:
            found = self._kinds[kind] = _Kind(read)
        future: asyncio.Future[Rows] = loop.create_future()
        found.waiting.append((ids, future))
        self._start(kind, found)
        return await future

    def _start(self, key: Hashable, kind: _Kind) -> None:
        """Send what waits, at the end of the turn; where as many as may are in flight, one that ends will start it."""
        if kind.waiting and not kind.starting and kind.in_flight < AT_ONCE:
            kind.starting = True
            kind.in_flight += 1
            task = asyncio.get_running_loop().create_task(self._run(key, kind))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        elif not kind.waiting and not kind.in_flight:
            self._kinds.pop(key, None)

    async def _run(self, key: Hashable, kind: _Kind) -> None:
        kind.starting = False
        batch = kind.next_batch()
        self._start(key, kind)
        in_the_way = True

        def give_way() -> None:
            nonlocal in_the_way
            if in_the_way:
                in_the_way = False
                kind.in_flight -= 1
                self._start(key, kind)

        slow = asyncio.get_running_loop().call_later(SLOW, give_way)
        waiting = [future for _, future in batch]
        try:
            rows = await kind.read(list(dict.fromkeys(id_ for ids, _ in batch for id_ in ids))) if batch else {}
        except asyncio.CancelledError:
            for future in waiting:
                future.cancel()
            raise
        except Exception as error:
            _tell(waiting, error)
        else:
            _tell(waiting, rows)
        finally:
            slow.cancel()
            give_way()


def _tell(waiting: list[asyncio.Future[Rows]], outcome: Rows | Exception) -> None:
    """Who gave up is not told."""
    for future in waiting:
        if future.done():
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
