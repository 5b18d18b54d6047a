"""Many rounds of a revocation against a checked write, and of messages, appointments and reminders against what forbids
or moves them, on every engine: `python -m bench.race --rounds 1000`.

What came of each engine's rounds is kept: bench/results/race.json. `--more` adds to what was kept, so that a thousand
rounds of each kind can be run in several parts. It ends with 1 when a write came through after its
revocation, a message was lost or shown to somebody who may not read it any more, two appointments had the same time, or
somebody was reminded of what had ended.
"""

import asyncio
import json
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bench.__main__ import EMBEDDED, RESULTS, engine_name, engines
from bench.practice import remove_practice
from bench.racing import REVOCATIONS, Outcome, Racer
from bench.racing_appointments import APPOINTMENT_KINDS, AppointmentRacer
from bench.racing_messages import MESSAGE_KINDS, MessageRacer
from bench.racing_reminders import REMINDER_KINDS, ReminderRacer
from bench.report import machine
from bench.sides import two_sides
from graph_api.config import Settings
from graph_api.engine.errors import Contended
from graph_api.engine.statements import Dialect
from graph_api.kernel.stamps import utc_now
from graph_api.opening import make_auditor, ready_database
from graph_api.sms.files import TextFiles

TOGETHER = 4
console = Console(highlight=False)


@dataclass(slots=True)
class EngineRaces:
    """What came of the rounds on one engine, by what was raced."""

    engine: str
    rounds: int
    seconds: float = 0.0
    outcomes: dict[str, Counter[Outcome]] = field(default_factory=dict)
    begun_again: int = 0
    """Rounds in which somebody was told to try again, as an API's caller is: others were faster each time."""

    machine: dict[str, Any] = field(default_factory=machine)
    """Before it began."""

    @property
    def violations(self) -> int:
        """Writes that came through after their revocation, messages lost or shown, times that two have."""
        return sum(counted[Outcome.VIOLATED] for counted in self.outcomes.values())

    def as_json(self, kept: dict[str, Any] | None) -> dict[str, Any]:
        """As it is kept, added to what was kept of earlier runs."""
        run: dict[str, Any] = {"date": datetime.now(UTC).isoformat(timespec="seconds"), "machine": self.machine}
        run |= {"rounds": self.rounds, "seconds": self.seconds, "begunAgain": self.begun_again}
        outcomes = {name: {one.value: counted[one] for one in Outcome} for name, counted in self.outcomes.items()}
        for name, counted in ({} if kept is None else kept["outcomes"]).items():
            of_name = outcomes.setdefault(name, {})
            for outcome, count in counted.items():
                of_name[outcome] = of_name.get(outcome, 0) + count
        return {"engine": self.engine, "runs": [*([] if kept is None else kept["runs"]), run], "outcomes": outcomes}


async def race(engine: str, rounds: int, lead: float) -> EngineRaces:
    """All rounds on one engine; a shared database is left as it was."""
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="graph-api-race-")))
        url = None if engine == EMBEDDED else engine
        settings = Settings(data_dir=directory, database_url=url, request_timeout=60, _env_file=None)
        revoking = await stack.enter_async_context(ready_database(settings))
        racer, accounts = await stack.enter_async_context(two_sides(settings, revoking))
        messages, appointments = MessageRacer(racer, accounts, settings), AppointmentRacer(racer, accounts)
        texts = TextFiles(settings.texts_directory, utc_now)
        reminders = ReminderRacer(racer, accounts, racer.writing, make_auditor(settings), texts)
        found = EngineRaces(await engine_name(revoking), rounds)
        console.print(f"[bold]{found.engine}[/]: {rounds} rounds")
        try:
            await _rounds(racer, messages, appointments, reminders, found, lead)
        finally:
            if revoking.dialect is Dialect.NEO4J:
                for practice in racer.practices:
                    await remove_practice(revoking, practice)
    return found


async def _rounds(
    racer: Racer,
    messages: MessageRacer,
    appointments: AppointmentRacer,
    reminders: ReminderRacer,
    found: EngineRaces,
    lead: float,
) -> None:
    """A few at a time; each is about people of its own."""
    shared = await racer.practice()
    started = time.perf_counter()
    plays: dict[str, Callable[[], Awaitable[Outcome]]] = {
        **{kind.name: partial(racer.round, kind, shared, lead) for kind in REVOCATIONS},
        **{kind.name: partial(kind.round, messages, shared, lead) for kind in MESSAGE_KINDS},
        **{kind.name: partial(kind.round, appointments, shared, lead) for kind in APPOINTMENT_KINDS},
        **{kind.name: partial(kind.round, reminders, shared, lead) for kind in REMINDER_KINDS},
    }
    names = iter(list(islice(cycle(plays), found.rounds)))
    found.outcomes = {name: Counter() for name in plays}

    async def racing() -> None:
        for name in names:
            found.outcomes[name][await _ended(plays[name], found)] += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(TOGETHER):
            group.create_task(racing())
    found.seconds = round(time.perf_counter() - started, 1)
    found.outcomes["calendars in the end"] = Counter({Outcome.VIOLATED: len(await appointments.all_faults())})


async def _ended(play: Callable[[], Awaitable[Outcome]], found: EngineRaces) -> Outcome:
    """A round that came to its end. Each is about people of its own, so one that did not is begun anew."""
    while True:
        try:
            return await play()
        except Contended:
            found.begun_again += 1
            if found.begun_again > found.rounds // 100 + 1:
                raise


def show(reports: list[EngineRaces]) -> None:
    """Print the table."""
    table = Table("Engine", "Race", *(outcome.value for outcome in Outcome))
    for report in reports:
        for name, counted in report.outcomes.items():
            table.add_row(report.engine, name, *(str(counted[outcome]) for outcome in Outcome))
        table.add_section()
    console.print(table)


def main(
    rounds: Annotated[int, typer.Option(min=1, max=100_000, help="On each engine, over all that is raced.")] = 1_000,
    lead: Annotated[float, typer.Option(min=0, max=1, help="Seconds that a side may be behind.")] = 0.01,
    more: Annotated[bool, typer.Option("--more", help="Add to the rounds that were kept.")] = False,
    output: Annotated[Path, typer.Option(help="The JSON's file.")] = RESULTS / "race.json",
) -> None:
    """Race writes, messages and appointments, on the embedded engine and on every Neo4j of NEO4J_TEST_URI."""
    kept: dict[str, Any] = json.loads(output.read_text(encoding="utf-8")) if output.exists() else {}
    reports = []
    for engine in engines():
        report = asyncio.run(race(engine, rounds, lead))
        reports.append(report)
        kept[report.engine] = report.as_json(kept.get(report.engine) if more else None)
        output.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        console.print(f"Written to {output}")
    show(reports)
    raise typer.Exit(code=1 if any(report.violations for report in reports) else 0)


if __name__ == "__main__":
    typer.run(main)
