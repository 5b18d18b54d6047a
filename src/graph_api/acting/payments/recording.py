"""Staff record what was paid at the desk or by bank, and give money back (P3, P7, P10)."""

from datetime import datetime

from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.payments.audit import audited_payment, audited_refund
from graph_api.acting.payments.checks import (
    RecordedDraft,
    RefundDraft,
    checked_recorded,
    checked_refund,
    refuse_too_large,
    refuse_too_many,
)
from graph_api.acting.payments.graph.writes import ChargeWrites, LedgerWrites, PaymentWrites
from graph_api.acting.payments.laying import lay, moved
from graph_api.acting.payments.ledger import payment_succeeded, refund_succeeded
from graph_api.acting.payments.locked import Opened, opened_by_staff
from graph_api.acting.payments.model import Charge, Payment, PaymentMethod, PaymentStatus, Refund
from graph_api.acting.payments.reading import PaymentReading
from graph_api.acting.payments.refunds import Refunded, begun, finished, planned
from graph_api.acting.payments.seen import seen_payment, seen_refund
from graph_api.acting.payments.shown import ShownPayment, ShownRefund
from graph_api.kernel.errors import Refused, invalid, not_found
from graph_api.kernel.happened import EventKind
from graph_api.kernel.ids import new_id
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request
from graph_api.people.graph.writes import PersonWrites

BY_CARD_ONLINE = "This was paid by card online, and the gateway that took it is not connected. Refund it there."


class RecordingService:
    """Mutations of payments that staff took, and refunds of them."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit
        self._reading = scope[PaymentReading]

    async def record(self, request: Request, draft: RecordedDraft) -> Outcome[ShownPayment]:
        """Record a payment; it has succeeded.

        Refused with NotFound, for the reasons of `checked_recorded` and `lay`, and with `currency.missing`.
        """
        payment_id = new_id("payment")

        async def change(tx: Transaction, asked: RecordedDraft, _now: datetime) -> Outcome[ShownPayment]:
            opened = await opened_by_staff(tx, self._unit.caller, asked.client_id, "clientId")
            await self._check_payer(tx, asked)
            charges = await _charges(tx, asked)
            allocations = lay(charges, asked.amount, frozenset(RecordAudience), opened.currency, asked.charge_ids)
            at = tx.stamp()
            payment = Payment(
                id=payment_id,
                client_id=asked.client_id,
                amount=asked.amount,
                method=asked.method,
                status=PaymentStatus.SUCCEEDED,
                made_by=opened.author,
                allocations=allocations,
                payer_person_id=asked.payer_person_id,
                reference=asked.reference,
                created_at=at,
                settled_at=at,
            )
            known = {one.id: one for one in charges}
            await tx[PaymentWrites].create(payment)
            await tx[ChargeWrites].update(known, moved(known, None, payment))
            await tx[LedgerWrites].append(opened.ledger, payment_succeeded(payment))
            told = audited_payment(EventKind.RECORD_PAYMENT, opened.author, None, payment)
            return Outcome(_shown_payment(payment, opened), events=(told,))

        return await self._unit.run(
            request,
            lambda: checked_recorded(draft, request.idempotency_key),
            change,
            self._reading.reload_payment,
        )

    async def _check_payer(self, tx: Transaction, asked: RecordedDraft) -> None:
        """
        Raises:
            Refused: NotFound where the payer is nobody of the practice.
        """
        payer = asked.payer_person_id
        if payer is not None and payer not in await tx[PersonWrites].by_ids(payer):
            raise not_found("payerPersonId")

    async def refund(self, request: Request, draft: RefundDraft) -> Outcome[ShownRefund]:
        """Give money of a recorded payment back; it has gone back.

        Refused with NotFound, for the reasons of `checked_refund` and `_given_back`, and with
        `payment.byCardOnline`.
        """
        client_id = await self._reading.client_of_payment(draft.payment_id)
        refund_id = new_id("refund")

        async def change(tx: Transaction, asked: RefundDraft, _now: datetime) -> Outcome[ShownRefund]:
            opened = await opened_by_staff(tx, self._unit.caller, client_id, "paymentId")
            before = await tx[PaymentWrites].by_id(asked.payment_id)
            if before is None:
                raise not_found("paymentId")
            if before.method is PaymentMethod.CARD_ONLINE:
                raise Refused([invalid("payment.byCardOnline", BY_CARD_ONLINE, "paymentId")])
            done = await _given_back(tx, opened, before, asked, refund_id)
            told = audited_refund(EventKind.REFUND_PAYMENT, opened.author, None, done.refund)
            return Outcome(_shown_refund(done.refund, done.payment, opened), events=(told,))

        return await self._unit.run(
            request, lambda: checked_refund(draft, request.idempotency_key), change, self._reading.reload_refund
        )


async def _given_back(tx: Transaction, opened: Opened, before: Payment, asked: RefundDraft, refund_id: str) -> Refunded:
    """Write a refund that has succeeded, and what it changes.

    Raises:
        Refused: as `planned`; `charges.tooMany`, `balance.tooLarge`.
    """
    at = tx.stamp()
    refund = Refund(
        id=refund_id,
        payment_id=before.id,
        client_id=before.client_id,
        amount=asked.amount,
        status=PaymentStatus.PENDING,
        made_by=opened.author,
        parts=planned(before, asked.amount, opened.currency),
        reopens=asked.reopens,
        reason=asked.reason,
        created_at=at,
    )
    charges = await tx[ChargeWrites].by_ids(one.charge_id for one in before.allocations)
    known = {one.id: one for one in charges}
    done = finished(begun(before, refund), refund, PaymentStatus.SUCCEEDED, known, at, opened.currency)
    if asked.reopens:
        refuse_too_large(opened.ledger.head.balance + asked.amount)
        opens = sum(1 for one in done.charges if one.open and not known[one.id].open)
        refuse_too_many(len(await tx[ChargeWrites].open_of(before.client_id)) + opens - 1)
    await tx[PaymentWrites].create_refund(done.refund)
    await tx[PaymentWrites].update(before, done.payment)
    await tx[ChargeWrites].update(known, done.charges)
    await tx[LedgerWrites].append(opened.ledger, refund_succeeded(done.refund, done.payment))
    return done


async def _charges(tx: Transaction, asked: RecordedDraft) -> list[Charge]:
    """What may be paid: the charges that were named, of the client alone, or all that are open."""
    if asked.charge_ids is None:
        return await tx[ChargeWrites].open_of(asked.client_id)
    return [one for one in await tx[ChargeWrites].by_ids(asked.charge_ids) if one.client_id == asked.client_id]


def _shown_payment(payment: Payment, opened: Opened) -> ShownPayment | None:
    seen = seen_payment(payment, opened.reader)
    return None if seen is None else ShownPayment(seen, opened.reader, opened.currency)


def _shown_refund(refund: Refund, payment: Payment, opened: Opened) -> ShownRefund | None:
    seen = seen_refund(refund, payment, opened.reader)
    return None if seen is None else ShownRefund(seen, opened.currency)
