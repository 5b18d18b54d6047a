"""Reads charges and payments for one caller: what they may not see does not exist for them (X6, P15)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.payments.graph.reads import FoundHead, PaymentReads
from graph_api.acting.payments.graph.rows import charge_place, open_place, payment_place
from graph_api.acting.payments.ledger import credit_of
from graph_api.acting.payments.model import Charge, Payment, Refund
from graph_api.acting.payments.money import Currency, currency_of
from graph_api.acting.payments.readers import PaymentReaders
from graph_api.acting.payments.seen import (
    Reader,
    balance_of,
    is_seen,
    seen_audiences,
    seen_payment,
    seen_refund,
    sees_all,
)
from graph_api.acting.payments.shown import ShownBalance, ShownCharge, ShownPayment, ShownRefund
from graph_api.engine.errors import Unavailable
from graph_api.engine.session import CHANGING
from graph_api.kernel.door import Sealed, nobody
from graph_api.kernel.ids import is_id
from graph_api.kernel.paging import Cursors, Page, PageArguments, Position, make_page, page_request
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction

T = TypeVar("T")
S = TypeVar("S", ShownCharge, ShownPayment, ShownRefund)
MOST_READS = 20
"""Of a balance that keeps changing."""


class Currencies:
    """The practice's currency, read once in a request: it does not change once anything was charged."""

    def __init__(self, scope: Scope) -> None:
        self._practice = scope.caller.practice
        self._graph = scope.graph
        self._read: asyncio.Future[str | None] | None = None

    def named(self, code: str | None) -> Currency | None:
        """As amounts of it are written here; None where the practice has set none."""
        return None if code is None else currency_of(code, self._practice.region)

    def forget(self) -> None:
        """It was just set: whoever asks next reads it."""
        self._read = None

    async def own(self) -> Currency | None:
        """The practice's; None while it has set none."""
        if self._read is None:
            self._read = asyncio.ensure_future(self._graph[PaymentReads].currency())
        try:
            return self.named(await self._read)
        except Exception:
            self._read = None  # whoever asks next may be answered
            raise


class PaymentReading:
    """Questions of one caller about charges, payments and refunds."""

    def __init__(self, scope: Scope) -> None:
        self._caller = scope.caller
        self._graph = scope.graph
        self._secret = scope.secret
        self._readers = scope[PaymentReaders]
        self._currencies = scope[Currencies]

    def _cursors(self, scope: str) -> Cursors:
        return Cursors(self._secret, self._caller.practice.id, scope)

    async def balance(self, client_id: str) -> ShownBalance | None:
        """What is to be paid of what the caller sees; None where that is nothing, or no currency is set."""
        reader = await self._readers.one(client_id)
        if reader is None:
            return None
        door = self._graph.door
        found, charges, credit = await self._owed(client_id)
        currency = self._currencies.named(found.currency)
        if currency is None:
            return None

        def shown(some: Sequence[Charge]) -> ShownBalance | None:
            balance = balance_of(client_id, some, credit, reader)
            return None if balance is None else ShownBalance(client_id, balance, currency)

        return door.keep(charges, shown, lambda kept: [] if kept is None else [client_id])

    async def _owed(self, client_id: str) -> tuple[FoundHead, Sealed[Sequence[Charge]], int]:
        """Where the ledger ends, all that is open, whoever asks, and the credit that follows from both.

        They are two reads, between which something may be paid. Nearly nobody has credit, so where some was found, it
        is read again until it is found twice.

        Raises:
            Unavailable: it keeps changing.
        """
        reads, door, before = self._graph[PaymentReads], self._graph.door, 0
        for _ in range(MOST_READS):
            head, charges = await asyncio.gather(reads.head(client_id), reads.open_of(client_id, tuple(RecordAudience)))
            found: FoundHead = door.keep(head, lambda one: one, nobody)
            credit: int = door.keep(charges, partial(credit_of, found.head), nobody)
            if credit in (0, before):
                return found, charges, credit
            before = credit
        raise Unavailable(CHANGING)

    async def charges(
        self, client_id: str, arguments: PageArguments, *, open_only: bool
    ) -> Page[Charge, ShownCharge] | None:
        """A page of a client's charges: the newest service date first, or those that are open, the oldest first. None
        where the caller sees none of theirs.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR.
        """
        cursors = self._cursors(f"charges\x00{client_id}\x00{open_only}")
        request = page_request(arguments, cursors, with_total=False)
        reader, currency = await self._asked(client_id)
        if reader is None or currency is None:
            return None
        audiences = seen_audiences(client_id, reader)
        found = await self._graph[PaymentReads].charges(client_id, audiences, request, open_only=open_only)
        place = open_place if open_only else charge_place

        def page(some: Sequence[Charge]) -> Page[Charge, ShownCharge]:
            rows = make_page(some, request, lambda one: cursors.encode(Position(place(one))))
            return rows.shown_as(lambda one: ShownCharge(one, reader, currency))

        return self._graph.door.keep(found, page, lambda kept: [one.client_id for one in kept.items])

    async def payments(self, client_id: str, arguments: PageArguments) -> Page[ShownPayment, ShownPayment] | None:
        """A page of the payments for a client, the newest first; None where the caller sees none of theirs.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR.
        """
        cursors = self._cursors(f"payments\x00{client_id}")
        request = page_request(arguments, cursors, with_total=False)
        reader, currency = await self._asked(client_id)
        if reader is None or currency is None:
            return None
        whole = sees_all(client_id, reader)
        found = await self._graph[PaymentReads].payments(client_id, request, whole=whole, own=reader.person_id)

        def page(some: Sequence[Payment]) -> Page[ShownPayment, ShownPayment]:
            seen = [one for one in (_shown(payment, reader, currency) for payment in some) if one is not None]
            return make_page(seen, request, lambda one: cursors.encode(Position(payment_place(one.seen.payment))))

        return self._graph.door.keep(found, page, lambda kept: [one.client_id for one in kept.items])

    async def _asked(self, client_id: str) -> tuple[Reader | None, Currency | None]:
        """As whom the caller reads, and in which currency."""
        reader = await self._readers.one(client_id)
        return reader, None if reader is None else await self._currencies.own()

    async def charges_by_ids(self, ids: Sequence[str]) -> Mapping[str, ShownCharge]:
        """Those that the caller sees, by id."""
        reads = self._graph[PaymentReads]
        return await self._seen("charge", ids, reads.charges_by_ids, lambda one: one.client_id, _shown_charge)

    async def payments_by_ids(self, ids: Sequence[str]) -> Mapping[str, ShownPayment]:
        """Those that the caller sees, by id."""
        reads = self._graph[PaymentReads]
        return await self._seen("payment", ids, reads.payments_by_ids, lambda one: one.client_id, _shown)

    async def refunds_by_ids(self, ids: Sequence[str]) -> Mapping[str, ShownRefund]:
        """Those that the caller sees, by id."""
        reads = self._graph[PaymentReads]
        return await self._seen("refund", ids, reads.refunds_by_ids, lambda both: both[0].client_id, _shown_refund)

    async def _seen(
        self,
        kind: str,
        ids: Sequence[str],
        read: Callable[[Sequence[str]], Awaitable[Sealed[Sequence[T]]]],
        client_of: Callable[[T], str],
        shown: Callable[[T, Reader, Currency], S | None],
    ) -> Mapping[str, S]:
        """What the caller sees of what has these ids, by id; what is malformed is not asked for."""
        wanted = [one for one in ids if is_id(kind, one)]
        currency = await self._currencies.own() if wanted else None
        if currency is None:
            return {}
        door = self._graph.door
        found = await read(wanted)
        readers = await self._readers.of(door.keep(found, lambda some: {client_of(one) for one in some}, nobody))

        def visible(some: Sequence[T]) -> dict[str, S]:
            known = (shown(one, readers[client_of(one)], currency) for one in some if client_of(one) in readers)
            return {one.id: one for one in known if one is not None}

        return door.keep(found, visible, lambda kept: [one.client_id for one in kept.values()])

    async def refunds_of(self, payments: Sequence[ShownPayment]) -> list[Sequence[ShownRefund]]:
        """The refunds of payments that the caller sees, each list in the order in which they were made."""
        found = await self._graph[PaymentReads].refunds_of(one.id for one in payments)

        def visible(some: Mapping[str, Sequence[Refund]]) -> list[Sequence[ShownRefund]]:
            lists: list[Sequence[ShownRefund]] = []
            for payment in payments:
                seen = (seen_refund(one, payment.seen.payment, payment.reader) for one in some[payment.id])
                lists.append(tuple(ShownRefund(one, payment.currency) for one in seen if one is not None))
            return lists

        return self._graph.door.keep(found, visible, lambda kept: [one.client_id for some in kept for one in some])

    async def client_of_charge(self, charge_id: str) -> str | None:
        """Whose a charge is; None where there is none. Whether the caller sees it is decided later, under locks."""
        return await self._client_of("charge", charge_id, self._graph[PaymentReads].charges_by_ids)

    async def client_of_payment(self, payment_id: str) -> str | None:
        """Whose charges a payment paid; as `client_of_charge`."""
        return await self._client_of("payment", payment_id, self._graph[PaymentReads].payments_by_ids)

    async def _client_of(
        self, kind: str, one: str, read: Callable[[Sequence[str]], Awaitable[Sealed[Sequence[Charge | Payment]]]]
    ) -> str | None:
        if not is_id(kind, one):
            return None
        return self._graph.door.keep(await read([one]), lambda some: some[0].client_id if some else None, nobody)

    async def reload_charge(self, _tx: Transaction, charge_id: str) -> ShownCharge | None:
        """A charge as it is now, for a replay."""
        return (await self.charges_by_ids([charge_id])).get(charge_id)

    async def reload_payment(self, _tx: Transaction, payment_id: str) -> ShownPayment | None:
        """A payment as it is now, for a replay."""
        return (await self.payments_by_ids([payment_id])).get(payment_id)

    async def reload_refund(self, _tx: Transaction, refund_id: str) -> ShownRefund | None:
        """A refund as it is now, for a replay."""
        return (await self.refunds_by_ids([refund_id])).get(refund_id)


def _shown_charge(charge: Charge, reader: Reader, currency: Currency) -> ShownCharge | None:
    return ShownCharge(charge, reader, currency) if is_seen(charge, reader) else None


def _shown_refund(both: tuple[Refund, Payment], reader: Reader, currency: Currency) -> ShownRefund | None:
    seen = seen_refund(*both, reader)
    return None if seen is None else ShownRefund(seen, currency)


def _shown(payment: Payment, reader: Reader, currency: Currency) -> ShownPayment | None:
    seen = seen_payment(payment, reader)
    return None if seen is None else ShownPayment(seen, reader, currency)
