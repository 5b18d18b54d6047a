"""Races for time: nobody has what somebody else has, and nobody does what they may no longer (A4, A5, X1).

`python -m bench.race` runs its kinds for as many rounds as one likes; what is here besides goes through the API.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bench.racing import Outcome
from bench.racing_appointments import APPOINTMENT_KINDS, AppointmentKind, AppointmentRacer
from bench.sides import two_sides

from tests.acting.clinic import Clinic, ahead, new_clinic
from tests.api import Installation
from tests.budgets import THOROUGH_TIMEOUT, budget

pytestmark = pytest.mark.timeout(THOROUGH_TIMEOUT)
ROUNDS, OF_EACH_KIND = budget(2, 250), budget(20, 250)
BOOKERS = ("staff", "admin", "ben", "anna", "carl")
"""Five; a second booking by staff, a confirmation and a move make it eight."""
HOLDS = """MATCH (a:Appointment) WHERE a.practice = $practice AND a.id = $id SET a.heldUntil = $at RETURN a.id AS id"""


@pytest.fixture(scope="module")
async def clinic(installation: Installation) -> Clinic:
    return await new_clinic(installation)


@pytest.fixture(scope="module")
async def racer(installation: Installation) -> AsyncIterator[AppointmentRacer]:
    """Staff and accounts as two processes."""
    async with two_sides(installation.settings, installation.database) as (racer, accounts):
        yield AppointmentRacer(racer, accounts)
        installation.made.extend(racer.practices)


@pytest.mark.parametrize("kind", APPOINTMENT_KINDS, ids=lambda kind: kind.name.replace(" ", "_"))
async def test_a5_what_appointments_race_has_one_time_each(racer: AppointmentRacer, kind: AppointmentKind) -> None:
    practice = await racer.racer.practice()
    outcomes = Counter([await kind.round(racer, practice, 0.01) for _ in range(OF_EACH_KIND)])
    assert outcomes[Outcome.VIOLATED] == 0
    assert outcomes.total() == OF_EACH_KIND
    assert await racer.all_faults() == []


def outcome(payload: dict[str, Any]) -> str:
    """OK, or why not."""
    return "OK" if not payload["errors"] else str(payload["errors"][0].get("reason") or payload["errors"][0]["code"])


async def tried(clinic: Clinic, who: str, start: datetime, kind: str = "book") -> str:
    return outcome(await clinic.cast.does(who, "bookAppointment", "appointment { id }", **clinic.sent(start, kind)))


async def changed(clinic: Clinic, who: str, mutation: str, one: dict[str, Any], **values: Any) -> str:
    return outcome(await clinic.does(who, mutation, one, **values))


@pytest.mark.parametrize("number", range(ROUNDS))
async def test_a5_of_eight_who_want_one_time_one_has_it(clinic: Clinic, number: int) -> None:
    start = ahead(20 + number, 9)
    asked = await clinic.book("ben", start + timedelta(hours=6), "request")
    other = await clinic.book("staff", start + timedelta(hours=8))
    quarter = timedelta(minutes=15)
    bookers: list[Awaitable[str]] = [
        tried(clinic, who, start + (place % 3) * quarter) for place, who in enumerate(BOOKERS)
    ]
    found = await asyncio.gather(
        *bookers,
        tried(clinic, "staff", start + quarter),
        changed(clinic, "staff", "confirmAppointment", asked, startsAt=(start + quarter).isoformat()),
        changed(clinic, "staff", "rescheduleAppointment", other, startsAt=start.isoformat()),
    )
    assert found.count("OK") == 1
    assert set(found) <= {"OK", "TIME_TAKEN"}
    await clinic.check()


@pytest.mark.parametrize("number", range(ROUNDS))
async def test_a8_a_cancellation_and_a_move_at_once(clinic: Clinic, number: int) -> None:
    start = ahead(30 + number, 9)
    one = await clinic.book("anna", start)
    found = await asyncio.gather(
        changed(clinic, "anna", "cancelAppointment", one),
        changed(clinic, "staff", "rescheduleAppointment", one, startsAt=(start + timedelta(hours=1)).isoformat()),
    )
    assert sorted(found) == ["OK", "VERSION_CONFLICT"]
    await clinic.check()


@pytest.mark.parametrize("number", range(ROUNDS))
async def test_a4_two_confirm_one_request(clinic: Clinic, number: int) -> None:
    one = await clinic.book("carl", ahead(40 + number, 9), "request")
    found = await asyncio.gather(*(changed(clinic, who, "confirmAppointment", one) for who in ("staff", "admin")))
    assert sorted(found) == ["OK", "VERSION_CONFLICT"]
    await clinic.check()


@pytest.mark.parametrize("number", range(ROUNDS))
async def test_a4_a_hold_that_ends_is_confirmed_or_booked_by_another(clinic: Clinic, number: int) -> None:
    """Its end is a fraction of a second away, so that either may come first."""
    start = ahead(50 + number, 9)
    one = await clinic.book("ben", start, "request")
    ends = datetime.now(UTC) + timedelta(milliseconds=40 * (number % 4))
    async with clinic.cast.installation.database.session(write=True) as session:
        values = {"practice": clinic.cast.practice.id, "id": one["id"]}
        await (await session.run(HOLDS, **values, at=ends.isoformat(timespec="microseconds"))).consume()
    found = await asyncio.gather(
        changed(clinic, "staff", "confirmAppointment", one),
        tried(clinic, "anna", start),
        tried(clinic, "admin", start),
    )
    assert found.count("OK") <= 1
    assert set(found) <= {"OK", "TIME_TAKEN", "appointment.expired"}
    await clinic.check()
    if found.count("OK") == 0:  # it was held then, and is not any more
        await asyncio.sleep(0.3)
        assert await tried(clinic, "anna", start) == "OK"
        await clinic.check()


@pytest.mark.parametrize("number", range(ROUNDS))
async def test_x1_a_revocation_and_a_booking_at_once(clinic: Clinic, number: int) -> None:
    start = ahead(60 + number, 9)
    held = await clinic.book("carl", start + timedelta(hours=4))
    booked, cancelled, _ = await asyncio.gather(
        tried(clinic, "carl", start),
        changed(clinic, "carl", "cancelAppointment", held),
        clinic.cast.change("carl", portalAccess=False),
    )
    assert {booked, cancelled} <= {"OK", "NOT_FOUND"}
    assert await tried(clinic, "carl", start + timedelta(hours=2)) == "NOT_FOUND"
    await clinic.check()
    by_version = [one for one in await clinic.kept() if one.booked_by.person_id == clinic.cast.ids["carl"]]
    assert all((one.booked_by.contact_version or 0) < clinic.cast.contacts["carl"]["version"] for one in by_version)
    await clinic.cast.change("carl", portalAccess=True)


@pytest.mark.parametrize("number", range(ROUNDS))
async def test_a2_hours_change_while_somebody_books_in_them(clinic: Clinic, number: int) -> None:
    start = ahead(70 + number, 9)
    closed = {"practitionerId": clinic.kim, "day": start.date().isoformat(), "isOpen": False}
    booked, payload = await asyncio.gather(
        tried(clinic, "anna", start),
        clinic.cast.does("staff", "addOpeningException", "practitioner { id }", **closed),
    )
    assert payload["errors"] == []
    assert booked in ("OK", "start.offGrid")
    assert await tried(clinic, "anna", start + timedelta(hours=2)) == "start.offGrid"
    await clinic.check()
