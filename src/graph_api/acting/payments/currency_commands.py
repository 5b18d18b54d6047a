"""The practice's one currency, set by admins before anything is charged (P1)."""

from datetime import datetime

from graph_api.acting.payments.audit import audited_currency
from graph_api.acting.payments.graph.writes import LedgerWrites
from graph_api.acting.payments.money import currency_of
from graph_api.acting.payments.reading import Currencies
from graph_api.audit.graph.chains import AuditWrites
from graph_api.kernel.caller import Practice
from graph_api.kernel.errors import Refused, invalid
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request


class CurrencyService:
    """The mutation of it."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit
        self._currencies = scope[Currencies]

    async def set(self, request: Request, code: str) -> Outcome[Practice]:
        """Set it. Refused with `currency.unknown`, and with `currency.inUse` once anything was charged in another."""
        practice = self._unit.caller.practice

        def check() -> str:
            return currency_of(code.strip().upper()).code

        async def change(tx: Transaction, wanted: str, _now: datetime) -> Outcome[Practice]:
            await tx[AuditWrites].lock_practice()
            before = await tx[LedgerWrites].currency()
            if before == wanted:
                return Outcome(practice)
            if await tx[LedgerWrites].is_charged():
                message = f"Charges of this practice are in {before}, and a practice has one currency."
                raise Refused([invalid("currency.inUse", message, "currency")])
            await tx[LedgerWrites].set_currency(wanted)
            return Outcome(practice, events=(audited_currency(practice.id, before, wanted),))

        async def reload(_tx: Transaction, _practice_id: str) -> Practice:
            return practice

        outcome = await self._unit.run(request, check, change, reload)
        self._currencies.forget()
        return outcome
