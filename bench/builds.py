"""Another checkout against this one, side by side: time and processor time of each operation, memory, and how long a
command takes to start. The other one makes the data; this one opens a copy of them.

The last result is kept in results/builds.json.
"""

import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Annotated, Any

import psutil
import typer
from rich.console import Console
from rich.table import Table

from bench.compare.servers import cpu_seconds
from bench.load import Load
from bench.report import machine
from bench.server import ask, put_load, serving

HERE = Path(__file__).parents[1]
RESULT = Path(__file__).parent / "results" / "builds.json"
SLUG = "builds"
PERSONS = 600
CLIENTS = 150
CONTACTS_EACH = 4
STARTS = 9
PERSON = "id displayName birthDate emails phones"
EDGE = f"id relationship portalAccess payments person {{ {PERSON} }}"
CONTACT_NETWORK = f"contactNetwork(first: 10) {{ nodes {{ {EDGE} }} }}"
OPERATIONS = {
    "one person": f"query ($id: ID!) {{ person(id: $id) {{ {PERSON} }} }}",
    "one network": f"query ($id: ID!) {{ client(id: $id) {{ {PERSON} {CONTACT_NETWORK} }} }}",
    "contactOf": f"""query ($id: ID!) {{
      person(id: $id) {{ contactOf(first: 10) {{ nodes {{ client {{ {PERSON} }} }} }} }} }}""",
    "canAct": """query ($id: ID!, $contact: ID!) {
      canAct(personId: $contact, clientId: $id, action: SEND_SECURE_MESSAGE) { allowed action at } }""",
    "page of 50": f"query {{ clients(first: 50) {{ nodes {{ {PERSON} {CONTACT_NETWORK} }} }} }}",
    "findContacts": f"query ($name: String!) {{ findContacts(search: $name) {{ nodes {{ person {{ {PERSON} }} }} }} }}",
    "addNewContact": """mutation ($input: AddNewContactInput!) {
      addNewContact(input: $input) { contact { id } errors { code } } }""",
}
console = Console()


@dataclass(frozen=True, slots=True)
class Build:
    """A checkout, and where its data are."""

    name: str
    home: Path
    data: Path

    @property
    def environment(self) -> dict[str, str]:
        """For its commands, so that they run its code."""
        return {"PYTHONPATH": str(self.home / "src"), "GRAPH_API_DATA_DIR": str(self.data)}

    def run(self, *arguments: str) -> str:
        """What a command of it prints."""
        command = [sys.executable, "-m", "graph_api", *arguments]
        environment = {**os.environ, **self.environment}
        return subprocess.run(
            command, env=environment, cwd=self.data.parent, check=True, stdout=subprocess.PIPE, text=True
        ).stdout


@dataclass(frozen=True, slots=True)
class Served:
    """A build that is up."""

    build: Build
    port: int
    token: str
    process: psutil.Process

    @property
    def processes(self) -> list[psutil.Process]:
        """The server's, without its engine's, which is not ours to write."""
        found = (self.process, *self.process.children(recursive=True))
        return [one for one in found if "graph_api.engine.embedded_process" not in " ".join(one.cmdline())]

    def cpu(self) -> float:
        """Seconds so far."""
        return sum(map(cpu_seconds, self.processes))

    def resident_mb(self) -> float:
        """Now."""
        return sum(found.memory_info().rss for found in self.processes) / 2**20


@dataclass(frozen=True, slots=True)
class Round:
    """One load on one build."""

    operation: str
    build: str
    cpu_ms: float
    p50_ms: float


def write_people(folder: Path) -> tuple[Path, Path]:
    """People and contacts, as files to import."""
    people, contacts = folder / "people.csv", folder / "contacts.csv"
    born = date(1950, 1, 1)
    with people.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "given_name", "family_name", "sex", "birth_date", "email", "phone"])
        for number in range(PERSONS):
            name, family = f"Given{number % 97}", f"Family{number % 89}"
            day = born + timedelta(days=31 * number)
            rows.writerow([number, name, family, "", day, f"p{number}@example.org", f"+4420794{60000 + number}"])
    with contacts.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["client_id", "contact_id", "relationship"])
        for client in range(CLIENTS):
            for turn in range(CONTACTS_EACH):
                rows.writerow([client, CLIENTS + (client * CONTACTS_EACH + turn) % (PERSONS - CLIENTS), "FRND"])
    return people, contacts


def prepare(before: Build, now: Build) -> str:
    """Fill the data with the build of before, and copy them; a token that both take."""
    before.data.mkdir(mode=0o700)
    before.run("practice", "create", SLUG, "--name", "Builds", "--time-zone", "Europe/London", "--region", "GB")
    before.run("import", *map(str, write_people(before.data.parent)), "--practice", SLUG)
    token = before.run("token", "--practice", SLUG, "--role", "staff").strip()
    shutil.copytree(before.data, now.data)
    return token


@contextmanager
def up(build: Build, token: str) -> Iterator[Served]:
    """The build's server, ready."""
    with serving(build.environment, build.data.parent / f"{build.name}.log") as (port, process):
        yield Served(build, port, token, psutil.Process(process.pid))


def variables_of(operation: str, networks: Sequence[dict[str, Any]], numbers: Iterator[int], most: int) -> list[Any]:
    """What one load asks."""
    if operation == "addNewContact":
        return [
            {"input": {"clientId": networks[n % len(networks)]["id"], "relationship": "FRIEND", "person": _new(n)}}
            for n, _ in zip(numbers, range(most), strict=False)
        ]
    if operation == "findContacts":
        return [{"name": f"given{number}"} for number in range(97)]
    found = [(client["id"], edge["person"]["id"]) for client in networks for edge in client["contactNetwork"]["nodes"]]
    if operation == "contactOf":
        return [{"id": contact} for _, contact in found]
    return [
        {"id": client, "contact": contact} if operation == "canAct" else {"id": client} for client, contact in found
    ]


def _new(number: int) -> dict[str, Any]:
    """Somebody like nobody else."""
    name = "".join(chr(ord("a") + int(digit)) * 2 for digit in str(number))
    return {
        "givenName": f"New{name}",
        "familyName": f"Q{name[::-1]}",
        "birthDate": str(date(1960, 1, 1) + timedelta(number)),
    }


def load(served: Served, operation: str, variables: list[Any], most: int) -> Round:
    """So many requests over one connection."""
    before = served.cpu()
    result = put_load(Load(served.port, served.token, OPERATIONS[operation], variables, 1, 0, 600, most))
    cpu = served.cpu() - before
    return Round(operation, served.build.name, round(1_000 * cpu / result.requests, 4), result.p50_ms)


def start_seconds(build: Build) -> float:
    """How long its help takes."""
    begun = time.perf_counter()
    build.run("--help")
    return time.perf_counter() - begun


def ratio(rounds: Sequence[Round], operation: str, figure: str) -> float:
    """Of this build to the other, the median of the rounds' pairs."""
    of = {
        name: [getattr(one, figure) for one in rounds if (one.operation, one.build) == (operation, name)]
        for name in ("before", "now")
    }
    middle: float = statistics.median(now / was for was, now in zip(of["before"], of["now"], strict=True))
    return round(middle, 3)


def measure(servers: Sequence[Served], rounds: int, asked: int) -> list[Round]:
    """Each operation on both builds in turn, the order changed in each round."""
    query = "{ clients(first: 100) { nodes { id contactNetwork(first: 10) { nodes { person { id } } } } } }"
    networks = ask(servers[0].port, servers[0].token, query, {})["clients"]["nodes"]
    found, numbers = [], {served.build.name: count() for served in servers}
    for operation in OPERATIONS:
        for turn in range(rounds + 1):
            most = asked // 10 if operation == "page of 50" else asked
            for served in servers[:: 1 if turn % 2 else -1]:
                variables = variables_of(operation, networks, numbers[served.build.name], most)
                one = load(served, operation, variables, most)
                found += [one] if turn else []  # the first warms up
        console.print(
            f"  {operation}: cpu {ratio(found, operation, 'cpu_ms')}, p50 {ratio(found, operation, 'p50_ms')}"
        )
    return found


def main(
    before: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="A checkout of the other build.")],
    rounds: Annotated[int, typer.Option(min=1, help="Of each operation on each build.")] = 7,
    asked: Annotated[int, typer.Option(min=10, help="Requests a round.")] = 400,
    output: Annotated[Path, typer.Option(help="The JSON's file.")] = RESULT,
) -> None:
    """Compare the build in another checkout with this one, on the embedded engine."""
    with tempfile.TemporaryDirectory(prefix="graph-api-builds-") as folder, ExitStack() as stack:
        builds = [
            Build("before", before.resolve(), Path(folder) / "before-data"),
            Build("now", HERE, Path(folder) / "now-data"),
        ]
        token = prepare(*builds)
        starts = {build.name: statistics.median(start_seconds(build) for _ in range(STARTS)) for build in builds}
        servers = [stack.enter_context(up(build, token)) for build in builds]
        found = measure(servers, rounds, asked)
        memory = {served.build.name: round(served.resident_mb(), 1) for served in servers}
    table = Table("Operation", "CPU, times", "p50, times", title="This build to the other")
    ratios = {name: {figure: ratio(found, name, figure) for figure in ("cpu_ms", "p50_ms")} for name in OPERATIONS}
    for name, of in ratios.items():
        table.add_row(name, str(of["cpu_ms"]), str(of["p50_ms"]))
    console.print(table, f"Memory in MB: {memory}; seconds until help is shown: {starts}")
    report = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "before": subprocess.run(
            ["git", "-C", str(before), "describe", "--always"],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout.strip(),
        "ratios": ratios,
        "resident_mb": memory,
        "start_seconds": starts,
        "rounds": [asdict(one) for one in found],
    }
    output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    console.print(f"Written to {output}")


if __name__ == "__main__":
    typer.run(main)
