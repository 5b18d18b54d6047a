"""Refunds: what of a payment is given back, and what becomes of its charges (P7).

A refund marks what it will give back when it begins, so that two at once never give back more than was paid. It gives
back what is credit first, then what lies on the newest charges, because the oldest were paid first. A charge that opens
again is asked for anew. One that does not is written off as far as it was refunded: nobody is asked for it again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from graph_api.acting.payments.laying import moved
from graph_api.acting.payments.model import Allocation, Charge, Payment, PaymentStatus, Refund, RefundPart
from graph_api.acting.payments.money import Currency
from graph_api.acting.payments.states import GIVEN_UP, WAITING, next_status, refuse_refunding
from graph_api.kernel.errors import Refused, invalid


@dataclass(frozen=True, slots=True)
class Refunded:
    """A payment after something happened to a refund of it."""

    payment: Payment
    refund: Refund
    charges: tuple[Charge, ...] = ()
    """Those that it changed, as they are now."""


def planned(payment: Payment, amount: int, currency: Currency) -> tuple[RefundPart, ...]:
    """What a refund gives back of each allocation.

    Raises:
        Refused: InvalidInput `payment.<where it stands>`, if it has not succeeded; `refund.exceedsPayment`, if more
            was to be given back than is left and not about to be given back. The message says how much that is.
    """
    refuse_refunding(payment)
    if amount > payment.refundable:
        message = f"At most {currency.of(payment.refundable).text} of this payment can be refunded."
        raise Refused([invalid("refund.exceedsPayment", message, "amount")])
    return tuple(_taken(payment.allocations, amount))


def _taken(allocations: tuple[Allocation, ...], amount: int) -> Iterator[RefundPart]:
    for place in giving_order(allocations):
        one = allocations[place]
        share = min(one.free, amount)
        if share:
            amount -= share
            yield RefundPart(place, one.charge_id, one.audience, share)


def giving_order(allocations: tuple[Allocation, ...]) -> list[int]:
    """The places of allocations in the order in which they are given back: what is loose, then the last laid first."""
    return sorted(range(len(allocations)), key=lambda place: (not allocations[place].is_loose, -place))


def begun(payment: Payment, refund: Refund) -> Payment:
    """The payment with what a new refund will give back marked. Nothing happens to charges yet."""
    return _marked(payment, refund, 1)


def finished(
    payment: Payment,
    refund: Refund,
    answer: PaymentStatus,
    charges: Mapping[str, Charge],
    at: datetime,
    currency: Currency,
) -> Refunded:
    """A refund and its payment after an answer of the gateway, and the charges that they change; the very same if the
    answer is late or known.

    Args:
        payment: as it is.
        refund: as it is, begun before.
        answer: where the gateway says that it stands.
        charges: by id; all that the payment was laid on are among them, as they are under the lock.
        at: the time of the change.
        currency: the practice's.

    Raises:
        Refused: InvalidInput `refund.exceedsPayment`, if it had been given up, has succeeded after all, and the money
            was given back otherwise since.
    """
    status = next_status(refund.status, answer)
    if status is refund.status:
        return Refunded(payment, refund)
    before = payment
    if refund.status in GIVEN_UP:
        refund = replace(refund, parts=planned(payment, refund.amount, currency))
    else:
        payment = payment if status in WAITING else _marked(payment, refund, -1)
    after = replace(refund, status=status, settled_at=None if status in WAITING else at)
    if not after.has_succeeded:
        return Refunded(payment, after)
    payment = _given_back(payment, after)
    changed = moved(charges, before, payment)
    return Refunded(payment, after, tuple(_written_off(changed, before, after)))


def lying(payment: Payment, refund: Refund) -> Iterator[RefundPart]:
    """The parts of a refund that lay on charges; the others were credit."""
    return (part for part in refund.parts if not payment.allocations[part.place].is_loose)


def _marked(payment: Payment, refund: Refund, sign: int) -> Payment:
    """With a refund's parts marked, or no longer."""
    allocations = list(payment.allocations)
    for part in refund.parts:
        one = allocations[part.place]
        allocations[part.place] = replace(one, refunding=one.refunding + sign * part.amount)
    return replace(payment, allocations=tuple(allocations))


def _given_back(payment: Payment, refund: Refund) -> Payment:
    allocations = list(payment.allocations)
    for part in refund.parts:
        one = allocations[part.place]
        allocations[part.place] = replace(one, refunded=one.refunded + part.amount)
    return replace(payment, allocations=tuple(allocations))


def _written_off(charges: tuple[Charge, ...], payment: Payment, refund: Refund) -> Iterator[Charge]:
    """Charges that a refund changed: written off, unless staff said that they open again."""
    shares: dict[str, int] = {}
    for part in () if refund.reopens else lying(payment, refund):
        shares[part.charge_id] = shares.get(part.charge_id, 0) + part.amount
    for charge in charges:
        yield replace(charge, written_off=charge.written_off + shares.get(charge.id, 0))
