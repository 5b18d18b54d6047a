"""All that is kept of what a client is to pay and has paid, in memory: what `differences` looks through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from graph_api.acting.payments.laying import laid_on, reserved_on, withdrawn_from
from graph_api.acting.payments.ledger import NO_ENTRIES, Head, LedgerEntry
from graph_api.acting.payments.model import Charge, Payment, Refund
from graph_api.acting.payments.refunds import lying


@dataclass(frozen=True)
class Account:
    """All that is kept of one client."""

    client_id: str
    charges: Sequence[Charge] = ()
    payments: Sequence[Payment] = ()
    refunds: Sequence[Refund] = ()
    entries: Sequence[LedgerEntry] = ()
    """In the order of their numbers."""
    head: Head = NO_ENTRIES

    @cached_property
    def charge(self) -> Mapping[str, Charge]:
        """Charges by id."""
        return {one.id: one for one in self.charges}

    @cached_property
    def payment(self) -> Mapping[str, Payment]:
        """Payments by id."""
        return {one.id: one for one in self.payments}

    def entries_of(self, node_id: str) -> list[LedgerEntry]:
        """Those about one thing."""
        return self._by_node.get(node_id, [])

    @cached_property
    def _by_node(self) -> Mapping[str, list[LedgerEntry]]:
        found: dict[str, list[LedgerEntry]] = {}
        for entry in self.entries:
            found.setdefault(entry.node_id, []).append(entry)
        return found

    def refunds_of(self, payment_id: str) -> list[Refund]:
        """Those of one payment."""
        return self._by_payment.get(payment_id, [])

    @cached_property
    def _by_payment(self) -> Mapping[str, list[Refund]]:
        found: dict[str, list[Refund]] = {}
        for refund in self.refunds:
            found.setdefault(refund.payment_id, []).append(refund)
        return found

    @cached_property
    def laid(self) -> Mapping[str, "OnCharge"]:
        """What payments and refunds did to charges, by charge.

        Raises:
            KeyError: a charge or a payment that is named is not there.
        """
        found = {charge.id: OnCharge() for charge in self.charges}
        for payment in self.payments:
            for part, name in ((laid_on, "paid"), (reserved_on, "reserved"), (withdrawn_from, "withdrawn")):
                for charge_id, amount in part(payment).items():
                    found[charge_id].add(name, amount, payment.id)
            for one in payment.allocations:
                found[one.charge_id].add("paid", 0, payment.id)
        for refund in self.refunds:
            parts = lying(self.payment[refund.payment_id], refund) if refund.has_succeeded else ()
            for given in parts:
                found[given.charge_id].add("written_off", 0 if refund.reopens else given.amount, refund.id)
        return found


class OnCharge:
    """What was done to one charge, and by what."""

    def __init__(self) -> None:
        self.amounts = dict.fromkeys(("paid", "reserved", "withdrawn", "written_off"), 0)
        """By the charge's field."""
        self.by: dict[str, None] = {}
        """Ids of all that had to do with it, in order; also of what was given up or lies on it no more."""

    def add(self, name: str, amount: int, by: str) -> None:
        """A payment or refund did it."""
        self.amounts[name] += amount
        self.by[by] = None
