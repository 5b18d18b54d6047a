"""The currency of all amounts, how much can be owed, and that whatever is kept fits together (P1, P11)."""

import pytest

from graph_api.kernel.caller import ViewerRole
from tests.acting.cast import new_cast
from tests.acting.test_charges import Desk
from tests.api import Installation


async def test_p1_the_currency_is_set_before_the_first_charge_and_then_stays(installation: Installation) -> None:
    practice = await installation.practice()
    api, admin = installation.api(practice), installation.api(practice, ViewerRole.ADMIN, "admin-1")
    client = await api.client("Ben")
    charge = {"clientId": client["id"], "amount": 500, "description": "Visit", "serviceDate": "2026-01-05"}
    assert (await api.refused("addCharge", **charge))["reason"] == "currency.missing"
    assert (await admin.refused("setCurrency", currency="XYZ"))["reason"] == "currency.unknown"
    await admin.done("setCurrency", currency="EUR")
    await admin.done("setCurrency", currency="JPY")
    await api.done("addCharge", **charge)
    assert (await admin.refused("setCurrency", currency="EUR"))["reason"] == "currency.inUse"
    await admin.done("setCurrency", currency="JPY")
    query = "query ($id: ID!) { node(id: $id) { ... on Person { balance { due { text } } } } }"
    assert (await api.query(query, id=client["id"]))["node"]["balance"]["due"]["text"] == "JP¥500"
    log = "{ auditLog(kinds: [SET_CURRENCY]) { nodes { action changes { field before after } } } }"
    told = [one["changes"] for one in (await admin.query(log))["auditLog"]["nodes"]]
    assert told == [
        [{"field": "currency", "before": "EUR", "after": "JPY"}],
        [{"field": "currency", "before": None, "after": "EUR"}],
    ]


async def test_p1_two_currencies_in_one_operation_are_each_told(installation: Installation) -> None:
    practice = await installation.practice()
    admin = installation.api(practice, ViewerRole.ADMIN, "admin-1")
    both = """mutation {
      a: setCurrency(input: {currency: "EUR"}) { practice { currency } }
      b: setCurrency(input: {currency: "USD"}) { practice { currency } } }"""
    found = await admin.query(both)
    assert [found[one]["practice"]["currency"] for one in "ab"] == ["EUR", "USD"]


async def test_nobody_owes_more_than_an_answer_can_say(installation: Installation) -> None:
    practice = await installation.practice()
    await installation.api(practice, ViewerRole.ADMIN, "admin-1").done("setCurrency", currency="IDR")
    api = installation.api(practice)
    client = await api.client("Ben")
    charge = {"clientId": client["id"], "amount": 100_000_000, "description": "Visit", "serviceDate": "2026-01-05"}
    for _ in range(21):
        await api.done("addCharge", **charge)
    assert (await api.refused("addCharge", **charge))["reason"] == "balance.tooLarge"
    query = "query ($id: ID!) { node(id: $id) { ... on Person { balance { due { amount } } } } }"
    assert (await api.query(query, id=client["id"]))["node"]["balance"]["due"]["amount"] == 2_100_000_000


TAMPERED = {
    "charge": "MATCH (c:Charge) WHERE c.practice = $practice SET c.paid = c.paid + 1 RETURN count(c) AS n",
    "entry": "MATCH (e:LedgerEntry) WHERE e.practice = $practice AND e.number = 2 SET e.balance = 7 RETURN 1 AS n",
    "ledger": "MATCH (l:Ledger) WHERE l.practice = $practice SET l.sharedBalance = 7 RETURN count(l) AS n",
    "payment": "MATCH (t:Payment) WHERE t.practice = $practice SET t.amount = 7 RETURN count(t) AS n",
}


@pytest.mark.parametrize("what", TAMPERED)
async def test_p11_what_was_changed_by_hand_is_found(installation: Installation, what: str) -> None:
    cast = await new_cast(installation)
    await installation.api(cast.practice, ViewerRole.ADMIN, "admin-1").done("setCurrency", currency="EUR")
    desk = Desk(cast)
    await desk.charge(5_000)
    await desk.refund(await desk.pay(3_000), 1_000)
    assert await desk.differences() == []
    async with installation.database.session(write=True) as session:
        await (await session.run(TAMPERED[what], {"practice": cast.practice.id})).consume()
    [found] = await desk.differences()
    assert found.startswith(f"{what} ") or what in found
