"""All that is kept of a client's payments, read under the lock of their ledger."""

from collections.abc import Callable
from typing import Any, TypeVar

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
from graph_api.acting.payments.model import Payment, Refund
from graph_api.acting.payments.records import CHARGE, LEDGER_ENTRY, PAYMENT, REFUND
from graph_api.kernel.fields import Codec
from graph_api.kernel.paging import after_scope
from graph_api.kernel.transaction import Writes

T = TypeVar("T")
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
        audiences = sorted(audience.value for audience in RecordAudience)
        charges = await self._all(
            "acting/charges/of_client", client_id, "charge", CHARGE, charge_place, audiences=audiences
        )
        payments = await self._all(
            "acting/payments/of_client", client_id, "payment", PAYMENT, payment_place, whole=True, own=None
        )
        entries = await self._all(
            "acting/ledger/entries", client_id, "entry", LEDGER_ENTRY, _entry_place, part=EntryPart.ALL.value
        )
        return Account(client_id, charges, payments, await self._refunds(payments), entries, head)

    async def _all(
        self, name: str, client_id: str, column: str, codec: Codec[T], place: Callable[[T], str], **params: Any
    ) -> list[T]:
        """All rows of a list of the client's, some at a time.

        Args:
            name: the list's statement.
            client_id: whose it is.
            column: in which it returns each record, and the parameter for its properties.
            codec: reads the records.
            place: where one stands in the list.
            params: its other parameters.
        """
        scope, found = client_scope(self._practice, client_id), list[T]()
        while True:
            rows = await self._tx.run(
                name,
                practice=self._practice,
                above=scope + (place(found[-1]) if found else ""),
                below=after_scope(scope),
                size=AT_ONCE,
                **{column: list(codec.names)},
                **params,
            )
            found += [codec.of(row[column]) for row in rows]
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


def _entry_place(entry: LedgerEntry) -> str:
    return entry_place(entry.at, entry.number)
