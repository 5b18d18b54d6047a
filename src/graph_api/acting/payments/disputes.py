"""Disputes: a bank takes money of a payment back from the practice, and perhaps returns it (P13).

A dispute asks nobody for money: what a bank took back is not due again by itself, as after a refund (P7). Staff who
want it add a charge. When the money comes back, it lies where it lay before.
"""

from collections.abc import Mapping
from dataclasses import replace

from graph_api.acting.payments.laying import Settled, moved
from graph_api.acting.payments.model import Charge, Payment
from graph_api.acting.payments.refunds import giving_order


def disputed(payment: Payment, charges: Mapping[str, Charge], *, is_open: bool, withdrawn: int) -> Settled:
    """The payment as its disputes are now, and the charges that it changes. It says what is, not what happened, so
    hearing the same twice changes nothing.

    Args:
        payment: as it is. Of one that has not succeeded nothing can be taken.
        charges: by id; all that the payment was laid on are among them, as they are under the lock.
        is_open: whether the payment is disputed.
        withdrawn: how much banks hold of it now. The ledger is the client's, not the practice's account with a
            gateway: what exceeds the rest of the payment is not taken from anybody. What a refund is about to give
            back counts as given; if that refund fails, say it again.
    """
    after = replace(payment, is_disputed=is_open)
    if payment.has_succeeded:
        after = _with(after, withdrawn - payment.withdrawn)
    return Settled(after, moved(charges, payment, after))


def _with(payment: Payment, more: int) -> Payment:
    """With more withdrawn, as far as there is more, in the order in which refunds give back. Less is returned in the
    opposite order."""
    allocations, order = list(payment.allocations), giving_order(payment.allocations)
    for place in order if more > 0 else reversed(order):
        one = allocations[place]
        share = min(one.free, more) if more > 0 else -min(one.withdrawn, -more)
        more -= share
        allocations[place] = replace(one, withdrawn=one.withdrawn + share)
    return replace(payment, allocations=tuple(allocations))
