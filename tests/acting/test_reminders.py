"""Reminders: who is reminded, where and when, and who is not, with the reason (R1-R9)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.acting.clinic import Clinic, ahead, new_clinic
from tests.acting.reminding import Reminded, preview, reminded, set_rules
from tests.acting.test_appointment_notices import address, update
from tests.api import Installation

TWO_DAYS, TWO_HOURS = 2_880, 120


@pytest.fixture
async def clinic(installation: Installation) -> Clinic:
    clinic = await new_clinic(installation)
    assert (await set_rules(clinic, (TWO_DAYS, ["EMAIL"]), (TWO_HOURS, ["EMAIL"])))["errors"] == []
    return clinic


@pytest.fixture
def worker(installation: Installation, clinic: Clinic) -> Reminded:
    return reminded(installation, clinic.cast.practice)


async def test_r2_the_client_and_contacts_with_the_toggle_are_reminded_once(clinic: Clinic, worker: Reminded) -> None:
    await clinic.cast.change("carl", appointmentReminders=True)
    start = ahead(5, 12)
    await clinic.book("staff", start)
    both = sorted([await address(clinic, "ben"), await address(clinic, "carl")])
    assert await worker.at(start - timedelta(days=3)) == []
    assert await worker.at(start - timedelta(minutes=TWO_DAYS)) == both
    for letter in worker.box.letters:
        assert letter.subject == "Test practice: a reminder of an appointment"
        local = start.astimezone(ZoneInfo("Europe/London"))  # held online: the recipient's time zone counts
        assert f"{local:%A}, {local.day} {local:%B %Y}, {local:%H:%M} ({local:%Z})" in letter.text
        for word in ("Ben", "Carl", "Moreno", "Kim", "Visit", "meet.example"):
            assert word not in letter.text + letter.subject
    assert await worker.at(start - timedelta(minutes=TWO_DAYS - 1)) == []
    assert await worker.at(start - timedelta(minutes=TWO_HOURS)) == both
    assert await worker.at(start + timedelta(days=1)) == []


async def test_r6_what_no_longer_holds_is_not_said(clinic: Clinic, worker: Reminded) -> None:
    cancelled, moved, kept = [await clinic.book("staff", ahead(5, hour)) for hour in (9, 11, 13)]
    await clinic.done("staff", "cancelAppointment", cancelled)
    await clinic.done("staff", "rescheduleAppointment", moved, startsAt=ahead(9, 11).isoformat())
    ben = await address(clinic, "ben")
    assert await worker.at(ahead(3, 13)) == [ben]
    await clinic.done("staff", "cancelAppointment", kept)
    assert await worker.at(ahead(5, 12)) == []
    assert await worker.at(ahead(7, 11)) == [ben]


async def test_r6_after_downtime_the_nearest_rule_alone_reminds(clinic: Clinic, worker: Reminded) -> None:
    start = ahead(5, 12)
    booked = await clinic.book("staff", start)
    assert await worker.at(start - timedelta(hours=1)) == [await address(clinic, "ben")]
    lines = await preview(clinic, booked["id"])
    assert {line["rule"]["minutesBefore"] for line in lines} == {TWO_DAYS, TWO_HOURS}
    assert await worker.at(start - timedelta(minutes=10)) == []


async def test_r6_nobody_is_reminded_of_what_begins_within_half_an_hour(clinic: Clinic, worker: Reminded) -> None:
    start = ahead(5, 12)
    await clinic.book("staff", start)
    assert await worker.at(start - timedelta(minutes=29)) == []


async def test_r3_whoever_shares_an_address_gets_one(clinic: Clinic, worker: Reminded) -> None:
    shared = await address(clinic, "ben")
    await update(clinic, "carl", emails=[shared.upper()])
    await clinic.cast.change("carl", appointmentReminders=True)
    start = ahead(5, 12)
    await clinic.book("staff", start)
    assert len(await worker.at(start - timedelta(minutes=TWO_DAYS))) == 1


async def test_preview_says_why_and_where(clinic: Clinic) -> None:
    await clinic.cast.change("carl", appointmentReminders=True)
    await set_rules(clinic, (TWO_DAYS, ["EMAIL", "SMS"]))
    booked = await clinic.book("staff", ahead(5, 12))
    lines = await preview(clinic, booked["id"])
    found = [(line["person"]["displayName"], line["channel"], line["reason"]) for line in lines]
    assert found == [
        ("Ben Moreno", "EMAIL", None),
        ("Ben Moreno", "SMS", "NO_ADDRESS"),
        ("Carl Moreno", "EMAIL", None),
        ("Carl Moreno", "SMS", "NO_ADDRESS"),
    ]
    assert all("***@" in line["maskedAddress"] for line in lines[::2])
    assert await preview(clinic, booked["id"], "analyst") is None
    assert await preview(clinic, "appointment_" + "0" * 32) is None


async def test_r1_changed_rules_plan_what_is_booked_already(clinic: Clinic, worker: Reminded) -> None:
    start = ahead(9, 12)
    booked = [await clinic.book("staff", start + timedelta(hours=hour)) for hour in (0, 1)]
    await clinic.done("staff", "cancelAppointment", booked[1])
    assert (await set_rules(clinic, (TWO_HOURS, ["EMAIL"]), (7 * 1_440, ["EMAIL"])))["errors"] == []
    assert await worker.plan() == 2
    assert await worker.plan() == 0
    ben = await address(clinic, "ben")
    assert await worker.at(start - timedelta(days=7)) == [ben]
    assert await worker.at(start - timedelta(minutes=TWO_DAYS)) == []
    assert await worker.at(start - timedelta(minutes=TWO_HOURS)) == [ben]
    assert await worker.plan(start - timedelta(days=8)) == 2, "once more, for whoever booked meanwhile"
    assert await worker.plan(start - timedelta(days=7)) == 0
    assert await worker.at(start - timedelta(minutes=TWO_HOURS)) == [], "what was sent is not sent again"
