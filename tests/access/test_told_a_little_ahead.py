"""A moment that is hardly to come is waited for: a change that is being committed may be dated before it (D5)."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph_api.engine.lead import RECENT, Lead
from graph_api.engine.session import GraphSession
from graph_api.kernel.graph import Graph
from graph_api.kernel.transaction import Transaction
from graph_api.network.graph.writes import ContactWrites
from graph_api.people.graph.writes import PersonWrites
from tests.accounts import give_account
from tests.api import Installation
from tests.contract.household import new_household

ASK = """query ($person: ID!, $client: ID!, $at: DateTime!) {
  canAct(personId: $person, clientId: $client, action: MAKE_PAYMENT, at: $at) { allowed }
  whoCanAct(clientId: $client, action: MAKE_PAYMENT, at: $at) { nodes { person { id } } }
  person(id: $client) { contactNetworkAsOf(at: $at) { nodes { person { id } payments } } } }"""
HELD = 0.6
"""Seconds between a change's date and its commit; the lead is made longer by half, which a busy machine needs."""


async def test_a_change_that_is_being_committed_is_in_the_answer(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = await new_household(installation)
    terms = {"relationship": "SPOUSE", "portalAccess": True, "payments": True}
    contact = await home.api.contact(home.client["id"], "Sam", **terms)
    person, client = contact["person"]["id"], home.client["id"]
    await give_account(installation, home.practice, person)
    graph = Graph(GraphSession(installation.database), home.practice.id, datetime.now(UTC).date())
    lead = Lead()
    for _ in range(RECENT):  # as if transactions had taken so long lately
        lead.note(HELD)
    monkeypatch.setattr(installation.database, "lead", lead)
    dated: asyncio.Future[datetime] = asyncio.get_running_loop().create_future()

    async def withdraw(tx: Transaction) -> None:
        await tx[PersonWrites].lock(client, person)
        before = await tx[ContactWrites].by_id(contact["id"])
        assert before is not None
        after = replace(before, terms=replace(before.terms, payments=False), version=2, updated_at=tx.stamp())
        await tx[ContactWrites].replace(before, after)
        if not dated.done():
            dated.set_result(tx.stamp())
            await asyncio.sleep(HELD)

    async def asked() -> dict[str, Any]:
        moment = await dated + timedelta(milliseconds=1)
        return {"person": person, "client": client, "at": moment.isoformat()}

    async def ask() -> tuple[dict[str, Any], dict[str, Any]]:
        about = await asked()
        return about, await home.api.query(ASK, **about)

    _, (about, told) = await asyncio.gather(graph.write(withdraw), ask())
    assert told == await home.api.query(ASK, **about)
    assert told["canAct"] == {"allowed": False}
