"""What decisions about access ask of the graph."""

from typing import Protocol


class AccessWrites(Protocol):
    """Access inside one write transaction."""

    async def lock_gates(self) -> None:
        """Take the locks of all of the practice's gates: no checked write of it is under way then.

        For a change of the practice's settings; after people's locks, before anything is read.
        """
