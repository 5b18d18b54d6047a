"""Payments laid on charges: never more than is due (P3).

What is laid is reserved until the payment succeeds, fails or is cancelled. All of it happens under the lock of the
client's ledger, with charges that were read under it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.payments.model import Allocation, Charge, Payment, PaymentFailure, PaymentStatus
from graph_api.acting.payments.money import Currency, Money
from graph_api.acting.payments.states import GIVEN_UP, WAITING, next_status
from graph_api.kernel.errors import InvalidInput, MutationError, MutationErrorCode, NotFound, Refused, invalid

_UNSAID: Mapping[PaymentStatus, PaymentFailure] = {
    PaymentStatus.FAILED: PaymentFailure.OTHER,
    PaymentStatus.CANCELLED: PaymentFailure.CANCELLED,
}
"""Why a payment did not succeed, where the gateway does not say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentExceedsDue(MutationError):
    """More was to be paid than is due (P3)."""

    code: ClassVar[MutationErrorCode] = MutationErrorCode.PAYMENT_EXCEEDS_DUE
    message: str = "This is more than is due."
    due: Money
    """Of the charges that were named, else of all that the payer may see."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A payment after something happened to it."""

    payment: Payment
    charges: tuple[Charge, ...] = ()
    """Those that it changed, as they are now."""


def due_of(charges: Iterable[Charge], audiences: Collection[RecordAudience]) -> int:
    """What of the charges of some audiences can be paid now."""
    return sum(charge.due for charge in charges if charge.audience in audiences)


def lay(
    charges: Sequence[Charge],
    amount: int,
    audiences: Collection[RecordAudience],
    currency: Currency,
    charge_ids: Sequence[str] | None = None,
) -> tuple[Allocation, ...]:
    """Where an amount is laid: on the charges that were named, in that order, else on the oldest first. Each gets at
    most what is due of it.

    Args:
        charges: of the client: those that were named, else all that are open. Others do no harm.
        amount: from 1 on.
        audiences: of the charges that the payer may see; no others exist for them (X6).
        currency: the practice's.
        charge_ids: those that were named; None for all. Naming one twice is naming it once.

    Raises:
        Refused: NotFound for an id that is not among the charges, or hidden; InvalidInput `charge.void`;
            PaymentExceedsDue.
    """
    seen = {charge.id: charge for charge in charges if charge.audience in audiences}
    chosen = sorted(seen.values(), key=_age) if charge_ids is None else _named(seen, charge_ids)
    due = due_of(chosen, audiences)
    if amount > due:
        raise Refused([PaymentExceedsDue(path=("amount",), due=currency.of(due))])
    return tuple(_poured(chosen, amount))


def _age(charge: Charge) -> tuple[object, str]:
    return charge.service_date, charge.id


def _named(seen: Mapping[str, Charge], charge_ids: Sequence[str]) -> list[Charge]:
    errors: list[NotFound | InvalidInput] = []
    for place, charge_id in enumerate(charge_ids):
        charge, path = seen.get(charge_id), ("chargeIds", str(place))
        if charge is None:
            errors.append(NotFound(path=path))
        elif charge.voided_at is not None:
            errors.append(invalid("charge.void", "This charge was voided. Nothing is due of it.", *path))
    if errors:
        raise Refused(errors)
    return [seen[charge_id] for charge_id in dict.fromkeys(charge_ids)]


def _poured(charges: Iterable[Charge], amount: int) -> Iterator[Allocation]:
    for charge in charges:
        share = min(charge.due, amount)
        if share > 0:
            amount -= share
            yield Allocation(charge.id, charge.audience, share)


def reserved_on(payment: Payment) -> dict[str, int]:
    """What the payment reserves, by charge."""
    return _by_charge(payment, lambda one: one.amount) if payment.status in WAITING else {}


def laid_on(payment: Payment) -> dict[str, int]:
    """What of the payment lies on charges, by charge."""
    return _by_charge(payment, lambda one: one.laid) if payment.has_succeeded else {}


def withdrawn_from(payment: Payment) -> dict[str, int]:
    """What a bank took back of it that lay on charges, by charge."""
    return _by_charge(payment, lambda one: 0 if one.is_loose else one.withdrawn)


def _by_charge(payment: Payment, part: Callable[[Allocation], int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in payment.allocations:
        if part(one):
            found[one.charge_id] = found.get(one.charge_id, 0) + part(one)
    return found


def moved(charges: Mapping[str, Charge], before: Payment | None, after: Payment) -> tuple[Charge, ...]:
    """The charges that change with a payment, as they are then.

    Args:
        charges: by id; all that the payment was laid on are among them.
        before: the payment as it was; None of a new one.
        after: as it is now.

    Raises:
        KeyError: a charge is not there.
    """
    changes: dict[str, dict[str, int]] = {}
    for name, part in (("reserved", reserved_on), ("paid", laid_on), ("withdrawn", withdrawn_from)):
        for sign, payment in ((-1, before), (1, after)):
            for charge_id, amount in part(payment).items() if payment is not None else ():
                by_name = changes.setdefault(charge_id, {})
                by_name[name] = by_name.get(name, 0) + sign * amount
    changed = []
    for charge_id, by_name in changes.items():
        if any(by_name.values()):
            charge = charges[charge_id]
            sums = {name: getattr(charge, name) + amount for name, amount in by_name.items()}
            changed.append(replace(charge, **sums, version=charge.version + 1))
    return tuple(changed)


def settled(
    payment: Payment,
    answer: PaymentStatus,
    charges: Mapping[str, Charge],
    at: datetime,
    failure: PaymentFailure | None = None,
) -> Settled:
    """The payment after an answer of the gateway, and the charges that it changes; the very same payment if the answer
    is late or known.

    Args:
        payment: as it is.
        answer: where the gateway says that it stands.
        charges: by id; all that the payment was laid on are among them, as they are under the lock.
        at: the time of the change.
        failure: why it did not succeed.
    """
    status = next_status(payment.status, answer)
    if status is payment.status:
        return Settled(payment)
    allocations = payment.allocations
    if status is PaymentStatus.SUCCEEDED and payment.status in GIVEN_UP:
        allocations = tuple(_laid_again(allocations, charges))
    after = replace(
        payment,
        status=status,
        allocations=allocations,
        failure=(failure or _UNSAID[status]) if status in GIVEN_UP else None,
        settled_at=None if status in WAITING else at,
    )
    return Settled(after, moved(charges, payment, after))


def _laid_again(allocations: Iterable[Allocation], charges: Mapping[str, Charge]) -> Iterator[Allocation]:
    """Where money goes that came after it was given up: on its charges as far as they are due still. The rest is
    loose, because somebody else may have paid for it since."""
    for one in allocations:
        share = min(one.amount, charges[one.charge_id].due)
        if share:
            yield replace(one, amount=share)
        if share < one.amount:
            yield replace(one, amount=one.amount - share, is_loose=True)
