"""What the audit log tells of charges, payments and refunds: amounts and ids, never a description or a reason (X8)."""

from graph_api.acting.bylines import Author
from graph_api.acting.payments.model import Charge, Payment, Refund
from graph_api.audit.changes import changes_between
from graph_api.kernel.fields import logged_fields
from graph_api.kernel.happened import EventKind, FieldChange, Happened

NOT_CHANGES = frozenset({"clientId", "paymentId"})
"""The chain is the client's, and the payment of a refund stands beside it."""
SPELLED = {
    "amount": "amountOfMoney",
    "audience": "chargeAudience",
    "method": "paymentMethod",
    "status": "paymentStatus",
    "failure": "paymentFailure",
    "payerPersonId": "payer",
}
"""Words that stand for something else in other events."""


def values_of(thing: object | None) -> dict[str, object]:
    """The fields that the log tells of, by their names there; none of what is not there."""
    fields = {} if thing is None else logged_fields(type(thing))
    return {SPELLED.get(name, name): getattr(thing, own) for name, own in fields.items() if name not in NOT_CHANGES}


def _audited(
    kind: EventKind, author: Author, which: FieldChange, before: object | None, after: Charge | Payment | Refund
) -> Happened:
    changes = (which, *changes_between(values_of(before), values_of(after)))
    return Happened(kind, after.client_id, author.contact_id, author.contact_version, changes, author.reason)


def audited_charge(kind: EventKind, author: Author, before: Charge | None, after: Charge) -> Happened:
    """What was done to a charge, in the client's chain."""
    which = FieldChange("charge", None if before is None else after.id, after.id)
    return _audited(kind, author, which, before, after)


def audited_payment(kind: EventKind, author: Author, before: Payment | None, after: Payment) -> Happened:
    """What was done to a payment, in the client's chain."""
    which = FieldChange("payment", None if before is None else after.id, after.id)
    return _audited(kind, author, which, before, after)


def audited_refund(kind: EventKind, author: Author, before: Refund | None, after: Refund) -> Happened:
    """What was done to a refund, in the client's chain; its payment is named first."""
    which = FieldChange("payment", after.payment_id, after.payment_id)
    told = _audited(kind, author, which, before, after)
    refund = FieldChange("refund", None if before is None else after.id, after.id)
    first, *others = told.changes
    return Happened(kind, told.subject_id, told.contact_id, told.contact_version, (first, refund, *others), told.reason)


def audited_currency(practice_id: str, before: str | None, after: str) -> Happened:
    """The practice's currency, in its own chain."""
    return Happened(EventKind.SET_CURRENCY, practice_id, changes=(FieldChange("currency", before, after),))
