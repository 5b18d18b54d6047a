"""What is planned when appointments are booked, moved, or do not take place (R6)."""

from datetime import datetime

from graph_api.acting.appointments.changes import AppointmentsChanged
from graph_api.acting.appointments.model import Appointment, AppointmentStatus
from graph_api.acting.reminders.graph.writes import ReminderWrites
from graph_api.acting.reminders.model import SuppressionReason
from graph_api.kernel.clock import Clock
from graph_api.kernel.reactions import On, Told
from graph_api.kernel.transaction import Transaction


async def plan_reminders(tx: Transaction, change: AppointmentsChanged, _clock: Clock, now: datetime) -> Told:
    """What is booked and to come is looked at by the practice's rules; what was planned of another time is not."""
    stale = [after.id for before, after in change.pairs if _planned(before) != _planned(after) and _planned(before)]
    coming = [
        after
        for before, after in change.pairs
        if _planned(after) and _planned(before) != _planned(after) and after.starts_at > now
    ]
    moved = [one.id for one in coming if one.id in stale]
    await tx[ReminderWrites].unplan(stale)
    await tx[ReminderWrites].let_go(moved, SuppressionReason.MOVED)
    await tx[ReminderWrites].let_go(set(stale) - set(moved), SuppressionReason.NOT_BOOKED)
    await tx[ReminderWrites].plan(coming)
    return Told()


def _planned(appointment: Appointment | None) -> tuple[datetime, str] | None:
    """What the plan rests on; None: nobody is reminded."""
    if appointment is None or appointment.status is not AppointmentStatus.BOOKED:
        return None
    return appointment.starts_at, appointment.type_id


REACTIONS = (On(AppointmentsChanged, plan_reminders),)
