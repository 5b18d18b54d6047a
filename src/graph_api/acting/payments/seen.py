"""What somebody sees of a client's charges, payments, refunds, balance and statement (P2, P15, X4, X6).

Whatever shows, lists or counts any of these asks here. Staff and the client's own account see all of it. A contact sees
the shared part: what is laid on charges that they may see. What has no shared part does not exist for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.payments.ledger import EntryKind, LedgerEntry
from graph_api.acting.payments.model import (
    Allocation,
    Charge,
    Payment,
    PaymentFailure,
    PaymentMethod,
    PaymentStatus,
    Refund,
)
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.rules import WRITERS

PUBLIC_DESCRIPTION = "Appointment"
"""Of a charge to which staff gave none for the portal."""
_ALL = frozenset(RecordAudience)
_SHARED = frozenset({RecordAudience.SHARED})
_NONE = frozenset[RecordAudience]()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks about what one client has to pay."""

    role: ViewerRole
    person_id: str | None = None
    """Whose portal account it is."""
    may_view: bool = False
    """Of a portal account: whether VIEW_BALANCE for this client was decided as a yes, at this moment; of one that
    pays, MAKE_PAYMENT."""

    @property
    def is_staff(self) -> bool:
        """Whether staff read it."""
        return WRITERS.allows(self.role)

    def is_payer(self, payment: Payment) -> bool:
        """Whether the payment is their own."""
        return self.person_id is not None and payment.payer_id == self.person_id


@dataclass(frozen=True, slots=True)
class Balance:
    """What is to be paid, in minor units."""

    due: int
    """What can be paid now."""
    reserved: int
    """What is being paid."""
    credit: int
    """What lies on no charge; told to staff and to the client's own account alone."""


@dataclass(frozen=True, slots=True)
class SeenPayment:
    """A payment, as far as somebody sees it."""

    payment: Payment
    amount: int
    refunded: int
    allocations: tuple[Allocation, ...]
    """What lies on charges that they see (`laid`), or is reserved on them (`amount`)."""
    failure: PaymentFailure | None
    """To staff and the payer."""
    reference: str | None
    """To staff."""

    @property
    def id(self) -> str:
        """The payment's."""
        return self.payment.id

    @property
    def shows(self) -> tuple[str, ...]:
        """The client."""
        return self.payment.shows


@dataclass(frozen=True, slots=True)
class SeenRefund:
    """A refund, as far as somebody sees it."""

    refund: Refund
    amount: int
    reason: str | None
    """To staff."""

    @property
    def id(self) -> str:
        """The refund's."""
        return self.refund.id

    @property
    def shows(self) -> tuple[str, ...]:
        """The client."""
        return self.refund.shows


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """A line of a statement, as somebody reads it."""

    number: int
    at: datetime
    kind: EntryKind
    node_id: str
    amount: int
    balance: int
    """After it, of what they see."""


def seen_audiences(client_id: str, reader: Reader) -> frozenset[RecordAudience]:
    """The audiences of those of a client's charges that the reader sees and, from a portal account, may pay. Analysts
    see none."""
    if reader.is_staff:
        return _ALL
    if reader.role is not ViewerRole.PORTAL or not reader.may_view or reader.person_id is None:
        return _NONE
    return _ALL if reader.person_id == client_id else _SHARED


def sees_all(client_id: str, reader: Reader) -> bool:
    """Whether the reader sees the whole of it, credit included."""
    return seen_audiences(client_id, reader) == _ALL


def is_seen(charge: Charge, reader: Reader) -> bool:
    """Whether the reader sees a charge."""
    return charge.audience in seen_audiences(charge.client_id, reader)


def description_of(charge: Charge, reader: Reader) -> str:
    """What a charge that the reader sees is called: staff's own words are for staff."""
    return charge.description if reader.is_staff else charge.public_description or PUBLIC_DESCRIPTION


def balance_of(client_id: str, charges: Iterable[Charge], credit: int, reader: Reader) -> Balance | None:
    """What is to be paid, of what the reader sees; None if they see nothing of the client.

    Args:
        client_id: whose it is.
        charges: all of the client that are open.
        credit: as `ledger.credit_of` finds it.
        reader: who asks.
    """
    audiences = seen_audiences(client_id, reader)
    if not audiences:
        return None
    some = [charge for charge in charges if charge.audience in audiences]
    due, reserved = sum(charge.due for charge in some), sum(charge.reserved for charge in some)
    return Balance(due, reserved, credit if audiences == _ALL else 0)


def seen_payment(payment: Payment, reader: Reader) -> SeenPayment | None:
    """A payment as the reader sees it; None if it does not exist for them."""
    some = [one for one in payment.allocations if _is_seen(one, payment, reader)]
    if not some:
        return None
    return SeenPayment(
        payment,
        amount=sum(one.amount for one in some),
        refunded=sum(one.refunded for one in some),
        allocations=tuple(one for one in some if one.laid),
        failure=payment.failure if reader.is_staff or reader.is_payer(payment) else None,
        reference=payment.reference if reader.is_staff else None,
    )


def seen_refund(refund: Refund, payment: Payment, reader: Reader) -> SeenRefund | None:
    """A refund of the payment as the reader sees it; None if it does not exist for them."""
    amount = sum(part.amount for part in refund.parts if _is_seen(payment.allocations[part.place], payment, reader))
    return SeenRefund(refund, amount, refund.reason if reader.is_staff else None) if amount else None


def _is_seen(one: Allocation, payment: Payment, reader: Reader) -> bool:
    """Whether the reader sees a part of a payment. Of credit a contact is told nothing, unless they paid it."""
    audiences = seen_audiences(payment.client_id, reader)
    is_told = not one.is_loose or audiences == _ALL or reader.is_payer(payment)
    return one.audience in audiences and is_told


def seen_entry(entry: LedgerEntry, client_id: str, reader: Reader) -> SeenEntry | None:
    """An entry as the reader sees it; None if it does not exist for them. Its number shows nobody anything: it has
    gaps for a contact, so it must not be shown, nor stand in a cursor that can be read."""
    if sees_all(client_id, reader):
        amount, balance = entry.amount, entry.balance
    else:
        amount, balance = entry.shared, entry.shared_balance
    if not amount or not seen_audiences(client_id, reader):
        return None
    return SeenEntry(entry.number, entry.at, entry.kind, entry.node_id, amount, balance)


def sees_client_secret(payment: Payment, reader: Reader) -> bool:
    """Whether the reader may be told by what the payment is confirmed at the gateway: the payer, while it waits for
    them (P14)."""
    is_waiting = payment.status is PaymentStatus.PENDING and payment.method is PaymentMethod.CARD_ONLINE
    is_own = reader.role is ViewerRole.PORTAL and payment.made_by.person_id == reader.person_id
    return is_waiting and is_own and reader.may_view and reader.person_id is not None
