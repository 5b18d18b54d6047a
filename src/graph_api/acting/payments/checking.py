"""Works out anew what is kept of a practice's charges and payments, and names the first difference (P11)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from graph_api.acting.payments.differences import Difference, check
from graph_api.acting.payments.graph.accounts import AccountReads
from graph_api.acting.payments.graph.writes import LedgerWrites
from graph_api.kernel.graph import Graph
from graph_api.kernel.transaction import Transaction
from graph_api.people.graph.writes import PersonWrites


@dataclass(frozen=True, slots=True)
class Checked:
    """One client whose ledger was looked through."""

    client_id: str
    entries: int
    difference: Difference | None


class Checking:
    """Of one practice. Each client is locked while they are looked at, so a server may go on."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def clients(self) -> AsyncIterator[Checked]:
        """One after the other, in the order of their ids."""
        client_id: str | None = None
        while (client_id := await self._next(client_id)) is not None:
            yield await self._checked(client_id)

    async def _next(self, after: str | None) -> str | None:
        async def work(tx: Transaction) -> str | None:
            return await tx[AccountReads].next_client(after)

        return await self._graph.write(work)

    async def _checked(self, client_id: str) -> Checked:
        async def work(tx: Transaction) -> Checked:
            await tx[PersonWrites].lock(client_id)
            ledger = await tx[LedgerWrites].lock(client_id)
            account = await tx[AccountReads].of_client(client_id, ledger.head)
            return Checked(client_id, len(account.entries), check(account))

        return await self._graph.write(work)
