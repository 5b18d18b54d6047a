"""Where a payment or a refund stands, and what an answer of the gateway makes of it (P5, P8).

Answers come late, twice and out of order. A state is only left for one of a higher rank, so whatever the order, all
answers together lead to the same: SUCCEEDED if any of them said so. Money that has come is booked even if it was given
up, and success is never taken back: what a bank takes back afterwards is a dispute.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from graph_api.acting.payments.model import Payment, PaymentMethod, PaymentStatus
from graph_api.kernel.errors import InvalidInput, Refused, invalid

PENDING_LASTS = timedelta(minutes=30)
"""After which a payment that waits for its payer is cancelled at the gateway, and released after that."""
GATEWAY_KEY_LASTS = timedelta(hours=23)
"""For how long a call may be repeated under the same key; Stripe forgets keys after 24 hours."""
_RANKS: Mapping[PaymentStatus, int] = {
    PaymentStatus.PENDING: 0,
    PaymentStatus.PROCESSING: 1,
    PaymentStatus.FAILED: 2,
    PaymentStatus.CANCELLED: 2,
    PaymentStatus.SUCCEEDED: 3,
}
WAITING = frozenset({PaymentStatus.PENDING, PaymentStatus.PROCESSING})
"""What has not ended: a payment reserves what it was laid on, a refund what it will give back."""
GIVEN_UP = frozenset({PaymentStatus.FAILED, PaymentStatus.CANCELLED})
"""What has ended without money; what it reserved is released."""
WORDS: Mapping[PaymentStatus, str] = {
    PaymentStatus.PENDING: "has not been made yet",
    PaymentStatus.PROCESSING: "is being processed",
    PaymentStatus.SUCCEEDED: "has succeeded",
    PaymentStatus.FAILED: "has failed",
    PaymentStatus.CANCELLED: "was cancelled",
}
"""How a sentence goes on that begins with `This payment`; a reason is `payment.` and the status in small letters."""


def next_status(current: PaymentStatus, answer: PaymentStatus) -> PaymentStatus:
    """Where a payment or refund stands after an answer. The answer's own, if that is further on; else where it stood:
    of FAILED and CANCELLED the first that was said stays, because both release the same."""
    return answer if _RANKS[answer] > _RANKS[current] else current


def is_contradicted(current: PaymentStatus, answer: PaymentStatus) -> bool:
    """Whether the gateway says that what succeeded here did not. Nothing is taken back; staff should be told. A card
    that is closed makes a refund fail after it succeeded, and the practice has the money again."""
    return current is PaymentStatus.SUCCEEDED and answer in GIVEN_UP


def is_left_open(current: PaymentStatus, answer: PaymentStatus) -> bool:
    """Whether the gateway still waits for money that was given up here; it should be cancelled there."""
    return current in GIVEN_UP and answer in WAITING


def ends_at(payment: Payment) -> datetime | None:
    """When it is given up, unless its payer has paid by then: 30 minutes after it began. None of what has ended, is
    being processed, or was recorded by staff."""
    is_waiting = payment.status is PaymentStatus.PENDING and payment.method is PaymentMethod.CARD_ONLINE
    return payment.created_at + PENDING_LASTS if is_waiting and payment.created_at is not None else None


def is_overdue(payment: Payment, now: datetime) -> bool:
    """Whether it is time to give it up: the gateway is asked to cancel it first, then its reservation goes."""
    end = ends_at(payment)
    return end is not None and end <= now


def may_repeat_call(began_at: datetime, now: datetime) -> bool:
    """Whether a call to the gateway about what began then may be repeated under the same key; later it is searched
    for instead."""
    return now < began_at + GATEWAY_KEY_LASTS


def refuse_cancelling(payment: Payment) -> None:
    """Only what waits for its payer can be cancelled.

    Raises:
        Refused: InvalidInput `payment.<where it stands>`, as `payment.processing`.
    """
    if payment.status is not PaymentStatus.PENDING:
        raise Refused([refusal(payment.status)])


def refuse_refunding(payment: Payment) -> None:
    """Only what has succeeded can be given back.

    Raises:
        Refused: InvalidInput `payment.<where it stands>`, as `payment.failed`.
    """
    if not payment.has_succeeded:
        raise Refused([refusal(payment.status)])


def refusal(status: PaymentStatus) -> InvalidInput:
    """That something can't be done with a payment as it stands."""
    return invalid(f"payment.{status.name.lower()}", f"This payment {WORDS[status]}.", "paymentId")
