"""Loads of bylines: those of a whole page together."""

from collections.abc import Sequence

from strawberry.dataloader import DataLoader

from graph_api.acting.appointments.reading import AppointmentReading, AskedByline
from graph_api.acting.bylines import Byline
from graph_api.kernel.scope import Scope


class BylineLoader(DataLoader[AskedByline, Byline]):
    """Who did something to an appointment, in words."""

    def __init__(self, scope: Scope) -> None:
        self._reading = scope[AppointmentReading]
        super().__init__(self._load, max_batch_size=200, cache=False)

    async def _load(self, asked: Sequence[AskedByline]) -> list[Byline]:
        return await self._reading.bylines(asked)
