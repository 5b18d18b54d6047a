"""On which days terms of edges end, as the graph keeps it."""

from graph_api.kernel.transaction import Writes
from graph_api.network.keys import end_keys
from graph_api.network.model import Contact


class EndWrites(Writes):
    """Keeps the days on which terms end, inside one write transaction."""

    async def move(self, before: Contact | None, after: Contact | None) -> None:
        """From what an edge was to what it is; None: there is none."""
        old = end_keys(self._practice, before) if before else frozenset()
        new = end_keys(self._practice, after) if after else frozenset()
        contact = after or before
        if old - new:
            self._tx.later("network/contacts/drop_ends", practice=self._practice, keys=sorted(old - new))
        if new - old and contact:
            rows = [{"key": key, "contactId": contact.id} for key in sorted(new - old)]
            self._tx.later("network/contacts/add_ends", practice=self._practice, rows=rows)
