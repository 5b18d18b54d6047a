"""How long requests take while a worker sends reminders beside them: `python -m bench.beside`.

A server is sent half of what it answers at most, without and with a `graph-api worker` that hands over thousands of
reminders that are due, on the same cores and the same engine. On the embedded engine and every Neo4j of NEO4J_TEST_URI;
the last result is kept: bench/results/beside.json.
"""

import asyncio
import json
import tempfile
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bench.__main__ import EMBEDDED, RESULTS, engines
from bench.families import load
from bench.load import Connection
from bench.mail_sink import MailServer
from bench.memory import resident_mb
from bench.practice import remove_practice
from bench.report import machine
from bench.server import served_practice
from bench.soak import CONNECTIONS, Asker, Soak, full_rate, steadily
from bench.workers import Workers
from graph_api.acting.reminders.model import ReminderChannel
from graph_api.config import Settings
from graph_api.engine.statements import Dialect
from graph_api.http.auth import mint_token
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.keys.secrets import signing_key
from graph_api.opening import ready_database

PERSONS, MINUTES, SHARE, MOST_TIMES = 2_000, 0.5, 0.5, 2.0
WARM = 600
"""Letters before it is measured: until then an engine compiles what it has not been asked before."""
console = Console(highlight=False)


@dataclass(slots=True)
class Beside:
    """What came of it."""

    engine: str
    rate: float = 0.0
    alone_p50_ms: float = 0.0
    alone_p99_ms: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    """Beside the worker."""
    sent: int = 0
    """By the worker meanwhile."""
    machine: dict[str, Any] = field(default_factory=machine)
    date: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))


async def measure(engine: str, directory: Path, appointments: int) -> Beside:
    """Without, and with."""
    async with AsyncExitStack() as stack:
        url = None if engine == EMBEDDED else engine
        settings = Settings(data_dir=directory, database_url=url, request_timeout=300, _env_file=None)
        quiet = {"GRAPH_API_WORKER": "false"}
        measured, port, process = await stack.enter_async_context(served_practice(settings, PERSONS, quiet))
        database = await stack.enter_async_context(ready_database(settings))
        practice_id = new_id("practice")
        practice = Practice(practice_id, f"beside-{practice_id[-12:]}", "Benchmark", "UTC", "US")
        if database.dialect is Dialect.NEO4J:
            stack.push_async_callback(remove_practice, database, practice)
        await load(database, practice, appointments, ReminderChannel.EMAIL)
        lasts = timedelta(hours=12)
        token = mint_token(
            signing_key(directory), subject="b", practice=measured.practice.slug, role=ViewerRole.STAFF, lasts=lasts
        )
        asker = Asker(port, token, measured)
        opened = [Connection(*await asyncio.open_connection("127.0.0.1", port)) for _ in range(CONNECTIONS)]
        found = Beside(engine, rate=round(SHARE * await full_rate(asker, opened), 1))
        alone = await _under_load(asker, opened, found.rate, lambda: resident_mb(process))
        found.alone_p50_ms, found.alone_p99_ms = alone.p50_ms, alone.p99_ms
        mail = stack.enter_context(MailServer(directory))
        environment = mail.environment | ({} if url is None else {"GRAPH_API_DATABASE_URL": url})
        with Workers(directory, 1, environment):
            while mail.letters() < WARM:  # noqa: ASYNC110 - another process takes them
                await asyncio.sleep(0.1)
            before = mail.letters()
            beside = await _under_load(asker, opened, found.rate, lambda: resident_mb(process))
            found.sent = mail.letters() - before
        found.p50_ms, found.p99_ms = beside.p50_ms, beside.p99_ms
        for connection in opened:
            connection.close()
        return found


async def _under_load(asker: Asker, opened: list[Connection], rate: float, look: Any) -> Soak:
    soak = Soak("", MINUTES, rate=rate)
    await steadily(asker, opened, soak, look)
    return soak


def main(
    appointments: Annotated[int, typer.Option(min=3, help="Of which reminders are due.")] = 3_400,
    output: Annotated[Path, typer.Option(help="The JSON's file.")] = RESULTS / "beside.json",
) -> None:
    """Requests, without and with a worker that sends."""
    kept = []
    for engine in engines():
        with tempfile.TemporaryDirectory(prefix="graph-api-beside-") as directory:
            found = asyncio.run(measure(engine, Path(directory), appointments))
        times = found.p99_ms / found.alone_p99_ms
        console.print(
            f"{found.engine}: at {found.rate:,.0f}/s p50 {found.alone_p50_ms} and p99 {found.alone_p99_ms} ms; beside "
            f"{found.sent:,} letters {found.p50_ms} and {found.p99_ms} ms: {times:.2f} times"
        )
        kept.append(found)
    text = json.dumps([asdict(one) for one in kept], indent=2, ensure_ascii=False)
    output.write_text(f"{text}\n", encoding="utf-8")
    console.print(f"Written to {output}")
    raise typer.Exit(code=0 if all(one.p99_ms <= MOST_TIMES * one.alone_p99_ms for one in kept) else 1)


if __name__ == "__main__":
    typer.run(main)
