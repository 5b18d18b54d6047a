"""kill -9 of the server and of the engine under writers with keys: `python -m bench.kills --rounds 300`.

In one series the server is killed, its workers with it, in another the engine, and in the third the engine in the midst
of a commit. All are real processes on a data directory of their own. In the end each acknowledged write is there
exactly once, nothing else is, and `graph-api audit verify` is clean. The last result is kept in
bench/results/kills.json. It ends with 1 when it is not so.
"""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import httpx
import typer
from rich.console import Console
from rich.table import Table

from bench.__main__ import RESULTS
from bench.commit_server import ASKED
from bench.killing import PATIENCE, KilledServer, Told, Writer
from bench.report import machine
from graph_api.config import Settings
from graph_api.engine.embedded import EmbeddedEngine
from graph_api.http.auth import mint_token
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.keys.secrets import signing_key
from graph_api.opening import ready_database
from graph_api.practices.graph import Practices

WRITERS = 8
WORKERS = 2
WRITES_A_ROUND = 16
"""Acknowledged ones before the next kill, which comes at a random moment after them."""
IN_COMMIT = "engine in a commit"
SERIES = ("server", "engine", IN_COMMIT)
console = Console(highlight=False)
T = TypeVar("T")


@dataclass(slots=True)
class Outcome:
    """What came of one series."""

    killed: str
    kills: int = 0
    writers: int = WRITERS
    seconds: float = 0.0
    acknowledged: int = 0
    lost: int = 0
    """Acknowledged and not there, or there with another id."""
    repeated: int = 0
    unasked: int = 0
    """There and never acknowledged."""
    audit_verify: str = ""
    audit_clean: bool = False
    met: dict[str, int] = field(default_factory=dict)
    """What writers were told meanwhile, and retried."""
    wrong: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether all is as it should be."""
        return self.audit_clean and not (self.lost or self.repeated or self.unasked or self.wrong)


async def series(killed: str, rounds: int, minutes: float) -> Outcome:
    """All rounds of one series, or as many as there is time for."""
    outcome = Outcome(killed)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="graph-api-kills-") as directory:
        settings = Settings(data_dir=Path(directory) / "data", _env_file=None)
        practice, token = await _prepared(settings)
        in_commit = killed == IN_COMMIT
        watched = "bench.commit_server" if in_commit else "graph_api"
        server, told = KilledServer(settings.data_dir, 1 if in_commit else WORKERS, watched), Told()
        server.start()
        try:
            await _until_ready(server)
            await _killing(server, _rounds(rounds, minutes), token, told, outcome)
        finally:
            server.stop()
        _end_of_engine(settings)
        await _compare(settings, practice, told, outcome)
        _verify(settings, outcome)
    outcome.seconds = round(time.perf_counter() - started, 1)
    outcome.met, outcome.wrong = dict(told.met), told.wrong
    return outcome


async def _prepared(settings: Settings) -> tuple[Practice, str]:
    """A practice, and a token of its staff."""
    practice = Practice(new_id("practice"), "kills", "Kills", "UTC", "US")
    async with ready_database(settings) as database:
        await Practices(database).create(practice, datetime.now(UTC))
    key = signing_key(settings.data_dir)
    token = mint_token(key, subject="kills", practice="kills", role=ViewerRole.STAFF, lasts=timedelta(days=1))
    return practice, token


def _rounds(rounds: int, minutes: float) -> Iterator[int]:
    until = time.monotonic() + minutes * 60
    for number in range(1, rounds + 1):
        if time.monotonic() < until:
            yield number


async def _killing(server: KilledServer, rounds: Iterator[int], token: str, told: Told, outcome: Outcome) -> None:
    writers = [Writer(f"http://127.0.0.1:{server.port}", token, told) for _ in range(WRITERS)]
    try:
        async with asyncio.TaskGroup() as group:
            for writer in writers:
                group.create_task(writer.run())
            for number in rounds:
                await _kill_once(server, outcome.killed, told)
                outcome.kills += 1
                if number % 20 == 0:
                    console.print(f"  {outcome.killed}: {number} kills, {len(told.people)} acknowledged")
            for writer in writers:
                writer.end()
    except* RuntimeError as errors:
        told.wrong += [str(error) for error in errors.exceptions]


async def _kill_once(server: KilledServer, killed: str, told: Told) -> None:
    """Let some be acknowledged, and kill in the midst of the next; the engine is started again by the server."""
    wanted = len(told.people) + WRITES_A_ROUND
    await _until(lambda: len(told.people) >= wanted, "writes are acknowledged again")
    await asyncio.sleep(random.uniform(0, 0.15))  # a moment within a write
    if killed == "server":
        server.kill()
        server.start()
        return
    pid = await _until(server.engine_pid, "the engine is ready")
    if killed == IN_COMMIT:
        asked = server.data_dir.parent / ASKED
        asked.touch()
        await _until(lambda: server.engine_pid() not in (None, pid), "another engine is ready")
        return
    os.kill(pid, signal.SIGKILL)


async def _until(found: Callable[[], T | None], what: str) -> T:
    """What is found, once it is neither None nor False."""
    deadline = time.monotonic() + PATIENCE
    while not (value := found()):
        if time.monotonic() > deadline:
            raise RuntimeError(f"it did not happen in time that {what}")
        await asyncio.sleep(0.01)
    return value


async def _until_ready(server: KilledServer) -> None:
    deadline = time.monotonic() + PATIENCE
    async with httpx.AsyncClient(timeout=10) as client:
        while time.monotonic() < deadline:
            try:
                if (await client.get(f"http://127.0.0.1:{server.port}/health/ready")).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.1)
    raise RuntimeError("the server did not get ready")


def _end_of_engine(settings: Settings) -> None:
    engine = EmbeddedEngine(settings.data_dir)
    deadline = time.monotonic() + PATIENCE
    while engine.is_running() and time.monotonic() < deadline:
        time.sleep(0.1)


async def _compare(settings: Settings, practice: Practice, told: Told, outcome: Outcome) -> None:
    """What is in the database beside what was acknowledged."""
    people = "MATCH (p:Person {practice: $practice}) RETURN p.id AS id, p.familyName AS name"
    contacts = "MATCH (a:Person {practice: $practice})-[:HAS_CONTACT]->(b:Person) RETURN a.id AS client, b.id AS person"
    async with ready_database(settings) as database, database.session(write=False) as session:
        rows = [dict(row) async for row in await session.run(people, {"practice": practice.id})]
        edges = [dict(row) async for row in await session.run(contacts, {"practice": practice.id})]
    found, pairs = {row["name"]: row["id"] for row in rows}, Counter((row["client"], row["person"]) for row in edges)
    outcome.acknowledged = len(told.people)
    outcome.lost = sum(found.get(name) != person for name, person in told.people.items())
    outcome.lost += len(told.contacts - set(pairs))
    outcome.repeated = len(rows) - len(found) + sum(pairs.values()) - len(pairs)
    outcome.unasked = len(found.keys() - told.people.keys()) + len(set(pairs) - told.contacts)


def _verify(settings: Settings, outcome: Outcome) -> None:
    """The command, as an operator runs it."""
    command = [sys.executable, "-m", "graph_api", "audit", "verify", "--data-dir", str(settings.data_dir)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
    outcome.audit_clean = done.returncode == 0 and not done.stdout.strip()
    outcome.audit_verify = " ".join(next((line for line in done.stderr.splitlines() if "events" in line), "").split())


def show(outcomes: list[Outcome]) -> None:
    """Print the table."""
    table = Table("killed", "kills", "acknowledged", "lost", "repeated", "unasked", "audit verify", "s")
    for found in outcomes:
        counts = (found.kills, found.acknowledged, found.lost, found.repeated, found.unasked)
        clean = "clean" if found.audit_clean else "NOT CLEAN"
        table.add_row(found.killed, *map(str, counts), clean, str(found.seconds))
        for wrong in found.wrong:
            console.print(f"[red]{found.killed}: {wrong}[/]")
    console.print(table)


def _kept(path: Path) -> dict[str, Any]:
    """The other series' last result stays when one alone is run."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["series"]
    except (OSError, ValueError, KeyError):
        return {}
    return found


def main(
    rounds: Annotated[int, typer.Option(min=1, max=100_000, help="Kills in each series.")] = 300,
    minutes: Annotated[float, typer.Option(min=0.1, help="No more kills in a series after so long.")] = 600,
    only: Annotated[str, typer.Option(help="One series: server, engine or engine in a commit.")] = "",
    output: Annotated[Path, typer.Option(help="The JSON's file.")] = RESULTS / "kills.json",
) -> None:
    """Kill the server, and the engine, under 8 writers; see that nothing acknowledged is lost."""
    before, outcomes = machine(), []
    for killed in SERIES:
        if only in ("", killed):
            console.print(f"[bold]{killed}[/]: {rounds} kills")
            outcomes.append(asyncio.run(series(killed, rounds, minutes)))
    show(outcomes)
    date = datetime.now(UTC).isoformat(timespec="seconds")
    new = {found.killed: {"date": date, "machine": before, **asdict(found)} for found in outcomes}
    output.parent.mkdir(parents=True, exist_ok=True)
    kept = {"series": _kept(output) | new}
    output.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(f"Written to {output}")
    raise typer.Exit(code=0 if all(found.whole for found in outcomes) else 1)


if __name__ == "__main__":
    typer.run(main)
