"""Charges, payments, refunds, balances and statements as a caller sees them, in the practice's currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.bylines import Author
from graph_api.acting.payments.model import Allocation, Charge, PaymentFailure, PaymentMethod, PaymentStatus
from graph_api.acting.payments.money import Currency, Money
from graph_api.acting.payments.seen import Balance, Reader, SeenPayment, SeenRefund, description_of


@dataclass(frozen=True, slots=True)
class ShownBalance:
    """What is to be paid."""

    client_id: str
    balance: Balance
    currency: Currency

    @property
    def due(self) -> Money:
        """What can be paid now."""
        return self.currency.of(self.balance.due)

    @property
    def reserved(self) -> Money:
        """What is being paid."""
        return self.currency.of(self.balance.reserved)

    @property
    def credit(self) -> Money:
        """What lies on no charge."""
        return self.currency.of(self.balance.credit)


@dataclass(frozen=True, slots=True)
class ShownCharge:
    """A charge."""

    charge: Charge
    reader: Reader
    currency: Currency

    @property
    def id(self) -> str:
        """The charge's."""
        return self.charge.id

    @property
    def shows(self) -> tuple[str, ...]:
        """The client."""
        return self.charge.shows

    @property
    def version(self) -> int:
        """The charge's."""
        return self.charge.version

    @property
    def client_id(self) -> str:
        """Whose it is."""
        return self.charge.client_id

    @property
    def appointment_id(self) -> str | None:
        """What it is for."""
        return self.charge.appointment_id

    @property
    def description(self) -> str:
        """What it is called for the reader."""
        return description_of(self.charge, self.reader)

    @property
    def service_date(self) -> date:
        """Of what it is for."""
        return self.charge.service_date

    @property
    def amount(self) -> Money:
        """All of it."""
        return self.currency.of(self.charge.amount)

    @property
    def open(self) -> Money:
        """What of it is not paid and still asked for."""
        return self.currency.of(self.charge.open)

    @property
    def audience(self) -> RecordAudience:
        """Who sees it besides staff."""
        return self.charge.audience

    @property
    def voided_at(self) -> datetime | None:
        """When it was voided."""
        return self.charge.voided_at

    @property
    def void_reason(self) -> str | None:
        """To staff."""
        return self.charge.void_reason if self.reader.is_staff else None


@dataclass(frozen=True, slots=True)
class ShownAllocation:
    """The part of a payment that lies on a charge, or is reserved on it."""

    allocation: Allocation
    currency: Currency

    @property
    def charge_id(self) -> str:
        """The charge."""
        return self.allocation.charge_id

    @property
    def amount(self) -> Money:
        """What lies there."""
        return self.currency.of(self.allocation.laid)


@dataclass(frozen=True, slots=True)
class ShownPayment:
    """A payment, as far as a reader sees it."""

    seen: SeenPayment
    reader: Reader
    currency: Currency

    @property
    def id(self) -> str:
        """The payment's."""
        return self.seen.id

    @property
    def shows(self) -> tuple[str, ...]:
        """The client."""
        return self.seen.shows

    @property
    def client_id(self) -> str:
        """Whose charges were paid."""
        return self.seen.payment.client_id

    @property
    def amount(self) -> Money:
        """What the reader sees of it."""
        return self.currency.of(self.seen.amount)

    @property
    def refunded(self) -> Money:
        """What of that was given back."""
        return self.currency.of(self.seen.refunded)

    @property
    def allocations(self) -> Sequence[ShownAllocation]:
        """On which charges it lies."""
        return tuple(ShownAllocation(one, self.currency) for one in self.seen.allocations)

    @property
    def status(self) -> PaymentStatus:
        """Where it stands."""
        return self.seen.payment.status

    @property
    def method(self) -> PaymentMethod:
        """How it was paid."""
        return self.seen.payment.method

    @property
    def created_at(self) -> datetime | None:
        """When it was begun or recorded."""
        return self.seen.payment.created_at

    @property
    def settled_at(self) -> datetime | None:
        """When it succeeded, failed or was cancelled."""
        return self.seen.payment.settled_at

    @property
    def receipt_number(self) -> str | None:
        """Once it has succeeded."""
        return self.seen.payment.receipt_number

    @property
    def is_disputed(self) -> bool:
        """Whether a bank wants the money back."""
        return self.seen.payment.is_disputed

    @property
    def failure(self) -> PaymentFailure | None:
        """To staff and the payer."""
        return self.seen.failure

    @property
    def reference(self) -> str | None:
        """To staff."""
        return self.seen.reference

    @property
    def made_by(self) -> Author:
        """Whose account paid, or the staff who recorded it."""
        return self.seen.payment.made_by

    @property
    def payer_person_id(self) -> str | None:
        """Of one that staff recorded: who paid. A portal account is told of itself and of the client alone (X4)."""
        payer = self.seen.payment.payer_person_id
        is_told = self.reader.is_staff or payer in (self.reader.person_id, self.client_id)
        return payer if is_told else None


@dataclass(frozen=True, slots=True)
class ShownRefund:
    """A refund, as far as a reader sees it."""

    seen: SeenRefund
    currency: Currency

    @property
    def id(self) -> str:
        """The refund's."""
        return self.seen.id

    @property
    def shows(self) -> tuple[str, ...]:
        """The client."""
        return self.seen.shows

    @property
    def client_id(self) -> str:
        """Whose charges had been paid."""
        return self.seen.refund.client_id

    @property
    def payment_id(self) -> str:
        """Of which payment."""
        return self.seen.refund.payment_id

    @property
    def amount(self) -> Money:
        """What the reader sees of it."""
        return self.currency.of(self.seen.amount)

    @property
    def status(self) -> PaymentStatus:
        """Where it stands."""
        return self.seen.refund.status

    @property
    def reason(self) -> str | None:
        """To staff."""
        return self.seen.reason

    @property
    def made_by(self) -> Author:
        """Who gave it back."""
        return self.seen.refund.made_by

    @property
    def created_at(self) -> datetime | None:
        """When it was begun."""
        return self.seen.refund.created_at
