"""How charges, payments and entries of ledgers are kept, and the keys they are found by."""

from datetime import UTC, datetime
from enum import Enum
from typing import Any

from graph_api.acting.payments.ledger import LedgerEntry
from graph_api.acting.payments.model import Charge, Payment
from graph_api.acting.payments.records import CHARGE, LEDGER_ENTRY, PAYMENT
from graph_api.engine.session import Row
from graph_api.kernel.rows import newest_first, present, stamp

_LATEST_DAY = 9_999_999
"""In days since the year 1; later than all that can be written."""
_DIGITS = 10
_NEVER = datetime.max.replace(tzinfo=UTC)
"""After every payment."""


class SharedPart(Enum):
    """What of a payment contacts who see the client's balance may see; kept so that pages of payments have no gaps."""

    LAID = "LAID"
    """What lies on charges that they see, or is reserved there."""
    LOOSE = "LOOSE"
    """Credit alone, which of them only the payer sees."""


class EntryPart(Enum):
    """Which entries are read."""

    ALL = "ALL"
    WHOLE = "WHOLE"
    """Those that change the whole balance."""
    SHARED = "SHARED"
    """Those that change what contacts read."""


def client_scope(practice_id: str, client_id: str) -> str:
    """What the keys of a client's charges, payments and entries begin with."""
    return f"{practice_id}|{client_id}|"


def practice_scope(practice_id: str) -> str:
    """What the keys of a practice's charges begin with."""
    return f"{practice_id}|"


def charge_place(charge: Charge) -> str:
    """Where a charge stands in the list of all, the newest service date first."""
    return f"{_LATEST_DAY - charge.service_date.toordinal():07d}|{charge.id}"


def open_place(charge: Charge) -> str:
    """Where a charge stands among those that are open, the oldest service date first: they are paid in this order."""
    return f"{charge.service_date.isoformat()}|{charge.id}"


def payment_place(payment: Payment) -> str:
    """Where a payment stands in lists, the newest first."""
    return f"{newest_first(payment.created_at or _NEVER)}|{payment.id}"


def entry_place(at: datetime, number: int) -> str:
    """Where an entry stands in its ledger."""
    return f"{stamp(at)}|{number:0{_DIGITS}d}"


def _charge_keys(practice_id: str, charge: Charge) -> dict[str, Any]:
    scope = client_scope(practice_id, charge.client_id)
    return {
        "clientKey": scope + charge_place(charge),
        "openKey": scope + open_place(charge) if charge.open else None,
    }


def charge_row(practice_id: str, charge: Charge) -> Row:
    """A new charge's properties."""
    return CHARGE.row(charge) | present(_charge_keys(practice_id, charge))


def charge_changes(practice_id: str, before: Charge, after: Charge) -> Row:
    """What is to be set so that the one becomes the other; None takes a property away."""
    old = CHARGE.some(before, *CHARGE.fields) | _charge_keys(practice_id, before)
    new = CHARGE.some(after, *CHARGE.fields) | _charge_keys(practice_id, after)
    return {name: value for name, value in new.items() if value != old[name]}


def shared_part(payment: Payment) -> SharedPart | None:
    """As `seen.seen_payment` decides it; a test compares them."""
    shared = [one for one in payment.allocations if one.is_shared]
    if any(not one.is_loose for one in shared):
        return SharedPart.LAID
    return SharedPart.LOOSE if shared else None


def _payment_keys(practice_id: str, payment: Payment) -> dict[str, Any]:
    part = shared_part(payment)
    return {
        "clientKey": client_scope(practice_id, payment.client_id) + payment_place(payment),
        "sharedPart": None if part is None else part.value,
    }


def payment_row(practice_id: str, payment: Payment) -> Row:
    """A new payment's properties."""
    return PAYMENT.row(payment) | present(_payment_keys(practice_id, payment))


def payment_changes(practice_id: str, before: Payment, after: Payment) -> Row:
    """What is to be set so that the one becomes the other; None takes a property away."""
    old = PAYMENT.some(before, *PAYMENT.fields) | _payment_keys(practice_id, before)
    new = PAYMENT.some(after, *PAYMENT.fields) | _payment_keys(practice_id, after)
    return {name: value for name, value in new.items() if value != old[name]}


def entry_row(practice_id: str, client_id: str, entry: LedgerEntry) -> Row:
    """A new entry's properties."""
    scope = client_scope(practice_id, client_id)
    return LEDGER_ENTRY.row(entry) | {
        "clientId": client_id,
        "key": f"{scope}{entry.number:0{_DIGITS}d}",
        "timeKey": scope + entry_place(entry.at, entry.number),
    }
