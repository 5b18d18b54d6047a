"""Inputs about charges and payments."""

from datetime import date
from typing import Any

import strawberry

from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.payments.checks import ChargeDraft, RecordedDraft, RefundDraft
from graph_api.acting.payments.model import PaymentMethod
from graph_api.shapes.inputs import EXPECTED_VERSION, KEY, given, needed, taken

_AMOUNT = "In the smallest units of the practice's currency, 1 to 100,000,000"
_NEEDED_KEY = (
    "A key of your choice that makes retries safe: with the same key, the mutation is done only once. It must be sent. "
    "Keys are kept for 24 hours"
)


@strawberry.input(description="Input of setCurrency")
class SetCurrencyInput:
    currency: str = needed("As ISO 4217 names it, such as USD. It can't be changed once anything was charged")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of addCharge")
class AddChargeInput:
    client_id: strawberry.ID = needed("Id of the client")
    amount: int = needed(_AMOUNT)
    description: str = needed("What it is for, in staff's words; at most 200 characters")
    public_description: str | None = taken("What portal accounts read in place of it; `Appointment` by default")
    service_date: date = needed("The day of what it is for")
    appointment_id: strawberry.ID | None = taken("Id of the appointment that it is for")
    audience: RecordAudience = taken(
        "Who sees it besides staff; it can't be changed. A charge for a CLIENT_ONLY appointment must be CLIENT_ONLY",
        default=RecordAudience.SHARED,
    )
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of voidCharge")
class VoidChargeInput:
    charge_id: strawberry.ID = needed("Id of the charge")
    expected_version: int = needed(EXPECTED_VERSION)
    reason: str | None = taken("Why, at most 500 characters; only staff see it")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of recordPayment")
class RecordPaymentInput:
    client_id: strawberry.ID = needed("Id of the client")
    amount: int = needed(_AMOUNT)
    method: PaymentMethod = needed("How it was paid; all but CARD_ONLINE")
    charge_ids: list[strawberry.ID] | None = taken(
        "Ids of the charges that were paid, in this order; the oldest service date first by default"
    )
    payer_person_id: strawberry.ID | None = taken("Id of the person who paid")
    reference: str | None = taken("The number of a check, for instance; only staff see it")
    idempotency_key: str | None = taken(_NEEDED_KEY)


@strawberry.input(description="Input of refundPayment")
class RefundPaymentInput:
    payment_id: strawberry.ID = needed("Id of the payment")
    amount: int = needed(_AMOUNT)
    reason: str | None = taken("Why, at most 500 characters; only staff see it")
    reopen_charges: bool = taken(
        "Whether what is given back is asked for again; else nobody is asked for it", default=False
    )
    idempotency_key: str | None = taken(_NEEDED_KEY)


def _id(value: Any) -> str | None:
    found = given(value)
    return None if found is None else str(found)


def _ids(value: Any) -> tuple[str, ...] | None:
    found = given(value)
    return None if found is None else tuple(str(one) for one in found)


def charge_draft(source: AddChargeInput) -> ChargeDraft:
    """A charge as it was asked for."""
    return ChargeDraft(
        str(source.client_id),
        source.amount,
        source.description,
        source.service_date,
        given(source.public_description),
        _id(source.appointment_id),
        source.audience,
    )


def recorded_draft(source: RecordPaymentInput) -> RecordedDraft:
    """A payment as staff recorded it."""
    return RecordedDraft(
        str(source.client_id),
        source.amount,
        source.method,
        _ids(source.charge_ids),
        _id(source.payer_person_id),
        given(source.reference),
    )


def refund_draft(source: RefundPaymentInput) -> RefundDraft:
    """A refund as it was asked for."""
    return RefundDraft(str(source.payment_id), source.amount, given(source.reason), source.reopen_charges)
