"""Charges and payments that staff record: what is owed, who sees it, and that nobody pays more than is due."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from graph_api.acting.payments.checking import Checking
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.graph import graph_of
from tests.acting.cast import Cast, new_cast
from tests.acting.clinic import ahead, new_clinic
from tests.api import Installation

OWED = """query ($id: ID!) { node(id: $id) { ... on Person {
  balance { due { amount currency text } reserved { amount } credit { amount } }
  charges { nodes { id description open { amount } } }
  open: charges(openOnly: true) { nodes { id } }
  payments { nodes { id amount { amount } refunded { amount } reference payer { text person { id } }
    allocations { charge { id } amount { amount } } refunds { amount { amount } reason by { text } } } }
  statement(from: "2026-01-01", to: "2200-01-01") { opening { amount } closing { amount }
    entries { nodes { text amount { amount } balance { amount } node { id } } } } } } }"""
EVERYBODY = ("staff", "admin", "ben", "anna", "carl", "analyst", "elsewhere")
NOTHING: dict[str, Any] = {"balance": None, "charges": None, "open": None, "payments": None, "statement": None}


class Desk:
    """A practice that charges in dollars. Anna may pay for Ben, Carl may not."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.api = cast, cast.api
        self.ben = cast.ids["ben"]

    async def charge(self, amount: int, audience: str = "SHARED", day: str = "2026-01-05", **values: Any) -> str:
        found = await self.api.done(
            "addCharge",
            clientId=self.ben,
            amount=amount,
            description=f"Visit of {day}",
            serviceDate=day,
            audience=audience,
            **values,
        )
        return str(found["id"])

    def recorded(self, amount: int, **values: Any) -> dict[str, Any]:
        return {"clientId": self.ben, "amount": amount, "method": "CASH", **values}

    async def pay(self, amount: int, **values: Any) -> str:
        return str((await self.api.done("recordPayment", **self.recorded(amount, **values)))["id"])

    async def refund(self, payment: str, amount: int, **values: Any) -> None:
        await self.api.done("refundPayment", paymentId=payment, amount=amount, **values)

    async def owed(self, who: str = "staff") -> dict[str, Any]:
        """What somebody reads; nothing where Ben is nobody to them."""
        found: dict[str, Any] = (await self.cast.ask(who, OWED, id=self.ben))["node"] or dict(NOTHING)
        return found

    async def differences(self) -> list[str]:
        """What does not fit together of what is kept."""
        graph = graph_of(self.cast.installation.database, self.cast.practice)
        return [one.difference.text async for one in Checking(graph).clients() if one.difference is not None]

    async def due(self, who: str = "staff") -> int:
        return int((await self.owed(who))["balance"]["due"]["amount"])


@pytest.fixture
async def desk(installation: Installation) -> AsyncIterator[Desk]:
    cast = await new_cast(installation)
    admin = installation.api(cast.practice, ViewerRole.ADMIN, "admin-1")
    await admin.done("setCurrency", currency="usd")
    await cast.change("anna", payments=True)
    made = Desk(cast)
    yield made
    assert await made.differences() == []


async def test_p2_everybody_reads_what_they_may_see_and_nothing_else(desk: Desk) -> None:
    await desk.charge(5_000, publicDescription="Session")
    await desk.charge(3_000, "CLIENT_ONLY", day="2026-01-06")
    due = {who: (found["balance"] or {}).get("due") for who in EVERYBODY if (found := await desk.owed(who))}
    assert due["staff"] == {"amount": 8_000, "currency": "USD", "text": "US$80.00"}
    assert due["admin"] == due["ben"] == due["staff"]
    assert due["anna"] == {"amount": 5_000, "currency": "USD", "text": "US$50.00"}
    assert [due[who] for who in ("carl", "analyst", "elsewhere")] == [None, None, None]
    assert [await desk.owed(who) for who in ("carl", "analyst", "elsewhere")] == [NOTHING] * 3
    told = {who: [one["description"] for one in (await desk.owed(who))["charges"]["nodes"]] for who in EVERYBODY[:4]}
    assert told["staff"] == ["Visit of 2026-01-06", "Visit of 2026-01-05"]
    assert told["ben"] == ["Appointment", "Session"]
    assert told["anna"] == ["Session"]


async def test_p2_x6_a_charge_for_the_client_alone_is_nowhere_for_a_contact(desk: Desk) -> None:
    shared, alone = await desk.charge(5_000), await desk.charge(3_000, "CLIENT_ONLY")
    payment = await desk.pay(3_500, chargeIds=[alone, shared])
    for_anna = await desk.owed("anna")
    assert [one["id"] for one in for_anna["charges"]["nodes"]] == [shared]
    [seen] = for_anna["payments"]["nodes"]
    assert (seen["amount"], seen["allocations"]) == (
        {"amount": 500},
        [{"charge": {"id": shared}, "amount": {"amount": 500}}],
    )
    assert [line["balance"]["amount"] for line in for_anna["statement"]["entries"]["nodes"]] == [5_000, 4_500]
    assert for_anna["statement"]["closing"] == {"amount": 4_500}
    for who, expected in (("anna", None), ("ben", alone), ("staff", alone)):
        found = (await desk.cast.ask(who, "query ($id: ID!) { node(id: $id) { id } }", id=alone))["node"]
        assert (found and found["id"]) == expected
    assert (await desk.cast.ask("anna", "query ($id: ID!) { node(id: $id) { id } }", id=payment))["node"] is not None
    await desk.refund(payment, 500)
    [seen] = (await desk.owed("anna"))["payments"]["nodes"]
    assert (seen["refunded"], seen["refunds"]) == (
        {"amount": 500},
        [{"amount": {"amount": 500}, "reason": None, "by": {"text": desk.cast.practice.name}}],
    )
    await desk.refund(payment, 1_000)  # of what is for the client alone
    assert (await desk.owed("anna"))["payments"]["nodes"] == [seen]


async def test_p3_a_payment_lies_on_the_oldest_charges_and_never_exceeds_what_is_due(desk: Desk) -> None:
    newer, older = await desk.charge(5_000, day="2026-02-05"), await desk.charge(3_000, day="2026-01-05")
    await desk.pay(4_000, payerPersonId=desk.cast.ids["anna"], reference="Check 17", method="CHECK")
    [paid] = (await desk.owed())["payments"]["nodes"]
    assert [(one["charge"]["id"], one["amount"]["amount"]) for one in paid["allocations"]] == [
        (older, 3_000),
        (newer, 1_000),
    ]
    assert paid["reference"] == "Check 17"
    assert (await desk.owed("ben"))["payments"]["nodes"][0]["reference"] is None
    assert [one["id"] for one in (await desk.owed())["open"]["nodes"]] == [newer]
    error = await desk.api.refused("recordPayment", **desk.recorded(4_001))
    assert (error["code"], error["path"], error["due"]) == (
        "PAYMENT_EXCEEDS_DUE",
        ["amount"],
        {"amount": 4_000, "currency": "USD", "text": "US$40.00"},
    )
    error = await desk.api.refused("recordPayment", **desk.recorded(1, chargeIds=[older]))
    assert error["due"]["amount"] == 0
    assert await desk.due() == 4_000


async def test_p7_what_is_refunded_is_asked_for_again_only_if_staff_say_so(desk: Desk) -> None:
    await desk.charge(5_000)
    payment = await desk.pay(5_000)
    await desk.refund(payment, 1_000, reason="Came late")
    assert await desk.due() == 0
    await desk.refund(payment, 1_500, reopenCharges=True)
    assert await desk.due() == 1_500
    lines = (await desk.owed())["statement"]["entries"]["nodes"]
    assert [(line["text"], line["amount"]["amount"], line["balance"]["amount"]) for line in lines] == [
        ("Charge: Visit of 2026-01-05", 5_000, 5_000),
        ("Payment", -5_000, 0),
        ("Refund", 1_000, 1_000),
        ("Not charged again", -1_000, 0),
        ("Refund", 1_500, 1_500),
    ]
    error = await desk.api.refused("refundPayment", paymentId=payment, amount=2_501)
    assert error["reason"] == "refund.exceedsPayment"
    [paid] = (await desk.owed())["payments"]["nodes"]
    assert [one["reason"] for one in paid["refunds"]] == ["Came late", None]


async def test_p2_a_charge_is_voided_only_while_nobody_has_paid(desk: Desk) -> None:
    paid, other = await desk.charge(5_000), await desk.charge(2_000, day="2026-01-07")
    payment = await desk.pay(1_000)
    error = await desk.api.refused("voidCharge", chargeId=paid, expectedVersion=2)
    assert error["reason"] == "charge.beingPaid"
    await desk.api.done("voidCharge", chargeId=other, expectedVersion=1, reason="A mistake")
    assert await desk.due() == 4_000
    error = await desk.api.refused("voidCharge", chargeId=other, expectedVersion=2)
    assert error["reason"] == "charge.void"
    assert (await desk.api.refused("voidCharge", chargeId=paid, expectedVersion=1))["code"] == "VERSION_CONFLICT"
    await desk.refund(payment, 1_000, reopenCharges=True)
    await desk.api.done("voidCharge", chargeId=paid, expectedVersion=3)
    assert await desk.due() == 0
    assert (await desk.api.refused("recordPayment", **desk.recorded(1, chargeIds=[paid])))["reason"] == "charge.void"


@pytest.mark.parametrize(
    ("amount", "reason"),
    [(0, "amount.outOfRange"), (-5, "amount.outOfRange"), (100_000_001, "amount.outOfRange")],
)
async def test_p1_an_amount_is_within_its_bounds(desk: Desk, amount: int, reason: str) -> None:
    charge = {"clientId": desk.ben, "amount": amount, "description": "Visit", "serviceDate": "2026-01-05"}
    assert (await desk.api.refused("addCharge", **charge))["reason"] == reason
    assert (await desk.api.refused("recordPayment", **desk.recorded(amount)))["reason"] == reason


async def test_p4_a_payment_and_a_refund_need_an_idempotency_key_and_happen_once(desk: Desk) -> None:
    await desk.charge(5_000)
    payment = {"clientId": desk.ben, "amount": 1_000, "method": "CASH"}
    keyless = await desk.api.refused("recordPayment", **payment, idempotencyKey=None)
    assert keyless["reason"] == "idempotencyKey.missing"
    first, again = [await desk.api.done("recordPayment", **payment, idempotencyKey="one") for _ in range(2)]
    assert first == again
    error = await desk.api.refused("recordPayment", **payment | {"amount": 2_000}, idempotencyKey="one")
    assert error["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert await desk.due() == 4_000
    refund = {"paymentId": first["id"], "amount": 400}
    keyless = await desk.api.refused("refundPayment", **refund, idempotencyKey=None)
    assert keyless["reason"] == "idempotencyKey.missing"
    for _ in range(2):
        await desk.api.done("refundPayment", **refund, idempotencyKey="back")
    [paid] = (await desk.owed())["payments"]["nodes"]
    assert paid["refunded"] == {"amount": 400}


async def test_x4_who_paid_at_the_desk_is_told_to_nobody_else(desk: Desk) -> None:
    await desk.charge(5_000)
    await desk.pay(1_000, payerPersonId=desk.cast.ids["anna"])
    query = "query ($id: ID!) { node(id: $id) { ... on Person { payments { nodes { payerPerson { id } } } } } }"
    told = {}
    for who in ("staff", "anna", "ben"):
        [one] = (await desk.cast.ask(who, query, id=desk.ben))["node"]["payments"]["nodes"]
        told[who] = one["payerPerson"] and one["payerPerson"]["id"]
    assert told == {"staff": desk.cast.ids["anna"], "anna": desk.cast.ids["anna"], "ben": None}


async def test_p10_what_a_gateway_takes_is_not_recorded_by_hand(desk: Desk) -> None:
    await desk.charge(5_000)
    error = await desk.api.refused("recordPayment", **desk.recorded(1, method="CARD_ONLINE"))
    assert error["reason"] == "method.online"


async def test_p2_a_charge_is_seen_by_no_more_people_than_its_appointment(installation: Installation) -> None:
    clinic = await new_clinic(installation)
    cast = clinic.cast
    await cast.done("admin", "setCurrency", "practice { id }", currency="USD")
    appointment = (await clinic.book("staff", ahead(2)))["id"]
    charge = {
        "clientId": cast.ids["ben"],
        "amount": 500,
        "description": "Visit",
        "serviceDate": "2026-01-05",
        "appointmentId": appointment,
    }
    shared = await cast.api.done("addCharge", **charge)
    hide = {"appointmentId": appointment, "expectedVersion": 1, "audience": "CLIENT_ONLY"}
    assert (await cast.api.refused("setAppointmentAudience", **hide))["reason"] == "charge.shared"
    await cast.api.done("voidCharge", chargeId=shared["id"], expectedVersion=1)
    await cast.api.done("setAppointmentAudience", **hide)
    assert (await cast.api.refused("addCharge", **charge))["reason"] == "audience.tooWide"
    await cast.api.done("addCharge", **charge, audience="CLIENT_ONLY")


async def test_x1_nothing_is_charged_for_an_archived_client_and_what_was_is_still_paid(desk: Desk) -> None:
    charge = await desk.charge(5_000)
    person = (
        await desk.cast.ask("staff", "query ($id: ID!) { node(id: $id) { ... on Person { version } } }", id=desk.ben)
    )["node"]
    await desk.api.done("setClientStatus", personId=desk.ben, expectedVersion=person["version"], status="ARCHIVED")
    refused = {"clientId": desk.ben, "amount": 1, "description": "Visit", "serviceDate": "2026-01-05"}
    assert (await desk.api.refused("addCharge", **refused))["reason"] == "client.archived"
    payment = await desk.pay(2_000)
    await desk.refund(payment, 2_000, reopenCharges=True)
    await desk.api.done("voidCharge", chargeId=charge, expectedVersion=3)


@pytest.mark.parametrize("kind", ["charge", "payment", "person"])
async def test_what_is_of_another_client_or_practice_is_not_found(desk: Desk, kind: str) -> None:
    other = await desk.api.client("Eva")
    mine = await desk.charge(5_000)
    payment = await desk.pay(1_000)
    if kind == "charge":
        error = await desk.api.refused("recordPayment", **desk.recorded(1, clientId=other["id"], chargeIds=[mine]))
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["chargeIds", "0"])
    elif kind == "payment":
        elsewhere = desk.cast.others["elsewhere"]
        error = await elsewhere.refused("refundPayment", paymentId=payment, amount=1)
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["paymentId"])
    else:
        charge = {"amount": 1, "description": "Visit", "serviceDate": "2026-01-05"}
        error = await desk.api.refused("addCharge", clientId=desk.cast.ids["carl"], **charge)
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["clientId"])
