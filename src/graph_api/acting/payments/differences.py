"""Whether all that is kept of a client's payments fits together: `graph-api payments check` (P11).

Everything is worked out anew from charges, payments, refunds and entries, and the first difference is named. What makes
no difference to any amount is not found here: whether a payment failed or was cancelled, and words. The audit log
proves those.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from graph_api.acting.payments import ledger
from graph_api.acting.payments.account import Account
from graph_api.acting.payments.ledger import NO_ENTRIES, SIGNS, EntryKind, Head, LedgerEntry, Line
from graph_api.acting.payments.model import Charge, Payment, Refund
from graph_api.acting.payments.money import MAX_AMOUNT, MIN_AMOUNT
from graph_api.acting.payments.states import WAITING


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is kept otherwise than it follows from the rest."""

    what: str
    """`ledger`, `entry`, `charge`, `payment` or `refund`."""
    id: str
    """Of an entry its number, of the ledger its client."""
    field: str
    """Which of its fields, by its name here; `entries` of what stands in the ledger."""
    kept: str
    right: str
    others: tuple[str, ...] = ()
    """Ids of what it was compared with, and `entry` with its number. It may be one of these that is wrong."""

    @property
    def text(self) -> str:
        """In one line. It names ids and amounts, and no words."""
        compared = f" (compared with {', '.join(self.others)})" if self.others else ""
        return f"{self.what} {self.id}: {self.field} is {self.kept}, not {self.right}{compared}"


def check(account: Account) -> Difference | None:
    """The first difference; None if all fits together."""
    for part in PARTS:
        for found in part(account):
            return found
    return None


def _number(what: str, thing_id: str, field: str, kept: object, right: object, *others: str) -> Iterator[Difference]:
    """A difference, if there is one."""
    if kept != right:
        yield Difference(what, thing_id, field, str(kept), str(right), tuple(dict.fromkeys(others)))


def _chain(account: Account) -> Iterator[Difference]:
    """Numbers without gaps, times in order, and balances that are the sums of amounts."""
    head, before = NO_ENTRIES, ""
    for entry in account.entries:
        number, node = str(head.number + 1), entry.node_id
        yield from _number("entry", number, "number", entry.number, head.number + 1, node)
        if head.at is not None and entry.at < head.at:
            yield Difference("entry", number, "at", str(entry.at), f"from {head.at} on", (node, before))
        sign = SIGNS[entry.kind]
        if not 0 <= entry.shared * sign <= entry.amount * sign:
            yield Difference("entry", number, "amount", f"{entry.amount}, {entry.shared}", f"of sign {sign}", (node,))
        after = Head(head.number + 1, entry.at, head.balance + entry.amount, head.shared_balance + entry.shared)
        yield from _number("entry", number, "balance", entry.balance, after.balance, node)
        yield from _number("entry", number, "shared_balance", entry.shared_balance, after.shared_balance, node)
        head, before = after, node
    near = [f"entry {number}" for number in (head.number, head.number + 1)]
    yield from _number("ledger", account.client_id, "head", account.head, head, *near)


def _strangers(account: Account) -> Iterator[Difference]:
    """Entries about what is not there, and what belongs to somebody else."""
    things: tuple[tuple[str, Sequence[Charge | Payment | Refund]], ...] = (
        ("charge", account.charges),
        ("payment", account.payments),
        ("refund", account.refunds),
    )
    known = {one.id for _, some in things for one in some}
    for entry in account.entries:
        if entry.node_id not in known:
            yield Difference("entry", str(entry.number), "node_id", entry.node_id, "something of this client")
    for what, some in things:
        for one in some:
            yield from _number(what, one.id, "client_id", one.client_id, account.client_id)
            if not MIN_AMOUNT <= one.amount <= MAX_AMOUNT:
                yield Difference(what, one.id, "amount", str(one.amount), f"{MIN_AMOUNT} to {MAX_AMOUNT}")


def _charged(account: Account) -> Iterator[Difference]:
    """Each charge stands in the ledger as it is."""
    for charge in account.charges:
        lines = [(line, charge.created_at) for line in ledger.charge_added(charge)]
        if charge.voided_at is not None:
            before = replace(charge, voided_at=None)
            lines += [(line, charge.voided_at) for line in ledger.charge_voided(before)]
        yield from _lines("charge", charge.id, account.entries_of(charge.id), lines)


def _lines(
    what: str,
    thing_id: str,
    entries: Sequence[LedgerEntry],
    lines: Iterable[tuple[Line, datetime | None]],
    *others: str,
) -> Iterator[Difference]:
    """The entries about something are the lines that it makes, at their times."""
    kept = [f"{one.kind.value} {one.amount}, shared {one.shared}, at {one.at}" for one in entries]
    right = [f"{one.kind.value} {one.amount}, shared {one.shared}, at {at}" for one, at in lines]
    numbers = [_entry(one) for one in entries]
    yield from _number(
        what, thing_id, "entries", "; ".join(kept) or "none", "; ".join(right) or "none", *others, *numbers
    )


def _entry(entry: LedgerEntry) -> str:
    return f"entry {entry.number}"


def _allocated(account: Account) -> Iterator[Difference]:
    """All of a payment is laid on charges that are there, and on none that its payer could not see."""
    for payment in account.payments:
        total = sum(one.amount for one in payment.allocations)
        yield from _number("payment", payment.id, "allocations", total, payment.amount)
        yield from _ended("payment", payment)
        for one in payment.allocations:
            charge = account.charge.get(one.charge_id)
            if charge is None or one.audience is not charge.audience:
                kept = f"{one.charge_id}, {one.audience.value}"
                yield Difference("payment", payment.id, "allocations", kept, "a charge as it is", (one.charge_id,))
            if not one.is_shared and payment.made_by.contact_id is not None:
                yield Difference("payment", payment.id, "allocations", one.audience.value, "SHARED", (one.charge_id,))
            parts = (one.amount - 1, one.refunding, one.refunded, one.withdrawn, one.free)
            if min(parts) < 0 or (not payment.has_succeeded and (one.free < one.amount or one.is_loose)):
                yield Difference("payment", payment.id, "allocations", str(one), "what can be", (one.charge_id,))


def _ended(what: str, one: Payment | Refund) -> Iterator[Difference]:
    is_waiting = one.status in WAITING
    yield from _number(what, one.id, "settled_at", one.settled_at is None, is_waiting)


def _refunded(account: Account) -> Iterator[Difference]:
    """All of a refund is of allocations that are there, and it stands in the ledger as it is."""
    for refund in account.refunds:
        payment = account.payment.get(refund.payment_id)
        if payment is None or not payment.has_succeeded:
            right, others = "a payment that has succeeded", (refund.payment_id,)
            yield Difference("refund", refund.id, "payment_id", refund.payment_id, right, others)
            continue
        total = sum(part.amount for part in refund.parts)
        yield from _number("refund", refund.id, "parts", total, refund.amount)
        yield from _ended("refund", refund)
        wrong = list(_parts(refund, payment))
        yield from wrong
        lines = ledger.refund_succeeded(refund, payment) if refund.has_succeeded and not wrong else ()
        entries = account.entries_of(refund.id)
        yield from _lines("refund", refund.id, entries, [(line, refund.settled_at) for line in lines], payment.id)


def _parts(refund: Refund, payment: Payment) -> Iterator[Difference]:
    places = range(len(payment.allocations))
    for part in refund.parts:
        one = payment.allocations[part.place] if part.place in places else None
        right = None if one is None else (one.charge_id, one.audience)
        if (part.charge_id, part.audience) != right or part.amount < MIN_AMOUNT:
            yield Difference("refund", refund.id, "parts", str(part), str(right), (payment.id,))


def _paid(account: Account) -> Iterator[Difference]:
    """Refunds are those of their payments, and payments stand in the ledger as they are.

    A refund that is kept with another payment than it was of leaves two payments that differ, so all refunds of either
    are named.
    """
    wrong = [(payment.id, *one) for payment in account.payments for one in _given_back(account, payment)]
    suspects = [refund.id for payment_id, *_ in wrong for refund in account.refunds_of(payment_id)]
    for payment_id, field, kept, right in wrong:
        yield from _number("payment", payment_id, field, kept, right, *suspects)
    for payment in account.payments:
        entries = account.entries_of(payment.id)
        lines = ledger.payment_succeeded(payment) if payment.has_succeeded else ()
        first, others = entries[: len(lines)], entries[len(lines) :]
        yield from _lines("payment", payment.id, first, [(line, payment.settled_at) for line in lines])
        yield from _held(payment, others)


def _given_back(account: Account, payment: Payment) -> Iterator[tuple[str, int, int]]:
    """Fields of allocations that are not what refunds come to: what is kept, and what is right."""
    refunds = account.refunds_of(payment.id)
    waiting = _by_place(refund for refund in refunds if refund.status in WAITING)
    done = _by_place(refund for refund in refunds if refund.has_succeeded)
    for place, one in enumerate(payment.allocations):
        for field, kept, right in (
            ("refunding", one.refunding, waiting.get(place, 0)),
            ("refunded", one.refunded, done.get(place, 0)),
        ):
            if kept != right:
                yield field, kept, right


def _by_place(refunds: Iterable[Refund]) -> dict[int, int]:
    """What some refunds give back, by the place of the allocation."""
    found: dict[int, int] = {}
    for part in (part for refund in refunds for part in refund.parts):
        found[part.place] = found.get(part.place, 0) + part.amount
    return found


_HELD = (EntryKind.WITHDRAWN, EntryKind.RETURNED)
_BESIDE = (EntryKind.WRITTEN_OFF, EntryKind.WRITE_OFF_UNDONE)


def _held(payment: Payment, entries: Sequence[LedgerEntry]) -> Iterator[Difference]:
    """What banks hold is what entries of disputes come to."""
    sums = ledger.sums_of((one, one.withdrawn) for one in payment.allocations)
    for kinds, sign, amount in ((_HELD, 1, sums.all), (_BESIDE, -1, sums.laid)):
        some = [entry for entry in entries if entry.kind in kinds]
        kept = sum(entry.amount for entry in some), sum(entry.shared for entry in some)
        right, numbers = (sign * amount, sign * sums.shared), [_entry(entry) for entry in some]
        yield from _number("payment", payment.id, "withdrawn", right, kept, *numbers)
    strange = [_entry(entry) for entry in entries if entry.kind not in _HELD + _BESIDE]
    yield from _number("payment", payment.id, "entries", strange, [], *strange)


def _laid(account: Account) -> Iterator[Difference]:
    """What a charge keeps of payments and refunds is what they did, and more than it was never paid.

    A payment that is laid on another charge than it was leaves two charges that differ, so all that is laid on either
    is named.
    """
    done = account.laid
    wrong = [
        (charge.id, name, getattr(charge, name), right)
        for charge in account.charges
        for name, right in done[charge.id].amounts.items()
        if getattr(charge, name) != right
    ]
    suspects = [by for charge_id, *_ in wrong for by in done[charge_id].by]
    for charge_id, name, kept, right in wrong:
        yield from _number("charge", charge_id, name, kept, right, *suspects)
    for charge in account.charges:
        others = tuple(done[charge.id].by)
        if charge.open < 0 or charge.due < 0:
            yield Difference("charge", charge.id, "open", f"{charge.open}, {charge.due} due", "0 or more", others)
        if charge.voided_at is not None and (charge.paid or charge.withdrawn):
            yield Difference("charge", charge.id, "voided_at", str(charge.voided_at), "None", others)


def _balanced(account: Account) -> Iterator[Difference]:
    """Balances are what is open, less credit."""
    credit = sum(payment.credit for payment in account.payments)
    for field, kept, right in (
        ("balance", account.head.balance, sum(charge.open for charge in account.charges) - credit),
        (
            "shared_balance",
            account.head.shared_balance,
            sum(charge.open for charge in account.charges if charge.is_shared),
        ),
    ):
        yield from _number("ledger", account.client_id, field, kept, right)


PARTS: tuple[Callable[[Account], Iterator[Difference]], ...] = (
    _chain,
    _strangers,
    _charged,
    _allocated,
    _refunded,
    _paid,
    _laid,
    _balanced,
)
"""In this order, so that what is wrong by itself is named before what no longer fits to it."""
