"""The ledger of a client: entries that are only added, in one chain, each with two balances after it (P11).

A balance is what the client owes: what is open of charges, less credit. Negative, it is what the practice owes. The
shared balance leaves out CLIENT_ONLY charges, what was laid on them, and credit: it is what contacts read, who are told
of no credit (P15), and is always what is open of SHARED charges.

Credit is money that lies on no charge. Nobody can pay more than is due, so it comes in one way alone: a payment that
was given up and released succeeds after all, when its charges have been paid or voided. Staff give it back by a refund;
it is never laid on another charge by itself.

What is paid and given back without being asked for again is written off: by a refund that does not open its charges
again, and while a bank holds money in a dispute. The entry stands beside that of the money, so that nobody reads a
balance that they are not asked to pay.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from graph_api.acting.payments.model import Allocation, Charge, Payment, Refund


class EntryKind(Enum):
    """What an entry is about."""

    CHARGE = "CHARGE"
    CHARGE_VOIDED = "CHARGE_VOIDED"
    PAYMENT = "PAYMENT"
    REFUND = "REFUND"
    WITHDRAWN = "WITHDRAWN"
    """By a bank, in a dispute."""
    RETURNED = "RETURNED"
    """By a bank, of what it had withdrawn."""
    WRITTEN_OFF = "WRITTEN_OFF"
    """Refunded or withdrawn, and not asked for again."""
    WRITE_OFF_UNDONE = "WRITE_OFF_UNDONE"
    """Because the bank returned it: it lies on the charge as before."""


SIGNS: Mapping[EntryKind, int] = {
    EntryKind.CHARGE: 1,
    EntryKind.CHARGE_VOIDED: -1,
    EntryKind.PAYMENT: -1,
    EntryKind.REFUND: 1,
    EntryKind.WITHDRAWN: 1,
    EntryKind.RETURNED: -1,
    EntryKind.WRITTEN_OFF: -1,
    EntryKind.WRITE_OFF_UNDONE: 1,
}
"""Whether an entry raises the balance or lowers it."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One entry of a client's ledger. It is never changed."""

    number: int
    """From 1 on, without gaps."""
    at: datetime
    kind: EntryKind
    node_id: str
    """The charge, payment or refund that it is about."""
    amount: int
    """With its sign."""
    shared: int
    """What of the amount contacts read."""
    balance: int
    """After it, of all."""
    shared_balance: int
    """After it, of what contacts read."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a ledger stands: its last entry. The node that is locked keeps it."""

    number: int = 0
    at: datetime | None = None
    balance: int = 0
    shared_balance: int = 0


NO_ENTRIES = Head()


@dataclass(frozen=True, slots=True)
class Line:
    """An entry before it has its place: what happened, and what it does to the balances."""

    kind: EntryKind
    node_id: str
    amount: int
    shared: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What some money of a payment does to the balances."""

    all: int
    laid: int
    """What of it lies on charges; the rest is credit."""
    shared: int
    """What of it lies on charges that contacts may see."""


def sums_of(shares: Iterable[tuple[Allocation, int]]) -> Sums:
    """Of an amount of each allocation."""
    known = tuple(shares)
    laid = tuple((one, amount) for one, amount in known if not one.is_loose)
    return Sums(
        sum(amount for _, amount in known),
        sum(amount for _, amount in laid),
        sum(amount for one, amount in laid if one.is_shared),
    )


def charge_added(charge: Charge) -> tuple[Line, ...]:
    """A charge that is new."""
    return (_line(EntryKind.CHARGE, charge.id, charge.amount, charge.amount if charge.is_shared else 0),)


def charge_voided(before: Charge) -> tuple[Line, ...]:
    """A charge that was voided; `before` as it was. What was written off of it is out of the balance already, so the
    entry may be of nothing."""
    return (_line(EntryKind.CHARGE_VOIDED, before.id, before.open, before.open if before.is_shared else 0),)


def payment_succeeded(payment: Payment) -> tuple[Line, ...]:
    """A payment that has just succeeded; recorded ones do at once."""
    sums = paid_by(payment)
    return (_line(EntryKind.PAYMENT, payment.id, sums.all, sums.shared),)


def refund_succeeded(refund: Refund, payment: Payment) -> tuple[Line, ...]:
    """A refund that has just succeeded, and its payment."""
    sums = given_back_by(refund, payment)
    money = _line(EntryKind.REFUND, refund.id, sums.all, sums.shared)
    is_written_off = sums.laid and not refund.reopens
    return (money, _line(EntryKind.WRITTEN_OFF, refund.id, sums.laid, sums.shared)) if is_written_off else (money,)


def dispute_changed(before: Payment, after: Payment) -> tuple[Line, ...]:
    """A payment of which a bank has just withdrawn or returned something; nothing otherwise."""
    sums = sums_of(
        (new, new.withdrawn - old.withdrawn) for old, new in zip(before.allocations, after.allocations, strict=True)
    )
    if not sums.all:
        return ()
    money, beside = EntryKind.RETURNED, EntryKind.WRITE_OFF_UNDONE
    if sums.all > 0:
        money, beside = EntryKind.WITHDRAWN, EntryKind.WRITTEN_OFF
    first = _line(money, after.id, abs(sums.all), abs(sums.shared))
    return (first, _line(beside, after.id, abs(sums.laid), abs(sums.shared))) if sums.laid else (first,)


def paid_by(payment: Payment) -> Sums:
    """What a payment did when it succeeded."""
    return sums_of((one, one.amount) for one in payment.allocations)


def given_back_by(refund: Refund, payment: Payment) -> Sums:
    """What a refund of the payment did when it succeeded."""
    return sums_of((payment.allocations[part.place], part.amount) for part in refund.parts)


def _line(kind: EntryKind, node_id: str, amount: int, shared: int) -> Line:
    return Line(kind, node_id, SIGNS[kind] * amount, SIGNS[kind] * shared)


def appended(head: Head, lines: Iterable[Line], at: datetime) -> tuple[tuple[LedgerEntry, ...], Head]:
    """The entries that go on where a ledger ends, and where it ends then.

    Args:
        head: where it ends, read under its lock.
        lines: what happened, in order.
        at: when, by the transaction that writes it: what was charged, voided, paid or refunded has this time, too.

    Raises:
        ValueError: the time is before the last entry's. A transaction's stamp is not, if it notes the head's (see
            `kernel.stamps`).
    """
    if head.at is not None and at < head.at:
        raise ValueError("an entry before the last one")
    entries = []
    for line in lines:
        head = Head(head.number + 1, at, head.balance + line.amount, head.shared_balance + line.shared)
        numbers = (line.amount, line.shared, head.balance, head.shared_balance)
        entries.append(LedgerEntry(head.number, at, line.kind, line.node_id, *numbers))
    return tuple(entries), head


def credit_of(head: Head, charges: Iterable[Charge]) -> int:
    """What lies on no charge, from the head and all charges that are open: the balance is what is open, less credit."""
    return sum(charge.open for charge in charges) - head.balance
