"""What charges say to changes of their appointments (P2)."""

from datetime import datetime

from graph_api.acting.appointments.changes import AppointmentsChanged
from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.payments.charges import refuse_narrowing
from graph_api.acting.payments.graph.writes import ChargeWrites
from graph_api.kernel.clock import Clock
from graph_api.kernel.reactions import On, Told
from graph_api.kernel.transaction import Transaction


async def keep_as_wide(tx: Transaction, change: AppointmentsChanged, _clock: Clock, _now: datetime) -> Told:
    """An appointment is not hidden from contacts while they see a charge for it.

    Raises:
        Refused: `charge.shared`.
    """
    narrowed = [
        after.id
        for before, after in change.pairs
        if before is not None and before.audience is not after.audience and after.audience is RecordAudience.CLIENT_ONLY
    ]
    if narrowed:
        refuse_narrowing(await tx[ChargeWrites].of_appointments(narrowed))
    return Told()


REACTIONS = (On(AppointmentsChanged, keep_as_wide),)
