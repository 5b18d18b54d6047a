"""What somebody sees of payments (P2, P14, P15, X6)."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_api.acting.payments.account import Account
from graph_api.acting.payments.graph.rows import SharedPart, shared_part
from graph_api.acting.payments.ledger import LedgerEntry
from graph_api.acting.payments.model import Allocation, Payment, PaymentFailure
from graph_api.acting.payments.seen import (
    Balance,
    Reader,
    balance_of,
    description_of,
    is_seen,
    seen_audiences,
    seen_entry,
    seen_payment,
    seen_refund,
    sees_all,
    sees_client_secret,
)
from graph_api.kernel.caller import ViewerRole
from tests.budgets import budget
from tests.unit.payment_desk import ANNA, BEN, CLIENT_ONLY, READERS, SHARED, Desk, Status, lived

NOBODY = [
    Reader(ViewerRole.ANALYST),
    Reader(ViewerRole.ANALYST, BEN, may_view=True),
    Reader(ViewerRole.PORTAL, BEN),
    Reader(ViewerRole.PORTAL, ANNA),
    Reader(ViewerRole.PORTAL, None, may_view=True),
]
"""Who sees nothing of it."""
EVERYBODY = [*READERS.values(), Reader(ViewerRole.ADMIN)]


def both() -> tuple[Desk, str, str, str]:
    """Charges of both audiences and one payment of Ben's on both: 500 shared, 300 hidden."""
    desk = Desk()
    shared, hidden = desk.charge(500), desk.charge(300, shared=False, day=2)
    payment_id = desk.pay("client", 800)
    desk.answer(payment_id, Status.SUCCEEDED)
    return desk, shared, hidden, payment_id


def test_x6_who_sees_which_charges() -> None:
    for reader in (READERS["staff"], Reader(ViewerRole.ADMIN), READERS["client"]):
        assert seen_audiences(BEN, reader) == {SHARED, CLIENT_ONLY}
        assert sees_all(BEN, reader)
    for reader in (READERS["contact"], READERS["other"]):
        assert seen_audiences(BEN, reader) == {SHARED}
        assert not sees_all(BEN, reader)
    for reader in NOBODY:
        assert seen_audiences(BEN, reader) == frozenset()


def test_p2_staff_read_their_words_and_the_portal_reads_others() -> None:
    desk = Desk()
    charge = desk.charges[desk.charge(500)]
    public = replace(charge, public_description="Visit")
    assert description_of(charge, READERS["staff"]) == "Cognitive therapy"
    for who in ("client", "contact", "other"):
        assert description_of(charge, READERS[who]) == "Appointment"
        assert description_of(public, READERS[who]) == "Visit"


def test_p15_a_payment_over_charges_of_both_audiences() -> None:
    desk, shared, hidden, payment_id = both()
    payment = desk.payments[payment_id]
    for who in ("staff", "client"):
        seen = seen_payment(payment, READERS[who])
        assert seen is not None
        assert (seen.amount, [one.charge_id for one in seen.allocations]) == (800, [shared, hidden])
    seen = seen_payment(payment, READERS["contact"])
    assert seen is not None
    assert (seen.amount, seen.refunded, seen.allocations) == (500, 0, (Allocation(shared, SHARED, 500),))


def test_p15_a_refund_over_charges_of_both_audiences() -> None:
    desk, _, _, payment_id = both()
    refund_id = desk.refund(payment_id, 400)
    for status in (Status.PENDING, Status.SUCCEEDED):
        desk.answer_refund(refund_id, status)
        refund, payment = desk.refunds[refund_id], desk.payments[payment_id]
        amounts = {who: seen_refund(refund, payment, reader) for who, reader in READERS.items()}
        assert {who: seen and seen.amount for who, seen in amounts.items()} == {
            "staff": 400,
            "client": 400,
            "contact": 100,
            "other": 100,
        }
    seen = seen_payment(payment, READERS["contact"])
    assert seen is not None
    assert (seen.amount, seen.refunded) == (500, 100)


def test_p15_what_has_no_shared_part_does_not_exist_for_a_contact() -> None:
    desk = Desk()
    hidden = desk.charge(300, shared=False)
    payment_id = desk.pay("client", 300)
    desk.answer(payment_id, Status.SUCCEEDED)
    refund_id = desk.refund(payment_id, 100)
    desk.answer_refund(refund_id, Status.SUCCEEDED)
    for who in ("contact", "other"):
        reader = READERS[who]
        assert not is_seen(desk.charges[hidden], reader)
        assert seen_payment(desk.payments[payment_id], reader) is None
        assert seen_refund(desk.refunds[refund_id], desk.payments[payment_id], reader) is None
        assert [seen_entry(entry, BEN, reader) for entry in desk.entries] == [None] * len(desk.entries)
        assert balance_of(BEN, desk.charges.values(), 0, reader) == Balance(0, 0, 0)


def test_p15_a_payer_whom_staff_named_sees_no_more_than_their_part() -> None:
    desk = Desk()
    desk.charge(500)
    desk.charge(300, shared=False, day=2)
    payment = desk.replaced(desk.pay("staff", 800), payer_person_id=ANNA, reference="1042")
    seen, staffs = seen_payment(payment, READERS["contact"]), seen_payment(payment, READERS["staff"])
    assert seen is not None
    assert staffs is not None
    assert (seen.amount, seen.reference) == (500, None)
    assert (staffs.amount, staffs.reference) == (800, "1042")


def test_p15_credit_is_told_to_staff_the_client_and_whoever_paid_it() -> None:
    desk = Desk()
    desk.charge(300)
    payment_id = desk.pay("contact", 300)
    desk.expire()
    desk.pay("staff", 300)
    desk.answer(payment_id, Status.SUCCEEDED)
    payment = desk.payments[payment_id]
    seen = {who: seen_payment(payment, reader) for who, reader in READERS.items()}
    amounts = {who: one and one.amount for who, one in seen.items()}
    assert amounts == {"staff": 300, "client": 300, "contact": 300, "other": None}
    assert {who: one.allocations for who, one in seen.items() if one} == {"staff": (), "client": (), "contact": ()}
    balances = {who: balance_of(BEN, desk.charges.values(), 300, reader) for who, reader in READERS.items()}
    assert {who: one and one.credit for who, one in balances.items()} == {
        "staff": 300,
        "client": 300,
        "contact": 0,
        "other": 0,
    }
    assert desk.head.shared_balance == 0


def test_p15_why_it_failed_is_told_to_staff_and_the_payer() -> None:
    desk = Desk()
    desk.charge(300)
    payment_id = desk.pay("contact", 300)
    desk.answer(payment_id, Status.FAILED)
    payment = desk.replaced(payment_id, failure=PaymentFailure.DECLINED)
    seen = {who: seen_payment(payment, reader) for who, reader in READERS.items()}
    assert {who: one and one.failure for who, one in seen.items()} == {
        "staff": PaymentFailure.DECLINED,
        "contact": PaymentFailure.DECLINED,
        "client": None,
        "other": None,
    }


def test_x4_why_something_was_refunded_is_for_staff() -> None:
    desk, _, _, payment_id = both()
    refund_id = desk.refund(payment_id, 400)
    refund = replace(desk.refunds[refund_id], reason="Cancelled in time")
    seen = {who: seen_refund(refund, desk.payments[payment_id], reader) for who, reader in READERS.items()}
    assert {who: one and one.reason for who, one in seen.items()} == {
        "staff": "Cancelled in time",
        "client": None,
        "contact": None,
        "other": None,
    }


def test_p14_the_client_secret_is_the_payers_alone_while_the_payment_waits() -> None:
    desk = Desk()
    desk.charge(300)
    payment_id, cash = desk.pay("contact", 100), desk.pay("staff", 100)
    payment = desk.payments[payment_id]
    told = [who for who, reader in READERS.items() if sees_client_secret(payment, reader)]
    assert told == ["contact"]
    assert not sees_client_secret(payment, Reader(ViewerRole.PORTAL, ANNA))
    assert not any(sees_client_secret(desk.payments[cash], reader) for reader in [*EVERYBODY, *NOBODY])
    for status in Status:
        other = replace(payment, status=status)
        assert sees_client_secret(other, READERS["contact"]) is (status is Status.PENDING)


@pytest.mark.parametrize("reader", NOBODY)
def test_x6_whoever_may_not_view_it_sees_nothing(reader: Reader) -> None:
    desk, shared, _, payment_id = both()
    refund_id = desk.refund(payment_id, 400)
    payment = desk.payments[payment_id]
    assert not is_seen(desk.charges[shared], reader)
    assert seen_payment(payment, reader) is None
    assert seen_refund(desk.refunds[refund_id], payment, reader) is None
    assert seen_entry(desk.entries[0], BEN, reader) is None
    assert balance_of(BEN, desk.charges.values(), 5, reader) is None
    assert not sees_client_secret(payment, reader)


def view(account: Account, reader: Reader) -> dict[str, Any]:
    """All that somebody is shown of an account; numbers of entries are not shown."""
    payments = [seen_payment(payment, reader) for payment in account.payments]
    refunds = [
        seen_refund(refund, account.payment[refund.payment_id], reader)
        for refund in account.refunds
        if refund.payment_id in account.payment
    ]
    entries = [seen_entry(entry, BEN, reader) for entry in account.entries]
    return {
        "charges": [(one.id, one.open, one.due, one.paid) for one in account.charges if is_seen(one, reader)],
        "payments": [(one.id, one.amount, one.refunded, one.allocations, one.failure) for one in payments if one],
        "refunds": [(one.id, one.amount) for one in refunds if one],
        "entries": [(one.at, one.kind, one.node_id, one.amount, one.balance) for one in entries if one],
        "balance": balance_of(BEN, account.charges, sum(one.credit for one in account.payments), reader),
    }


def without_hidden(account: Account) -> Account:
    """The account as it would be if nothing that is hidden from contacts had ever been."""
    kept = {payment.id: _places(payment) for payment in account.payments}
    payments = [_shared(payment, kept[payment.id]) for payment in account.payments if kept[payment.id]]
    refunds = [
        replace(refund, parts=parts, amount=sum(part.amount for part in parts))
        for refund in account.refunds
        if (
            parts := tuple(
                replace(part, place=kept[refund.payment_id].index(part.place))
                for part in refund.parts
                if part.place in kept[refund.payment_id]
            )
        )
    ]
    charges = [charge for charge in account.charges if charge.is_shared]
    entries = [_shared_entry(entry) for entry in account.entries if entry.shared]
    return Account(BEN, charges, payments, refunds, entries)


def _places(payment: Payment) -> list[int]:
    return [place for place, one in enumerate(payment.allocations) if one.is_shared]


def _shared(payment: Payment, places: list[int]) -> Payment:
    some = tuple(payment.allocations[place] for place in places)
    return replace(payment, allocations=some, amount=sum(one.amount for one in some))


def _shared_entry(entry: LedgerEntry) -> LedgerEntry:
    return replace(entry, amount=entry.shared, balance=entry.shared_balance)


@settings(max_examples=budget(40, 2_000))
@given(st.integers(0, 2**32))
def test_x6_a_contact_sees_what_they_would_if_nothing_hidden_had_ever_been(seed: int) -> None:
    account = lived(Random(seed), 60).account  # noqa: S311 - no secret
    for who in ("contact", "other"):
        assert view(account, READERS[who]) == view(without_hidden(account), READERS[who])


@settings(max_examples=budget(40, 2_000))
@given(st.integers(0, 2**32))
def test_p15_what_somebody_sees_adds_up(seed: int) -> None:
    desk = lived(Random(seed), 60)  # noqa: S311 - no secret
    for reader in READERS.values():
        seen = [one for entry in desk.entries if (one := seen_entry(entry, BEN, reader))]
        balance = balance_of(BEN, desk.charges.values(), sum(one.credit for one in desk.payments.values()), reader)
        assert balance is not None
        total = balance.due + balance.reserved - balance.credit
        assert sum(one.amount for one in seen) == total
        assert total == (seen[-1].balance if seen else 0)
        for payment in desk.payments.values():
            found = seen_payment(payment, reader)
            refunds = [one for one in desk.refunds.values() if one.payment_id == payment.id and one.has_succeeded]
            parts = [seen_refund(refund, payment, reader) for refund in refunds]
            assert (found.refunded if found else 0) == sum(part.amount for part in parts if part)


@settings(max_examples=budget(60, 2_000))
@given(st.integers(0, 2**32))
def test_p15_a_page_of_payments_has_those_that_the_reader_sees(seed: int) -> None:
    """As `acting/payments/of_client` chooses them by what the graph keeps."""
    for payment in lived(Random(seed), 30).account.payments:  # noqa: S311 - it has to be run again
        part = shared_part(payment)
        for reader in EVERYBODY:
            is_listed = part is SharedPart.LAID or (part is SharedPart.LOOSE and reader.is_payer(payment))
            is_shown = seen_payment(payment, reader) is not None
            assert is_shown is (sees_all(BEN, reader) or is_listed)
