"""Reads what a client is to pay and has paid. All go to the server that writes (X7)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.appointments.spans import Span
from graph_api.acting.payments.checks import MAX_OPEN
from graph_api.acting.payments.graph.rows import EntryPart, client_scope
from graph_api.acting.payments.ledger import Head, LedgerEntry
from graph_api.acting.payments.model import Charge, Payment, Refund
from graph_api.acting.payments.records import CHARGE, HEAD, LEDGER_ENTRY, PAYMENT, REFUND
from graph_api.kernel.door import Sealed
from graph_api.kernel.graph import Reads
from graph_api.kernel.paging import PageRequest, page_bounds
from graph_api.kernel.rows import stamp


@dataclass(frozen=True, slots=True)
class FoundHead:
    """Where a client's ledger ends, and in which currency."""

    head: Head
    currency: str | None


class PaymentReads(Reads):
    """Of one practice."""

    async def currency(self) -> str | None:
        """The practice's."""
        rows = await self._session.read_newest("practices/settings/currency", practice=self._practice)
        found: str | None = rows[0]["currency"] if rows else None
        return found

    async def head(self, client_id: str) -> Sealed[FoundHead]:
        """Where a client's ledger ends."""
        rows = await self._session.read_newest(
            "acting/ledger/head", practice=self._practice, clientId=client_id, head=list(HEAD.names)
        )
        heads = [HEAD.of(record) for row in rows for record in row["heads"]]
        found = FoundHead(heads[0] if heads else Head(), rows[0]["currency"] if rows else None)
        return Sealed(found, [client_id])

    async def open_of(self, client_id: str, audiences: Collection[RecordAudience]) -> Sealed[Sequence[Charge]]:
        """Those of a client's charges that are open, the oldest service date first."""
        return await self._charges("of_client_open", client_id, audiences, PageRequest(MAX_OPEN, backward=False))

    async def charges(
        self, client_id: str, audiences: Collection[RecordAudience], page: PageRequest, *, open_only: bool
    ) -> Sealed[Sequence[Charge]]:
        """At most `size` + 1 of a client's charges."""
        return await self._charges("of_client_open" if open_only else "of_client", client_id, audiences, page)

    async def _charges(
        self, name: str, client_id: str, audiences: Collection[RecordAudience], page: PageRequest
    ) -> Sealed[Sequence[Charge]]:
        above, below = page_bounds(client_scope(self._practice, client_id), page)
        rows = await self._session.read_newest(
            f"acting/charges/{name}",
            practice=self._practice,
            above=above,
            below=below,
            audiences=sorted(audience.value for audience in audiences),
            size=page.size + 1,
            charge=list(CHARGE.names),
        )
        return Sealed([CHARGE.of(row["charge"]) for row in rows], [client_id])

    async def charges_by_ids(self, ids: Iterable[str]) -> Sealed[Sequence[Charge]]:
        """Those that exist."""
        rows = await self._session.read_newest(
            "acting/charges/by_ids",
            practice=self._practice,
            ids=list(dict.fromkeys(ids)),
            charge=list(CHARGE.names),
        )
        found = [CHARGE.of(record) for row in rows for record in row["rows"]]
        return Sealed(found, {one.client_id for one in found})

    async def payments(
        self, client_id: str, page: PageRequest, *, whole: bool, own: str | None
    ) -> Sealed[Sequence[Payment]]:
        """At most `size` + 1 of the payments for a client: all, or those of which somebody sees a part."""
        above, below = page_bounds(client_scope(self._practice, client_id), page)
        rows = await self._session.read_newest(
            "acting/payments/of_client",
            practice=self._practice,
            above=above,
            below=below,
            whole=whole,
            own=own,
            size=page.size + 1,
            payment=list(PAYMENT.names),
        )
        return Sealed([PAYMENT.of(row["payment"]) for row in rows], [client_id])

    async def payments_by_ids(self, ids: Iterable[str]) -> Sealed[Sequence[Payment]]:
        """Those that exist."""
        rows = await self._session.read_newest(
            "acting/payments/by_ids",
            practice=self._practice,
            ids=list(dict.fromkeys(ids)),
            payment=list(PAYMENT.names),
        )
        found = [PAYMENT.of(record) for row in rows for record in row["rows"]]
        return Sealed(found, {one.client_id for one in found})

    async def refunds_by_ids(self, ids: Iterable[str]) -> Sealed[Sequence[tuple[Refund, Payment]]]:
        """Those that exist, each with its payment."""
        rows = await self._session.read_newest(
            "acting/refunds/by_ids",
            practice=self._practice,
            ids=list(dict.fromkeys(ids)),
            refund=list(REFUND.names),
            payment=list(PAYMENT.names),
        )
        found = [(REFUND.of(refund), PAYMENT.of(payment)) for row in rows for refund, payment in row["rows"]]
        return Sealed(found, {refund.client_id for refund, _ in found})

    async def refunds_of(self, payment_ids: Iterable[str]) -> Sealed[Mapping[str, Sequence[Refund]]]:
        """Those of payments, by payment id, in the order in which they were made."""
        wanted = list(dict.fromkeys(payment_ids))
        rows = await self._session.read_newest(
            "acting/refunds/of_payments", practice=self._practice, ids=wanted, refund=list(REFUND.names)
        )
        found: dict[str, list[Refund]] = {one: [] for one in wanted}
        for refund in (REFUND.of(record) for row in rows for record in row["rows"]):
            found[refund.payment_id].append(refund)
        ordered = {one: sorted(some, key=lambda made: (made.created_at, made.id)) for one, some in found.items()}
        return Sealed(ordered, {refund.client_id for some in ordered.values() for refund in some})

    async def entries(
        self, client_id: str, span: Span, page: PageRequest, part: EntryPart
    ) -> Sealed[Sequence[LedgerEntry]]:
        """At most `size` + 1 of the entries of a span that change a balance, in their order."""
        scope = client_scope(self._practice, client_id)
        within = (scope + stamp(span.start), scope + stamp(span.end))
        above, below = page_bounds(scope, page, *within)
        rows = await self._session.read_newest(
            "acting/ledger/entries",
            practice=self._practice,
            above=above,
            below=below,
            part=part.value,
            size=page.size + 1,
            entry=list(LEDGER_ENTRY.names),
        )
        return Sealed([LEDGER_ENTRY.of(row["entry"]) for row in rows], [client_id])

    async def last_before(self, client_id: str, moment: str) -> Sealed[LedgerEntry | None]:
        """The last entry before a moment, as `kernel.rows.stamp` writes it."""
        scope = client_scope(self._practice, client_id)
        rows = await self._session.read_newest(
            "acting/ledger/last_before",
            practice=self._practice,
            above=scope,
            below=scope + moment,
            entry=list(LEDGER_ENTRY.names),
        )
        return Sealed(next((LEDGER_ENTRY.of(row["entry"]) for row in rows), None), [client_id])
