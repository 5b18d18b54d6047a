"""Reminders as texts to phones: what they say, how long they are, and where they go without a gateway (R4)."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.acting.appointments.model import Location
from graph_api.acting.reminders.texts import MOST_SEGMENTS, STOP, reminder_text, segments
from graph_api.sms.files import TextFiles
from graph_api.sms.ports import Text
from tests.acting.clinic import ahead, new_clinic
from tests.acting.reminder_cases import CASES, situation_of
from tests.acting.reminding import preview, reminded, set_rules
from tests.acting.test_appointment_notices import update
from tests.api import Installation

APPOINTMENT = situation_of(CASES[0]).appointment
ROOM, ONLINE = Location("location_1", "Room 1"), Location("location_2", "Room 2", is_telehealth=True)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_r4_segments_are_counted_as_phones_do(text: str, found: int) -> None:
    assert segments(text) == found


def test_r4_a_text_names_the_practice_the_time_and_the_place() -> None:
    assert reminder_text("Maple Street", APPOINTMENT, ROOM, NEW_YORK) == (
        "Maple Street: reminder of an appointment on Tue 10 Mar 2026, 12:00 UTC. Room 1. Reply STOP to end."
    )
    assert reminder_text("Maple Street", APPOINTMENT, ONLINE, NEW_YORK) == (
        "Maple Street: reminder of an appointment on Tue 10 Mar 2026, 08:00 EDT. online. Reply STOP to end."
    )


@given(practice=st.text(min_size=1, max_size=200), place=st.text(min_size=1, max_size=100))
def test_r4_a_text_has_at_most_two_segments_and_always_the_time(practice: str, place: str) -> None:
    text = reminder_text(practice, APPOINTMENT, Location("location_1", place), NEW_YORK)
    assert segments(text) <= MOST_SEGMENTS
    assert "Tue 10 Mar 2026, 12:00 UTC" in text
    assert text.endswith(STOP)


async def test_old_texts_are_not_kept(installation: Installation, tmp_path: Path) -> None:
    practice, text = await installation.practice(), Text("+447700900123", "A reminder", "name")
    now = datetime.now(UTC)
    await TextFiles(tmp_path / "sms", lambda: now - timedelta(days=31)).send(practice, text)
    [old] = (tmp_path / "sms").iterdir()
    await TextFiles(tmp_path / "sms", lambda: now).send(practice, text)
    [kept] = (tmp_path / "sms").iterdir()
    assert kept != old


async def test_r8_without_a_gateway_texts_are_files_of_their_owner(installation: Installation, tmp_path: Path) -> None:
    clinic, start = await new_clinic(installation), ahead(5, 12)
    await set_rules(clinic, (2_880, ["SMS"]))
    await update(clinic, "ben", phones=["+447700900123"])
    directory = tmp_path / "sms"
    worker = reminded(installation, clinic.cast.practice, gateway=TextFiles(directory, lambda: start))
    booked = await clinic.book("staff", start)
    [line] = await preview(clinic, booked["id"])
    assert (line["channel"], line["maskedAddress"]) == ("SMS", "+44***23")
    assert (await worker.report(start - timedelta(minutes=2_880))).sent == 1
    [path] = directory.iterdir()
    text = path.read_text(encoding="utf-8")
    assert text.startswith("To: +447700900123\n")
    assert "Test practice: reminder of an appointment on" in text
    assert "Ben" not in text
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(directory.stat().st_mode)) == (0o600, 0o700)
    assert worker.box.letters == []
