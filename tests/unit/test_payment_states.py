"""Where payments stand, whatever the gateway says and in whatever order (P5, P8)."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_api.acting.payments.model import PaymentMethod
from graph_api.acting.payments.states import (
    WORDS,
    ends_at,
    is_contradicted,
    is_left_open,
    is_overdue,
    may_repeat_call,
    next_status,
    refuse_cancelling,
    refuse_refunding,
)
from tests.acting.refusals import reasons
from tests.budgets import budget
from tests.unit.payment_desk import Desk, Status

FORWARD = {
    Status.PENDING: {Status.PROCESSING, Status.SUCCEEDED, Status.FAILED, Status.CANCELLED},
    Status.PROCESSING: {Status.SUCCEEDED, Status.FAILED, Status.CANCELLED},
    Status.FAILED: {Status.SUCCEEDED},
    Status.CANCELLED: {Status.SUCCEEDED},
    Status.SUCCEEDED: set[Status](),
}
"""The whole table, written out once more."""


@pytest.mark.parametrize("current", Status)
@pytest.mark.parametrize("answer", Status)
def test_p8_states_only_go_forward(current: Status, answer: Status) -> None:
    assert next_status(current, answer) is (answer if answer in FORWARD[current] else current)


def after(answers: list[Status]) -> Status:
    status = Status.PENDING
    for answer in answers:
        status = next_status(status, answer)
    return status


@settings(max_examples=budget(50, 2_000))
@given(st.lists(st.sampled_from(Status), max_size=4))
def test_p6_the_order_and_number_of_answers_make_no_difference_to_money(answers: list[Status]) -> None:
    outcomes = {after(list(order)) for order in permutations(answers)} | {after(answers * 2), after(answers)}
    given_up = {Status.FAILED, Status.CANCELLED}
    assert len(outcomes) == 1 or outcomes <= given_up
    assert (Status.SUCCEEDED in answers) is (outcomes == {Status.SUCCEEDED})


def test_p8_what_succeeded_and_is_said_to_have_failed_is_told_to_staff() -> None:
    told = {(one, answer) for one in Status for answer in Status if is_contradicted(one, answer)}
    assert told == {(Status.SUCCEEDED, Status.FAILED), (Status.SUCCEEDED, Status.CANCELLED)}


def test_p5_what_was_given_up_and_still_waits_at_the_gateway_is_to_be_cancelled_there() -> None:
    left = {(one, answer) for one in Status for answer in Status if is_left_open(one, answer)}
    waiting, given_up = (Status.PENDING, Status.PROCESSING), (Status.FAILED, Status.CANCELLED)
    assert left == {(one, answer) for one in given_up for answer in waiting}


def test_p8_only_what_waits_for_its_payer_ends_by_itself() -> None:
    desk = Desk()
    desk.charge(500)
    payment_id = desk.pay("client", 100)
    began = desk.payments[payment_id].created_at
    assert began is not None
    assert ends_at(desk.payments[payment_id]) == began + timedelta(minutes=30)
    assert not is_overdue(desk.payments[payment_id], began + timedelta(minutes=30) - timedelta(microseconds=1))
    assert is_overdue(desk.payments[payment_id], began + timedelta(minutes=30))
    for status in Status:
        if status is not Status.PENDING:
            assert ends_at(desk.replaced(payment_id, status=status)) is None
    assert ends_at(desk.replaced(payment_id, status=Status.PENDING, method=PaymentMethod.CASH)) is None
    assert ends_at(desk.replaced(payment_id, method=PaymentMethod.CARD_ONLINE, created_at=None)) is None


def test_p5_a_call_is_repeated_under_its_key_for_23_hours() -> None:
    began = Desk().now
    assert may_repeat_call(began, began + timedelta(hours=23) - timedelta(microseconds=1))
    assert not may_repeat_call(began, began + timedelta(hours=23))


@pytest.mark.parametrize("status", Status)
def test_p8_what_can_be_cancelled_and_what_refunded(status: Status) -> None:
    desk = Desk()
    desk.charge(500)
    payment = desk.replaced(desk.pay("client", 100), status=status)
    reason = [f"payment.{status.value.lower()}"]
    for refuse, allowed in ((refuse_cancelling, Status.PENDING), (refuse_refunding, Status.SUCCEEDED)):
        if status is allowed:
            refuse(payment)
        else:
            assert reasons(lambda refuse=refuse: refuse(payment)) == reason  # type: ignore[misc]


def test_p8_every_status_has_its_words() -> None:
    assert list(WORDS) == list(Status)
