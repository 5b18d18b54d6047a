"""Charges of clients, what was paid on them and given back, and the entries of their ledgers (P1-P3, P7, P11).

All amounts are minor units of the practice's currency. Whatever is a sum of something else is worked out, with one
exception: a charge keeps what payments and refunds did to it, so that what is due can be read from the charges alone.
`differences.check` proves that it is right.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.bylines import Author
from graph_api.kernel.fields import kept

_RECEIPT = "R-"
_RECEIPT_DIGITS = 12


class PaymentStatus(Enum):
    """Where a payment or a refund stands (P8)."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class PaymentMethod(Enum):
    """How somebody paid; all but CARD_ONLINE are recorded by staff (P10)."""

    CARD_ONLINE = "CARD_ONLINE"
    CASH = "CASH"
    CHECK = "CHECK"
    CARD_TERMINAL = "CARD_TERMINAL"
    BANK = "BANK"
    OTHER = "OTHER"


class PaymentFailure(Enum):
    """Why a payment did not succeed; never in the gateway's words (P15)."""

    DECLINED = "DECLINED"
    EXPIRED_CARD = "EXPIRED_CARD"
    AUTHENTICATION = "AUTHENTICATION"
    CANCELLED = "CANCELLED"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Charge:
    """What a client is to pay for one thing (P2). Its amount and its audience never change."""

    id: str
    client_id: str
    amount: int
    service_date: date
    description: str = kept(logged=False)
    """For staff."""
    added_by: Author = kept(prefix="addedBy", logged=False)
    public_description: str | None = kept(None, logged=False)
    """What portal accounts read in place of the description."""
    appointment_id: str | None = None
    audience: RecordAudience = RecordAudience.SHARED
    paid: int = kept(0, logged=False)
    """Laid on it by payments that succeeded, and neither refunded nor withdrawn."""
    reserved: int = kept(0, logged=False)
    """Laid on it by payments that have not ended."""
    withdrawn: int = kept(0, logged=False)
    """Paid, and taken back by a bank in a dispute: nobody is asked for it again."""
    written_off: int = kept(0, logged=False)
    """Paid and refunded without opening the charge again: nobody is asked for it again."""
    voided_at: datetime | None = None
    voided_by: Author | None = kept(None, prefix="voidedBy", logged=False)
    void_reason: str | None = kept(None, logged=False)
    version: int = kept(1, logged=False)
    """It grows with everything that happens to the charge, payments included."""
    created_at: datetime | None = kept(None, logged=False)

    @property
    def shows(self) -> tuple[str, ...]:
        """The client."""
        return (self.client_id,)

    @property
    def open(self) -> int:
        """What of it is not paid and still asked for, reserved or not; nothing of one that is void."""
        return 0 if self.voided_at is not None else self.amount - self.paid - self.withdrawn - self.written_off

    @property
    def due(self) -> int:
        """What of it can be paid now: open, and not being paid."""
        return self.open - self.reserved

    @property
    def is_shared(self) -> bool:
        """Whether contacts who may see the client's balance see it."""
        return self.audience is RecordAudience.SHARED


@dataclass(frozen=True, slots=True)
class Allocation:
    """The part of a payment that was laid on one charge, and what became of it.

    Every unit of a payment belongs to one allocation for ever, so that each has an audience (P15). What was not given
    back is laid on the charge or, if the allocation is loose, credit of the client.
    """

    charge_id: str
    audience: RecordAudience
    """The charge's; it never changes."""
    amount: int
    refunding: int = 0
    """What refunds that have not ended will give back."""
    refunded: int = 0
    """What refunds that succeeded gave back."""
    withdrawn: int = 0
    """What a bank took back in a dispute."""
    is_loose: bool = False
    """Whether the money came when the charge was paid or void already. It lies on no charge."""

    @property
    def left(self) -> int:
        """What was not given back."""
        return self.amount - self.refunded - self.withdrawn

    @property
    def laid(self) -> int:
        """What lies on the charge, once the payment has succeeded."""
        return 0 if self.is_loose else self.left

    @property
    def free(self) -> int:
        """What can still be refunded or withdrawn."""
        return self.left - self.refunding

    @property
    def is_shared(self) -> bool:
        """Whether contacts who may see the client's balance see its charge."""
        return self.audience is RecordAudience.SHARED


def _allocation_text(one: Allocation) -> str:
    numbers = (one.amount, one.refunding, one.refunded, one.withdrawn, int(one.is_loose))
    return "|".join((one.charge_id, one.audience.value, *map(str, numbers)))


def _allocation(text: str) -> Allocation:
    charge_id, audience, *numbers = text.split("|")
    amount, refunding, refunded, withdrawn, is_loose = map(int, numbers)
    return Allocation(charge_id, RecordAudience(audience), amount, refunding, refunded, withdrawn, bool(is_loose))


@dataclass(frozen=True, slots=True)
class Payment:
    """Money for a client's charges (P3, P5, P9)."""

    id: str
    client_id: str
    amount: int
    method: PaymentMethod
    status: PaymentStatus
    made_by: Author = kept(prefix="madeBy", logged=False)
    """Whose account paid, or the staff who recorded it."""
    allocations: tuple[Allocation, ...] = kept((), texts=(_allocation_text, _allocation), logged=False)
    """All of the amount. They keep their order, and none goes."""
    payer_person_id: str | None = None
    """Of one that staff recorded: who paid, if they said so."""
    reference: str | None = kept(None, logged=False)
    """Of one that staff recorded: the number of a check, for instance."""
    failure: PaymentFailure | None = None
    is_disputed: bool = False
    gateway_id: str | None = kept(None, logged=False)
    """By which the gateway knows it, once it does."""
    created_at: datetime | None = kept(None, logged=False)
    settled_at: datetime | None = kept(None, logged=False)
    """When it succeeded, failed or was cancelled: the time of its entry in the ledger, if it succeeded."""

    @property
    def shows(self) -> tuple[str, ...]:
        """The client."""
        return (self.client_id,)

    @property
    def payer_id(self) -> str | None:
        """The person who paid; None if nobody said who."""
        return self.made_by.person_id or self.payer_person_id

    @property
    def has_succeeded(self) -> bool:
        """Whether the money has come."""
        return self.status is PaymentStatus.SUCCEEDED

    @property
    def refunded(self) -> int:
        """What refunds gave back."""
        return sum(one.refunded for one in self.allocations)

    @property
    def withdrawn(self) -> int:
        """What a bank took back in a dispute."""
        return sum(one.withdrawn for one in self.allocations)

    @property
    def refundable(self) -> int:
        """What can be refunded now: paid, and neither given back nor about to be."""
        return sum(one.free for one in self.allocations) if self.has_succeeded else 0

    @property
    def credit(self) -> int:
        """What of it lies on no charge and was not given back."""
        return sum(one.left for one in self.allocations if one.is_loose) if self.has_succeeded else 0

    @property
    def receipt_number(self) -> str | None:
        """Of the receipt, once it has succeeded; it follows from the id (P14)."""
        digits = self.id.rpartition("_")[2][:_RECEIPT_DIGITS].upper()
        return _RECEIPT + digits if self.has_succeeded else None


@dataclass(frozen=True, slots=True)
class RefundPart:
    """What a refund gives back of one allocation of its payment."""

    place: int
    """Of the allocation among the payment's."""
    charge_id: str
    audience: RecordAudience
    """As the allocation has them."""
    amount: int


def _part_text(part: RefundPart) -> str:
    return "|".join((str(part.place), part.charge_id, part.audience.value, str(part.amount)))


def _part(text: str) -> RefundPart:
    place, charge_id, audience, amount = text.split("|")
    return RefundPart(int(place), charge_id, RecordAudience(audience), int(amount))


@dataclass(frozen=True, slots=True)
class Refund:
    """Money of a payment given back (P7)."""

    id: str
    payment_id: str
    client_id: str
    amount: int
    status: PaymentStatus
    made_by: Author = kept(prefix="madeBy", logged=False)
    parts: tuple[RefundPart, ...] = kept((), texts=(_part_text, _part), logged=False)
    """All of the amount."""
    reopens: bool = False
    """Whether its charges open again: staff's choice. Else they are written off as far as it goes."""
    reason: str | None = kept(None, logged=False)
    """For staff."""
    gateway_id: str | None = kept(None, logged=False)
    created_at: datetime | None = kept(None, logged=False)
    settled_at: datetime | None = kept(None, logged=False)
    """As of a payment."""

    @property
    def shows(self) -> tuple[str, ...]:
        """The client."""
        return (self.client_id,)

    @property
    def has_succeeded(self) -> bool:
        """Whether the money has gone back."""
        return self.status is PaymentStatus.SUCCEEDED
