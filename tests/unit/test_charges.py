"""What may be done with a charge, and what is checked of what is sent (P1, P2, P4)."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from graph_api.acting.payments.charges import refuse_audience, refuse_narrowing
from graph_api.acting.payments.checks import (
    MAX_CHARGES,
    MAX_OPEN,
    ChargeDraft,
    PaymentDraft,
    RecordedDraft,
    RefundDraft,
    check_payment,
    checked_charge,
    checked_recorded,
    checked_refund,
    refuse_too_many,
)
from graph_api.acting.payments.model import PaymentMethod
from graph_api.kernel.errors import NotFound
from graph_api.kernel.ids import new_id
from tests.acting.opening_cases import appointment
from tests.acting.refusals import reasons, refused
from tests.unit.payment_desk import CLIENT_ONLY, SHARED, STAFF, Desk, Status

CLIENT, CHARGE, PAYMENT = new_id("person"), new_id("charge"), new_id("payment")
CHARGED = ChargeDraft(CLIENT, 100, "Therapy", date(2026, 3, 1))
PAID = PaymentDraft(CLIENT, 100)
RECORDED = RecordedDraft(CLIENT, 100, PaymentMethod.CASH)
REFUNDED = RefundDraft(PAYMENT, 100)
CHECKS: list[tuple[Any, Any]] = [
    (CHARGED, checked_charge),
    (PAID, partial(check_payment, idempotency_key="k")),
    (RECORDED, partial(checked_recorded, idempotency_key="k")),
    (REFUNDED, partial(checked_refund, idempotency_key="k")),
]


@pytest.mark.parametrize(("draft", "check"), CHECKS)
def test_p1_an_amount_has_bounds(draft: Any, check: Any) -> None:
    for amount in (1, 100_000_000):
        check(replace(draft, amount=amount))
    for amount in (0, -1, 100_000_001, 10**30):
        assert reasons(lambda amount=amount: check(replace(draft, amount=amount))) == ["amount.outOfRange"]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("draft", "check", "changes", "path"),
    [
        (CHARGED, checked_charge, {"client_id": "x"}, ("clientId",)),
        (CHARGED, checked_charge, {"client_id": CHARGE}, ("clientId",)),
        (CHARGED, checked_charge, {"appointment_id": CLIENT}, ("appointmentId",)),
        (PAID, CHECKS[1][1], {"client_id": ""}, ("clientId",)),
        (PAID, CHECKS[1][1], {"charge_ids": (CHARGE, "x")}, ("chargeIds", "1")),
        (RECORDED, CHECKS[2][1], {"charge_ids": (CLIENT,)}, ("chargeIds", "0")),
        (RECORDED, CHECKS[2][1], {"payer_person_id": "x"}, ("payerPersonId",)),
        (REFUNDED, CHECKS[3][1], {"payment_id": CHARGE}, ("paymentId",)),
    ],
)
def test_x6_a_malformed_id_is_not_found(draft: Any, check: Any, changes: dict[str, Any], path: tuple[str, ...]) -> None:
    assert refused(lambda: check(replace(draft, **changes))) == (NotFound(path=path),)


@pytest.mark.parametrize("check", [check_payment, checked_recorded, checked_refund])
def test_p4_money_is_moved_under_a_key_alone(check: Any) -> None:
    draft: Any = {check_payment: PAID, checked_recorded: RECORDED, checked_refund: REFUNDED}[check]
    assert reasons(lambda: check(draft, None)) == ["idempotencyKey.missing"]


def test_p2_a_charges_texts_are_bounded_and_cleaned() -> None:
    done = checked_charge(replace(CHARGED, description="  Terapia  ", public_description=" Visit "))
    assert (done.description, done.public_description) == ("Terapia", "Visit")
    for text, why in (
        ("", "empty"),
        ("x" * 201, "tooLong"),
        ("a\nb", "forbiddenCharacter"),
        ("\u202e", "forbiddenCharacter"),
    ):
        draft = replace(CHARGED, description=text, public_description=text)
        assert reasons(partial(checked_charge, draft)) == [f"description.{why}", f"publicDescription.{why}"]


def test_p2_a_day_of_service_is_one_of_these_centuries() -> None:
    for day in (date(2000, 1, 1), date(2200, 12, 31)):
        checked_charge(replace(CHARGED, service_date=day))
    for day in (date(1999, 12, 31), date(2201, 1, 1)):
        assert reasons(partial(checked_charge, replace(CHARGED, service_date=day))) == ["serviceDate.outOfRange"]


def test_p3_a_payment_names_some_charges_or_none() -> None:
    check = partial(check_payment, idempotency_key="k")
    check(replace(PAID, charge_ids=(CHARGE,) * MAX_CHARGES))
    assert reasons(lambda: check(replace(PAID, charge_ids=()))) == ["chargeIds.empty"]
    assert reasons(lambda: check(replace(PAID, charge_ids=("x",) * (MAX_CHARGES + 1)))) == ["chargeIds.tooMany"]


def test_p10_staff_record_what_no_gateway_knows() -> None:
    check = partial(checked_recorded, idempotency_key="k")
    for method in PaymentMethod:
        draft = replace(RECORDED, method=method)
        if method is PaymentMethod.CARD_ONLINE:
            assert reasons(partial(check, draft)) == ["method.online"]
        else:
            assert check(draft) == draft
    assert check(replace(RECORDED, reference=" 1042 ")).reference == "1042"
    assert reasons(lambda: check(replace(RECORDED, reference="x" * 201))) == ["reference.tooLong"]


def test_p7_why_something_is_refunded_is_bounded() -> None:
    check = partial(checked_refund, idempotency_key="k")
    assert check(replace(REFUNDED, reason=" two\nlines ")).reason == "two\nlines"
    assert reasons(lambda: check(replace(REFUNDED, reason="x" * 501))) == ["reason.tooLong"]


def test_p2_all_that_is_wrong_is_told_together() -> None:
    draft = replace(CHARGED, amount=0, description="", service_date=date(1, 1, 1))
    assert reasons(partial(checked_charge, draft)) == [
        "amount.outOfRange",
        "description.empty",
        "serviceDate.outOfRange",
    ]


def test_p2_a_client_has_so_many_open_charges() -> None:
    refuse_too_many(MAX_OPEN - 1)
    assert reasons(partial(refuse_too_many, MAX_OPEN)) == ["charges.tooMany"]


def test_p2_a_charge_is_not_seen_by_more_than_its_appointment() -> None:
    there = appointment(Desk().now)
    hidden = replace(there, audience=CLIENT_ONLY)
    for audience, of in (
        (SHARED, None),
        (SHARED, there),
        (CLIENT_ONLY, there),
        (CLIENT_ONLY, hidden),
        (CLIENT_ONLY, None),
    ):
        refuse_audience(audience, of)
    assert reasons(partial(refuse_audience, SHARED, hidden)) == ["audience.tooWide"]


def test_p2_an_appointment_is_not_hidden_while_a_charge_of_it_is_seen() -> None:
    desk = Desk()
    desk.charge(100, shared=False)
    shared = desk.charge(100)
    assert reasons(lambda: refuse_narrowing(desk.charges.values())) == ["charge.shared"]
    desk.void(shared)
    refuse_narrowing(desk.charges.values())


def test_p2_what_is_void_is_void_and_says_by_whom() -> None:
    desk = Desk()
    charge_id = desk.charge(100)
    desk.void(charge_id)
    charge = desk.charges[charge_id]
    assert (charge.voided_at, charge.voided_by, charge.version) == (desk.now, STAFF, 2)
    assert (charge.open, charge.due, desk.head.balance) == (0, 0, 0)
    assert reasons(lambda: desk.void(charge_id)) == ["charge.void"]


@pytest.mark.parametrize("status", [None, *Status])
def test_p2_what_is_paid_or_being_paid_is_not_voided(status: Status | None) -> None:
    desk = Desk()
    charge_id = desk.charge(100)
    payment_id = desk.pay("client", 1)
    if status is not None:
        desk.answer(payment_id, status)
    if status in (Status.FAILED, Status.CANCELLED):
        desk.void(charge_id)
    else:
        assert reasons(lambda: desk.void(charge_id)) == ["charge.beingPaid"]
