"""An appointment that is about to be changed: who does it, and under which locks (X1, X2, X5, X6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph_api.access.model import PortalAction
from graph_api.acting.appointments.audience import Reader, is_seen
from graph_api.acting.appointments.claiming import lock_calendars, places_in
from graph_api.acting.appointments.graph.writes import AppointmentWrites
from graph_api.acting.appointments.model import Appointment
from graph_api.acting.bylines import Author
from graph_api.acting.checked import author_or_refusal
from graph_api.kernel.caller import Caller
from graph_api.kernel.errors import Refused, not_found
from graph_api.kernel.flights import together
from graph_api.kernel.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Found:
    """An appointment whose client is locked, and who acts."""

    author: Author
    appointment: Appointment

    async def lock(self, tx: Transaction, others: Sequence[Appointment] = ()) -> Appointment:
        """Lock with whom and where it is, and then the appointment; and others of its series with it."""
        every = [self.appointment, *others]
        lock_calendars(tx, [one.practitioner_id for one in every], places_in(every))
        locked = await tx[AppointmentWrites].lock([one.id for one in every])
        return locked[self.appointment.id]


async def opened(tx: Transaction, caller: Caller, client_id: str | None, appointment_id: str) -> Found:
    """Lock the client, decide, and read the appointment: under the client's lock nobody changes it.

    Raises:
        Refused: NotFound where there is none that the caller sees; Forbidden, as `author_of`.
    """
    if client_id is None:
        raise not_found("appointmentId")
    path, sees = "appointmentId", PortalAction.VIEW_APPOINTMENTS
    author, known = await together(
        author_or_refusal(tx, caller, client_id, PortalAction.SCHEDULE_APPOINTMENT, path, sees=sees),
        tx[AppointmentWrites].by_ids([appointment_id]),
    )
    reader = Reader(caller.role, caller.person_id, may_view=True)
    if not known or not is_seen(known[0], reader):
        raise not_found(path)
    if isinstance(author, Refused):
        raise author
    return Found(author, known[0])


async def lock_one(tx: Transaction, appointment_id: str) -> Appointment:
    """The appointment under its own lock, which comes last."""
    return (await tx[AppointmentWrites].lock([appointment_id]))[appointment_id]
