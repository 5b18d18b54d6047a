"""Changes of charges and payments."""

from typing import Any

from graph_api.acting.payments.api.inputs import (
    AddChargeInput,
    RecordPaymentInput,
    RefundPaymentInput,
    SetCurrencyInput,
    VoidChargeInput,
    charge_draft,
    recorded_draft,
    refund_draft,
)
from graph_api.acting.payments.api.types import Charge, Payment, Refund
from graph_api.acting.payments.charging import ChargeService
from graph_api.acting.payments.currency_commands import CurrencyService
from graph_api.acting.payments.recording import RecordingService
from graph_api.kernel.rules import ADMINS, WRITERS
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Request
from graph_api.practices.api.types import Practice
from graph_api.shapes.inputs import given
from graph_api.shapes.mutations import mutation

_CHARGE = ("charge", Charge)


@mutation(ADMINS, "Set the practice's currency, before anything is charged", shows=("practice", Practice))
async def set_currency(scope: Scope, request: Request, source: SetCurrencyInput) -> Any:
    return await scope[CurrencyService].set(request, source.currency)


@mutation(WRITERS, "Add a charge: what a client is to pay for one thing", shows=_CHARGE)
async def add_charge(scope: Scope, request: Request, source: AddChargeInput) -> Any:
    return await scope[ChargeService].add(request, charge_draft(source))


@mutation(WRITERS, "Take back a charge that nobody has paid or is paying", shows=_CHARGE)
async def void_charge(scope: Scope, request: Request, source: VoidChargeInput) -> Any:
    return await scope[ChargeService].void(
        request, str(source.charge_id), source.expected_version, given(source.reason)
    )


@mutation(
    WRITERS, "Record a payment that was made in cash, by check, at the desk or by bank", shows=("payment", Payment)
)
async def record_payment(scope: Scope, request: Request, source: RecordPaymentInput) -> Any:
    return await scope[RecordingService].record(request, recorded_draft(source))


@mutation(WRITERS, "Give money of a payment back, all or a part of it", shows=("refund", Refund))
async def refund_payment(scope: Scope, request: Request, source: RefundPaymentInput) -> Any:
    return await scope[RecordingService].refund(request, refund_draft(source))
