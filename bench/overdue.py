"""Reminders after days on which nobody worked, and rules that are changed: `python -m bench.overdue`.

Three rules of many appointments are overdue, of which every third has begun: a worker reminds by the nearest rule of
each that is ahead, and of nothing else. Then rules are changed over many appointments to come, which a worker plans
anew while booking goes on. At last a worker has nothing to do, and its statements are counted. On the embedded engine
and every Neo4j of NEO4J_TEST_URI; the last result is kept: bench/results/overdue.json.
"""

import asyncio
import json
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bench.__main__ import EMBEDDED, RESULTS, engine_name, engines
from bench.calendars import Clinic
from bench.families import load
from bench.practice import remove_practice
from bench.racing_appointments import AppointmentRacer
from bench.report import machine
from bench.sides import two_sides
from graph_api.acting.appointments.booking import BookingService
from graph_api.acting.appointments.checks import Draft
from graph_api.acting.reminders.commands import ReminderService
from graph_api.acting.reminders.fields import RuleDraft
from graph_api.acting.reminders.model import ReminderChannel
from graph_api.config import Settings
from graph_api.engine.bolt import Database
from graph_api.engine.statements import Dialect
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.kernel.unit import Request
from graph_api.mail.model import Letter
from graph_api.opening import make_auditor, ready_database
from graph_api.services import reminding

RULES = (4_320, 1_440, 120)
OTHER_RULES = (2_880, 60)
IDLE = 25.0
MOST_SECONDS, MOST_PLANNING, MOST_STATEMENTS = 300.0, 120.0, 1.0
PLANNING = "MATCH (p:ReminderPlanning) WHERE p.practice = $practice RETURN count(p) AS n"
console = Console(highlight=False)


class Box:
    """Takes every letter."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    async def send(self, letter: Letter) -> None:
        """Count it."""
        self.addresses.append(letter.address)


@dataclass(slots=True)
class Found:
    """What one engine took."""

    engine: str
    overdue: int = 0
    seconds: float = 0.0
    expected: int = 0
    received: int = 0
    wrong: int = 0
    """Letters twice, or of what has begun."""
    planned: int = 0
    planning_seconds: float = 0.0
    bookings: int = 0
    booking_p50_ms: float = 0.0
    booking_p99_ms: float = 0.0
    """Beside the planning."""
    alone_p50_ms: float = 0.0
    """Without it."""
    idle_statements: float = 0.0
    """A worker's that has nothing to do, in ten seconds, for reminders."""
    machine: dict[str, Any] = field(default_factory=machine)
    date: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    @property
    def is_right(self) -> bool:
        """Whether everybody has what they should have, in time."""
        in_time = self.seconds <= MOST_SECONDS and self.planning_seconds <= MOST_PLANNING
        return in_time and self.received == self.expected and not self.wrong


def overdue(number: int) -> timedelta:
    """When appointments begin that all rules should have reminded of: every third has begun."""
    return timedelta(minutes=-30 if number % 3 == 0 else 50 + number % 60)


def to_come(number: int) -> timedelta:
    """In four weeks and later: nothing is due."""
    return timedelta(days=28 + number % 300, minutes=number % 1_000)


async def catch_up(settings: Settings, database: Database, practice: Practice, count: int, found: Found) -> None:
    """After three days without a worker."""
    found.overdue = count * len(RULES)
    expected = await load(database, practice, count, ReminderChannel.EMAIL, RULES, overdue)
    worker, box = reminding(settings, database, make_auditor(settings)), Box()
    worker._handing._transport = box
    begun = time.perf_counter()
    while (await worker.remind_due()).looked_at:
        pass
    found.seconds = round(time.perf_counter() - begun, 1)
    got = set(box.addresses)
    found.expected, found.received = len(expected), len(got & expected)
    found.wrong = len(box.addresses) - len(got & expected)


async def plan_again(
    settings: Settings, racer: AppointmentRacer, database: Database, practice: Practice, count: int, found: Found
) -> None:
    """Rules are changed over many appointments to come, while booking goes on."""
    await load(database, practice, count, ReminderChannel.EMAIL, RULES, to_come)
    clinic = await racer.own()
    found.alone_p50_ms = round(statistics.median(await _bookings(racer, clinic, 40)), 2)
    admin = racer.racer.services.scope(Caller("bench", practice, ViewerRole.ADMIN))
    drafts = [RuleDraft(minutes, (ReminderChannel.EMAIL,)) for minutes in OTHER_RULES]
    (await admin[ReminderService].set_rules(Request("setReminderRules", {}), drafts)).done()
    worker = reminding(settings, database, make_auditor(settings))
    begun = time.perf_counter()
    planning = asyncio.create_task(worker.plan_due())
    times: list[float] = []
    while not planning.done():
        times += await _bookings(racer, clinic, 5)
    found.planned = planning.result()
    found.planning_seconds = round(time.perf_counter() - begun, 1)
    found.bookings = len(times)
    found.booking_p50_ms = round(statistics.median(times), 2)
    found.booking_p99_ms = round(sorted(times)[int(len(times) * 0.99)], 2)


async def _bookings(racer: AppointmentRacer, clinic: Clinic, count: int) -> list[float]:
    """Milliseconds of each."""
    times = []
    home = await racer.racer.household(clinic.practice)
    for _ in range(count):
        start = clinic.day()
        draft = Draft(home.contact.client.id, clinic.booked, clinic.practitioner, clinic.location, start)
        begun = time.perf_counter()
        (await racer.staff(home)[BookingService].book(Request("bookAppointment", {}), draft)).done()
        times.append((time.perf_counter() - begun) * 1000)
    return times


async def idle(settings: Settings, database: Database) -> float:
    """Statements of a worker that has nothing to do, in ten seconds."""
    names: list[str] = []
    worker, ended = reminding(settings, database, make_auditor(settings)), asyncio.Event()
    while (await worker.remind_due()).looked_at:
        pass
    database.listeners.append(lambda name, _: names.append(name))
    running = asyncio.create_task(worker.run(ended))
    await asyncio.sleep(IDLE)
    ended.set()
    await running
    database.listeners.pop()
    return round(len(names) / (IDLE / 10), 2)


async def measure(engine: str, directory: Path, count: int, future: int) -> Found:
    """All of it on one engine; a shared database is left as it was."""
    async with AsyncExitStack() as stack:
        url = None if engine == EMBEDDED else engine
        settings = Settings(data_dir=directory, database_url=url, request_timeout=60, _env_file=None)
        database = await stack.enter_async_context(ready_database(settings))
        racer, accounts = await stack.enter_async_context(two_sides(settings, database))
        found = Found(await engine_name(database))
        ids = [new_id("practice") for _ in range(2)]
        practices = [Practice(one, f"overdue-{one[-12:]}", "Benchmark", "UTC", "US") for one in ids]
        try:
            await catch_up(settings, database, practices[0], count, found)
            await plan_again(settings, AppointmentRacer(racer, accounts), database, practices[1], future, found)
            found.idle_statements = await idle(settings, database)
        finally:
            if database.dialect is Dialect.NEO4J:
                for practice in (*practices, *racer.practices):
                    await remove_practice(database, practice)
        return found


def main(
    appointments: Annotated[int, typer.Option(min=3, help="With three overdue rules each.")] = 10_000,
    future: Annotated[int, typer.Option(min=3, help="Appointments to come, of which changed rules remind.")] = 50_000,
    output: Annotated[Path, typer.Option(help="The JSON's file.")] = RESULTS / "overdue.json",
) -> None:
    """Catch up, and plan anew, on every engine."""
    kept = []
    for engine in engines():
        with tempfile.TemporaryDirectory(prefix="graph-api-overdue-") as directory:
            found = asyncio.run(measure(engine, Path(directory), appointments, future))
        console.print(
            f"{found.engine}: {found.overdue:,} overdue in {found.seconds} s, {found.received:,} of {found.expected:,} "
            f"letters, {found.wrong} wrong; {found.planned:,} planned in {found.planning_seconds} s, bookings beside "
            f"it {found.booking_p50_ms} ms (p99 {found.booking_p99_ms}; alone {found.alone_p50_ms}); idle "
            f"{found.idle_statements} statements in 10 s"
        )
        kept.append(found)
    text = json.dumps([asdict(one) for one in kept], indent=2, ensure_ascii=False)
    output.write_text(f"{text}\n", encoding="utf-8")
    console.print(f"Written to {output}")
    raise typer.Exit(code=0 if all(one.is_right for one in kept) else 1)


if __name__ == "__main__":
    typer.run(main)
