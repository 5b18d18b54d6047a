"""Entries are only added, in one chain, each with two balances (P11), and how all of it is kept."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_api.acting.payments.ledger import (
    NO_ENTRIES,
    SIGNS,
    EntryKind,
    Head,
    Line,
    appended,
    credit_of,
)
from graph_api.acting.payments.records import CHARGE, HEAD, LEDGER_ENTRY, PAYMENT, REFUND
from tests.budgets import budget
from tests.unit.payment_desk import ANNA, BEN, Desk, Status, lived


def test_p11_entries_go_on_where_the_ledger_ends() -> None:
    at = Desk().now
    lines = [Line(EntryKind.CHARGE, "charge_1", 500, 500), Line(EntryKind.PAYMENT, "payment_1", -200, -100)]
    entries, head = appended(Head(7, at, 10, 5), lines, at)
    assert [(one.number, one.amount, one.shared, one.balance, one.shared_balance) for one in entries] == [
        (8, 500, 500, 510, 505),
        (9, -200, -100, 310, 405),
    ]
    assert head == Head(9, at, 310, 405)
    assert appended(head, [], at) == ((), head)


def test_p11_no_entry_is_older_than_the_one_before() -> None:
    at = Desk().now
    _, head = appended(NO_ENTRIES, [Line(EntryKind.CHARGE, "charge_1", 500, 500)], at)
    with pytest.raises(ValueError, match="before"):
        appended(head, [], at - timedelta(microseconds=1))


def test_p11_two_balances_and_what_each_leaves_out() -> None:
    desk = Desk()
    desk.charge(500)
    desk.charge(300, shared=False, day=2)
    payment_id = desk.pay("client", 600)
    desk.answer(payment_id, Status.SUCCEEDED)
    assert [(one.kind.value, one.amount, one.balance, one.shared, one.shared_balance) for one in desk.entries] == [
        ("CHARGE", 500, 500, 500, 500),
        ("CHARGE", 300, 800, 0, 500),
        ("PAYMENT", -600, 200, -500, 0),
    ]


def test_p11_every_kind_raises_the_balance_or_lowers_it() -> None:
    assert list(SIGNS) == list(EntryKind)
    assert set(SIGNS.values()) == {1, -1}


@settings(max_examples=budget(20, 1_000))
@given(st.integers(0, 2**32))
def test_p11_credit_is_what_lies_on_no_charge(seed: int) -> None:
    desk = lived(Random(seed), 60)  # noqa: S311 - no secret
    credit = sum(payment.credit for payment in desk.payments.values())
    assert credit_of(desk.head, desk.charges.values()) == credit
    are_open = [charge for charge in desk.charges.values() if charge.open]
    assert credit_of(desk.head, are_open) == credit


@settings(max_examples=budget(20, 1_000))
@given(st.integers(0, 2**32))
def test_p11_whatever_is_kept_is_read_as_it_was(seed: int) -> None:
    desk = lived(Random(seed), 60)  # noqa: S311 - no secret
    for charge in desk.charges.values():
        assert CHARGE.read(CHARGE.row(charge)) == charge
    for payment in desk.payments.values():
        assert PAYMENT.read(PAYMENT.row(payment)) == payment
    for refund in desk.refunds.values():
        assert REFUND.read(REFUND.row(refund)) == refund
    for entry in desk.entries:
        assert LEDGER_ENTRY.read(LEDGER_ENTRY.row(entry)) == entry
    for head in (desk.head, NO_ENTRIES):
        assert HEAD.read(HEAD.row(head)) == head


def test_p9_the_payer_is_whose_account_it_is_or_whom_staff_name() -> None:
    desk = Desk()
    desk.charge(500)
    online, cash = desk.pay("contact", 100), desk.pay("staff", 100)
    assert desk.payments[online].payer_id == ANNA
    assert desk.payments[cash].payer_id is None
    assert desk.replaced(cash, payer_person_id=BEN).payer_id == BEN


def test_p14_a_receipts_number_follows_from_the_payments_id() -> None:
    desk = Desk()
    desk.charge(500)
    payment = replace(desk.payments[desk.pay("staff", 100)], id="payment_0123456789abcdef0123456789abcdef")
    assert payment.receipt_number == "R-0123456789AB"
    assert replace(payment, status=Status.PENDING).receipt_number is None
