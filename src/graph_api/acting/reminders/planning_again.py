"""Plans the appointments to come of a practice whose rules were changed, page by page, while booking goes on.

Whoever books meanwhile may have read the rules as they were. So all is planned a second time, when every transaction
that had begun before the change must have ended.
"""

import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from graph_api.acting.appointments.graph.writes import AppointmentWrites
from graph_api.acting.appointments.model import AppointmentStatus
from graph_api.acting.reminders.graph.planning import PLANNED_AT_ONCE, Plannings, PlanningWrites
from graph_api.acting.reminders.graph.rows import seconds
from graph_api.acting.reminders.graph.writes import ReminderWrites
from graph_api.kernel.caller import Practice
from graph_api.kernel.transaction import Transaction

LEASE = timedelta(minutes=2)
AFTER_ALL_BEGUN = timedelta(seconds=30)
"""No transaction takes that long."""
AT_ONCE = 20
"""Practices that are looked at together."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Held:
    """What this worker holds of a practice's planning."""

    until: str
    after: str | None
    passes: int


class PlanningAgain:
    """One worker's."""

    def __init__(self, plannings: Plannings, now: Callable[[], datetime]) -> None:
        self._plannings = plannings
        self._now = now

    async def plan_due(self) -> int:
        """Plan what is due; how many appointments were."""
        planned = 0
        for practice in await self._plannings.due(self._now(), AT_ONCE):
            try:
                while (page := await self._page(practice)) is not None:
                    planned += page
            except Exception as error:  # the other practices' are planned all the same
                log.warning("appointments can't be planned: %s", type(error).__name__)
        return planned

    async def _page(self, practice: Practice) -> int | None:
        """Plan a page; how many were, or None when there is nothing left to do now."""
        graph = self._plannings.graph(practice, self._now)
        held = await graph.write(self._claim)
        if held is None:
            return None

        async def page(tx: Transaction) -> int | None:
            return await self._planned(tx, held)

        return await graph.write(page)

    async def _claim(self, tx: Transaction) -> _Held | None:
        now, until = self._now(), seconds(self._now() + LEASE)
        row = await tx[PlanningWrites].claim(secrets.token_hex(8), seconds(now + timedelta(seconds=1)), until)
        return None if row is None else _Held(until, row["after"], row["passes"])

    async def _planned(self, tx: Transaction, held: _Held) -> int | None:
        """Plan the next page under the appointments' locks, and note how far it has come."""
        now = self._now()
        places = await tx[PlanningWrites].page(held.after, now)
        if places:
            await plan_anew(tx, (appointment_id for _, appointment_id in places), now)
        if len(places) == PLANNED_AT_ONCE:
            await tx[PlanningWrites].note(held.until, places[-1][0], seconds(now), held.passes)
            return len(places)
        if held.passes > 1:
            await tx[PlanningWrites].note(held.until, None, seconds(now + AFTER_ALL_BEGUN), held.passes - 1)
        else:
            await tx[PlanningWrites].end(held.until)
        return len(places)


async def plan_anew(tx: Transaction, appointment_ids: Iterable[str], now: datetime) -> None:
    """Plan appointments by the rules as they are, so far as these remind later than now: nobody is reminded at once."""
    locked = await tx[AppointmentWrites].lock(appointment_ids)
    booked = [one for one in locked.values() if one.status is AppointmentStatus.BOOKED and one.starts_at > now]
    await tx[ReminderWrites].unplan_coming(locked, now)
    await tx[ReminderWrites].plan(booked, after=now)
