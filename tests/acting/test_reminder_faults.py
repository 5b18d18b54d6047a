"""Faults that others had with reminders, and days on which everything goes wrong at once (R3, R6, R7)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from bench.families import load
from bench.server import free_port

from graph_api.acting.reminders.model import ReminderChannel
from graph_api.mail.smtp import SmtpTransport
from graph_api.mail_server import MailServer
from tests.acting.clinic import Clinic, ahead, new_clinic
from tests.acting.reminding import Reminded, reminded, set_rules
from tests.acting.test_appointment_notices import address
from tests.api import Installation

DAY, TWO_HOURS = 1_440, 120
APPOINTMENTS = 20


@pytest.fixture
async def clinic(installation: Installation) -> Clinic:
    clinic = await new_clinic(installation)
    await set_rules(clinic, (DAY, ["EMAIL"]), (TWO_HOURS, ["EMAIL"]))
    return clinic


@pytest.fixture
def worker(installation: Installation, clinic: Clinic) -> Reminded:
    return reminded(installation, clinic.cast.practice)


async def everything_from(worker: Reminded, start: datetime) -> list[str]:
    """To whom letters go from two days before a start until a day after it, a worker looking each half hour."""
    found: list[str] = []
    moment = start - timedelta(days=2)
    while moment < start + timedelta(days=1):
        found += await worker.at(moment)
        moment += timedelta(minutes=30)
    return found


async def test_r6_cal_diy_7225_nobody_is_reminded_of_what_was_cancelled(clinic: Clinic, worker: Reminded) -> None:
    """There a reminder was a job of its own, which the cancellation forgot."""
    start = ahead(5, 12)
    booked = await clinic.book("anna", start)
    await clinic.done("anna", "cancelAppointment", booked)
    assert await everything_from(worker, start) == []


async def test_r6_cal_diy_17785_nobody_is_reminded_of_the_time_before_a_move(clinic: Clinic, worker: Reminded) -> None:
    start, later = ahead(5, 12), ahead(8, 12)
    booked = await clinic.book("anna", start)
    await clinic.done("anna", "rescheduleAppointment", booked, startsAt=later.isoformat())
    assert await everything_from(worker, start) == []
    assert await everything_from(worker, later) == [await address(clinic, "ben")] * 2


async def test_r6_cal_diy_6905_whatever_ends_an_appointment_ends_its_reminders(
    clinic: Clinic, worker: Reminded
) -> None:
    """There each way had to remember to cancel the job."""
    start = ahead(5, 12)
    cast = clinic.cast
    declined = await clinic.book("anna", start, "request")
    await clinic.done("staff", "declineAppointment", declined)
    series = await clinic.cast.done(
        "staff",
        "bookAppointment",
        "appointment { id version }",
        **clinic.sent(start + timedelta(hours=1), repeat={"everyWeeks": 1, "count": 2}),
    )
    await clinic.done("staff", "cancelAppointment", series, scope="THIS_AND_FOLLOWING")
    held = await clinic.book("carl", start + timedelta(hours=2), "request")  # nobody confirms it
    assert held["status"] == "REQUESTED"
    await clinic.book("staff", start + timedelta(hours=3))
    query = "query ($id: ID!) { person(id: $id) { version } }"
    ben = (await cast.ask("staff", query, id=cast.ids["ben"]))["person"]
    archived = {"personId": cast.ids["ben"], "status": "ARCHIVED", "expectedVersion": ben["version"]}
    await cast.done("staff", "setClientStatus", "person { id }", **archived)
    assert await everything_from(worker, start) == []


async def test_r3_ottehr_3980_workers_who_look_at_once_and_again_remind_once(
    installation: Installation, clinic: Clinic, worker: Reminded
) -> None:
    """There a job that ran each minute sent two and three."""
    start = ahead(5, 12)
    await clinic.book("staff", start)
    others = [reminded(installation, clinic.cast.practice) for _ in range(3)]
    due = start - timedelta(minutes=TWO_HOURS)
    for _ in range(3):
        await asyncio.gather(*(other.report(due) for other in [worker, *others]))
    assert [letter.address for other in [worker, *others] for letter in other.box.letters] == [
        await address(clinic, "ben")
    ]


async def test_r5_easyappointments_1234_the_time_is_told_in_the_places_zone(clinic: Clinic, worker: Reminded) -> None:
    """There letters had the server's zone."""
    cast = clinic.cast
    place = await cast.done("admin", "addLocation", "location { id }", name="Harbour", timeZone="Australia/Lord_Howe")
    kind = await cast.done(
        "admin",
        "addAppointmentType",
        "type { id }",
        name="Far",
        publicName="Visit",
        minutes=50,
        practitionerIds=[clinic.kim],
        locationIds=[place["id"]],
    )
    start = ahead(5, 12)
    await clinic.cast.done(
        "staff", "bookAppointment", "appointment { id }",
        **clinic.sent(start, typeId=kind["id"], locationId=place["id"]),
    )  # fmt: skip
    await worker.report(start - timedelta(minutes=TWO_HOURS))
    [letter] = worker.box.letters
    local = start.astimezone(ZoneInfo("Australia/Lord_Howe"))
    assert f"{local:%H:%M}" in letter.text
    assert f"{start:%H:%M}" not in letter.text


async def test_r7_a_clock_that_is_set_back_reminds_nobody_twice(clinic: Clinic, worker: Reminded) -> None:
    start = ahead(5, 12)
    await clinic.book("staff", start)
    due = start - timedelta(minutes=TWO_HOURS)
    found = []
    for minutes in (0, 1, -60, -30, -1, 0, 5, 30):
        found += await worker.at(due + timedelta(minutes=minutes))
    assert found == [await address(clinic, "ben")]


class BadDay:
    """A mail server that is slow, and refuses one recipient in ten."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.refused: set[str] = set()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, recipient: str, _options: list[str]
    ) -> str:
        """Take the recipient, or not, for good."""
        await asyncio.sleep(0.02)
        if recipient in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(recipient)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take it."""
        self.got += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
async def bad_day() -> AsyncIterator[tuple[BadDay, Controller]]:
    handler = BadDay()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    yield handler, controller
    controller.stop()


async def test_r7_down_for_an_hour_then_slow_then_refusing_one_in_ten(
    installation: Installation, bad_day: tuple[BadDay, Controller]
) -> None:
    """Everybody else gets theirs, once, and nothing is tried after half an hour before the start."""
    handler, controller = bad_day
    practice = await installation.practice()
    wanted = await load(installation.database, practice, APPOINTMENTS, ReminderChannel.EMAIL)
    server = MailServer("127.0.0.1", controller.port, implicit_tls=False)
    worker = reminded(installation, practice, transport=SmtpTransport(server, "p@x.example", lambda: datetime.now(UTC)))
    begun = datetime.now(UTC) - timedelta(minutes=50)  # two hours before the start, which is in seventy minutes
    handler.refused = set(sorted(wanted)[::10])
    for minutes in range(0, 60, 5):
        assert (await worker.report(begun + timedelta(minutes=minutes))).sent == 0
    controller.start()
    for minutes in range(60, 200, 5):
        await worker.report(begun + timedelta(minutes=minutes))
    got = Counter(handler.got)
    assert set(got) == wanted - handler.refused
    assert set(got.values()) == {1}


async def test_r6_nothing_is_tried_once_it_begins_within_half_an_hour(
    installation: Installation, bad_day: tuple[BadDay, Controller]
) -> None:
    handler, controller = bad_day
    practice = await installation.practice()
    await load(installation.database, practice, 3, ReminderChannel.EMAIL)
    server = MailServer("127.0.0.1", controller.port, implicit_tls=False)
    worker = reminded(installation, practice, transport=SmtpTransport(server, "p@x.example", lambda: datetime.now(UTC)))
    begun = datetime.now(UTC) - timedelta(minutes=50)
    for minutes in range(0, 95, 5):
        await worker.report(begun + timedelta(minutes=minutes))
    controller.start()
    for minutes in range(95, 200, 5):
        await worker.report(begun + timedelta(minutes=minutes))
    assert handler.got == []
