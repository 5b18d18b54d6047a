"""Reminders: who is reminded, where and when, and who is not, with the reason (R1-R9)."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from graph_api.acting.reminders import sending
from graph_api.acting.reminders.graph.upkeep import sweep_deliveries
from graph_api.mail.model import LetterDeferred, LetterRefused
from tests.acting.clinic import Clinic, ahead, new_clinic
from tests.acting.reminding import Died, Reminded, preview, reminded, set_rules
from tests.acting.test_appointment_notices import address, update
from tests.api import Installation

TWO_DAYS, TWO_HOURS = 2_880, 120
ZONE = ZoneInfo("Europe/London")
"""The practice's."""


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


SENT = """query ($id: ID!) { node(id: $id) { ... on Appointment { deliveries {
  rule { minutesBefore } channel status reason attempts maskedAddress persons { displayName } } } } }"""


async def deliveries(clinic: Clinic, appointment: dict[str, Any], who: str = "staff") -> Any:
    """What was sent of an appointment, and what was not."""
    return (await clinic.cast.ask(who, SENT, id=appointment["id"]))["node"]["deliveries"]


async def test_staff_see_what_was_sent_and_what_was_not(clinic: Clinic, worker: Reminded) -> None:
    await clinic.cast.change("carl", appointmentReminders=True)
    await update(clinic, "carl", emails=[])
    start = ahead(5, 12)
    booked = await clinic.book("staff", start)
    assert await deliveries(clinic, booked) == []
    await worker.at(start - timedelta(minutes=TWO_DAYS))
    sent, not_sent = sorted(await deliveries(clinic, booked), key=lambda one: one["status"])
    assert (sent["status"], sent["reason"], sent["attempts"]) == ("SENT", None, 1)
    assert sent["persons"] == [{"displayName": "Ben Moreno"}]
    assert (not_sent["status"], not_sent["reason"], not_sent["maskedAddress"]) == ("SUPPRESSED", "NO_ADDRESS", None)
    assert not_sent["persons"] == [{"displayName": "Carl Moreno"}]
    assert [one["rule"] for one in (sent, not_sent)] == [{"minutesBefore": TWO_DAYS}] * 2
    assert await deliveries(clinic, booked, "analyst") is None
    await set_rules(clinic, (TWO_HOURS, ["EMAIL"]))
    assert [one["rule"] for one in await deliveries(clinic, booked)] == [None] * 2, "a rule that is gone"


async def test_r7_what_a_mail_server_defers_is_tried_again_under_the_same_name(
    clinic: Clinic, worker: Reminded
) -> None:
    start = ahead(5, 12)
    booked = await clinic.book("staff", start)
    worker.box.fails = LetterDeferred()
    due = start - timedelta(minutes=TWO_DAYS)
    assert await worker.at(due) == []
    assert [one["status"] for one in await deliveries(clinic, booked)] == ["SENDING"]
    worker.box.fails = None
    assert await worker.at(due + timedelta(seconds=10)) == []
    ben = await address(clinic, "ben")
    assert await worker.at(due + timedelta(minutes=1)) == [ben]
    [one] = await deliveries(clinic, booked)
    assert (one["status"], one["attempts"]) == ("SENT", 2)
    assert await worker.at(due + timedelta(hours=1)) == []


async def test_r7_changed_rules_do_not_forget_what_is_tried_again(clinic: Clinic, worker: Reminded) -> None:
    start = ahead(5, 12)
    booked = await clinic.book("staff", start)
    due = start - timedelta(minutes=TWO_DAYS)
    worker.box.fails = LetterDeferred()
    assert (await worker.report(due)).deferred == 1
    worker.box.fails = None
    await set_rules(clinic, (TWO_DAYS, ["EMAIL"]), (600, ["EMAIL"]))
    assert await worker.plan(due + timedelta(seconds=5)) == 1
    assert await worker.at(due + timedelta(seconds=6)) == []
    assert await worker.at(due + timedelta(minutes=1)) == [await address(clinic, "ben")]
    assert [one["status"] for one in await deliveries(clinic, booked)] == ["SENT"]


async def test_r1_a_new_rule_reminds_nobody_at_once(clinic: Clinic, worker: Reminded) -> None:
    start = ahead(2, 12)
    await clinic.book("staff", start)
    now = start - timedelta(hours=30)
    assert await worker.at(now) == [await address(clinic, "ben")]
    await set_rules(clinic, (TWO_DAYS + 60, ["EMAIL"]), (TWO_HOURS, ["EMAIL"]))
    assert await worker.plan(now) == 1
    assert await worker.at(now + timedelta(minutes=1)) == []
    assert await worker.at(start - timedelta(minutes=TWO_HOURS)) == [await address(clinic, "ben")]


async def test_r7_one_that_is_deferred_longer_is_not_lost(clinic: Clinic, worker: Reminded) -> None:
    await clinic.cast.change("carl", appointmentReminders=True)
    start = ahead(5, 12)
    await clinic.book("staff", start)
    ben, carl = await address(clinic, "ben"), await address(clinic, "carl")
    due = start - timedelta(minutes=TWO_DAYS)
    worker.box.fails_for = {ben, carl}
    await worker.at(due)
    worker.box.fails_for = {carl}
    assert await worker.at(due + timedelta(minutes=1)) == [ben]
    worker.box.fails_for = set()
    assert await worker.at(due + timedelta(minutes=2)) == []
    assert await worker.at(due + timedelta(minutes=10)) == [carl]


async def test_r5_it_goes_before_quiet_hours_and_what_is_tried_again_after_them(
    clinic: Clinic, worker: Reminded
) -> None:
    quiet = {"from": "21:00", "to": "08:00", "email": True}
    await clinic.cast.done("admin", "setQuietHours", "practice { id }", **quiet)
    day = (datetime.now(ZONE) + timedelta(days=6)).date()
    start = datetime.combine(day, time(9, 30), ZONE).astimezone(UTC)
    await clinic.book("staff", start)
    evening = datetime.combine(day - timedelta(days=1), time(20, 59, 10), ZONE).astimezone(UTC)
    await set_rules(clinic, (TWO_HOURS, ["EMAIL"]))
    await worker.plan(evening - timedelta(days=1))
    ben = await address(clinic, "ben")
    assert await worker.at(evening - timedelta(hours=2)) == []
    worker.box.fails = LetterDeferred()
    assert (await worker.report(evening)).deferred == 1
    worker.box.fails = None
    assert await worker.at(evening + timedelta(minutes=5)) == [], "it is quiet by now"
    morning = datetime.combine(day, time(8, 0, 5), ZONE).astimezone(UTC)
    assert await worker.at(morning) == [ben]


async def test_r2_what_is_only_for_the_client_goes_to_no_confidential_address_of_a_contact(
    clinic: Clinic, worker: Reminded
) -> None:
    carl, ben = clinic.cast.ids["carl"], await address(clinic, "ben")
    await clinic.cast.api.done("setClientStatus", personId=carl, expectedVersion=1, status="ACTIVE")
    await clinic.cast.api.done("setConfidentialChannel", clientId=carl, expectedVersion=2, email=ben)
    start = ahead(5, 12)
    booked = await clinic.book("staff", start, audience="CLIENT_ONLY")
    assert await worker.at(start - timedelta(minutes=TWO_DAYS)) == []
    assert [one["reason"] for one in await deliveries(clinic, booked)] == ["NO_ADDRESS"]


async def test_r6_what_waits_to_be_tried_again_ends_with_its_appointment(clinic: Clinic, worker: Reminded) -> None:
    start = ahead(5, 12)
    cancelled, moved = await clinic.book("staff", start), await clinic.book("staff", start + timedelta(hours=1))
    worker.box.fails = LetterDeferred()
    assert (await worker.report(start - timedelta(minutes=TWO_DAYS - 90))).deferred == 2
    await clinic.done("staff", "cancelAppointment", cancelled)
    await clinic.done("staff", "rescheduleAppointment", moved, startsAt=ahead(9, 12).isoformat())
    found = [await deliveries(clinic, one) for one in (cancelled, moved)]
    assert [(one["status"], one["reason"]) for [one] in found] == [("FAILED", "NOT_BOOKED"), ("FAILED", "MOVED")]
    worker.box.fails = None
    assert await worker.at(start - timedelta(days=1)) == []


async def test_r7_what_a_mail_server_refuses_is_not_tried_again(clinic: Clinic, worker: Reminded) -> None:
    start = ahead(5, 12)
    booked = await clinic.book("staff", start)
    worker.box.fails = LetterRefused()
    due = start - timedelta(minutes=TWO_DAYS)
    assert (await worker.report(due)).refused == 1
    worker.box.fails = None
    assert await worker.at(due + timedelta(hours=1)) == []
    [one] = await deliveries(clinic, booked)
    assert (one["status"], one["reason"]) == ("FAILED", "REFUSED")


async def test_what_was_noted_is_dropped_after_90_days(
    clinic: Clinic, worker: Reminded, installation: Installation
) -> None:
    start = ahead(5, 12)
    booked = await clinic.book("staff", start)
    due = start - timedelta(minutes=TWO_DAYS)
    await worker.at(due)
    practice = clinic.cast.practice.id
    assert await sweep_deliveries(installation.database, practice, due + timedelta(days=89)) == 0
    assert len(await deliveries(clinic, booked)) == 1
    assert await sweep_deliveries(installation.database, practice, due + timedelta(days=91)) == 1
    assert await deliveries(clinic, booked) == []


async def test_r7_a_worker_that_dies_leaves_it_to_the_next_one(
    clinic: Clinic, worker: Reminded, installation: Installation
) -> None:
    start = ahead(5, 12)
    await clinic.book("staff", start)
    other, due = reminded(installation, clinic.cast.practice), start - timedelta(minutes=TWO_DAYS)
    worker.box.dies = True
    with pytest.raises(Died):
        await worker.at(due)
    assert await other.at(due + timedelta(seconds=60)) == [], "the first may be sending it still"
    assert await other.at(due + timedelta(seconds=150)) == [await address(clinic, "ben")]
    assert other.box.letters[0].name == worker.box.letters[0].name
    assert await other.at(due + timedelta(hours=1)) == []


@pytest.mark.parametrize("ends", ["cancelled", "without its rule"])
async def test_r7_what_a_dead_worker_was_sending_ends_with_its_appointment(
    clinic: Clinic, worker: Reminded, installation: Installation, ends: str
) -> None:
    start = ahead(5, 12)
    booked = await clinic.book("staff", start)
    other, due = reminded(installation, clinic.cast.practice), start - timedelta(minutes=TWO_DAYS)
    worker.box.dies = True
    with pytest.raises(Died):
        await worker.at(due)
    if ends == "cancelled":
        await clinic.done("staff", "cancelAppointment", booked)
    else:
        await set_rules(clinic, (TWO_HOURS, ["EMAIL"]))
        assert await other.plan(due + timedelta(seconds=5)) == 1
    assert await other.at(due + timedelta(seconds=150)) == []
    [one] = await deliveries(clinic, booked)
    assert (one["status"], one["reason"]) == ("FAILED", "NOT_BOOKED")


async def test_r6_a_revocation_that_came_first_wins(clinic: Clinic, worker: Reminded) -> None:
    await clinic.cast.change("carl", appointmentReminders=True)
    start = ahead(5, 12)
    await clinic.book("staff", start)
    ben = await address(clinic, "ben")
    await worker.at(start - timedelta(minutes=TWO_DAYS + 60))
    await clinic.cast.remove("carl")
    assert await worker.at(start - timedelta(minutes=TWO_DAYS)) == [ben]
    await clinic.cast.api.done("setPracticeFeature", feature="REMINDERS", enabled=False)
    assert await worker.at(start - timedelta(minutes=TWO_HOURS)) == []


async def test_r9_an_account_says_how_its_owner_is_reminded(clinic: Clinic, worker: Reminded) -> None:
    start, ben = ahead(5, 12), clinic.cast.ids["ben"]
    await clinic.book("staff", start)
    shown = "person { reminderPreferences { email sms timeZone doNotContact } }"
    found = await clinic.cast.done("ben", "setReminderPreferences", shown, personId=ben, email=False)
    assert found["reminderPreferences"] == {"email": False, "sms": True, "timeZone": None, "doNotContact": False}
    assert await worker.at(start - timedelta(minutes=TWO_DAYS)) == []
    refused = clinic.cast.refused
    assert await refused("ben", "setReminderPreferences", personId=ben, doNotContact=True) == "FORBIDDEN"
    assert await refused("anna", "setReminderPreferences", personId=ben, email=True) == "NOT_FOUND"
    assert await refused("staff", "setReminderPreferences", personId=ben, timeZone="Mars/One") == "timeZone.unknown"
    await clinic.cast.done("staff", "setReminderPreferences", shown, personId=ben, email=True, doNotContact=True)
    assert await worker.at(start - timedelta(minutes=TWO_HOURS)) == []


BAD_RULES = [
    ([(30, ["EMAIL"])] * 6, "reminderRules.tooMany"),
    ([(120, ["EMAIL"]), (130, ["EMAIL"])], "minutesBefore.tooClose"),
    ([(0, ["EMAIL"])], "minutesBefore.outOfRange"),
    ([(20_161, ["EMAIL"])], "minutesBefore.outOfRange"),
    ([(120, [])], "channels.required"),
]


@pytest.mark.parametrize(("rules", "reason"), BAD_RULES, ids=[reason for _, reason in BAD_RULES])
async def test_r1_bad_rules_are_refused(clinic: Clinic, rules: list[tuple[int, list[str]]], reason: str) -> None:
    [error] = (await set_rules(clinic, *rules))["errors"]
    assert error["reason"] == reason


async def test_r5_bad_quiet_hours_are_refused(clinic: Clinic) -> None:
    refused = clinic.cast.refused
    assert await refused("admin", "setQuietHours", **{"from": "08:00", "to": "21:00"}) == "quietHours.tooLong"
    assert await refused("staff", "setQuietHours", **{"from": "22:00", "to": "07:00"}) == "FORBIDDEN"
    shown = "practice { quietHours { from to email } }"
    found = await clinic.cast.done("admin", "setQuietHours", shown, **{"from": "22:00", "to": "07:00", "email": True})
    assert found["quietHours"] == {"from": "22:00", "to": "07:00", "email": True}


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


async def test_r6_a_worker_with_nothing_to_do_asks_once_for_what_is_due(
    installation: Installation, clinic: Clinic, worker: Reminded, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minutes in (0, 2, 4):  # what the clinic's rules want of nothing that is booked
        await worker.plan(datetime.now(UTC) + timedelta(minutes=minutes))
    monkeypatch.setattr(sending, "LOOK_EVERY", 0.05)
    ended = asyncio.Event()
    with installation.statements() as names:
        running = asyncio.create_task(worker.worker.run(ended))
        await asyncio.sleep(1)
        ended.set()
        await running
    asked = [name for name in names if name != "practices/by_ids"]  # of other tests' practices
    assert asked[0] == "practices/reminders_to_plan"
    assert set(asked[1:]) == {"practices/reminders_due"}
