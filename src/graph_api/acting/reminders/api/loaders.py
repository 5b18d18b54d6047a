"""Loads about reminders: what is asked for in one turn of the event loop is loaded together."""

from collections.abc import Sequence

from strawberry.dataloader import DataLoader

from graph_api.acting.reminders.model import Delivery
from graph_api.acting.reminders.reading import ReminderReading
from graph_api.acting.reminders.shown import ShownPreferences
from graph_api.kernel.scope import Scope
from graph_api.people.model import Person

AT_ONCE = 100


class DeliveriesLoader(DataLoader[str, Sequence[Delivery]]):
    """What was sent of appointments and what was not, by appointment id."""

    def __init__(self, scope: Scope) -> None:
        self._reading = scope[ReminderReading]
        super().__init__(self._load, max_batch_size=AT_ONCE, cache=False)

    async def _load(self, appointment_ids: Sequence[str]) -> list[Sequence[Delivery]]:
        found = await self._reading.deliveries(appointment_ids)
        return [found.get(appointment_id, ()) for appointment_id in appointment_ids]


class PreferencesLoader(DataLoader[Person, ShownPreferences]):
    """How people are reminded."""

    def __init__(self, scope: Scope) -> None:
        self._reading = scope[ReminderReading]
        super().__init__(self._load, max_batch_size=AT_ONCE, cache=False)

    async def _load(self, people: Sequence[Person]) -> list[ShownPreferences]:
        return await self._reading.preferences(people)
