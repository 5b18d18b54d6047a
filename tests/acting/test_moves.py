"""Moving an appointment (A8)."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bench.calendars import claimed_keys

from graph_api.acting.appointments.model import AppointmentStatus, Location
from graph_api.acting.appointments.moves import Place, moved
from tests.acting.opening_cases import PRACTITIONER, appointment, kind

NEW_YORK = ZoneInfo("America/New_York")
START = datetime(2026, 3, 7, 14, tzinfo=UTC)
ROOM = Location("main", "Room", is_exclusive=True)
THERE = appointment(START, 50, local_start="2026-03-07T09:00", time_zone=NEW_YORK.key, version=4, buffer_after=5)
SAME = Place(START, PRACTITIONER, ROOM, NEW_YORK)
KIND = kind(60, buffer_before=5, buffer_after=10)


def test_a8_at_its_own_time_it_is_the_very_same() -> None:
    assert moved(THERE, SAME, KIND) is THERE
    assert moved(THERE, replace(SAME, starts_at=START.astimezone(NEW_YORK)), KIND) is THERE


def test_a8_a_move_keeps_the_id_and_raises_the_version() -> None:
    after = moved(THERE, replace(SAME, starts_at=(START + timedelta(days=1, hours=-1)).astimezone(NEW_YORK)), KIND)
    changed = {part.name for part in fields(after) if getattr(after, part.name) != getattr(THERE, part.name)}
    times, claim = {"starts_at", "ends_at", "local_start"}, {"buffer_before", "buffer_after", "calendars"}
    assert changed == times | claim | {"version"}
    assert (after.version, after.local_start) == (5, "2026-03-08T09:00")
    assert after.ends_at - after.starts_at == timedelta(minutes=50)  # and not the 60 that the type has now
    assert after.starts_at.tzinfo is UTC


@pytest.mark.parametrize(
    "place",
    [
        replace(SAME, practitioner_id="lee"),
        replace(SAME, location=Location("annex", "Annex")),
        replace(SAME, overbook=True),
    ],
)
def test_a8_another_practitioner_location_or_overbooking_is_a_move_too(place: Place) -> None:
    after = moved(THERE, place, KIND)
    assert after.version == 5
    expected = set() if place.overbook else {place.practitioner_id} | ({"main"} if place.location is ROOM else set())
    assert {key.split("|")[1] for key in claimed_keys("practice_1", after, START)} == expected


def test_a4_a_request_that_is_moved_never_holds_its_time_beyond_its_start() -> None:
    held = START - timedelta(hours=1)
    request = replace(THERE, status=AppointmentStatus.REQUESTED, held_until=held)
    later, earlier = START + timedelta(days=1), START - timedelta(hours=2)
    assert moved(request, replace(SAME, starts_at=later), KIND).held_until == held
    assert moved(request, replace(SAME, starts_at=earlier), KIND).held_until == earlier
