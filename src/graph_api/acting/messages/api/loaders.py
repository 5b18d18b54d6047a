"""Loads of unread numbers: all threads of a page together."""

from collections.abc import Sequence

from strawberry.dataloader import DataLoader

from graph_api.acting.messages.reading import MessageReading
from graph_api.acting.messages.shown import ShownThread
from graph_api.kernel.scope import Scope


class UnreadLoader(DataLoader[ShownThread, int]):
    """How many messages the caller's side has not read, by thread."""

    def __init__(self, scope: Scope) -> None:
        self._reading = scope[MessageReading]
        super().__init__(self._load, max_batch_size=100, cache=False)

    async def _load(self, threads: Sequence[ShownThread]) -> list[int]:
        return await self._reading.unread(threads)
