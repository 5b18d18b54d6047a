"""Charges, payments and refunds by their ids, as far as the caller may see them."""

from collections.abc import Mapping, Sequence
from typing import Any

from graph_api.acting.payments.reading import PaymentReading
from graph_api.kernel.scope import Scope
from graph_api.shapes.nodes import register_node


async def _charges(scope: Scope, ids: Sequence[str]) -> Mapping[str, Any]:
    return await scope[PaymentReading].charges_by_ids(ids)


async def _payments(scope: Scope, ids: Sequence[str]) -> Mapping[str, Any]:
    return await scope[PaymentReading].payments_by_ids(ids)


async def _refunds(scope: Scope, ids: Sequence[str]) -> Mapping[str, Any]:
    return await scope[PaymentReading].refunds_by_ids(ids)


register_node("charge", _charges)
register_node("payment", _payments)
register_node("refund", _refunds)
