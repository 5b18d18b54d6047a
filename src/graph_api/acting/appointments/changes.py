"""What mutations of appointments say happened, for concerns above."""

from dataclasses import dataclass

from graph_api.acting.appointments.model import Appointment
from graph_api.kernel.reactions import Change


@dataclass(frozen=True, slots=True)
class AppointmentsChanged(Change):
    """Appointments of one client, who is locked, as they were and as they are; None: it is new."""

    pairs: tuple[tuple[Appointment | None, Appointment], ...]
