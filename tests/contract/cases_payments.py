"""Charges, payments and ledgers of a practice that grows, and parameters of the statements about them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.bylines import Author
from graph_api.acting.payments.graph.rows import (
    charge_changes,
    charge_row,
    client_scope,
    entry_row,
    payment_changes,
    payment_row,
    practice_scope,
)
from graph_api.acting.payments.ledger import EntryKind, Head, LedgerEntry
from graph_api.acting.payments.model import (
    Allocation,
    Charge,
    Payment,
    PaymentMethod,
    PaymentStatus,
    Refund,
    RefundPart,
)
from graph_api.acting.payments.records import CHARGE, HEAD, LEDGER_ENTRY, PAYMENT, REFUND
from graph_api.engine.session import Row
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.kernel.paging import after_scope
from graph_api.people.model import Person

if TYPE_CHECKING:
    from tests.contract.statement_cases import Sample

CHARGES = """
UNWIND $rows AS row
MATCH (p:Person {id: row.clientId})
CREATE (p)-[:HAS_CHARGE]->(c:Charge)
SET c = row.charge
"""
PAYMENTS = """
UNWIND $rows AS row
MATCH (p:Person {id: row.clientId})
CREATE (p)-[:HAS_PAYMENT]->(t:Payment)
SET t = row.payment
CREATE (r:Refund)
SET r = row.refund
CREATE (l:Ledger)
SET l = row.ledger
CREATE (e:LedgerEntry)
SET e = row.entry
"""
SOME = 5
STAFF = Author("staff-1", ViewerRole.STAFF)
WHEN = datetime(2026, 1, 5, 12, tzinfo=UTC)


def _of(kind: str, person: Person) -> str:
    return f"{kind}_{person.id.removeprefix('person_')}"


def _charge(person: Person) -> Charge:
    return Charge(_of("charge", person), person.id, 5_000, date(2026, 1, 5), "Visit", STAFF, paid=900, created_at=WHEN)


def _payment(person: Person) -> Payment:
    laid = (Allocation(_of("charge", person), RecordAudience.SHARED, 1_000, refunded=100),)
    return Payment(
        _of("payment", person),
        person.id,
        1_000,
        PaymentMethod.CASH,
        PaymentStatus.SUCCEEDED,
        STAFF,
        laid,
        created_at=WHEN,
        settled_at=WHEN,
    )


def _refund(person: Person) -> Refund:
    parts = (RefundPart(0, _of("charge", person), RecordAudience.SHARED, 100),)
    status = PaymentStatus.SUCCEEDED
    return Refund(_of("refund", person), _of("payment", person), person.id, 100, status, STAFF, parts, created_at=WHEN)


def _entry(person: Person, number: int = 1) -> LedgerEntry:
    return LedgerEntry(number, WHEN, EntryKind.CHARGE, _of("charge", person), 5_000, 5_000, 5_000, 5_000)


def _head() -> Head:
    return Head(1, WHEN, 5_000, 5_000)


def payment_rows(practice: Practice, people: Iterable[Person]) -> list[Row]:
    """Of each one: a charge, a payment, a refund, and a ledger of one entry."""
    own = {"practice": practice.id}
    return [
        {
            "clientId": one.id,
            "charge": {**charge_row(practice.id, _charge(one)), **own, "appointmentId": _of("appointment", one)},
            "payment": {**payment_row(practice.id, _payment(one)), **own},
            "refund": {**REFUND.row(_refund(one)), **own},
            "ledger": {**HEAD.row(_head()), **own, "clientId": one.id},
            "entry": {**entry_row(practice.id, one.id, _entry(one)), **own},
        }
        for one in people
    ]


def payment_cases(sample: "Sample") -> dict[str, Row]:
    """By statement."""
    return _ledger(sample) | _charges(sample) | _paid(sample)


def _ledger(sample: "Sample") -> dict[str, Row]:
    practice, one = sample.practice.id, sample.part.marked[0]
    scope, whole = client_scope(practice, one.id), practice_scope(practice)
    within = {"above": scope, "below": after_scope(scope), "entry": list(LEDGER_ENTRY.names)}
    return {
        "acting/ledger/lock": {"clientId": one.id, "stamp": "now", "head": list(HEAD.names)},
        "acting/ledger/head": {"clientId": one.id, "head": list(HEAD.names)},
        "acting/ledger/append": {
            "clientId": one.id,
            "head": HEAD.row(_head()),
            "rows": [entry_row(practice, one.id, _entry(one, 2))],
        },
        "acting/ledger/entries": within | {"part": "WHOLE", "size": 50},
        "acting/ledger/last_before": within,
        "acting/ledger/next_client": {"above": whole, "below": after_scope(whole)},
        "acting/ledger/any": {"above": whole, "below": after_scope(whole)},
        "practices/settings/currency": {},
        "practices/settings/set_currency": {"currency": "USD"},
    }


def _charges(sample: "Sample") -> dict[str, Row]:
    practice, people = sample.practice.id, sample.part.marked[:SOME]
    one, names = people[0], {"charge": list(CHARGE.names)}
    scope = client_scope(practice, one.id)
    listed = {"above": scope, "below": after_scope(scope), "audiences": ["SHARED"], "size": 11} | names
    changes = charge_changes(practice, _charge(one), _charge(one))
    return {
        "acting/charges/create": {"clientId": one.id, "charge": charge_row(practice, _new(one))},
        "acting/charges/update": {"rows": [{"id": _of("charge", person), "changes": changes} for person in people]},
        "acting/charges/by_ids": {"ids": [_of("charge", person) for person in people]} | names,
        "acting/charges/of_appointments": {"ids": [_of("appointment", person) for person in people]} | names,
        "acting/charges/of_client": listed,
        "acting/charges/of_client_open": listed,
    }


def _new(person: Person) -> Charge:
    return Charge(new_id("charge"), person.id, 5_000, date(2026, 1, 5), "Visit", STAFF, created_at=WHEN)


def _paid(sample: "Sample") -> dict[str, Row]:
    practice, people = sample.practice.id, sample.part.marked[:SOME]
    one, scope = people[0], client_scope(practice, people[0].id)
    payment, refund = {"payment": list(PAYMENT.names)}, {"refund": list(REFUND.names)}
    made = payment_row(practice, _payment(one)) | {"id": new_id("payment")}
    return {
        "acting/payments/create": {"clientId": one.id, "payment": made},
        "acting/payments/update": {
            "id": _of("payment", one),
            "changes": payment_changes(practice, _payment(one), _payment(one)),
        },
        "acting/payments/by_ids": {"ids": [_of("payment", person) for person in people]} | payment,
        "acting/payments/of_client": {
            "above": scope,
            "below": after_scope(scope),
            "whole": False,
            "own": one.id,
            "size": 11,
        }
        | payment,
        "acting/refunds/create": {"refund": REFUND.row(_refund(one)) | {"id": new_id("refund")}},
        "acting/refunds/by_ids": {"ids": [_of("refund", person) for person in people]} | refund | payment,
        "acting/refunds/of_payments": {"ids": [_of("payment", person) for person in people]} | refund,
    }
