"""Loads of refunds: those of a whole page together."""

from collections.abc import Sequence

from strawberry.dataloader import DataLoader

from graph_api.acting.payments.reading import PaymentReading
from graph_api.acting.payments.shown import ShownPayment, ShownRefund
from graph_api.kernel.scope import Scope

AT_ONCE = 100


class RefundsLoader(DataLoader[ShownPayment, Sequence[ShownRefund]]):
    """The refunds of payments."""

    def __init__(self, scope: Scope) -> None:
        self._reading = scope[PaymentReading]
        super().__init__(self._load, max_batch_size=AT_ONCE, cache=False)

    async def _load(self, payments: Sequence[ShownPayment]) -> list[Sequence[ShownRefund]]:
        return await self._reading.refunds_of(payments)
