"""Measure both queries on the embedded engine and on every Neo4j of NEO4J_TEST_URI."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.load import Load
from bench.practice import Measured, load_practice, remove_practice
from bench.queries import questions
from bench.report import EngineReport, Run, machine, save, show
from bench.server import put_load, serving
from graph_api.config import Settings
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.http.auth import mint_token
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.keys.secrets import signing_key
from graph_api.opening import ready_database
from graph_api.practices.graph import Practices

RESULTS = Path(__file__).parent / "results"
ROYAL92 = Path(__file__).parents[1] / "src/graph_api/demo/data/royal92"
EMBEDDED = "embedded"
LOADING_WITHIN = 300.0
console = Console()


def engines() -> list[str]:
    """The embedded one, and each Neo4j that runs."""
    uris = os.environ.get("NEO4J_TEST_URI", "").split(",")
    return [EMBEDDED, *(uri.strip() for uri in uris if uri.strip())]


async def engine_name(database: Database) -> str:
    """Name and version."""
    row = (await GraphSession(database).read("practices/components"))[0]
    if database.dialect.value == "arcadedb":
        return "embedded ArcadeDB"
    return f"{row['name'].removesuffix(' Kernel')} {row['versions'][0]}"


class Bench:
    """The measurements on one engine, in a data directory of its own."""

    def __init__(self, engine: str, data_dir: Path, connections: list[int], seconds: float) -> None:
        url = None if engine == EMBEDDED else engine
        self._settings = Settings(data_dir=data_dir, database_url=url, request_timeout=LOADING_WITHIN, _env_file=None)
        self._environment = {"GRAPH_API_DATA_DIR": str(data_dir), "GRAPH_API_REQUEST_TIMEOUT": "30"}
        if url is not None:
            self._environment["GRAPH_API_DATABASE_URL"] = url
        self._connections = connections
        self._seconds = seconds
        self._log = data_dir / "server.log"

    async def run(self, persons: int) -> EngineReport:
        """Load, serve, ask; a shared database is left as it was."""
        async with AsyncExitStack() as stack:
            database = await stack.enter_async_context(ready_database(self._settings))
            name = await engine_name(database)
            console.print(f"[bold]{name}[/]: loading {persons} persons")
            measured = await load_practice(database, persons)
            if database.dialect.value == "neo4j":
                stack.push_async_callback(remove_practice, database, measured.practice)
            report = EngineReport(name, measured.persons, measured.contacts, round(measured.seconds, 2))
            await asyncio.to_thread(self._measure, measured, report)
            await self._import_royal92(database, stack, report)
        return report

    def _measure(self, measured: Measured, report: EngineReport) -> None:
        token = mint_token(
            signing_key(self._settings.data_dir),
            subject="bench",
            practice=measured.practice.slug,
            role=ViewerRole.STAFF,
            lasts=timedelta(hours=1),
        )
        with serving(self._environment, self._log) as (port, _):
            for question in questions(port, token, measured):
                for connections in self._connections:
                    console.print(f"  {question.name}, {connections} connection(s)")
                    load = Load(
                        port,
                        token,
                        question.query,
                        question.variables,
                        connections,
                        warm_up=self._seconds / 3,
                        seconds=self._seconds,
                        most=20_000,
                    )
                    report.runs.append(Run(question.name, connections, put_load(load)))

    async def _import_royal92(self, database: Database, stack: AsyncExitStack, report: EngineReport) -> None:
        """As a user would: the command, its start included; then once more, which changes nothing."""
        practice_id = new_id("practice")
        practice = Practice(practice_id, f"bench-{practice_id[-12:]}", "royal92", "Europe/London", "GB")
        await Practices(database).create(practice, datetime.now(UTC))
        if database.dialect.value == "neo4j":
            stack.push_async_callback(remove_practice, database, practice)
        console.print("  royal92 import")
        report.royal92_import_seconds = await asyncio.to_thread(self._timed_import, practice)
        report.royal92_again_seconds = await asyncio.to_thread(self._timed_import, practice)

    def _timed_import(self, practice: Practice) -> float:
        command = [sys.executable, "-m", "graph_api", "import", "--practice", practice.slug]
        command += [str(ROYAL92 / "people.csv"), str(ROYAL92 / "contacts.csv")]
        started = time.perf_counter()
        environment = {**os.environ, **self._environment}
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=300)
        if done.returncode != 1:  # royal92 has rows that are refused
            raise RuntimeError(f"import ended with {done.returncode}: {done.stderr[-2_000:]}")
        return round(time.perf_counter() - started, 2)


def main(
    persons: Annotated[int, typer.Option(min=100, max=200_000)] = 10_000,
    seconds: Annotated[float, typer.Option(min=0.5, max=120, help="For each query and number of connections.")] = 10,
    connections: Annotated[str, typer.Option(help="How many at once.")] = "1,8",
    output: Annotated[Path | None, typer.Option(help="The JSON's file.")] = None,
) -> None:
    """Measure both queries on the embedded engine and on every Neo4j of NEO4J_TEST_URI."""
    before = machine()
    counts = [int(count) for count in connections.split(",")]
    reports = []
    for engine in engines():
        with tempfile.TemporaryDirectory(prefix="graph-api-bench-") as directory:
            reports.append(asyncio.run(Bench(engine, Path(directory), counts, seconds).run(persons)))
    show(reports, console)
    path = output or RESULTS / f"{datetime.now(UTC).date().isoformat()}.json"
    save(reports, before, path)
    console.print(f"Written to {path}")


if __name__ == "__main__":
    typer.run(main)
