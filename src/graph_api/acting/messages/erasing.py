"""Destroying the keys of threads: bodies and subjects are gone for good; who wrote when, and the audit log, stay (M12).

Whoever is ended in between runs it again: what was erased stays so, and has its event.
"""

from collections.abc import Sequence

from graph_api.acting.messages.graph.wrapped_keys import KeyWrites, ThreadsWithKeys
from graph_api.audit.append import Auditor
from graph_api.audit.model import Actor
from graph_api.kernel.graph import Graph
from graph_api.kernel.happened import EventKind, FieldChange, Happened
from graph_api.kernel.transaction import Transaction
from graph_api.people.graph.writes import PersonWrites

AT_ONCE = 100
"""Threads in one transaction, with an event each."""
COMMAND = "command"


class Erasing:
    """Erases threads of one practice, as a command's actor."""

    def __init__(self, graph: Graph, auditor: Auditor, actor: Actor) -> None:
        self._graph = graph
        self._auditor = auditor
        self._actor = actor

    async def thread(self, thread_id: str) -> int | None:
        """Erase a thread: 1, 0 if it was erased before, None if there is no such thread in the practice."""
        client_id = await self._graph[ThreadsWithKeys].client_of(thread_id)
        return None if client_id is None else await self._erase(client_id, [thread_id])

    async def client(self, client_id: str) -> int | None:
        """Erase all threads of a client: how many; None if there is no such person in the practice."""
        if not await self._graph[ThreadsWithKeys].has_person(client_id):
            return None
        erased = 0
        while some := await self._graph[ThreadsWithKeys].of_client(client_id, AT_ONCE):
            erased += await self._erase(client_id, some)
        return erased

    async def _erase(self, client_id: str, thread_ids: Sequence[str]) -> int:
        async def work(tx: Transaction) -> int:
            await tx[PersonWrites].lock(client_id)
            await tx.hold()
            at = tx.stamp()
            erased = await tx[KeyWrites].erase(thread_ids, at)
            events = [
                Happened(
                    EventKind.MESSAGES_ERASED, client_id, changes=(FieldChange("thread", None, one),), reason=COMMAND
                )
                for one in erased
            ]
            await self._auditor.append(tx, self._actor, events, at)
            return len(erased)

        return await self._graph.write(work)
