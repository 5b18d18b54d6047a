"""What a request costs before anything is asked of it: `python -m bench.fixed`.

The server's processor time for `{ __typename }`, and for one person's network, beside a bare uvicorn application that
answers the same. Both are asked in turns, and the processor time a request is what counts: it hardly depends on what
else the machine does. The last result is kept: bench/results/fixed.json.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import psutil
import typer
from rich.console import Console
from rich.table import Table

from bench.__main__ import RESULTS
from bench.load import Load
from bench.report import machine
from bench.server import ask, free_port, put_load, serving, wait_for_port

TYPENAME = "{ __typename }"
GOAL = 2.0
"""Times the bare application's processor time."""
CONNECTIONS = 8
console = Console(highlight=False)


@dataclass(slots=True)
class Side:
    """One server, and what its requests took, in milliseconds of processor time."""

    name: str
    port: int
    process: int
    token: str
    query: str
    variables: dict[str, Any] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    def measure(self, seconds: float) -> None:
        """One turn."""
        load = Load(self.port, self.token, self.query, [self.variables], CONNECTIONS, 0.0, seconds, 10**9)
        before = _processor_time(self.process)
        result = put_load(load)
        self.took.append(1_000 * (_processor_time(self.process) - before) / result.requests)
        self.rates.append(result.requests_per_second)


def _processor_time(process: int) -> float:
    """Of it and of its workers."""
    tree = [psutil.Process(process), *psutil.Process(process).children(recursive=True)]
    own = [one for one in tree if "embedded_process" not in " ".join(one.cmdline())]
    return sum(one.cpu_times().user + one.cpu_times().system for one in own)


@contextmanager
def bare() -> Iterator[tuple[int, int]]:
    """The bare application: its port and process."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.bare:app", "--port", str(port), "--no-access-log"]
    process = subprocess.Popen([*command, "--log-level", "warning"])
    try:
        wait_for_port(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(60)


def main(
    seconds: Annotated[float, typer.Option(help="Of each turn.")] = 4.0,
    turns: Annotated[int, typer.Option(help="Of each side.")] = 5,
) -> None:
    """Measure, print and keep it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environment = {"GRAPH_API_DATA_DIR": str(folder / "data")}
        port, process = stack.enter_context(serving(environment, folder / "log"))
        bare_port, bare_process = stack.enter_context(bare())
        token = _token(folder / "data")
        person = {"person": {"givenName": "Ana"}}
        add = "mutation ($person: PersonInput!) { addClient(input: {person: $person}) { person { id } } }"
        client = ask(port, token, add, person)["addClient"]["person"]["id"]
        network = "query ($id: ID!) { client(id: $id) { id contactNetwork { nodes { id } } } }"
        sides = [
            Side("bare uvicorn", bare_port, bare_process, token, TYPENAME),
            Side("{ __typename }", port, process.pid, token, TYPENAME),
            Side("one network", port, process.pid, token, network, {"id": client}),
        ]
        for _ in range(turns):
            for side in sides:
                side.measure(seconds)
    _tell(sides)


def _token(data_dir: Path) -> str:
    command = [sys.executable, "-m", "graph_api"]
    where = ["--data-dir", str(data_dir)]
    made = ["practice", "create", "bench", "--name", "Bench", "--time-zone", "Europe/London", "--region", "GB"]
    subprocess.run([*command, *made, *where], check=True, stdout=subprocess.DEVNULL)
    asked = [*command, "token", "--practice", "bench", "--role", "staff", "--subject", "bench", *where]
    return subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def _tell(sides: list[Side]) -> None:
    least = median(sides[0].took)
    table = Table("", "ms of processor time", "times bare", "requests/s", title=f"{CONNECTIONS} connections")
    rows: list[dict[str, Any]] = []
    for side in sides:
        took = median(side.took)
        rows.append({"what": side.name, "ms": took, "times_bare": took / least, "rate": median(side.rates)})
        table.add_row(side.name, f"{took:.3f}", f"{took / least:.2f}", f"{median(side.rates):.0f}")
    console.print(table)
    result = {"date": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine(), "rows": rows}
    (RESULTS / "fixed.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    if rows[1]["times_bare"] > GOAL:
        console.print(f"more than {GOAL:g} times the bare application")
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
