"""Payments are laid on charges, and never more than is due (P2, P3, P8)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from graph_api.acting.payments.laying import PaymentExceedsDue, due_of, lay, settled
from graph_api.acting.payments.model import Allocation, PaymentFailure
from graph_api.kernel.errors import InvalidInput, NotFound
from tests.acting.refusals import reasons, refused
from tests.unit.payment_desk import CLIENT_ONLY, DOLLARS, SHARED, Desk, Status

ALL, SOME = {SHARED, CLIENT_ONLY}, {SHARED}


def laid(desk: Desk, payment_id: str) -> list[tuple[str, int]]:
    return [(one.charge_id, one.amount) for one in desk.payments[payment_id].allocations]


def exceeded(call: Callable[[], object]) -> int:
    """The due amount that an error carries."""
    (error,) = refused(call)
    assert isinstance(error, PaymentExceedsDue)
    assert error.path == ("amount",)
    assert error.due.currency == "USD"
    return error.due.amount


def test_p3_the_oldest_charge_is_paid_first() -> None:
    desk = Desk()
    newer, older = desk.charge(500, day=5), desk.charge(300, day=2)
    assert laid(desk, desk.pay("client", 600)) == [(older, 300), (newer, 300)]


def test_p3_of_one_day_the_ids_decide() -> None:
    desk = Desk()
    first, second = desk.charge(100, day=2), desk.charge(100, day=2)
    assert laid(desk, desk.pay("client", 150)) == [(first, 100), (second, 50)]


def test_p3_charges_that_are_named_are_paid_in_that_order() -> None:
    desk = Desk()
    first, second, third = (desk.charge(100, day=day) for day in (1, 2, 3))
    assert laid(desk, desk.pay("client", 150, [third, first, third])) == [(third, 100), (first, 50)]
    assert desk.charges[second].due == 100


def test_p3_more_than_is_due_is_refused_with_the_due_amount() -> None:
    desk = Desk()
    first, _ = desk.charge(300), desk.charge(200, day=2)
    assert exceeded(lambda: desk.pay("client", 501)) == 500
    assert exceeded(lambda: desk.pay("client", 301, [first])) == 300
    desk.pay("client", 500)
    assert exceeded(lambda: desk.pay("contact", 1)) == 0


def test_p3_nothing_is_due_of_nothing() -> None:
    assert exceeded(lambda: Desk().pay("client", 1)) == 0


def test_p3_what_is_laid_is_reserved_and_is_not_due() -> None:
    desk = Desk()
    charge_id = desk.charge(500)
    desk.pay("client", 200)
    charge = desk.charges[charge_id]
    assert (charge.open, charge.reserved, charge.due, charge.paid) == (500, 200, 300, 0)
    assert exceeded(lambda: desk.pay("contact", 301)) == 300


@pytest.mark.parametrize("processing", [False, True])
def test_p3_what_succeeds_is_paid(processing: bool) -> None:
    desk = Desk()
    charge_id = desk.charge(500)
    payment_id = desk.pay("client", 200)
    for status in [Status.PROCESSING, Status.SUCCEEDED][0 if processing else 1 :]:
        desk.answer(payment_id, status)
    charge, payment = desk.charges[charge_id], desk.payments[payment_id]
    assert (charge.open, charge.reserved, charge.due, charge.paid) == (300, 0, 300, 200)
    assert (payment.status, payment.settled_at, payment.failure) == (Status.SUCCEEDED, desk.now, None)


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_p3_what_fails_is_released(status: Status) -> None:
    desk = Desk()
    charge_id = desk.charge(500)
    payment_id = desk.pay("client", 200)
    desk.answer(payment_id, status)
    charge, payment = desk.charges[charge_id], desk.payments[payment_id]
    assert (charge.open, charge.reserved, charge.due, charge.paid) == (500, 0, 500, 0)
    assert (payment.status, payment.settled_at) == (status, desk.now)
    assert laid(desk, payment_id) == [(charge_id, 200)]


def test_p3_processing_stays_reserved() -> None:
    desk = Desk()
    charge_id = desk.charge(500)
    payment_id = desk.pay("client", 500)
    desk.answer(payment_id, Status.PROCESSING)
    assert desk.charges[charge_id].due == 0
    assert desk.payments[payment_id].settled_at is None
    assert desk.expire() == []


def test_p3_what_staff_record_is_paid_at_once_and_never_more_than_is_due() -> None:
    desk = Desk()
    charge_id = desk.charge(500)
    desk.pay("client", 200)
    assert exceeded(lambda: desk.pay("staff", 301)) == 300
    desk.pay("staff", 300)
    charge = desk.charges[charge_id]
    assert (charge.paid, charge.reserved, charge.due) == (300, 200, 0)


def test_p2_the_full_balance_is_another_for_a_contact() -> None:
    desk = Desk()
    shared, hidden = desk.charge(500), desk.charge(300, shared=False)
    assert exceeded(lambda: desk.pay("contact", 501)) == 500
    assert exceeded(lambda: desk.pay("client", 801)) == 800
    assert laid(desk, desk.pay("contact", 500)) == [(shared, 500)]
    assert laid(desk, desk.pay("client", 300)) == [(hidden, 300)]


def test_x6_a_hidden_charge_is_not_found() -> None:
    desk = Desk()
    shared, hidden = desk.charge(500), desk.charge(300, shared=False)
    (error,) = refused(lambda: desk.pay("contact", 100, [shared, hidden]))
    assert error == NotFound(path=("chargeIds", "1"))
    (error,) = refused(lambda: desk.pay("contact", 100, [shared, "charge_unknown"]))
    assert error == NotFound(path=("chargeIds", "1"))


def test_x6_a_hidden_charge_that_is_void_is_not_found_either() -> None:
    desk = Desk()
    desk.charge(100)
    hidden = desk.charge(300, shared=False)
    desk.void(hidden)
    (error,) = refused(lambda: desk.pay("contact", 100, [hidden]))
    assert isinstance(error, NotFound)
    assert reasons(lambda: desk.pay("client", 100, [hidden])) == ["charge.void"]


def test_p2_nothing_is_due_of_what_is_void() -> None:
    desk = Desk()
    void, open_ = desk.charge(300), desk.charge(100)
    desk.void(void)
    assert laid(desk, desk.pay("client", 100)) == [(open_, 100)]
    (error,) = refused(lambda: desk.pay("client", 1, [open_, void]))
    assert isinstance(error, InvalidInput)
    assert (error.reason, error.path) == ("charge.void", ("chargeIds", "1"))


def test_p3_laying_and_due_take_the_charges_that_the_payer_may_see() -> None:
    desk = Desk()
    shared, hidden = desk.charge(500), desk.charge(300, shared=False)
    charges = list(desk.charges.values())
    assert (due_of(charges, ALL), due_of(charges, SOME), due_of(charges, ())) == (800, 500, 0)
    assert lay(charges, 800, ALL, DOLLARS) == (
        Allocation(shared, SHARED, 500),
        Allocation(hidden, CLIENT_ONLY, 300),
    )


def test_p8_an_answer_that_is_late_or_known_changes_nothing() -> None:
    desk = Desk()
    desk.charge(500)
    payment_id = desk.pay("client", 200)
    desk.answer(payment_id, Status.SUCCEEDED)
    before, entries = desk.payments[payment_id], list(desk.entries)
    for status in Status:
        desk.answer(payment_id, status)
    assert desk.payments[payment_id] is before
    assert desk.entries == entries


def test_p8_money_that_comes_after_all_is_laid_on_its_charges_as_far_as_they_are_due() -> None:
    desk = Desk()
    first, second = desk.charge(300, day=1), desk.charge(200, day=2)
    payment_id = desk.pay("contact", 500)
    desk.expire()
    desk.pay("staff", 400)
    desk.answer(payment_id, Status.SUCCEEDED)
    payment = desk.payments[payment_id]
    assert payment.allocations == (
        Allocation(first, SHARED, 300, is_loose=True),
        Allocation(second, SHARED, 100),
        Allocation(second, SHARED, 100, is_loose=True),
    )
    assert (payment.credit, payment.refundable, payment.failure) == (400, 500, None)
    assert [desk.charges[one].paid for one in (first, second)] == [300, 200]
    assert desk.head.balance == -400
    assert desk.head.shared_balance == 0


def test_p8_money_that_comes_after_all_pays_what_is_still_due() -> None:
    desk = Desk()
    charge_id = desk.charge(300)
    payment_id = desk.pay("contact", 300)
    desk.answer(payment_id, Status.FAILED)
    desk.answer(payment_id, Status.SUCCEEDED)
    assert (desk.charges[charge_id].paid, desk.payments[payment_id].credit) == (300, 0)


def test_p8_money_for_a_charge_that_is_void_is_credit() -> None:
    desk = Desk()
    charge_id = desk.charge(300)
    payment_id = desk.pay("contact", 300)
    desk.expire()
    desk.void(charge_id)
    desk.answer(payment_id, Status.SUCCEEDED)
    assert (desk.charges[charge_id].paid, desk.payments[payment_id].credit) == (0, 300)


def test_p15_why_a_payment_failed_is_one_of_a_closed_list() -> None:
    desk = Desk()
    desk.charge(500)
    for status, said, kept in (
        (Status.FAILED, PaymentFailure.DECLINED, PaymentFailure.DECLINED),
        (Status.FAILED, None, PaymentFailure.OTHER),
        (Status.CANCELLED, None, PaymentFailure.CANCELLED),
        (Status.SUCCEEDED, PaymentFailure.DECLINED, None),
        (Status.PROCESSING, PaymentFailure.DECLINED, None),
    ):
        payment = desk.payments[desk.pay("client", 100)]
        assert settled(payment, status, desk.charges, desk.now, said).payment.failure is kept


def test_p3_a_charge_grows_older_with_each_change() -> None:
    desk = Desk()
    charge_id, other = desk.charge(500), desk.charge(100, day=9)
    versions = []
    payment_id = desk.pay("client", 200)
    versions.append(desk.charges[charge_id].version)
    desk.answer(payment_id, Status.PROCESSING)
    versions.append(desk.charges[charge_id].version)
    desk.answer(payment_id, Status.SUCCEEDED)
    versions.append(desk.charges[charge_id].version)
    assert versions == [2, 2, 3]
    assert desk.charges[other].version == 1


def test_p8_half_an_hour_is_what_a_payer_has() -> None:
    desk = Desk()
    desk.charge(500)
    desk.pay("staff", 100)
    payment_id = desk.pay("client", 100)
    desk.now += timedelta(minutes=29)
    late = desk.pay("client", 100)
    desk.now += timedelta(seconds=-30 * 60)
    assert desk.expire() == [payment_id]
    assert desk.payments[payment_id].status is Status.CANCELLED
    assert desk.payments[late].status is Status.PENDING
