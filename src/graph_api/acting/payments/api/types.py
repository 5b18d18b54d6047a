"""Charges, payments, refunds, balances and statements in GraphQL."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from graph_api.acting.api import Byline
from graph_api.acting.appointments.api.loaders import BylineLoader
from graph_api.acting.appointments.api.types import Appointment
from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.appointments.reading import AskedByline
from graph_api.acting.payments import checks, laying, money, questions
from graph_api.acting.payments import shown as shown_payments
from graph_api.acting.payments.api import enums as _enums  # noqa: F401 - makes them part of the schema
from graph_api.acting.payments.api.loaders import RefundsLoader
from graph_api.acting.payments.model import PaymentFailure, PaymentMethod, PaymentStatus
from graph_api.acting.payments.questions import StatementQuestions
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.rules import WRITERS, WRITERS_AND_ACCOUNTS
from graph_api.people.api.types import Person
from graph_api.shapes.context import Info
from graph_api.shapes.errors import MutationError
from graph_api.shapes.node import VERSION, Node, is_a, readable_by, shown
from graph_api.shapes.nodes import NodeLoader
from graph_api.shapes.pages import AFTER, CURSOR, FIRST, PageInfo, edges_of, nodes_of, page_info_field


async def _client(root: strawberry.Parent[Any], info: Info) -> Any:
    return await info.context[NodeLoader].load(root.client_id)


async def _appointment(root: strawberry.Parent[Any], info: Info) -> Any:
    return None if root.appointment_id is None else await info.context[NodeLoader].load(root.appointment_id)


async def _charge(root: strawberry.Parent[Any], info: Info) -> Any:
    return await info.context[NodeLoader].load(root.charge_id)


async def _payment(root: strawberry.Parent[Any], info: Info) -> Any:
    return await info.context[NodeLoader].load(root.payment_id)


async def _node(root: strawberry.Parent[Any], info: Info) -> Any:
    return await info.context[NodeLoader].load(root.node_id)


async def _refunds(root: strawberry.Parent[Any], info: Info) -> Any:
    return await info.context[RefundsLoader].load(root)


async def _payer_person(root: strawberry.Parent[Any], info: Info) -> Any:
    return None if root.payer_person_id is None else await info.context[NodeLoader].load(root.payer_person_id)


async def _made_by(root: strawberry.Parent[Any], info: Info) -> Any:
    return await info.context[BylineLoader].load(AskedByline(root.client_id, root.made_by))


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="An amount of money")
class Money:
    amount: int = shown("In the smallest units of the currency: 1250 of USD are 12.50 dollars")
    currency: str = shown("The practice's currency, as ISO 4217 names it")
    text: str = shown("The amount as people read it")
    is_type_of = is_a(money.Money)


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="What is to be paid for a client, of what the viewer sees")
class Balance:
    due: Money = shown("What can be paid now")
    reserved: Money = shown("What is being paid")
    credit: Money = shown("What was paid and lies on no charge; only staff and the client see it, others read 0")
    is_type_of = is_a(shown_payments.ShownBalance)


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="What a client is to pay for one thing. Its amount and audience never change")
class Charge(Node):
    client: Person | None = strawberry.field(resolver=_client, description="The client", graphql_type=Person | None)
    description: str = shown("What it is for; portal accounts read the publicDescription, or `Appointment`")
    service_date: date = shown("The day of what it is for")
    appointment: Appointment | None = strawberry.field(
        resolver=_appointment,
        description="The appointment that it is for; null if there is none, and if the viewer may not see it",
        graphql_type=Appointment | None,
    )
    amount: Money = shown("All of it")
    open: Money = shown("What of it is not paid and still asked for; what is being paid is open, too")
    audience: RecordAudience = shown("Who sees it besides staff")
    voided_at: datetime | None = shown("When staff voided it")
    void_reason: str | None = shown("Why staff voided it", WRITERS)
    version: int | None = shown(VERSION, WRITERS)
    is_type_of = is_a(shown_payments.ShownCharge)


@readable_by(WRITERS)
@strawberry.type(description="A charge that is ready to be added: the fields of an input of addCharge")
class AddChargeDraft:
    client_id: strawberry.ID = shown("Id of the client")
    amount: int = shown("In the smallest units of the practice's currency")
    description: str = shown("What it is for, in staff's words")
    public_description: str | None = shown("What portal accounts read in place of it")
    service_date: date = shown("The day of what it is for")
    appointment_id: strawberry.ID | None = shown("Id of the appointment that it is for")
    audience: RecordAudience = shown("Who sees it besides staff; as the appointment has it")
    is_type_of = is_a(checks.ChargeDraft)


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="The part of a payment that lies on a charge, or is reserved on it")
class Allocation:
    charge: Charge | None = strawberry.field(resolver=_charge, description="The charge", graphql_type=Charge | None)
    amount: Money = shown("What lies there; what was given back is left out")
    is_type_of = is_a(shown_payments.ShownAllocation)


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="Money that was given back")
class Refund(Node):
    payment: Annotated["Payment", strawberry.lazy(__name__)] | None = strawberry.field(
        resolver=_payment,
        description="The payment that it was given back of",
        graphql_type=Annotated["Payment", strawberry.lazy(__name__)] | None,
    )
    amount: Money = shown("How much")
    status: PaymentStatus = shown("Where it stands")
    reason: str | None = shown("Why it was given back", WRITERS)
    by: Byline | None = strawberry.field(resolver=_made_by, description="Who gave it back", graphql_type=Byline | None)
    created_at: datetime | None = shown("When it was begun")
    is_type_of = is_a(shown_payments.ShownRefund)


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(
    description="Money that was paid for a client's charges. A contact sees the part that lies on charges that they see"
)
class Payment(Node):
    client: Person | None = strawberry.field(resolver=_client, description="The client", graphql_type=Person | None)
    amount: Money = shown("How much")
    refunded: Money = shown("What of it was given back")
    status: PaymentStatus = shown("Where it stands")
    method: PaymentMethod = shown("How it was paid")
    payer: Byline | None = strawberry.field(
        resolver=_made_by,
        description="Who paid from a portal account, or which of the staff recorded it. Portal accounts see other "
        "contacts as `another contact`",
        graphql_type=Byline | None,
    )
    payer_person: Person | None = strawberry.field(
        resolver=_payer_person,
        description="Of a payment that staff recorded: who paid, if they said so; null if the viewer may not see them",
        graphql_type=Person | None,
    )
    reference: str | None = shown("Of a payment that staff recorded: the number of a check, for instance", WRITERS)
    created_at: datetime | None = shown("When it was begun or recorded")
    settled_at: datetime | None = shown("When it succeeded, failed or was cancelled")
    receipt_number: str | None = shown("The number of the receipt; null until it has succeeded")
    allocations: list[Allocation] = shown("On which charges it lies, or is reserved")
    refunds: list[Refund] = strawberry.field(
        resolver=_refunds,
        description="What was given back, in the order in which it was",
        graphql_type=list[Refund],
    )
    is_disputed: bool = shown("Whether the payer's bank wants the money back")
    failure: PaymentFailure | None = shown("Why it did not succeed; only staff and the payer see it")
    is_type_of = is_a(shown_payments.ShownPayment)


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="An edge in a page of charges")
class ChargeEdge:
    cursor: str = shown(CURSOR)
    node: Charge = shown("The charge")


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="A page of charges")
class ChargeConnection:
    edges: list[ChargeEdge] = edges_of("ChargeEdge", __name__)
    nodes: list[Charge] = nodes_of("Charge", __name__)
    page_info: PageInfo = page_info_field()


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="An edge in a page of payments")
class PaymentEdge:
    cursor: str = shown(CURSOR)
    node: Payment = shown("The payment")


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="A page of payments, the newest first")
class PaymentConnection:
    edges: list[PaymentEdge] = edges_of("PaymentEdge", __name__)
    nodes: list[Payment] = nodes_of("Payment", __name__)
    page_info: PageInfo = page_info_field()


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="A line of a statement")
class LedgerEntry:
    at: datetime = shown("When it happened")
    text: str = shown("What happened, in words")
    amount: Money = shown("What it adds to the balance; a payment takes something off it")
    balance: Money = shown("What is owed after it, of what the viewer sees")
    node: Node | None = strawberry.field(
        resolver=_node, description="The charge, payment or refund", graphql_type=Node | None
    )
    is_type_of = is_a(questions.ShownEntry)


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="An edge in a page of a statement")
class LedgerEntryEdge:
    cursor: str = shown(CURSOR)
    node: LedgerEntry = shown("The line")


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="A page of a statement, in the order in which things happened")
class LedgerEntryConnection:
    edges: list[LedgerEntryEdge] = edges_of("LedgerEntryEdge", __name__)
    nodes: list[LedgerEntry] = nodes_of("LedgerEntry", __name__)
    page_info: PageInfo = page_info_field()


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="What a client owed and paid in some days, of what the viewer sees")
class Statement:
    opening: Money = shown("What was owed before the first day; negative if the practice owes something")
    closing: Money = shown("What was owed at the end of the last day")
    is_type_of = is_a(questions.ShownStatement)

    @strawberry.field(description="The lines, the first one first", graphql_type=LedgerEntryConnection | None)
    async def entries(root: strawberry.Parent[Any], info: Info, first: FIRST = None, after: AFTER = None) -> Any:
        return await info.context[StatementQuestions].entries(root, PageArguments(first, after))


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="More was to be paid than is due")
class PaymentExceedsDue(MutationError):
    due: Money = shown("What is due of the charges that were named, or of all that the viewer sees")
    is_type_of = is_a(laying.PaymentExceedsDue)
