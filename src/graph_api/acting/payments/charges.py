"""What may be done with a charge (P2)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from graph_api.acting.appointments.model import Appointment, RecordAudience
from graph_api.acting.bylines import Author
from graph_api.acting.payments.model import Charge
from graph_api.kernel.errors import Refused, invalid


def refuse_audience(audience: RecordAudience, appointment: Appointment | None) -> None:
    """A charge is not seen by more people than its appointment is.

    Raises:
        Refused: InvalidInput `audience.tooWide`.
    """
    is_hidden = appointment is not None and appointment.audience is RecordAudience.CLIENT_ONLY
    if is_hidden and audience is not RecordAudience.CLIENT_ONLY:
        message = "The appointment is for the client alone, so a charge for it must be CLIENT_ONLY, too."
        raise Refused([invalid("audience.tooWide", message, "audience")])


def refuse_narrowing(charges: Iterable[Charge]) -> None:
    """An appointment is not hidden from contacts while they see a charge for it.

    Args:
        charges: of the appointment.

    Raises:
        Refused: InvalidInput `charge.shared`.
    """
    if any(charge.is_shared and charge.voided_at is None for charge in charges):
        message = "A charge for this appointment is SHARED. Void it first, and add it again as CLIENT_ONLY."
        raise Refused([invalid("charge.shared", message, "audience")])


def refuse_voiding(charge: Charge) -> None:
    """Nothing can be taken out of the ledger that somebody pays or has paid for. What a bank took back may return, so
    it counts as paid.

    Raises:
        Refused: InvalidInput `charge.void`, if it was voided already; `charge.beingPaid`.
    """
    if charge.voided_at is not None:
        raise Refused([invalid("charge.void", "This charge was voided already.", "chargeId")])
    if charge.paid or charge.reserved or charge.withdrawn:
        message = (
            "This charge has been paid or is being paid. Refund the payment first, so that the charge opens again."
        )
        raise Refused([invalid("charge.beingPaid", message, "chargeId")])


def voided(charge: Charge, by: Author, at: datetime, reason: str | None = None) -> Charge:
    """The charge, void from now on. What was written off of it stays so.

    Raises:
        Refused: as `refuse_voiding`.
    """
    refuse_voiding(charge)
    return replace(charge, voided_at=at, voided_by=by, void_reason=reason, version=charge.version + 1)
