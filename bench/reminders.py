"""Reminders that are due all at once, sent by real workers to a real mail server: `python -m bench.reminders`.

Families of three practices have appointments in an hour, of which a rule reminds that is due. Workers are processes of
`graph-api worker`, as many as asked for. The mail server takes everything and counts what it got by Message-ID. In the
end everybody who should have a letter has one, and nobody has two. On the embedded engine and every Neo4j of
NEO4J_TEST_URI; the last result is kept: bench/results/reminders.json.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Annotated, Any

import psutil
import typer
from aiosmtpd.controller import Controller
from rich.console import Console

from bench.__main__ import EMBEDDED, RESULTS, engine_name, engines
from bench.practice import remove_practice
from bench.report import machine
from bench.server import free_port
from graph_api.acting.appointments.graph.rows import appointment_row
from graph_api.acting.appointments.model import Appointment, AppointmentStatus
from graph_api.acting.bylines import Author
from graph_api.acting.reminders.graph.writes import ReminderWrites
from graph_api.acting.reminders.model import ReminderChannel, ReminderRule
from graph_api.config import Settings
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.engine.statements import Dialect
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.graph import Graph
from graph_api.kernel.ids import new_id
from graph_api.kernel.transaction import Transaction
from graph_api.network.graph.writes import ContactWrites
from graph_api.network.model import Contact, ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.opening import ready_database
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import ClientStatus, Person
from graph_api.practices.graph import Practices

PRACTICES, AT_ONCE = 3, 100
WITHIN = 900.0
"""Seconds until it is given up."""
APPOINTMENTS = """
UNWIND $rows AS row
MATCH (c:Person {id: row.clientId})
CREATE (c)-[:HAS_APPOINTMENT]->(a:Appointment)
SET a = row.appointment, a.practice = $practice
RETURN count(a) AS made
"""
LOCATION = """
CREATE (l:Location {id: $id, practice: $practice, name: 'Room 1', isTelehealth: false, isExclusive: false,
  isActive: true, version: 1})
RETURN 1 AS made
"""
console = Console(highlight=False)


@dataclass(slots=True)
class Sent:
    """What came of one run."""

    engine: str
    workers: int
    appointments: int
    expected: int
    received: int = 0
    repeated: int = 0
    seconds: float = 0.0
    most_mb: float = 0.0
    """Resident memory of the largest worker."""
    machine: dict[str, Any] = field(default_factory=machine)
    date: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))


class Sink:
    """Takes every letter; by whom and under which name."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take it."""
        name = str(message_from_bytes(envelope.content)["Message-ID"])
        self.got += [(address, name) for address in envelope.rcpt_tos]
        return "250 OK"


@dataclass(frozen=True, slots=True)
class Family:
    """A client and their parents, each of whom is reminded; every third pair of parents has one address."""

    people: tuple[Person, ...]
    contacts: tuple[Contact, ...]
    appointment: Appointment

    @property
    def addresses(self) -> set[str]:
        """Where reminders go."""
        return {person.emails[0] for person in self.people}


def families(count: int, location_id: str, now: datetime) -> Iterator[Family]:
    """Made one after the other."""
    start = (now + timedelta(minutes=70)).replace(second=0, microsecond=0)
    terms = ContactTerms(Relationship.PARENT, appointment_reminders=True)
    for number in range(count):
        ids = [new_id("person") for _ in range(3)]
        shared = number % 3 == 0
        emails = [f"c{ids[0][-20:]}@x.example", f"p{ids[1][-20:]}@x.example"]
        emails.append(emails[1] if shared else f"q{ids[2][-20:]}@x.example")
        people = tuple(
            Person(
                one,
                f"Given{number}",
                f"Family{number}",
                emails=(email,),
                client_status=None if place else ClientStatus.ACTIVE,
                access_since=None if place else now,
                created_at=now,
                updated_at=now,
            )
            for place, (one, email) in enumerate(zip(ids, emails, strict=True))
        )
        contacts = tuple(
            Contact(new_id("contact"), people[0], one, terms, now.date(), created_at=now, updated_at=now)
            for one in people[1:]
        )
        appointment = Appointment(
            new_id("appointment"),
            ids[0],
            "practitioner_1",
            "type_1",
            location_id,
            start,
            start + timedelta(minutes=30),
            f"{start:%Y-%m-%dT%H:%M}",
            "UTC",
            AppointmentStatus.BOOKED,
            Author("staff-1", ViewerRole.STAFF),
            created_at=now,
            updated_at=now,
        )
        yield Family(people, contacts, appointment)


async def load(database: Database, practice: Practice, count: int) -> set[str]:
    """Write a practice's families and what reminds of their appointments; the addresses that are to be reminded."""
    now = datetime.now(UTC)
    await Practices(database).create(practice, now)
    graph = Graph(GraphSession(database), practice.id, now.date())
    location_id = new_id("location")
    async with database.session(write=True) as session:
        await (await session.run(LOCATION, {"id": location_id, "practice": practice.id})).consume()
    rule = ReminderRule(new_id("reminder"), 120, (ReminderChannel.EMAIL,))

    async def rules(tx: Transaction) -> None:
        await tx[ReminderWrites].save_rules((), (rule,))

    await graph.write(rules)
    addresses: set[str] = set()
    made = list(families(count, location_id, now))
    for begin in range(0, count, AT_ONCE):
        some = made[begin : begin + AT_ONCE]
        addresses |= {address for family in some for address in family.addresses}
        await _load(database, graph, practice, some)
    return addresses


async def _load(database: Database, graph: Graph, practice: Practice, some: Sequence[Family]) -> None:
    async def people(tx: Transaction) -> None:
        await tx[PersonWrites].create([person for family in some for person in family.people])
        await tx[ContactWrites].create([contact for family in some for contact in family.contacts])

    await graph.write(people)
    rows = [
        {"clientId": one.appointment.client_id, "appointment": appointment_row(practice.id, one.appointment)}
        for one in some
    ]
    async with database.session(write=True) as session:
        await (await session.run(APPOINTMENTS, {"rows": rows, "practice": practice.id})).consume()

    async def plan(tx: Transaction) -> None:
        await tx[ReminderWrites].plan([family.appointment for family in some])

    await graph.write(plan)


@contextmanager
def _workers(settings: Settings, count: int, smtp_port: int) -> Iterator[list[psutil.Process]]:
    """`graph-api worker`, so many."""
    environment = {
        **os.environ,
        "GRAPH_API_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
        "GRAPH_API_MAIL_FROM": "practice@x.example",
        "GRAPH_API_PUBLIC_URL": "https://api.x.example",
    }
    if settings.database_url:
        environment["GRAPH_API_DATABASE_URL"] = settings.database_url
    command = [sys.executable, "-m", "graph_api", "worker", "--data-dir", str(settings.data_dir)]
    with (settings.data_dir / "workers.log").open("wb") as log:
        started = [subprocess.Popen(command, env=environment, stdout=log, stderr=log) for _ in range(count)]
        try:
            yield [psutil.Process(one.pid) for one in started]
        finally:
            for one in started:
                one.terminate()
            for one in started:
                one.wait(60)


@asynccontextmanager
async def _practices(database: Database) -> AsyncIterator[list[Practice]]:
    """Fresh ones; a shared database is left as it was."""
    ids = [new_id("practice") for _ in range(PRACTICES)]
    made = [Practice(one, f"remind-{one[-12:]}", "Benchmark", "UTC", "US") for one in ids]
    try:
        yield made
    finally:
        if database.dialect is Dialect.NEO4J:
            for practice in made:
                await remove_practice(database, practice)


async def measure(engine: str, directory: Path, appointments: int, workers: int) -> Sent:
    """Load, start workers, wait for the letters."""
    async with AsyncExitStack() as stack:
        url = None if engine == EMBEDDED else engine
        settings = Settings(data_dir=directory, database_url=url, request_timeout=60, _env_file=None)
        database = await stack.enter_async_context(ready_database(settings))
        practices = await stack.enter_async_context(_practices(database))
        expected: set[str] = set()
        for practice in practices:
            expected |= await load(database, practice, appointments // PRACTICES)
        sink = Sink()
        controller = Controller(sink, hostname="127.0.0.1", port=free_port())
        controller.start()
        stack.callback(controller.stop)
        found = Sent(await engine_name(database), workers, appointments, len(expected))
        with _workers(settings, workers, controller.port) as processes:
            await _until_all(found, sink, processes)
            await asyncio.sleep(1)  # whoever would send one twice
        names = [name for _, name in sink.got]
        found.received = len({address for address, _ in sink.got} & expected)
        found.repeated = len(names) - len(set(names))
        return found


async def _until_all(found: Sent, sink: Sink, processes: list[psutil.Process]) -> None:
    begun = time.perf_counter()
    first: float | None = None
    while time.perf_counter() < begun + WITHIN and len({address for address, _ in sink.got}) < found.expected:
        await asyncio.sleep(0.1)
        if sink.got and first is None:
            first = time.perf_counter()
        for process in processes:
            if process.status() == psutil.STATUS_ZOMBIE:
                raise typer.BadParameter("a worker ended: a database must have no keys of other data directories")
            found.most_mb = max(found.most_mb, round(process.memory_info().rss / 2**20, 1))
    found.seconds = round(time.perf_counter() - (first or begun), 1)


def _directory(root: Path, engine: str, count: int) -> Path:
    """A data directory for a run; a Neo4j knows the keys of the first, so that all runs on it have one."""
    made = root / (f"embedded-{count}" if engine == EMBEDDED else f"neo4j-{engines().index(engine)}")
    made.mkdir(mode=0o700, exist_ok=True)
    return made


def main(
    appointments: Annotated[int, typer.Option(min=3, help="Of all practices, about three letters each.")] = 3_400,
    workers: Annotated[str, typer.Option(help="How many at once, several comma-separated.")] = "1,4",
    output: Annotated[Path, typer.Option(help="The JSON's file.")] = RESULTS / "reminders.json",
) -> None:
    """Send reminders that are due all at once, on every engine."""
    kept: list[dict[str, Any]] = []
    is_whole = True
    with tempfile.TemporaryDirectory(prefix="graph-api-reminders-") as root:
        for engine, count in ((engine, int(part)) for engine in engines() for part in workers.split(",")):
            found = asyncio.run(measure(engine, _directory(Path(root), engine, count), appointments, count))
            rate = found.received / found.seconds if found.seconds else 0
            console.print(
                f"{found.engine}, {count} workers: {found.received:,} of {found.expected:,} letters in "
                f"{found.seconds} s ({rate:,.0f}/s), {found.repeated} twice; {found.most_mb} MB"
            )
            is_whole = is_whole and found.received == found.expected and not found.repeated
            kept.append(asdict(found))
    output.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(f"Written to {output}")
    raise typer.Exit(code=0 if is_whole else 1)


if __name__ == "__main__":
    typer.run(main)
