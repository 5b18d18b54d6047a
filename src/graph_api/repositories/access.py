"""What decisions about access rest on, read of the graph (docs/access.md)."""

from graph_api.engine.session import WriteTransaction

GATES = 64
"""A checked write takes one of the practice's gates, by its client; a change of the practice's settings all."""


def gate_key(practice_id: str, number: int) -> str:
    """practice|number."""
    return f"{practice_id}|{number:02}"


class AccessWriteRepository:
    """Implements the `AccessWrites` port."""

    def __init__(self, transaction: WriteTransaction, practice_id: str, stamp: str) -> None:
        self._tx = transaction
        self._practice = practice_id
        self._stamp = stamp

    async def lock_gates(self) -> None:
        """Take the locks of all of the practice's gates."""
        keys = [gate_key(self._practice, number) for number in range(GATES)]
        await self._tx.run("access/lock_gates", practice=self._practice, keys=keys, stamp=self._stamp)
