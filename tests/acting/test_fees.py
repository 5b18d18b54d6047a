"""Fees for late cancellations and missed appointments: offered to staff, never charged by themselves (P12)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.acting.clinic import Clinic, ahead, new_clinic
from tests.api import Installation
from tests.declared import SCHEMA, input_of

DRAFT = "clientId amount description publicDescription serviceDate appointmentId audience"
FEE = 2_500


@pytest.fixture
async def clinic(installation: Installation) -> Clinic:
    found = await new_clinic(installation)
    await found.cast.done("admin", "setCurrency", "practice { id }", currency="USD")
    kind = await found.cast.done(
        "admin",
        "updateAppointmentType",
        "type { version price { amount } lateFee { text } }",
        typeId=found.types["book"],
        expectedVersion=1,
        price=9_000,
        lateFee=FEE,
        lateCancel=True,
    )
    assert (kind["price"], kind["lateFee"]) == ({"amount": 9_000}, {"text": "US$25.00"})
    return found


async def cancelled(clinic: Clinic, who: str, at: datetime) -> dict[str, Any]:
    one = await clinic.book("staff", at)
    payload = await clinic.cast.does(
        who,
        "cancelAppointment",
        f"appointment {{ id }} addCharge {{ {DRAFT} }}",
        appointmentId=one["id"],
        expectedVersion=one["version"],
    )
    assert payload["errors"] == []
    return payload


def soon() -> datetime:
    """Later than the type's notice, and to come."""
    return (datetime.now(UTC) + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)


async def test_p12_staff_who_cancel_late_are_offered_the_fee_and_add_it_if_they_wish(clinic: Clinic) -> None:
    at = soon()
    payload = await cancelled(clinic, "staff", at)
    draft = payload["addCharge"]
    assert draft == {
        "clientId": clinic.cast.ids["ben"],
        "amount": FEE,
        "description": draft["description"],
        "publicDescription": "Late cancellation",
        "serviceDate": at.date().isoformat(),
        "appointmentId": payload["appointment"]["id"],
        "audience": "SHARED",
    }
    assert draft["description"].startswith("Late cancellation: ")
    query = "query ($id: ID!) { node(id: $id) { ... on Person { balance { due { amount } } } } }"
    due = [(await clinic.cast.ask("staff", query, id=clinic.cast.ids["ben"]))["node"]["balance"]["due"]["amount"]]
    await clinic.cast.done("staff", "addCharge", "charge { id }", **draft)
    due.append((await clinic.cast.ask("staff", query, id=clinic.cast.ids["ben"]))["node"]["balance"]["due"]["amount"])
    assert due == [0, FEE]


async def test_p12_nothing_is_offered_in_time_nor_to_a_portal_account(clinic: Clinic) -> None:
    assert (await cancelled(clinic, "staff", ahead(5)))["addCharge"] is None
    assert (await cancelled(clinic, "ben", soon()))["addCharge"] is None


async def test_p12_a_missed_appointment_has_the_fee_and_its_own_audience(clinic: Clinic) -> None:
    past = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)
    one = await clinic.book("staff", past, audience="CLIENT_ONLY")
    payload = await clinic.cast.does(
        "staff",
        "setAppointmentOutcome",
        f"appointment {{ id }} addCharge {{ {DRAFT} }}",
        appointmentId=one["id"],
        expectedVersion=one["version"],
        outcome="NO_SHOW",
    )
    assert (payload["addCharge"]["publicDescription"], payload["addCharge"]["audience"]) == (
        "Missed appointment",
        "CLIENT_ONLY",
    )


def test_p12_the_draft_has_every_field_of_the_input() -> None:
    draft: Any = SCHEMA.type_map["AddChargeDraft"]
    assert set(draft.fields) == set(input_of("addCharge")) - {"idempotencyKey"}
    assert set(draft.fields) == set(DRAFT.split())
