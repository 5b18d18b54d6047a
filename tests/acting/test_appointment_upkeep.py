"""Beside requests: claimed moments are swept, and starts that clocks have left are found (A3, A5)."""

from datetime import UTC, datetime, timedelta

import pytest
from bench.calendars import KEYS

from graph_api.acting.appointments.graph.upkeep import starts_that_moved, sweep_booked_times
from tests.acting.clinic import Clinic, ahead, new_clinic
from tests.api import Installation

OTHER_ZONE = "MATCH (a:Appointment {id: $id}) WHERE a.practice = $practice SET a.timeZone = 'Asia/Kathmandu'"


@pytest.fixture
async def clinic(installation: Installation) -> Clinic:
    return await new_clinic(installation)


async def claimed(clinic: Clinic) -> set[str]:
    """The appointments of which moments are kept."""
    async with clinic.cast.installation.database.session(write=False) as session:
        result = await session.run(KEYS, practice=clinic.cast.practice.id)
        return {record["id"] async for record in result}


async def test_a5_what_is_long_past_is_swept_once(clinic: Clinic) -> None:
    database, practice = clinic.cast.installation.database, clinic.cast.practice.id
    past, cancelled = await clinic.book("staff", ahead(-3, 9)), await clinic.book("staff", ahead(-3, 12))
    await clinic.done("staff", "cancelAppointment", cancelled)
    coming = await clinic.book("staff", ahead(3, 9), locationId=clinic.room)
    beside = await clinic.book("staff", ahead(-3, 9), overbook=True)
    assert beside["isOverbooked"]
    assert await sweep_booked_times(database, practice, datetime.now(UTC)) == 0, "staff may still book in that time"
    later = datetime.now(UTC) + timedelta(days=6)
    assert await sweep_booked_times(database, practice, later) == 2
    assert await claimed(clinic) == {coming["id"]}
    assert await sweep_booked_times(database, practice, later) == 0
    moved = await clinic.done("staff", "rescheduleAppointment", past, startsAt=ahead(4, 9).isoformat())
    assert await claimed(clinic) == {coming["id"], past["id"]}, "what is moved into the future claims its time anew"
    assert moved["status"] == "BOOKED"
    assert await sweep_booked_times(database, practice, datetime.now(UTC) + timedelta(days=13)) == 2
    assert await claimed(clinic) == set()


async def test_a3_starts_that_clocks_have_left_are_found(clinic: Clinic) -> None:
    database, practice = clinic.cast.installation.database, clinic.cast.practice.id
    one = await clinic.book("staff", ahead(3, 9))
    await clinic.book("staff", ahead(4, 9))
    assert [found async for found in starts_that_moved(database, practice, datetime.now(UTC))] == []
    async with database.session(write=True) as session:
        await (await session.run(OTHER_ZONE, id=one["id"], practice=practice)).consume()
    assert [found async for found in starts_that_moved(database, practice, datetime.now(UTC))] == [one["id"]]
