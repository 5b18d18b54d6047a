"""Reminders that are due all at once, sent by real workers: `python -m bench.reminders`.

Families of three practices have appointments in an hour, of which a rule reminds that is due. Workers are processes of
`graph-api worker`, as many as asked for, and with --kills some are killed meanwhile at random moments. A mail server,
or with --sms a server like Twilio's, takes everything and counts. In the end everybody who should have a message has
one, and nobody has two; of letters a kill may repeat some, under the same Message-ID. On the embedded engine and every
Neo4j of NEO4J_TEST_URI; the last result is kept: bench/results/reminders.json.
"""

import asyncio
import json
import random
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer
from aiosmtpd.controller import Controller
from rich.console import Console

from bench.__main__ import EMBEDDED, RESULTS, engine_name, engines
from bench.families import load
from bench.mail_sink import MailSink
from bench.practice import remove_practice
from bench.report import machine
from bench.twilio import TwilioServer, account_of, twilio_server
from bench.workers import Workers
from graph_api.acting.reminders.model import ReminderChannel
from graph_api.config import Settings
from graph_api.engine.bolt import Database
from graph_api.engine.statements import Dialect
from graph_api.kernel.caller import Practice
from graph_api.kernel.ids import new_id
from graph_api.opening import ready_database

PRACTICES = 3
WITHIN = 1_500.0
"""Seconds until it is given up."""
IN_THE_AIR = 16
"""Letters of one worker that may be handed over again when it is killed."""
KILL_EVERY = (0.3, 2.0)
"""Seconds between two kills, by chance."""
console = Console(highlight=False)


@dataclass(slots=True)
class Sent:
    """What came of one run."""

    engine: str
    workers: int
    channel: str
    kills: int
    appointments: int
    expected: int
    received: int = 0
    repeated: int = 0
    """Messages that were handed over once more under the same name."""
    wrong: int = 0
    """Addresses that have two messages of different names, or should have none."""
    seconds: float = 0.0
    most_mb: float = 0.0
    """Resident memory of the largest worker."""
    machine: dict[str, Any] = field(default_factory=machine)
    date: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    @property
    def is_right(self) -> bool:
        """Whether everybody has what they should have."""
        most = self.kills * IN_THE_AIR if self.channel == "EMAIL" else 0
        return self.received == self.expected and not self.wrong and self.repeated <= most


class Sink(Protocol):
    """What takes messages, and how workers reach it."""

    environment: dict[str, str]

    def got(self) -> dict[str, list[str]]:
        """The names of messages by address."""


class TextSink:
    """A server like Twilio's."""

    def __init__(self, server: TwilioServer, accounts: Path) -> None:
        self._server = server
        self.environment = {
            "GRAPH_API_SMS": "twilio",
            "GRAPH_API_TWILIO_FILE": str(accounts),
            "GRAPH_API_TWILIO_URL": server.url,
        }

    def got(self) -> dict[str, list[str]]:
        """Ids of texts by phone; each is a message of its own."""
        return self._server.by_phone()


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


async def measure(
    engine: str, directory: Path, appointments: int, workers: int, channel: ReminderChannel, kills: int = 0
) -> Sent:
    """Load, start workers, kill some, wait for the messages."""
    async with AsyncExitStack() as stack:
        url = None if engine == EMBEDDED else engine
        settings = Settings(data_dir=directory, database_url=url, request_timeout=60, _env_file=None)
        database = await stack.enter_async_context(ready_database(settings))
        practices = await stack.enter_async_context(_practices(database))
        expected: set[str] = set()
        for practice in practices:
            expected |= await load(database, practice, appointments // PRACTICES, channel)
        sink = _sink(stack, directory, practices, channel)
        found = Sent(await engine_name(database), workers, channel.value, kills, appointments, len(expected))
        environment = sink.environment | ({} if url is None else {"GRAPH_API_DATABASE_URL": url})
        with Workers(directory, workers, environment) as running:
            killing = asyncio.create_task(_kill(running, kills))
            await _until_all(found, sink, running)
            await killing
            await asyncio.sleep(1)  # whoever would send one twice
        _count(found, sink.got(), expected)
        return found


def _sink(stack: AsyncExitStack, directory: Path, practices: list[Practice], channel: ReminderChannel) -> Sink:
    if channel is ReminderChannel.EMAIL:
        sink = MailSink()
        controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
        controller.start()
        stack.callback(controller.stop)
        return sink
    accounts = directory / "twilio.json"
    accounts.touch(mode=0o600)
    accounts.write_text(json.dumps({practice.slug: account_of() for practice in practices}), encoding="utf-8")
    return TextSink(stack.enter_context(twilio_server()), accounts)


async def _kill(running: Workers, kills: int) -> None:
    chance = random.Random(4)
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(*KILL_EVERY))
        await asyncio.to_thread(running.kill)


async def _until_all(found: Sent, sink: Sink, running: Workers) -> None:
    begun = time.perf_counter()
    first: float | None = None
    while time.perf_counter() < begun + WITHIN and len(sink.got()) < found.expected:
        await asyncio.sleep(0.1)
        if first is None and sink.got():
            first = time.perf_counter()
        if not found.kills:
            running.look()
    found.seconds = round(time.perf_counter() - (first or begun), 1)
    found.most_mb = running.most_mb


def _count(found: Sent, got: dict[str, list[str]], expected: set[str]) -> None:
    found.received = len(expected & got.keys())
    found.repeated = sum(len(names) - 1 for names in got.values())
    found.wrong = len(got.keys() - expected)
    if found.channel == "EMAIL":
        found.wrong += sum(len(set(names)) > 1 for names in got.values())


def _directory(root: Path, engine: str, count: int) -> Path:
    """A data directory for a run; a Neo4j knows the keys of the first, so that all runs on it have one."""
    made = root / (f"embedded-{count}" if engine == EMBEDDED else f"neo4j-{engines().index(engine)}")
    made.mkdir(mode=0o700, exist_ok=True)
    return made


def main(
    appointments: Annotated[int, typer.Option(min=3, help="Of all practices, about three messages each.")] = 3_400,
    workers: Annotated[str, typer.Option(help="How many at once, several comma-separated.")] = "1,4",
    kills: Annotated[int, typer.Option(min=0, help="How often one of them is killed.")] = 0,
    sms: Annotated[bool, typer.Option("--sms", help="Texts in the place of letters.")] = False,
    output: Annotated[Path, typer.Option(help="The JSON's file.")] = RESULTS / "reminders.json",
) -> None:
    """Send reminders that are due all at once, on every engine."""
    kept: list[Sent] = []
    channel = ReminderChannel.SMS if sms else ReminderChannel.EMAIL
    with tempfile.TemporaryDirectory(prefix="graph-api-reminders-") as root:
        for engine, count in ((engine, int(part)) for engine in engines() for part in workers.split(",")):
            directory = _directory(Path(root), engine, count)
            found = asyncio.run(measure(engine, directory, appointments, count, channel, kills))
            rate = found.received / found.seconds if found.seconds else 0
            console.print(
                f"{found.engine}, {count} workers, {kills} kills: {found.received:,} of {found.expected:,} messages in "
                f"{found.seconds} s ({rate:,.0f}/s), {found.repeated} repeated, {found.wrong} wrong; {found.most_mb} MB"
            )
            kept.append(found)
    output.write_text(json.dumps([asdict(one) for one in kept], indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(f"Written to {output}")
    raise typer.Exit(code=0 if all(one.is_right for one in kept) else 1)


if __name__ == "__main__":
    typer.run(main)
