"""What is to be paid and was paid as fields of clients, and the currency of practices."""

from datetime import date
from typing import Annotated, Any

import strawberry

from graph_api.acting.appointments.api.mutations import CANCEL_APPOINTMENT, SET_APPOINTMENT_OUTCOME
from graph_api.acting.appointments.api.settings.types import AppointmentType
from graph_api.acting.appointments.graph.settings import TypeReads
from graph_api.acting.payments.api.types import (
    AddChargeDraft,
    Balance,
    ChargeConnection,
    Money,
    PaymentConnection,
    Statement,
)
from graph_api.acting.payments.fees import fee_draft
from graph_api.acting.payments.questions import StatementQuestions
from graph_api.acting.payments.reading import Currencies, PaymentReading
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.rules import WRITERS, WRITERS_AND_ACCOUNTS
from graph_api.people.api.types import Person
from graph_api.practices.api.types import Practice
from graph_api.shapes.context import Info
from graph_api.shapes.extending import extends
from graph_api.shapes.node import readable
from graph_api.shapes.pages import AFTER, FIRST


@extends(Person)
class PersonPayments:
    @strawberry.field(
        description="What is to be paid for the client. Null if the viewer may not see it, and if the practice has set "
        "no currency",
        graphql_type=Balance | None,
        metadata=readable(WRITERS_AND_ACCOUNTS),
    )
    async def balance(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context[PaymentReading].balance(root.id)

    @strawberry.field(
        description="The client's charges that the viewer can see: the newest service date first, or those that are "
        "open, the oldest first. Null if the viewer sees no charges of the client",
        graphql_type=ChargeConnection | None,
        metadata=readable(WRITERS_AND_ACCOUNTS),
    )
    async def charges(
        root: strawberry.Parent[Any],
        info: Info,
        open_only: Annotated[
            bool, strawberry.argument(description="Only those of which something is still to be paid")
        ] = False,
        first: FIRST = None,
        after: AFTER = None,
    ) -> Any:
        arguments = PageArguments(first, after)
        return await info.context[PaymentReading].charges(root.id, arguments, open_only=open_only)

    @strawberry.field(
        description="The payments for the client that the viewer can see, the newest first. Null if the viewer sees "
        "no payments for the client",
        graphql_type=PaymentConnection | None,
        metadata=readable(WRITERS_AND_ACCOUNTS),
    )
    async def payments(root: strawberry.Parent[Any], info: Info, first: FIRST = None, after: AFTER = None) -> Any:
        return await info.context[PaymentReading].payments(root.id, PageArguments(first, after))

    @strawberry.field(
        description="What was owed and paid in some days. Null if the viewer may not see it",
        graphql_type=Statement | None,
        metadata=readable(WRITERS_AND_ACCOUNTS),
    )
    async def statement(
        root: strawberry.Parent[Any],
        info: Info,
        from_: Annotated[date, strawberry.argument(name="from", description="The first day")],
        to: Annotated[date, strawberry.argument(description="The last day")],
    ) -> Any:
        return await info.context[StatementQuestions].of(root.id, from_, to)


@extends(Practice)
class PracticePayments:
    @strawberry.field(
        description="The currency of all amounts, as ISO 4217 names it; null until admins have set it",
        metadata=readable(WRITERS),
    )
    async def currency(root: strawberry.Parent[Any], info: Info) -> str | None:
        own = await info.context[Currencies].own()
        return None if own is None else own.code


async def _money(info: Info, amount: int | None) -> Any:
    own = await info.context[Currencies].own()
    return None if own is None or amount is None else own.of(amount)


@extends(AppointmentType)
class TypePrices:
    @strawberry.field(
        description="What it costs; null if the practice has not said, and if it has set no currency",
        graphql_type=Money | None,
        metadata=readable(WRITERS_AND_ACCOUNTS),
    )
    async def price(root: strawberry.Parent[Any], info: Info) -> Any:
        return await _money(info, root.price)

    @strawberry.field(
        description="What the practice may charge for a late cancellation or a missed appointment",
        graphql_type=Money | None,
        metadata=readable(WRITERS_AND_ACCOUNTS),
    )
    async def late_fee(root: strawberry.Parent[Any], info: Info) -> Any:
        return await _money(info, root.late_fee)


async def _fee(root: strawberry.Parent[Any], info: Info) -> Any:
    if root.entity is None:
        return None
    appointment = root.entity.appointment
    kinds = await info.context.graph[TypeReads].by_ids([appointment.type_id])
    return fee_draft(appointment, kinds[appointment.type_id]) if appointment.type_id in kinds else None


def _offer_fee(payload: type) -> None:
    @extends(payload)
    class OfferedFee:
        add_charge: AddChargeDraft | None = strawberry.field(
            resolver=_fee,
            description="The type's fee for a late cancellation or a missed appointment, as an input of addCharge. "
            "Nothing is charged by itself. Null if there is none",
            graphql_type=AddChargeDraft | None,
            metadata=readable(WRITERS),
        )


_offer_fee(CANCEL_APPOINTMENT)
_offer_fee(SET_APPOINTMENT_OUTCOME)
