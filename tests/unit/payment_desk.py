"""A desk that keeps one client's account in memory, as commands keep it in the graph: the code of the product works
out everything, and the desk only keeps what it is given."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.bylines import Author
from graph_api.acting.payments import disputes, ledger, refunds
from graph_api.acting.payments.account import Account
from graph_api.acting.payments.charges import voided
from graph_api.acting.payments.laying import lay, moved, settled
from graph_api.acting.payments.ledger import NO_ENTRIES, LedgerEntry, Line, appended
from graph_api.acting.payments.model import Charge, Payment, PaymentMethod, PaymentStatus, Refund
from graph_api.acting.payments.money import Currency
from graph_api.acting.payments.seen import Reader, seen_audiences
from graph_api.acting.payments.states import is_overdue
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.errors import Refused
from graph_api.network.relationships import Relationship

BEN, ANNA, CARL = "person_ben", "person_anna", "person_carl"
STAFF = Author("staff|1", ViewerRole.STAFF)
AUTHORS = {
    "client": Author("account_ben", ViewerRole.PORTAL, BEN),
    "contact": Author("account_anna", ViewerRole.PORTAL, ANNA, "contact_anna", 3, Relationship.PARENT),
    "other": Author("account_carl", ViewerRole.PORTAL, CARL, "contact_carl", 1, Relationship.PARENT),
    "staff": STAFF,
}
READERS = {
    "client": Reader(ViewerRole.PORTAL, BEN, may_view=True),
    "contact": Reader(ViewerRole.PORTAL, ANNA, may_view=True),
    "other": Reader(ViewerRole.PORTAL, CARL, may_view=True),
    "staff": Reader(ViewerRole.STAFF),
}
DOLLARS = Currency("USD", "en_US")
SHARED, CLIENT_ONLY = RecordAudience.SHARED, RecordAudience.CLIENT_ONLY
Status = PaymentStatus


class Desk:
    """One client's account."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)
        self.charges: dict[str, Charge] = {}
        self.payments: dict[str, Payment] = {}
        self.refunds: dict[str, Refund] = {}
        self.entries: list[LedgerEntry] = []
        self.head = NO_ENTRIES

    @property
    def account(self) -> Account:
        """All of it."""
        charges, payments, refunds = self.charges.values(), self.payments.values(), self.refunds.values()
        return Account(BEN, tuple(charges), tuple(payments), tuple(refunds), tuple(self.entries), self.head)

    def charge(self, amount: int, *, shared: bool = True, day: int = 1) -> str:
        """A new charge for a day of March."""
        audience = SHARED if shared else CLIENT_ONLY
        one = Charge(
            self._id("charge", self.charges),
            BEN,
            amount,
            date(2026, 3, day),
            "Cognitive therapy",
            STAFF,
            audience=audience,
            created_at=self._tick(),
        )
        self._keep([one], ledger.charge_added(one))
        return one.id

    def void(self, charge_id: str) -> None:
        """Staff void a charge."""
        before = self.charges[charge_id]
        self._keep([voided(before, STAFF, self._tick())], ledger.charge_voided(before))

    def pay(self, who: str, amount: int, charge_ids: Sequence[str] | None = None) -> str:
        """Somebody begins to pay online; staff record cash."""
        audiences = seen_audiences(BEN, READERS[who])
        allocations = lay(list(self.charges.values()), amount, audiences, DOLLARS, charge_ids)
        at, is_cash = self._tick(), who == "staff"
        one = Payment(
            self._id("payment", self.payments),
            BEN,
            amount,
            PaymentMethod.CASH if is_cash else PaymentMethod.CARD_ONLINE,
            Status.SUCCEEDED if is_cash else Status.PENDING,
            AUTHORS[who],
            allocations,
            created_at=at,
            settled_at=at if is_cash else None,
        )
        self.payments[one.id] = one
        self._keep(moved(self.charges, None, one), ledger.payment_succeeded(one) if is_cash else ())
        return one.id

    def answer(self, payment_id: str, status: Status) -> None:
        """The gateway says where a payment stands."""
        before = self.payments[payment_id]
        done = settled(before, status, self.charges, self._tick())
        self.payments[payment_id] = done.payment
        has_come = done.payment.has_succeeded and not before.has_succeeded
        self._keep(done.charges, ledger.payment_succeeded(done.payment) if has_come else ())

    def expire(self) -> list[str]:
        """Half an hour passes, and what still waits for its payer is given up."""
        self.now += timedelta(minutes=31)
        overdue = [one.id for one in self.payments.values() if is_overdue(one, self.now)]
        for payment_id in overdue:
            self.answer(payment_id, Status.CANCELLED)
        return overdue

    def refund(self, payment_id: str, amount: int, *, reopens: bool = False) -> str:
        """Staff begin to refund."""
        payment = self.payments[payment_id]
        parts = refunds.planned(payment, amount, DOLLARS)
        one = Refund(
            self._id("refund", self.refunds),
            payment_id,
            BEN,
            amount,
            Status.PENDING,
            STAFF,
            parts,
            reopens,
            created_at=self._tick(),
        )
        self.refunds[one.id], self.payments[payment_id] = one, refunds.begun(payment, one)
        return one.id

    def answer_refund(self, refund_id: str, status: Status) -> None:
        """The gateway says where a refund stands."""
        before = self.refunds[refund_id]
        payment = self.payments[before.payment_id]
        done = refunds.finished(payment, before, status, self.charges, self._tick(), DOLLARS)
        self.refunds[refund_id], self.payments[payment.id] = done.refund, done.payment
        has_gone = done.refund.has_succeeded and not before.has_succeeded
        self._keep(done.charges, ledger.refund_succeeded(done.refund, done.payment) if has_gone else ())

    def dispute(self, payment_id: str, withdrawn: int, *, is_open: bool = True) -> None:
        """A bank holds so much of a payment now."""
        before = self.payments[payment_id]
        done = disputes.disputed(before, self.charges, is_open=is_open, withdrawn=withdrawn)
        self._tick()
        self.payments[payment_id] = done.payment
        self._keep(done.charges, ledger.dispute_changed(before, done.payment))

    def replaced(self, payment_id: str, **fields: object) -> Payment:
        """A payment with other fields, kept."""
        self.payments[payment_id] = replace(self.payments[payment_id], **fields)  # type: ignore[arg-type]
        return self.payments[payment_id]

    def _keep(self, charges: Sequence[Charge], lines: Sequence[Line]) -> None:
        self.charges.update({one.id: one for one in charges})
        entries, self.head = appended(self.head, lines, self.now)
        self.entries += entries

    def _tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def _id(self, kind: str, known: Mapping[str, object]) -> str:
        return f"{kind}_{len(known) + 1:032x}"


def lived(random: Random, steps: int) -> Desk:
    """A desk after so many random steps; what is refused is left out."""
    desk = Desk()
    desk.charge(9, day=2)
    desk.charge(7, shared=False, day=3)
    for _ in range(steps):
        with suppress(Refused):
            _step(desk, random)
    return desk


def _step(desk: Desk, random: Random) -> None:
    charge_ids, payment_ids, refund_ids = list(desk.charges), list(desk.payments), list(desk.refunds)
    status = random.choice([*Status, Status.SUCCEEDED, Status.SUCCEEDED])
    kind = random.randrange(13)
    if kind == 12:
        desk.now += timedelta(hours=random.randint(1, 48))
    elif kind == 0:
        desk.charge(random.randint(1, 9), shared=random.random() < 0.6, day=random.randint(1, 9))
    elif kind == 1:
        desk.void(random.choice(charge_ids))
    elif kind < 5 or not payment_ids:
        desk.pay(random.choice(list(AUTHORS)), random.randint(1, 9))
    elif kind < 7:
        desk.answer(random.choice(payment_ids), status)
    elif kind == 7:
        desk.expire()
    elif kind == 8:
        desk.dispute(random.choice(payment_ids), random.randint(0, 6))
    elif kind == 9 or not refund_ids:
        desk.refund(random.choice(payment_ids), random.randint(1, 4), reopens=random.random() < 0.5)
    else:
        desk.answer_refund(random.choice(refund_ids), status)
