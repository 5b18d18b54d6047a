"""The fee for a late cancellation or a missed appointment, as a charge that staff may add (P12).

No fee is ever charged by itself, because whether it is due is staff's judgement.
"""

from datetime import date

from graph_api.acting.appointments.deadlines import is_late
from graph_api.acting.appointments.model import Appointment, AppointmentStatus, AppointmentType
from graph_api.acting.payments.checks import ChargeDraft

LATE = "Late cancellation"
MISSED = "Missed appointment"


def fee_draft(appointment: Appointment, kind: AppointmentType) -> ChargeDraft | None:
    """The type's fee for what has come of an appointment; None where it has none, or nothing was late or missed.

    Args:
        appointment: as it is now.
        kind: its type.
    """
    what = _what(appointment, kind)
    if what is None or not kind.late_fee:
        return None
    return ChargeDraft(
        client_id=appointment.client_id,
        amount=kind.late_fee,
        description=f"{what}: {kind.name}",
        service_date=date.fromisoformat(appointment.local_start[:10]),
        public_description=what,
        appointment_id=appointment.id,
        audience=appointment.audience,
    )


def _what(appointment: Appointment, kind: AppointmentType) -> str | None:
    if appointment.status is AppointmentStatus.NO_SHOW:
        return MISSED
    at = appointment.cancelled_at
    if appointment.status is not AppointmentStatus.CANCELLED or at is None:
        return None
    return LATE if is_late(kind, appointment, at) else None
