"""All that is kept of a client's payments, read under the lock of their ledger."""

from typing import Any

from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.payments.account import Account
from graph_api.acting.payments.graph.rows import (
    EntryPart,
    charge_place,
    client_scope,
    entry_place,
    payment_place,
    practice_scope,
)
from graph_api.acting.payments.ledger import Head, LedgerEntry
from graph_api.acting.payments.model import Charge, Payment, Refund
from graph_api.acting.payments.records import CHARGE, LEDGER_ENTRY, PAYMENT, REFUND
from graph_api.kernel.paging import after_scope
from graph_api.kernel.transaction import Writes

AT_ONCE = 500
"""Rows of one statement."""


class AccountReads(Writes):
    """Reads in a transaction, so that nothing changes meanwhile."""

    async def next_client(self, after: str | None) -> str | None:
        """The next client, in the order of their ids, for whom anything was ever charged; None after the last."""
        scope = practice_scope(self._practice)
        above = scope if after is None else after_scope(client_scope(self._practice, after))
        rows = await self._tx.run(
            "acting/ledger/next_client", practice=self._practice, above=above, below=after_scope(scope)
        )
        found: str | None = rows[0]["clientId"] if rows else None
        return found

    async def of_client(self, client_id: str, head: Head) -> Account:
        """All of a client, whose ledger is locked and ends there."""
        charges = await self._charges(client_id)
        payments = await self._payments(client_id)
        refunds = await self._refunds(payments)
        return Account(client_id, charges, payments, refunds, await self._entries(client_id), head)

    async def _charges(self, client_id: str) -> list[Charge]:
        found: list[Charge] = []
        audiences = sorted(audience.value for audience in RecordAudience)
        while True:
            after = charge_place(found[-1]) if found else None
            rows = await self._page(
                "acting/charges/of_client", client_id, after, audiences=audiences, charge=list(CHARGE.names)
            )
            found += [CHARGE.of(row["charge"]) for row in rows]
            if len(rows) < AT_ONCE:
                return found

    async def _payments(self, client_id: str) -> list[Payment]:
        found: list[Payment] = []
        while True:
            after = payment_place(found[-1]) if found else None
            rows = await self._page(
                "acting/payments/of_client", client_id, after, whole=True, own=None, payment=list(PAYMENT.names)
            )
            found += [PAYMENT.of(row["payment"]) for row in rows]
            if len(rows) < AT_ONCE:
                return found

    async def _refunds(self, payments: list[Payment]) -> list[Refund]:
        found: list[Refund] = []
        for start in range(0, len(payments), AT_ONCE):
            rows = await self._tx.run(
                "acting/refunds/of_payments",
                practice=self._practice,
                ids=[one.id for one in payments[start : start + AT_ONCE]],
                refund=list(REFUND.names),
            )
            found += [REFUND.of(record) for row in rows for record in row["rows"]]
        return found

    async def _entries(self, client_id: str) -> list[LedgerEntry]:
        found: list[LedgerEntry] = []
        while True:
            after = entry_place(found[-1].at, found[-1].number) if found else None
            rows = await self._page(
                "acting/ledger/entries",
                client_id,
                after,
                part=EntryPart.ALL.value,
                entry=list(LEDGER_ENTRY.names),
            )
            found += [LEDGER_ENTRY.of(row["entry"]) for row in rows]
            if len(rows) < AT_ONCE:
                return found

    async def _page(self, name: str, client_id: str, after: str | None, **params: Any) -> list[Any]:
        scope = client_scope(self._practice, client_id)
        return await self._tx.run(
            name,
            practice=self._practice,
            above=scope + (after or ""),
            below=after_scope(scope),
            size=AT_ONCE,
            **params,
        )
