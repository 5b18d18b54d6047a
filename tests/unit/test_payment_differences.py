"""What does not fit together is found and named: `graph-api payments check` (P11)."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_api.acting.payments import differences
from graph_api.acting.payments.account import Account
from graph_api.acting.payments.differences import check
from tests.budgets import budget
from tests.unit.payment_desk import BEN, Desk, Status, lived
from tests.unit.payment_tampering import tampered

SEEDS = st.integers(0, 2**32)


@settings(max_examples=budget(15, 1_000))
@given(SEEDS)
def test_p11_whatever_is_changed_is_found_and_named(seed: int) -> None:
    account = lived(Random(seed), 60).account  # noqa: S311 - no secret
    assert check(account) is None
    for one in tampered(account):
        found = check(one.account)
        assert found is not None, one.what
        named = {found.id, f"{found.what} {found.id}", *found.others}
        assert named & one.ids, (one.what, found.text)


def test_p11_nothing_fits_together() -> None:
    assert check(Account(BEN)) is None


def test_p11_a_difference_says_what_and_where() -> None:
    desk = Desk()
    charge_id = desk.charge(500)
    payment_id = desk.pay("contact", 200)
    desk.answer(payment_id, Status.SUCCEEDED)
    desk.charges[charge_id] = replace(desk.charges[charge_id], paid=300)
    found = check(desk.account)
    assert found is not None
    assert (found.what, found.id, found.field, found.kept, found.right) == ("charge", charge_id, "paid", "300", "200")
    assert found.text == f"charge {charge_id}: paid is 300, not 200 (compared with {payment_id})"


def test_x6_a_contacts_payment_on_what_they_may_not_see_is_found() -> None:
    desk = Desk()
    desk.charge(500, shared=False)
    payment_id = desk.pay("client", 200)
    desk.answer(payment_id, Status.SUCCEEDED)
    assert check(desk.account) is None
    author = replace(desk.payments[payment_id].made_by, contact_id="contact_anna")
    desk.replaced(payment_id, made_by=author)
    found = check(desk.account)
    assert found is not None
    assert (found.what, found.id, found.kept) == ("payment", payment_id, "CLIENT_ONLY")


def test_p11_balances_are_what_is_open_even_if_all_entries_are_as_they_should_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk()
    shared, hidden = desk.charge(500), desk.charge(300, shared=False)
    monkeypatch.setattr(differences, "PARTS", differences.PARTS[-1:])
    assert check(desk.account) is None
    for charge_id in (hidden, shared):
        before = desk.charges[charge_id]
        desk.charges[charge_id] = replace(before, paid=1)
        found = check(desk.account)
        assert found is not None
        assert (found.what, found.id, found.field) == ("ledger", BEN, "balance")
        desk.charges[charge_id] = before
    desk.head = replace(desk.head, shared_balance=499)
    found = check(desk.account)
    assert found is not None
    assert (found.field, found.kept, found.right) == ("shared_balance", "499", "500")


def test_p11_no_words_stand_in_a_difference() -> None:
    account = lived(Random(7), 60).account  # noqa: S311 - no secret
    for one in tampered(account):
        found = check(one.account)
        assert found is not None
        assert "therapy" not in found.text
