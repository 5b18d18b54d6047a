"""Loads about reminders: what is asked for in one turn of the event loop is loaded together."""

from collections.abc import Sequence

from strawberry.dataloader import DataLoader

from graph_api.acting.reminders.model import Delivery, Preferences
from graph_api.acting.reminders.planning import NOTHING_SAID
from graph_api.acting.reminders.reading import ReminderReading
from graph_api.kernel.scope import Scope

AT_ONCE = 100


class DeliveriesLoader(DataLoader[str, Sequence[Delivery]]):
    """What was sent of appointments and what was not, by appointment id."""

    def __init__(self, scope: Scope) -> None:
        self._reading = scope[ReminderReading]
        super().__init__(self._load, max_batch_size=AT_ONCE, cache=False)

    async def _load(self, appointment_ids: Sequence[str]) -> list[Sequence[Delivery]]:
        found = await self._reading.deliveries(appointment_ids)
        return [found.get(appointment_id, ()) for appointment_id in appointment_ids]


class PreferencesLoader(DataLoader[str, Preferences]):
    """What people want, by person id."""

    def __init__(self, scope: Scope) -> None:
        self._reading = scope[ReminderReading]
        super().__init__(self._load, max_batch_size=AT_ONCE, cache=False)

    async def _load(self, person_ids: Sequence[str]) -> list[Preferences]:
        found = await self._reading.preferences(person_ids)
        return [found.get(person_id, NOTHING_SAID) for person_id in person_ids]
