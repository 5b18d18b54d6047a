"""Everything that could be changed in what is kept of a client's payments, one thing at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.payments.account import Account
from graph_api.acting.payments.ledger import EntryKind, LedgerEntry
from graph_api.acting.payments.model import Payment, PaymentStatus, Refund
from graph_api.acting.payments.states import GIVEN_UP, WAITING

LATER = timedelta(microseconds=1)
LONG = timedelta(days=3_000)


@dataclass(frozen=True)
class Tampered:
    """An account in which one thing was changed."""

    what: str
    """The field."""
    ids: frozenset[str]
    """One of which must be named: the thing's own, an entry with its number, or what the entry is about."""
    account: Account


def tampered(account: Account) -> Iterator[Tampered]:
    """Each change that makes a difference to any amount."""
    yield from _of_entries(account)
    for charge in account.charges:
        changes = _by_one(charge, "amount", "paid", "reserved", "withdrawn", "written_off")
        changes += [{"client_id": "person_eve"}, {"audience": _other(charge.audience)}]
        changes += [{"created_at": one + LATER} for one in (charge.created_at,) if one]
        voided = charge.voided_at
        changes += (
            [{"voided_at": None}, {"voided_at": voided + LATER}] if voided else [{"voided_at": charge.created_at}]
        )
        yield from _each(account, "charges", charge, changes)
    for payment in account.payments:
        yield from _each(account, "payments", payment, _of_payment(payment, account))
    for refund in account.refunds:
        changes = [*_by_one(refund, "amount"), {"client_id": "person_eve"}, *_statuses(refund.status)]
        if refund.status not in GIVEN_UP:
            changes += [{"payment_id": one.id} for one in account.payments if one.id != refund.payment_id]
        changes += _settled(refund)
        is_written_off = any(entry.kind is EntryKind.WRITTEN_OFF for entry in account.entries_of(refund.id))
        changes += [{"reopens": True}] if is_written_off else []
        for place, part in enumerate(refund.parts):
            others = [*_by_one(part, "amount"), {"charge_id": "charge_0"}, {"audience": _other(part.audience)}]
            others += [] if refund.status in GIVEN_UP else _by_one(part, "place")
            changes += [{"parts": _with(refund.parts, place, replace(part, **one))} for one in others]
        yield from _each(account, "refunds", refund, changes)


def _of_entries(account: Account) -> Iterator[Tampered]:
    entries = account.entries
    for place, entry in enumerate(entries):
        changes = _by_one(entry, "number", "amount", "shared", "balance", "shared_balance")
        changes += [{"kind": kind} for kind in EntryKind if kind is not entry.kind]
        changes += [{"node_id": "charge_0"}, {"at": entry.at + LONG if place + 1 < len(entries) else entry.at - LONG}]
        changes += [{"node_id": other.node_id} for other in entries if other.node_id != entry.node_id]
        # Nothing else says when a dispute was heard of, so its time is known by its neighbours alone.
        if entry.kind is EntryKind.PAYMENT or entry.node_id not in account.payment:
            changes += [{"at": entry.at + LATER}]
        yield from _each(account, "entries", entry, changes)
        ids = frozenset({_named(entry), entry.node_id})
        yield Tampered("gone", ids, replace(account, entries=(*entries[:place], *entries[place + 1 :])))
        yield Tampered("twice", ids, replace(account, entries=_twice(entries, place)))
    for field in ("number", "balance", "shared_balance"):
        for change in _by_one(account.head, field):
            yield Tampered(
                "head", frozenset({account.client_id}), replace(account, head=replace(account.head, **change))
            )


def _of_payment(payment: Payment, account: Account) -> list[dict[str, Any]]:
    changes = [*_by_one(payment, "amount"), {"client_id": "person_eve"}, *_statuses(payment.status)]
    changes += _settled(payment)
    allocations = payment.allocations
    for place, one in enumerate(allocations):
        others = [*_by_one(one, "amount", "refunding", "refunded", "withdrawn"), {"audience": _other(one.audience)}]
        others += [{"charge_id": "charge_0"}]
        if one.left or one.withdrawn or one.is_shared:
            others += [{"is_loose": not one.is_loose}]
        if not one.is_loose and payment.status not in GIVEN_UP:
            others += [{"charge_id": charge.id} for charge in account.charges if charge.id != one.charge_id]
        changes += [{"allocations": _with(allocations, place, replace(one, **change))} for change in others]
        changes += [{"allocations": (*allocations[:place], *allocations[place + 1 :])}]
    return changes


def _settled(one: Payment | Refund) -> list[dict[str, Any]]:
    """When it ended: not at all, or another time; of what was given up the time makes no difference."""
    if one.settled_at is None:
        return [{"settled_at": one.created_at}]
    return [{"settled_at": None}, *([{"settled_at": one.settled_at + LATER}] if one.has_succeeded else [])]


def _statuses(status: PaymentStatus) -> list[dict[str, Any]]:
    """All that are not alike for money."""
    alike = next((some for some in (WAITING, GIVEN_UP) if status in some), {status})
    return [{"status": other} for other in PaymentStatus if other not in alike]


def _by_one(thing: Any, *fields: str) -> list[dict[str, Any]]:
    return [{field: getattr(thing, field) + by} for field in fields for by in (1, -1)]


def _other(audience: RecordAudience) -> RecordAudience:
    (other,) = set(RecordAudience) - {audience}
    return other


def _with(some: tuple[Any, ...], place: int, one: Any) -> tuple[Any, ...]:
    return (*some[:place], one, *some[place + 1 :])


def _named(entry: LedgerEntry) -> str:
    return f"entry {entry.number}"


def _twice(entries: Any, place: int) -> tuple[Any, ...]:
    return (*entries[: place + 1], entries[place], *entries[place + 1 :])


def _each(account: Account, kind: str, thing: Any, changes: list[dict[str, Any]]) -> Iterator[Tampered]:
    some = getattr(account, kind)
    ids = {_named(thing), thing.node_id} if kind == "entries" else {thing.id}
    for change in changes:
        changed = tuple(replace(one, **change) if one is thing else one for one in some)
        if changed != some:
            fields: dict[str, Any] = {kind: changed}
            yield Tampered(f"{kind}: {change}", frozenset(ids), replace(account, **fields))
