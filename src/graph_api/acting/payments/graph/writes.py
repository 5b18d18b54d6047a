"""Charges, payments and ledgers inside one write transaction. The client's lock comes first, then the ledger's (X2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.payments.checks import MAX_OPEN
from graph_api.acting.payments.graph.rows import (
    charge_changes,
    charge_row,
    client_scope,
    entry_row,
    payment_changes,
    payment_row,
    practice_scope,
)
from graph_api.acting.payments.ledger import Head, Line, appended
from graph_api.acting.payments.model import Charge, Payment, Refund
from graph_api.acting.payments.records import CHARGE, HEAD, PAYMENT, REFUND
from graph_api.engine.session import Row
from graph_api.kernel.paging import after_scope
from graph_api.kernel.transaction import Writes


@dataclass(frozen=True, slots=True)
class LockedLedger:
    """A client's ledger under its lock."""

    client_id: str
    head: Head
    currency: str | None
    """The practice's; None while none is set, and then nothing can be charged."""


class LedgerWrites(Writes):
    """Ledgers."""

    async def lock(self, client_id: str) -> LockedLedger:
        """Take the lock of a client's ledger; where it ends. The client must be locked."""
        rows = await self._tx.run(
            "acting/ledger/lock",
            practice=self._practice,
            clientId=client_id,
            stamp=self._lock,
            head=list(HEAD.names),
        )
        head = HEAD.of(rows[0]["head"]) if rows else Head()
        self._stamps.note(head.at)
        return LockedLedger(client_id, head, rows[0]["currency"] if rows else None)

    async def append(self, ledger: LockedLedger, lines: Iterable[Line]) -> None:
        """The next entries, dated by the transaction; the ledger must be locked."""
        entries, head = appended(ledger.head, lines, self._tx.stamp())
        if not entries:
            return
        self._tx.later(
            "acting/ledger/append",
            practice=self._practice,
            clientId=ledger.client_id,
            head=HEAD.row(head),
            rows=[entry_row(self._practice, ledger.client_id, entry) for entry in entries],
        )

    async def is_charged(self) -> bool:
        """Whether anything was ever charged in the practice, which must be locked."""
        scope = practice_scope(self._practice)
        rows = await self._tx.run("acting/ledger/any", practice=self._practice, above=scope, below=after_scope(scope))
        return bool(rows)

    async def currency(self) -> str | None:
        """The practice's."""
        rows = await self._tx.run("practices/settings/currency", practice=self._practice)
        found: str | None = rows[0]["currency"] if rows else None
        return found

    async def set_currency(self, currency: str) -> None:
        """From now on; the practice must be locked."""
        self._tx.later("practices/settings/set_currency", practice=self._practice, currency=currency)


class ChargeWrites(Writes):
    """Charges; their client's ledger must be locked."""

    async def by_ids(self, ids: Iterable[str]) -> list[Charge]:
        """Those that exist."""
        rows = await self._tx.run(
            "acting/charges/by_ids",
            practice=self._practice,
            ids=list(dict.fromkeys(ids)),
            charge=list(CHARGE.names),
        )
        return _charges(rows)

    async def of_appointments(self, ids: Sequence[str]) -> list[Charge]:
        """Those for appointments."""
        rows = await self._tx.run(
            "acting/charges/of_appointments",
            practice=self._practice,
            ids=list(dict.fromkeys(ids)),
            charge=list(CHARGE.names),
        )
        return _charges(rows)

    async def open_of(self, client_id: str) -> list[Charge]:
        """Those of a client that are open, the oldest service date first."""
        scope = client_scope(self._practice, client_id)
        rows = await self._tx.run(
            "acting/charges/of_client_open",
            practice=self._practice,
            above=scope,
            below=after_scope(scope),
            audiences=sorted(audience.value for audience in RecordAudience),
            size=MAX_OPEN + 1,
            charge=list(CHARGE.names),
        )
        return [CHARGE.of(row["charge"]) for row in rows]

    async def create(self, charge: Charge) -> None:
        """A new one."""
        row = charge_row(self._practice, charge)
        self._tx.later("acting/charges/create", practice=self._practice, clientId=charge.client_id, charge=row)

    async def update(self, before: Mapping[str, Charge], after: Iterable[Charge]) -> None:
        """What has changed of some, by their ids as they were."""
        rows = [{"id": one.id, "changes": charge_changes(self._practice, before[one.id], one)} for one in after]
        if rows:
            self._tx.later("acting/charges/update", practice=self._practice, rows=rows)


class PaymentWrites(Writes):
    """Payments and refunds; their client's ledger must be locked."""

    async def by_id(self, payment_id: str) -> Payment | None:
        """As it is."""
        rows = await self._tx.run(
            "acting/payments/by_ids", practice=self._practice, ids=[payment_id], payment=list(PAYMENT.names)
        )
        return next((PAYMENT.of(record) for row in rows for record in row["rows"]), None)

    async def create(self, payment: Payment) -> None:
        """A new one."""
        row = payment_row(self._practice, payment)
        self._tx.later("acting/payments/create", practice=self._practice, clientId=payment.client_id, payment=row)

    async def update(self, before: Payment, after: Payment) -> None:
        """What has changed."""
        changes = payment_changes(self._practice, before, after)
        if changes:
            self._tx.later("acting/payments/update", practice=self._practice, id=after.id, changes=changes)

    async def create_refund(self, refund: Refund) -> None:
        """A new one."""
        self._tx.later("acting/refunds/create", practice=self._practice, refund=REFUND.row(refund))


def _charges(rows: Sequence[Row]) -> list[Charge]:
    return [CHARGE.of(record) for row in rows for record in row["rows"]]
