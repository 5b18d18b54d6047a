"""Many rounds of a revocation against a checked write, on every engine: `python -m bench.race --rounds 1000`.

The last result is kept: bench/results/race.json. It ends with 1 when a write came through after its revocation.
"""

import asyncio
import json
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bench.__main__ import EMBEDDED, RESULTS, engine_name, engines
from bench.practice import remove_practice
from bench.racing import REVOCATIONS, Outcome, Racer
from bench.report import machine
from graph_api.bootstrap import Services, make_auditor, open_database, ready_database
from graph_api.config import Settings
from graph_api.engine.statements import Dialect
from graph_api.keys import installation_secret

TOGETHER = 4
console = Console(highlight=False)


@dataclass(slots=True)
class EngineRaces:
    """What came of the rounds on one engine, by the way access was revoked."""

    engine: str
    rounds: int
    seconds: float = 0.0
    outcomes: dict[str, Counter[Outcome]] = field(default_factory=dict)

    @property
    def violations(self) -> int:
        """Writes that came through after their revocation."""
        return sum(counted[Outcome.VIOLATED] for counted in self.outcomes.values())

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        outcomes = {
            name: {outcome.value: counted[outcome] for outcome in Outcome} for name, counted in self.outcomes.items()
        }
        return {"engine": self.engine, "rounds": self.rounds, "seconds": self.seconds, "outcomes": outcomes}


async def race(engine: str, rounds: int, lead: float) -> EngineRaces:
    """All rounds on one engine; a shared database is left as it was."""
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="graph-api-race-")))
        url = None if engine == EMBEDDED else engine
        settings = Settings(data_dir=directory, database_url=url, request_timeout=60, _env_file=None)
        revoking = await stack.enter_async_context(ready_database(settings))
        writing = open_database(settings)
        await writing.open()
        stack.push_async_callback(writing.close)
        secret = installation_secret(settings.data_dir, settings.secret_file)
        racer = Racer(Services(revoking, secret, make_auditor(settings)), revoking, writing)
        found = EngineRaces(await engine_name(revoking), rounds)
        console.print(f"[bold]{found.engine}[/]: {rounds} rounds")
        try:
            await _rounds(racer, found, lead)
        finally:
            if revoking.dialect is Dialect.NEO4J:
                for practice in racer.practices:
                    await remove_practice(revoking, practice)
    return found


async def _rounds(racer: Racer, found: EngineRaces, lead: float) -> None:
    """A few at a time; each is about people of its own."""
    shared = await racer.practice()
    started = time.perf_counter()
    kinds = iter(list(islice(cycle(REVOCATIONS), found.rounds)))
    found.outcomes = {kind.name: Counter() for kind in REVOCATIONS}

    async def racing() -> None:
        for kind in kinds:
            found.outcomes[kind.name][await racer.round(kind, shared, lead)] += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(TOGETHER):
            group.create_task(racing())
    found.seconds = round(time.perf_counter() - started, 1)


def show(reports: list[EngineRaces]) -> None:
    """Print the table."""
    table = Table("Engine", "Revocation", *(outcome.value for outcome in Outcome))
    for report in reports:
        for name, counted in report.outcomes.items():
            table.add_row(report.engine, name, *(str(counted[outcome]) for outcome in Outcome))
        table.add_section()
    console.print(table)


def main(
    rounds: Annotated[int, typer.Option(min=1, max=100_000, help="On each engine, over all ways to revoke.")] = 1_000,
    lead: Annotated[float, typer.Option(min=0, max=1, help="Seconds that a side may be behind.")] = 0.01,
    output: Annotated[Path, typer.Option(help="The JSON's file.")] = RESULTS / "race.json",
) -> None:
    """Race a revocation against a checked write, on the embedded engine and on every Neo4j of NEO4J_TEST_URI."""
    before = machine()
    reports = [asyncio.run(race(engine, rounds, lead)) for engine in engines()]
    show(reports)
    date = datetime.now(UTC).isoformat(timespec="seconds")
    kept = {"date": date, "machine": before, "engines": [report.as_json() for report in reports]}
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(f"Written to {output}")
    raise typer.Exit(code=1 if any(report.violations for report in reports) else 0)


if __name__ == "__main__":
    typer.run(main)
