"""Loads about threads and settings: what is asked for in one turn of the event loop is loaded together."""

import asyncio
from collections.abc import Sequence

from strawberry.dataloader import DataLoader

from graph_api.acting.messages.model import MessagingSettings
from graph_api.acting.messages.reading import MessageReading
from graph_api.acting.messages.shown import ShownThread
from graph_api.kernel.scope import Scope
from graph_api.people.model import Person

AT_ONCE = 100


class UnreadLoader(DataLoader[ShownThread, int]):
    """How many messages the caller's side has not read, by thread."""

    def __init__(self, scope: Scope) -> None:
        self._reading = scope[MessageReading]
        super().__init__(self._load, max_batch_size=AT_ONCE, cache=False)

    async def _load(self, threads: Sequence[ShownThread]) -> list[int]:
        return await self._reading.unread(threads)


class ReadersLoader(DataLoader[ShownThread, Sequence[Person] | None]):
    """Who can read threads now; who acts for a client is read once for all threads of that client."""

    def __init__(self, scope: Scope) -> None:
        self._reading = scope[MessageReading]
        super().__init__(self._load, max_batch_size=AT_ONCE, cache=False)

    async def _load(self, threads: Sequence[ShownThread]) -> list[Sequence[Person] | None]:
        clients = list(dict.fromkeys(thread.client_id for thread in threads))
        of_client = {client: [one for one in threads if one.client_id == client] for client in clients}
        found = await asyncio.gather(*(self._reading.readers(some) for some in of_client.values()))
        by_id = {thread_id: people for some in found for thread_id, people in some.items()}
        return [by_id.get(thread.id) for thread in threads]


class MessagingLoader(DataLoader[str, MessagingSettings]):
    """What the practice has set, loaded once for all fields that show it together."""

    def __init__(self, scope: Scope) -> None:
        self._reading = scope[MessageReading]
        super().__init__(self._load, cache=False)

    async def _load(self, practice_ids: Sequence[str]) -> list[MessagingSettings]:
        return [await self._reading.settings()] * len(practice_ids)
