"""Neo4j reads an edge that is just being deleted without its properties: it is read again, and INTERNAL never told."""

from collections.abc import Sequence
from typing import Any

import pytest

from graph_api.access.graph.decisions import AccessReads, AccessWrites
from graph_api.kernel.fields import Hollow
from graph_api.kernel.graph import graph_of
from graph_api.kernel.transaction import Transaction
from graph_api.network.records import CONTACT
from tests.api import Api, Installation


def test_a_record_with_nothing_in_it_is_hollow_and_one_that_lacks_a_field_is_wrong() -> None:
    with pytest.raises(Hollow):
        CONTACT.of([None] * len(CONTACT.names), client=None, person=None, today=None)
    with pytest.raises((TypeError, KeyError)):
        CONTACT.of(["contact_1", *[None] * (len(CONTACT.names) - 1)], client=None, person=None, today=None)


async def test_a_transaction_that_meets_one_runs_again(installation: Installation, api: Api) -> None:
    client, met = await api.client(), list[str]()

    async def work(tx: Transaction) -> int:
        met.append("again")
        if len(met) == 1:
            raise Hollow
        return len(await tx[AccessWrites].of_client(client["id"]))

    assert await graph_of(installation.database, api.practice).write(work) == 1
    assert len(met) == 2


async def test_a_question_that_meets_one_may_be_asked_again(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    client = await api.client()

    async def hollow(*_: Any, **__: Any) -> Sequence[Any]:
        raise Hollow

    monkeypatch.setattr(AccessReads, "of_client", hollow)
    query = "query ($id: ID!) { whoCanAct(clientId: $id, action: VIEW_PORTAL) { nodes { __typename } } }"
    response = await api.post({"query": query, "variables": {"id": client["id"]}})
    assert response.status_code == 503
    assert response.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE", "retryable": True}
