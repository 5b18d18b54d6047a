"""A server under steady load for minutes: its memory must stay flat, and nothing may fail.

First it is found how many requests a second it answers at most; then it is sent 70 % of that, reads and changes mixed,
at even distances, whatever it takes to answer them. On each Neo4j of NEO4J_TEST_URI and on the embedded engine:
`python -m bench.soak --minutes 10`. The last result of each is kept: bench/results/soak.json. It ends with 1 when the
memory grew.
"""

import asyncio
import json
import os
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bench.__main__ import RESULTS
from bench.load import Connection, Load, encode_request, percentile
from bench.memory import resident_mb
from bench.population import SEED
from bench.practice import Measured
from bench.queries import ONE_CLIENT, PAGE_OF_50
from bench.report import machine
from bench.server import served_practice
from graph_api.config import Settings
from graph_api.http.auth import mint_token
from graph_api.kernel.caller import ViewerRole
from graph_api.keys.secrets import signing_key

PERSONS = 5_000
CONNECTIONS = 16
SHARE = 0.7
"""Of what the server answers at most."""
FULL_FOR, LOOK_EVERY = 15.0, 10.0
"""Seconds."""
MAY_GROW_MB = 5.0
"""From the second fifth of the time to the last: the first fills what is kept."""
FIND = "query ($search: String!) { findContacts(search: $search) { nodes { score person { id displayName } } } }"
CHANGE = """mutation ($input: UpdatePersonInput!) {
  updatePerson(input: $input) { person { id version displayName } errors { code message } warnings { code } } }"""
EMBEDDED = "embedded"
console = Console(highlight=False)


@dataclass(slots=True)
class Soak:
    """What came of it."""

    engine: str
    minutes: float
    full_rate: float = 0.0
    """Requests a second that it answered at most."""
    rate: float = 0.0
    requests: int = 0
    changes: int = 0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    memory_mb: list[float] = field(default_factory=list)
    """Resident, every ten seconds."""
    grown_mb: float = 0.0
    machine: dict[str, Any] = field(default_factory=machine)
    date: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    @property
    def is_flat(self) -> bool:
        """Whether the memory stayed."""
        return self.grown_mb <= MAY_GROW_MB


class Asker:
    """Makes requests: nine of ten read, each tenth changes somebody."""

    def __init__(self, port: int, token: str, measured: Measured) -> None:
        self._port = port
        self._token = token
        self._clients = measured.client_ids
        self._versions: dict[str, int] = {}
        self._busy: set[str] = set()
        self._chance = random.Random(SEED)
        self.changes = 0

    async def ask(self, connection: Connection) -> None:
        """One request.

        Raises:
            RuntimeError: it was not answered as it must be.
        """
        kind = self._chance.random()
        client = self._chance.choice(self._clients)
        if kind < 0.1 and client not in self._busy:
            await self._change(connection, client)
        elif kind < 0.2:
            await self._send(connection, FIND, {"search": self._chance.choice("abcdefghijklmnoprst") + "a"})
        elif kind < 0.25:
            await self._send(connection, PAGE_OF_50, {"after": None})
        else:
            await self._send(connection, ONE_CLIENT, {"id": client})

    async def _change(self, connection: Connection, client: str) -> None:
        version = self._versions.get(client, 1)
        wanted = {"personId": client, "expectedVersion": version, "changes": {"preferredName": f"Nick {version}"}}
        self._busy.add(client)
        try:
            body = await self._send(connection, CHANGE, {"input": wanted})
        finally:
            self._busy.discard(client)
        payload = json.loads(body)["data"]["updatePerson"]
        if payload["errors"]:
            raise RuntimeError(f"refused: {payload['errors'][0]['message']}")
        self._versions[client] = payload["person"]["version"]
        self.changes += 1

    async def _send(self, connection: Connection, query: str, variables: dict[str, Any]) -> bytes:
        return await connection.ask(encode_request(Load(self._port, self._token, query, [], 1, 0, 0, 1), variables))


async def full_rate(asker: Asker, connections: list[Connection]) -> float:
    """Requests a second in a closed loop."""
    answered, until = 0, time.perf_counter() + FULL_FOR

    async def loop(connection: Connection) -> None:
        nonlocal answered
        while time.perf_counter() < until:
            await asker.ask(connection)
            answered += 1

    await asyncio.gather(*map(loop, connections))
    return answered / FULL_FOR


async def steadily(asker: Asker, connections: list[Connection], soak: Soak, look: Callable[[], float]) -> None:
    """Send at even distances, and look at the memory."""
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for connection in connections:
        free.put_nowait(connection)
    times: list[float] = []
    begun = time.perf_counter()
    until, next_look = begun + soak.minutes * 60, begun

    async def send(due: float) -> None:
        connection = await free.get()
        await asker.ask(connection)
        free.put_nowait(connection)
        times.append(time.perf_counter() - due)

    async with asyncio.TaskGroup() as group:
        while (now := time.perf_counter()) < until:
            due = begun + soak.requests / soak.rate
            if now >= next_look:
                soak.memory_mb.append(round(look(), 1))
                next_look += LOOK_EVERY
            if now < due:
                await asyncio.sleep(due - now)
            soak.requests += 1
            group.create_task(send(due))
    times.sort()
    soak.p50_ms, soak.p99_ms = (round(percentile(times, part) * 1_000, 2) for part in (0.5, 0.99))


def _grown(memory: list[float]) -> float:
    """From the second fifth to the last."""
    fifth = max(1, len(memory) // 5)
    second, last = memory[fifth : 2 * fifth] or memory, memory[-fifth:]
    return round(sum(last) / len(last) - sum(second) / len(second), 1)


async def measure(settings: Settings, soak: Soak) -> None:
    """Load, serve, ask, look."""
    async with served_practice(settings, PERSONS) as (measured, port, process):
        key = signing_key(settings.data_dir)
        lasts = timedelta(hours=12)
        token = mint_token(key, subject="b", practice=measured.practice.slug, role=ViewerRole.STAFF, lasts=lasts)
        asker = Asker(port, token, measured)
        opened = [Connection(*await asyncio.open_connection("127.0.0.1", port)) for _ in range(CONNECTIONS)]
        soak.full_rate = round(await full_rate(asker, opened), 1)
        soak.rate = round(SHARE * soak.full_rate, 1)
        console.print(
            f"{soak.engine}: {soak.full_rate:,.0f} requests/s at most, {soak.rate:,.0f} for {soak.minutes:g} min"
        )
        await steadily(asker, opened, soak, lambda: resident_mb(process))
        soak.changes, soak.grown_mb = asker.changes, _grown(soak.memory_mb)
        for connection in opened:
            connection.close()


def main(
    minutes: Annotated[float, typer.Option(min=0.2)] = 10.0,
    output: Annotated[Path, typer.Option(help="The JSON's file.")] = RESULTS / "soak.json",
) -> None:
    """Watch a worker's memory under steady load, on every engine."""
    urls = [url.strip() for url in os.environ.get("NEO4J_TEST_URI", "").split(",") if url.strip()]
    kept = json.loads(output.read_text(encoding="utf-8")) if output.exists() else {}
    all_flat = True
    for url in [None, *urls]:
        soak = Soak(EMBEDDED if url is None else "neo4j", minutes)
        with tempfile.TemporaryDirectory(prefix="graph-api-soak-") as directory:
            settings = Settings(data_dir=Path(directory), database_url=url, request_timeout=300, _env_file=None)
            asyncio.run(measure(settings, soak))
        console.print(
            f"  {soak.requests:,} requests, {soak.changes:,} changes; p50 {soak.p50_ms} ms, p99 {soak.p99_ms} ms; "
            f"{soak.memory_mb[0]} to {soak.memory_mb[-1]} MB, grown {soak.grown_mb} MB"
        )
        kept[soak.engine] = asdict(soak)
        all_flat = all_flat and soak.is_flat
    output.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(f"Written to {output}")
    raise typer.Exit(code=0 if all_flat else 1)


if __name__ == "__main__":
    typer.run(main)
