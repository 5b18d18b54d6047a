"""Refunds and disputes: never more than was paid, and nobody is asked again unless staff say so (P7, P13)."""

import pytest

from graph_api.acting.payments.differences import check
from graph_api.acting.payments.ledger import EntryKind
from graph_api.acting.payments.model import RefundPart
from tests.acting.refusals import reasons, refused
from tests.unit.payment_desk import CLIENT_ONLY, SHARED, Desk, Status


def paid(*amounts: int) -> tuple[Desk, str, list[str]]:
    """Charges of so much that one payment by Anna paid, every second one of them hidden from her."""
    desk = Desk()
    charges = [desk.charge(amount, shared=place % 2 == 0, day=place + 1) for place, amount in enumerate(amounts)]
    payment_id = desk.pay("client", sum(amounts))
    desk.answer(payment_id, Status.SUCCEEDED)
    return desk, payment_id, charges


def refunded(desk: Desk, payment_id: str, amount: int, *, reopens: bool = False) -> str:
    """A refund that succeeds."""
    refund_id = desk.refund(payment_id, amount, reopens=reopens)
    desk.answer_refund(refund_id, Status.SUCCEEDED)
    return refund_id


def kinds(desk: Desk, node_id: str) -> list[tuple[str, int, int]]:
    """The entries of a thing: kind, amount, and what contacts read of it."""
    return [(entry.kind.value, entry.amount, entry.shared) for entry in desk.entries if entry.node_id == node_id]


def test_p7_a_refund_does_not_open_its_charges_again() -> None:
    desk, payment_id, (charge_id,) = paid(500)
    refund_id = refunded(desk, payment_id, 200)
    charge = desk.charges[charge_id]
    assert (charge.paid, charge.written_off, charge.open, charge.due) == (300, 200, 0, 0)
    assert kinds(desk, refund_id) == [("REFUND", 200, 200), ("WRITTEN_OFF", -200, -200)]
    assert desk.head.balance == 0


def test_p7_a_refund_opens_its_charges_again_if_staff_say_so() -> None:
    desk, payment_id, (charge_id,) = paid(500)
    refund_id = refunded(desk, payment_id, 200, reopens=True)
    charge = desk.charges[charge_id]
    assert (charge.paid, charge.written_off, charge.open, charge.due) == (300, 0, 200, 200)
    assert kinds(desk, refund_id) == [("REFUND", 200, 200)]
    assert desk.head.balance == 200
    desk.pay("contact", 200)


def test_p7_the_newest_charge_is_given_back_first() -> None:
    desk, payment_id, (old, new) = paid(300, 200)
    refund_id = refunded(desk, payment_id, 250)
    assert desk.refunds[refund_id].parts == (RefundPart(1, new, CLIENT_ONLY, 200), RefundPart(0, old, SHARED, 50))
    assert [desk.charges[one].paid for one in (old, new)] == [250, 0]
    assert kinds(desk, refund_id) == [("REFUND", 250, 50), ("WRITTEN_OFF", -250, -50)]


def test_p7_never_more_than_was_paid_is_given_back() -> None:
    desk, payment_id, _ = paid(300, 200)
    assert reasons(lambda: desk.refund(payment_id, 501)) == ["refund.exceedsPayment"]
    refunded(desk, payment_id, 100)
    (error,) = refused(lambda: desk.refund(payment_id, 401))
    assert error.message == "At most $4.00 of this payment can be refunded."
    refunded(desk, payment_id, 400)
    assert reasons(lambda: desk.refund(payment_id, 1)) == ["refund.exceedsPayment"]
    assert desk.payments[payment_id].refunded == 500


def test_p7_two_refunds_at_once_give_back_what_one_of_them_may() -> None:
    desk, payment_id, _ = paid(500)
    first = desk.refund(payment_id, 300)
    assert desk.payments[payment_id].refundable == 200
    assert reasons(lambda: desk.refund(payment_id, 201)) == ["refund.exceedsPayment"]
    second = desk.refund(payment_id, 200)
    for refund_id in (second, first):
        desk.answer_refund(refund_id, Status.SUCCEEDED)
    assert desk.payments[payment_id].refunded == 500
    assert check(desk.account) is None


def test_p7_a_refund_that_has_not_ended_changes_no_charge_and_no_balance() -> None:
    desk, payment_id, (charge_id,) = paid(500)
    before, entries = desk.charges[charge_id], len(desk.entries)
    refund_id = desk.refund(payment_id, 200)
    desk.answer_refund(refund_id, Status.PROCESSING)
    assert (desk.charges[charge_id], len(desk.entries)) == (before, entries)
    assert desk.payments[payment_id].refunded == 0


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_p7_what_a_failed_refund_would_have_given_back_can_be_refunded(status: Status) -> None:
    desk, payment_id, (charge_id,) = paid(500)
    refund_id = desk.refund(payment_id, 500)
    desk.answer_refund(refund_id, status)
    assert desk.payments[payment_id].refundable == 500
    assert desk.charges[charge_id].paid == 500
    refunded(desk, payment_id, 500)


def test_p7_a_refund_that_succeeds_after_all_is_booked() -> None:
    desk, payment_id, _ = paid(300, 200)
    refund_id = desk.refund(payment_id, 400)
    desk.answer_refund(refund_id, Status.FAILED)
    refunded(desk, payment_id, 100)
    desk.answer_refund(refund_id, Status.SUCCEEDED)
    assert desk.payments[payment_id].refunded == 500
    assert check(desk.account) is None


def test_p7_a_refund_that_succeeds_after_all_and_was_given_back_otherwise_is_refused() -> None:
    desk, payment_id, _ = paid(500)
    refund_id = desk.refund(payment_id, 400)
    desk.answer_refund(refund_id, Status.FAILED)
    refunded(desk, payment_id, 200)
    assert reasons(lambda: desk.answer_refund(refund_id, Status.SUCCEEDED)) == ["refund.exceedsPayment"]
    assert check(desk.account) is None


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.SUCCEEDED])
def test_p7_only_what_has_succeeded_is_refunded(status: Status) -> None:
    desk = Desk()
    desk.charge(500)
    payment_id = desk.pay("client", 500)
    desk.answer(payment_id, status)
    assert reasons(lambda: desk.refund(payment_id, 1)) == [f"payment.{status.value.lower()}"]


def test_p7_an_answer_about_a_refund_that_is_late_or_known_changes_nothing() -> None:
    desk, payment_id, _ = paid(500)
    refund_id = refunded(desk, payment_id, 200)
    before = desk.payments[payment_id], desk.refunds[refund_id], list(desk.entries)
    for status in Status:
        desk.answer_refund(refund_id, status)
    assert (desk.payments[payment_id], desk.refunds[refund_id], desk.entries) == before


def test_p7_credit_is_given_back_before_what_lies_on_charges() -> None:
    desk = Desk()
    charge_id = desk.charge(300)
    payment_id = desk.pay("contact", 300)
    desk.expire()
    desk.pay("staff", 100)
    desk.answer(payment_id, Status.SUCCEEDED)
    assert desk.payments[payment_id].credit == 100
    refund_id = refunded(desk, payment_id, 150)
    assert desk.payments[payment_id].credit == 0
    assert desk.charges[charge_id].written_off == 50
    assert kinds(desk, refund_id) == [("REFUND", 150, 50), ("WRITTEN_OFF", -50, -50)]
    assert (desk.head.balance, desk.head.shared_balance) == (0, 0)


def test_p7_a_refund_of_credit_alone_writes_nothing_off() -> None:
    desk = Desk()
    desk.charge(300)
    payment_id = desk.pay("contact", 300)
    desk.expire()
    desk.pay("staff", 300)
    desk.answer(payment_id, Status.SUCCEEDED)
    refund_id = refunded(desk, payment_id, 300)
    assert kinds(desk, refund_id) == [("REFUND", 300, 0)]
    assert desk.head.balance == 0


def test_p13_what_a_bank_withdraws_is_not_asked_for_again() -> None:
    desk, payment_id, (old, new) = paid(300, 200)
    before = len(desk.entries)
    desk.dispute(payment_id, 250)
    assert desk.payments[payment_id].is_disputed
    assert [(desk.charges[one].paid, desk.charges[one].withdrawn, desk.charges[one].due) for one in (old, new)] == [
        (250, 50, 0),
        (0, 200, 0),
    ]
    assert [(entry.kind, entry.amount, entry.shared) for entry in desk.entries[before:]] == [
        (EntryKind.WITHDRAWN, 250, 50),
        (EntryKind.WRITTEN_OFF, -250, -50),
    ]
    assert desk.head.balance == 0


def test_p13_what_a_bank_returns_lies_where_it_lay() -> None:
    desk, payment_id, charges = paid(300, 200)
    before = [desk.charges[one].paid for one in charges]
    desk.dispute(payment_id, 500)
    desk.dispute(payment_id, 0, is_open=False)
    assert [desk.charges[one].paid for one in charges] == before
    assert not desk.payments[payment_id].is_disputed
    assert [entry.kind.value for entry in desk.entries[-2:]] == ["RETURNED", "WRITE_OFF_UNDONE"]
    assert desk.head.balance == 0


def test_p13_hearing_of_a_dispute_twice_changes_nothing() -> None:
    desk, payment_id, _ = paid(300, 200)
    desk.dispute(payment_id, 250)
    before = desk.payments[payment_id], list(desk.entries), dict(desk.charges)
    desk.dispute(payment_id, 250)
    assert (desk.payments[payment_id], desk.entries, desk.charges) == before


def test_p13_a_dispute_without_money_leaves_no_entry() -> None:
    desk, payment_id, _ = paid(300)
    before = len(desk.entries)
    desk.dispute(payment_id, 0)
    assert desk.payments[payment_id].is_disputed
    assert len(desk.entries) == before


def test_p13_no_more_is_withdrawn_than_is_left() -> None:
    desk, payment_id, _ = paid(500)
    refunded(desk, payment_id, 100)
    refund_id = desk.refund(payment_id, 150)
    desk.dispute(payment_id, 500)
    assert desk.payments[payment_id].withdrawn == 250
    desk.answer_refund(refund_id, Status.FAILED)
    desk.dispute(payment_id, 500)
    assert desk.payments[payment_id].withdrawn == 400
    assert reasons(lambda: desk.refund(payment_id, 1)) == ["refund.exceedsPayment"]
    assert check(desk.account) is None


def test_p13_nothing_is_withdrawn_of_what_has_not_succeeded() -> None:
    desk = Desk()
    desk.charge(500)
    payment_id = desk.pay("client", 500)
    desk.dispute(payment_id, 500)
    assert desk.payments[payment_id].withdrawn == 0
    assert check(desk.account) is None


def test_p13_credit_that_a_bank_returns_is_credit() -> None:
    desk = Desk()
    desk.charge(300)
    payment_id = desk.pay("contact", 300)
    desk.expire()
    desk.pay("staff", 300)
    desk.answer(payment_id, Status.SUCCEEDED)
    desk.dispute(payment_id, 300)
    assert (desk.payments[payment_id].credit, desk.head.balance) == (0, 0)
    desk.dispute(payment_id, 0, is_open=False)
    assert (desk.payments[payment_id].credit, desk.head.balance) == (300, -300)


def test_p2_a_charge_that_a_bank_took_back_cant_be_voided() -> None:
    desk, payment_id, (charge_id,) = paid(500)
    desk.dispute(payment_id, 500)
    assert desk.charges[charge_id].paid == 0
    assert reasons(lambda: desk.void(charge_id)) == ["charge.beingPaid"]


def test_p2_a_charge_that_was_refunded_can_be_voided() -> None:
    for reopens in (True, False):
        desk, payment_id, (charge_id,) = paid(500)
        refunded(desk, payment_id, 500, reopens=reopens)
        desk.void(charge_id)
        assert kinds(desk, charge_id)[1:] == [("CHARGE_VOIDED", -500 if reopens else 0, -500 if reopens else 0)]
        assert desk.head.balance == 0
        assert check(desk.account) is None
