"""What appointments cost, as ratios within one run: `python -m bench.scheduling`.

On the embedded engine and every Neo4j of NEO4J_TEST_URI. Openings of 31 days of a practitioner with 300 appointments
are compared with their own statements, sent as they are; a booking with an added contact. A series of 52 and a feed of
200 are measured by themselves.
"""

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bench.__main__ import EMBEDDED, RESULTS, engine_name, engines
from bench.access import Way, measure
from bench.practice import Measured, load_practice, remove_practice
from bench.report import machine
from graph_api.acting.appointments.booking import BookingService
from graph_api.acting.appointments.checks import Draft
from graph_api.acting.appointments.hours_commands import HoursService
from graph_api.acting.appointments.model import OpeningRule, PortalBooking, Weekday
from graph_api.acting.appointments.series import Repeat
from graph_api.acting.appointments.setting_commands import LocationService, TypeService
from graph_api.acting.appointments.wall_time import MIDNIGHT
from graph_api.acting.feeds.calendar import calendar_of
from graph_api.acting.feeds.model import CalendarFeed
from graph_api.acting.feeds.reading import FeedReading
from graph_api.bootstrap import make_executor
from graph_api.config import Settings
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.engine.statements import Dialect
from graph_api.graphql.execution import Operation
from graph_api.kernel.caller import Caller, ViewerRole
from graph_api.kernel.graph import Graph
from graph_api.kernel.ids import new_id
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Request
from graph_api.keys.secrets import installation_secret
from graph_api.network.commands import ContactService
from graph_api.network.relationships import Relationship
from graph_api.opening import make_auditor, ready_database
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.model import Account
from graph_api.practitioners.commands import PractitionerService
from graph_api.services import Services

PERSONS, BOOKED, OF_FEED, OF_SERIES = 2_000, 300, 200, 52
MOST_OF_FLOOR, MOST_OF_ADD, MOST_SERIES_MS = 10.0, 2.0, 1_000.0
EVERY = timedelta(hours=1)
OPENINGS = """query ($client: ID!, $type: ID!, $from: Date!) { openings(clientId: $client, typeId: $type, from: $from,
  days: 31, first: 100) { nodes { startsAt localStart practitioner { displayName } location { name } } } }"""
console = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class Found:
    """One figure beside what it may be; milliseconds, or how many."""

    engine: str
    what: str
    found: float
    beside: float
    most_times: float

    @property
    def times(self) -> float:
        """How many times what it stands beside."""
        return self.found / self.beside


def _free(first: datetime) -> Iterator[datetime]:
    """Every hour, day and night: the practitioner is always open."""
    while True:
        yield first
        first += EVERY


class Calendar:
    """A practice on one engine, with a practitioner who is always open."""

    def __init__(self, database: Database, settings: Settings, loaded: Measured) -> None:
        secret = installation_secret(settings.data_dir)
        self._database = database
        self._services = Services(database, secret, make_auditor(settings))
        self._executor = make_executor(settings)
        self._practice = loaded.practice
        self._clients = loaded.client_ids
        self._staff = Caller("staff-1", loaded.practice, ViewerRole.STAFF)
        tomorrow = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        self._soon, self._far = _free(tomorrow), _free(tomorrow + timedelta(days=400))
        self._practitioner = self._location = self._type = ""

    async def fill(self) -> None:
        """Hours, a type, and 300 appointments of the days that are asked about."""
        admin = self._services.scope(Caller("admin-1", self._practice, ViewerRole.ADMIN))
        fields = {"display_name": "Kim Lee"}
        request = Request("addPractitioner", {})
        practitioner = (await admin[PractitionerService].add(request, fields)).done()  # type: ignore[arg-type]
        request, place = Request("addLocation", {}), {"name": "Online", "time_zone": "UTC"}
        location = (await admin[LocationService].add(request, place, None, is_telehealth=True)).done()  # type: ignore[arg-type]
        kind: dict[str, Any] = {"name": "Visit", "public_name": "Visit", "minutes": 50, "buffer_after": 10}
        kind |= {"portal": PortalBooking.BOOK, "practitioner_ids": [practitioner.id], "location_ids": [location.id]}
        made = (await admin[TypeService].add(Request("addAppointmentType", {}), kind)).done()  # type: ignore[arg-type]
        self._practitioner, self._location, self._type = practitioner.id, location.id, made.id
        rules = [
            OpeningRule(new_id("rule"), practitioner.id, day, location.id, datetime.now(UTC).date(), MIDNIGHT, MIDNIGHT)
            for day in Weekday
        ]
        staff = self._services.scope(self._staff)
        (await staff[HoursService].set(Request("setOpeningHours", {}), practitioner.id, 1, rules)).done()
        for number in range(BOOKED):
            await self._book(self._clients[1 + number % 100], next(self._soon))

    async def _book(self, client_id: str, start: datetime, repeat: Repeat | None = None) -> None:
        draft = Draft(client_id, self._type, self._practitioner, self._location, start, repeat=repeat)
        scope = self._services.scope(self._staff)
        (await scope[BookingService].book(Request("bookAppointment", {}), draft)).done()

    async def openings(self, rounds: int, asked: int) -> dict[str, float]:
        """Openings by GraphQL, and their statements by themselves."""
        today = datetime.now(UTC).date().isoformat()
        variables = {"client": self._clients[0], "type": self._type, "from": today}
        sent: list[tuple[str, dict[str, Any]]] = []

        def listener(name: str, params: dict[str, Any]) -> None:
            sent.append((name, params))

        async def ask(_turn: int) -> None:
            answer = await self._executor.execute(Operation(OPENINGS, variables), self._services.scope(self._staff))
            if "errors" in answer.body or not answer.body["data"]["openings"]["nodes"]:
                raise RuntimeError(answer.body)

        self._database.listeners.append(listener)
        await ask(0)
        self._database.listeners.remove(listener)
        if len(sent) > 4:
            raise RuntimeError([name for name, _ in sent])

        async def floor(_turn: int) -> None:
            session = GraphSession(self._database)
            for name, params in sent:
                await session.read_newest(name, **params)

        return await measure([Way(f"its {len(sent)} statements", floor), Way("openings", ask)], rounds, asked)

    async def bookings(self, rounds: int, asked: int) -> dict[str, float]:
        """A booking, and an added contact."""
        added = 0

        async def add(_turn: int) -> None:
            nonlocal added
            added += 1
            client, person = self._clients[added // 30], self._clients[-1 - added]
            service = self._services.scope(self._staff)[ContactService]
            fields: Any = {"relationship": Relationship.FRIEND}
            (await service.add_existing(Request("addExistingContact", {}), client, person, fields)).done()

        async def book(turn: int) -> None:
            await self._book(self._clients[200 + turn], next(self._far))

        return await measure([Way("addExistingContact", add), Way("bookAppointment", book)], rounds, asked)

    async def series(self, times: int) -> float:
        """Milliseconds of 52 appointments of 50 minutes, booked at once."""
        took = []
        for number in range(times):
            start = datetime(2030, 1, 7, 9 + number % 8, tzinfo=UTC) + timedelta(days=number // 8)
            before = time.perf_counter()
            await self._book(self._clients[150], start, Repeat(1, OF_SERIES))
            took.append(1_000 * (time.perf_counter() - before))
        return statistics.median(took)

    async def feed(self, times: int) -> tuple[int, float]:
        """How many statements a feed of 200 appointments takes, and how many milliseconds."""
        client_id = self._clients[180]
        since = datetime.now(UTC)
        account = Account(new_id("account"), client_id, f"{client_id}@example.org", since, since)
        graph = Graph(GraphSession(self._database), self._practice.id, datetime.now(UTC).date())

        async def opened(tx: Transaction) -> None:
            await tx[AccountWrites].create(account)

        await graph.write(opened)
        for _ in range(OF_FEED):
            await self._book(client_id, next(self._soon))
        feed = CalendarFeed(new_id("feed"), client_id, "Phone", False, datetime.now(UTC), datetime.now(UTC).date())
        caller = Caller(account.id, self._practice, ViewerRole.PORTAL, client_id)
        names: list[str] = []

        def listener(name: str, _params: dict[str, Any]) -> None:
            names.append(name)

        took = []
        for number in range(times):
            if number == times - 1:
                self._database.listeners.append(listener)
            before = time.perf_counter()
            events = await self._services.scope(caller)[FeedReading].events(feed)
            content = calendar_of(events, self._practice.name)
            took.append(1_000 * (time.perf_counter() - before))
            if content.count(b"BEGIN:VEVENT") != OF_FEED:
                raise RuntimeError("a feed that is not whole")
        self._database.listeners.remove(listener)
        return 1 + len(names), statistics.median(took)  # one more finds the feed


async def bench(engine: str, data_dir: Path, rounds: int, asked: int) -> tuple[list[Found], dict[str, Any]]:
    """One engine; a shared database is left as it was."""
    url = None if engine == EMBEDDED else engine
    settings = Settings(data_dir=data_dir, database_url=url, request_timeout=60, _env_file=None)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(ready_database(settings))
        name = await engine_name(database)
        loaded = await load_practice(database, PERSONS)
        if database.dialect is Dialect.NEO4J:
            stack.push_async_callback(remove_practice, database, loaded.practice)
        calendar = Calendar(database, settings, loaded)
        await calendar.fill()
        floor, openings = (await calendar.openings(rounds, asked)).values()
        added, booked = (await calendar.bookings(rounds, asked)).values()
        series = await calendar.series(8)
        statements, feed_ms = await calendar.feed(20)
        found = [
            Found(name, "openings of 31 days / its statements", openings, floor, MOST_OF_FLOOR),
            Found(name, "bookAppointment / addExistingContact", booked, added, MOST_OF_ADD),
            Found(name, "a series of 52 / 1 s", series, MOST_SERIES_MS, 1.0),
            Found(name, "statements of a feed of 200 / 3", statements, 3, 1.0),
        ]
        return found, {"engine": name, "feed_of_200_ms": round(feed_ms, 1)}


def main(
    rounds: Annotated[int, typer.Option(min=1, help="Of each way, in turn.")] = 5,
    asked: Annotated[int, typer.Option(min=1, max=100, help="Times a round.")] = 40,
    output: Annotated[Path, typer.Option(help="The JSON's file.")] = RESULTS / "scheduling.json",
) -> None:
    """Measure appointments on the embedded engine and on every Neo4j of NEO4J_TEST_URI."""
    before = machine()
    found: list[Found] = []
    feeds: list[dict[str, Any]] = []
    for engine in engines():
        with tempfile.TemporaryDirectory(prefix="graph-api-scheduling-") as directory:
            ratios, feed = asyncio.run(bench(engine, Path(directory), rounds, asked))
        found += ratios
        feeds.append(feed)
    table = Table("Engine", "What", title="p50, one at a time")
    for name in ("found", "beside", "times", "goal"):
        table.add_column(name, justify="right")
    for one in found:
        figures = (f"{one.found:.2f}", f"{one.beside:.2f}", f"{one.times:.2f}", f"<= {one.most_times}")
        table.add_row(one.engine, one.what, *figures)
    console.print(table)
    for feed in feeds:
        console.print(f"{feed['engine']}: a feed of 200 takes {feed['feed_of_200_ms']} ms")
    date = datetime.now(UTC).isoformat(timespec="seconds")
    rows = [asdict(one) | {"times": round(one.times, 2)} for one in found]
    kept = {"date": date, "machine": before, "ratios": rows, "feeds": feeds}
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(f"Written to {output}")


if __name__ == "__main__":
    typer.run(main)
