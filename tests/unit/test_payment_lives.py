"""Random lives of a client's account against a plain account book (P2, P3, P7, P8, P11, P13)."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from graph_api.acting.payments.differences import check
from graph_api.acting.payments.laying import PaymentExceedsDue
from graph_api.acting.payments.ledger import credit_of
from graph_api.acting.payments.seen import balance_of
from tests.acting.refusals import reasons, refused
from tests.budgets import budget
from tests.unit.account_book import Book
from tests.unit.payment_desk import BEN, READERS, Desk, Status

PAYERS = ["client", "contact", "other", "staff"]
ANY = st.integers(0, 1_000)
"""Chooses one of those that there are."""
ANSWERS = st.sampled_from([*Status, Status.SUCCEEDED, Status.SUCCEEDED])
EIGHTHS = st.integers(1, 10)
"""Of what there is; more than eight are more than that."""
MOST_CHARGES, MOST_VOIDED = 6, 2
"""In one life, so that payments meet the same charges again."""


class Lives(RuleBasedStateMachine):
    """Everything is done at the desk, and in the book."""

    def __init__(self) -> None:
        super().__init__()
        self.desk, self.book = Desk(), Book()
        self.voided: set[str] = set()
        self.given = dict.fromkeys(("charged", "voided", "paid", "refunded", "written off"), 0)

    @initialize(amount=st.integers(2, 9), shared=st.booleans())
    def first(self, amount: int, shared: bool) -> None:
        self.charge(amount, shared, 2)
        self.charge(amount, not shared, 3)

    @precondition(lambda self: len(self.desk.charges) < MOST_CHARGES)
    @rule(amount=st.integers(1, 9), shared=st.booleans(), day=st.integers(1, 4))
    def charge(self, amount: int, shared: bool, day: int) -> None:
        charge_id = self.desk.charge(amount, shared=shared, day=day)
        self.book.add(charge_id, amount, shared=shared, day=day)
        self.given["charged"] += amount

    @precondition(lambda self: len(self.voided) < MOST_VOIDED)
    @rule(which=ANY)
    def void(self, which: int) -> None:
        charge_id = chosen(self.desk.charges, which)
        if charge_id in self.voided:
            assert reasons(lambda: self.desk.void(charge_id)) == ["charge.void"]
            return
        was_open = self.book.count("open", charge=charge_id)
        if self.book.void(charge_id):
            self.desk.void(charge_id)
            self.voided.add(charge_id)
            self.given["voided"] += was_open
        else:
            assert reasons(lambda: self.desk.void(charge_id)) == ["charge.beingPaid"]

    @rule(who=st.sampled_from(PAYERS), eighths=EIGHTHS, named=st.none() | st.lists(ANY, max_size=3))
    def pay(self, who: str, eighths: int, named: list[int] | None) -> None:
        sees_all = who in ("client", "staff")
        seen = [one.id for one in self.desk.charges.values() if one.is_shared or sees_all]
        payable = [charge_id for charge_id in seen if charge_id not in self.voided]
        some = [chosen(payable, which) for which in named] if named and payable else None
        due = self.book.due(None if some is None else list(dict.fromkeys(some)), sees_all=sees_all)
        amount = max(1, len(due) * eighths // 8)
        if amount > len(due):
            (error,) = refused(lambda: self.desk.pay(who, amount, some))
            assert isinstance(error, PaymentExceedsDue)
            assert error.due.amount == len(due)
            return
        payment_id = self.desk.pay(who, amount, some)
        self.book.pay(payment_id, due[:amount])
        if who == "staff":
            self.book.settle(payment_id, has_come=True)
            self.given["paid"] += amount

    @precondition(lambda self: self.desk.payments)
    @rule(which=ANY, status=ANSWERS)
    def answer(self, which: int, status: Status) -> None:
        payment_id = chosen(self.desk.payments, which)
        self.desk.answer(payment_id, status)
        self._follow(payment_id, status, "paid", self.desk.payments[payment_id].amount)

    def _follow(self, payment_id: str, status: Status, what: str, amount: int) -> None:
        stands = self.book.stands[payment_id]
        if status is Status.SUCCEEDED and stands != "done":
            self.book.settle(payment_id, has_come=True)
            self.given[what] += amount
        elif status in (Status.FAILED, Status.CANCELLED) and stands == "waits":
            self.book.settle(payment_id, has_come=False)

    @rule()
    def expire(self) -> None:
        for payment_id in self.desk.expire():
            self.book.settle(payment_id, has_come=False)

    @precondition(lambda self: self.desk.payments)
    @rule(which=ANY, eighths=EIGHTHS, reopens=st.booleans())
    def refund(self, which: int, eighths: int, reopens: bool) -> None:
        payment_id = chosen(self.desk.payments, which)
        amount = max(1, len(self.book.left(payment_id)) * eighths // 8)
        if not self.desk.payments[payment_id].has_succeeded:
            (reason,) = reasons(lambda: self.desk.refund(payment_id, amount))
            assert reason == f"payment.{self.desk.payments[payment_id].status.value.lower()}"
        elif amount > len(self.book.left(payment_id)):
            assert reasons(lambda: self.desk.refund(payment_id, amount)) == ["refund.exceedsPayment"]
        else:
            assert self.book.begin(self.desk.refund(payment_id, amount, reopens=reopens), payment_id, amount)

    @precondition(lambda self: self.desk.refunds)
    @rule(which=ANY, status=ANSWERS)
    def answer_refund(self, which: int, status: Status) -> None:
        refund = self.desk.refunds[chosen(self.desk.refunds, which)]
        stands = self.book.stands[refund.id]
        if status is Status.SUCCEEDED and stands == "given up" and not self._begins_again(refund):
            assert reasons(lambda: self.desk.answer_refund(refund.id, status)) == ["refund.exceedsPayment"]
            return
        before = self.book.count("written off")
        self.desk.answer_refund(refund.id, status)
        has_gone = status is Status.SUCCEEDED and stands != "done"
        if has_gone or (status in (Status.FAILED, Status.CANCELLED) and stands == "waits"):
            self.book.end(refund.id, refund.payment_id, has_gone=has_gone, reopens=refund.reopens)
        self.given["refunded"] += refund.amount if has_gone else 0
        self.given["written off"] += self.book.count("written off") - before

    def _begins_again(self, refund: Any) -> bool:
        return self.book.begin(refund.id, refund.payment_id, refund.amount)

    @precondition(lambda self: self.desk.payments)
    @rule(which=ANY, amount=st.integers(0, 8), is_open=st.booleans())
    def dispute(self, which: int, amount: int, is_open: bool) -> None:
        payment_id = chosen(self.desk.payments, which)
        self.desk.dispute(payment_id, amount, is_open=is_open)
        self.book.hold(payment_id, amount)
        assert self.desk.payments[payment_id].is_disputed is is_open

    @invariant()
    def balances_are_those_of_the_book(self) -> None:
        head, entries = self.desk.head, self.desk.entries
        credit = self.book.count("credit")
        assert head.balance == sum(entry.amount for entry in entries)
        assert head.shared_balance == sum(entry.shared for entry in entries)
        assert head.balance == self.book.count("open", "reserved") - credit
        assert head.shared_balance == self.book.count("open", "reserved", shared=True)
        # What a bank holds is given back and not asked for, so it changes nothing.
        on_no_charge = sum(cent.loose for some in self.book.of.values() for cent in some if cent.at == "held")
        charged = self.given["charged"] - self.given["voided"] - self.given["written off"]
        assert head.balance == charged - self.given["paid"] + self.given["refunded"] + on_no_charge
        assert credit_of(head, self.desk.charges.values()) == credit

    @invariant()
    def everybody_sees_their_part(self) -> None:
        for who, reader in READERS.items():
            shared = who in ("contact", "other")
            found = balance_of(BEN, self.desk.charges.values(), self.book.count("credit"), reader)
            assert found is not None
            assert (found.due, found.reserved, found.credit) == (
                self.book.count("open", shared=shared),
                self.book.count("reserved", shared=shared),
                0 if shared else self.book.count("credit"),
            )

    @invariant()
    def charges_and_payments_are_those_of_the_book(self) -> None:
        for charge in self.desk.charges.values():
            kept = (charge.open - charge.reserved, charge.reserved, charge.paid, charge.withdrawn, charge.written_off)
            states = ("open", "reserved", "paid", "held", "written off")
            assert kept == tuple(self.book.count(state, charge=charge.id) for state in states)
            assert 0 <= charge.reserved <= charge.open
        for payment in self.desk.payments.values():
            assert 0 <= payment.refunded <= payment.amount
            assert payment.refundable == len(self.book.left(payment.id))
            assert sum(one.amount for one in payment.allocations) == payment.amount

    @invariant()
    def all_of_it_fits_together(self) -> None:
        assert check(self.desk.account) is None


def chosen(some: Any, which: int) -> str:
    known = list(some)
    return str(known[which % len(known)])


@pytest.mark.timeout(3_600)
def test_p11_a_ledger_is_what_an_account_book_says() -> None:
    found = settings(max_examples=budget(120, 5_000), stateful_step_count=40, deadline=None)
    run_state_machine_as_test(Lives, settings=found)


@settings(max_examples=budget(10, 1_000))
@given(st.integers(0, 2**32))
def test_p11_a_long_ledger_is_what_an_account_book_says(seed: int) -> None:
    random, life = Random(seed), Lives()  # noqa: S311 - no secret
    life.first(9, True)
    for _ in range(150):
        step(life, random)
        life.balances_are_those_of_the_book()
        life.everybody_sees_their_part()
        life.charges_and_payments_are_those_of_the_book()
        life.all_of_it_fits_together()


def step(life: Lives, random: Random) -> None:
    which, eighths, is_so = random.randrange(1_000), random.randint(1, 9), random.random() < 0.6
    status = random.choice([*Status, Status.SUCCEEDED])
    steps: list[Callable[[], None]] = [
        lambda: life.charge(eighths, is_so, random.randint(1, 9)),
        lambda: life.pay(random.choice(PAYERS), eighths, None if is_so else [which, which + 1]),
        lambda: life.pay(random.choice(PAYERS), eighths, None),
    ]
    if life.desk.payments:
        steps += [lambda: life.answer(which, status)] * 3
        steps += [lambda: life.refund(which, eighths, is_so), lambda: life.dispute(which, eighths - 1, is_so)]
        steps += [life.expire] if is_so else [lambda: life.void(which)]
    if life.desk.refunds:
        steps += [lambda: life.answer_refund(which, status)] * 2
    random.choice(steps)()
