"""How much memory a worker holds after very many requests of very many distinct operations.

On the first Neo4j of NEO4J_TEST_URI, or on the embedded engine: `python -m bench.memory`.
"""

import asyncio
import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import psutil
import typer
from rich.console import Console

from bench.load import Connection, Load, encode_request
from bench.population import SEED
from bench.practice import Measured
from bench.server import served_practice
from graph_api.config import Settings
from graph_api.http.auth import mint_token
from graph_api.kernel.caller import ViewerRole
from graph_api.keys.secrets import signing_key

MOST_MB = 150
PERSON = ("id", "displayName", "givenName", "familyName", "birthDate", "emails", "phones", "clientStatus", "version")
CONTACT = ("id", "relationship", "roles", "portalAccess", "secureMessaging", "payments", "startsOn", "endsOn", "status")
console = Console(highlight=False)


def documents(count: int, seed: int = SEED) -> Iterator[str]:
    """Different operations about one person, each with fields and names of its own."""
    chance = random.Random(seed)

    def some(names: Sequence[str]) -> str:
        chosen = chance.sample(names, chance.randint(1, len(names)))
        return " ".join(
            f"{name}{chance.randrange(1_000)}: {name}" if chance.random() < 0.3 else name for name in chosen
        )

    for number in range(count):
        first, person = chance.randint(1, 10), some(PERSON)
        side, far = chance.choice((("contactNetwork", "person"), ("contactOf", "client")))
        contacts = f"{side}(first: {first}) {{ nodes {{ {some(CONTACT)} {far} {{ {some(PERSON)} }} }} }}"
        yield f"query Q($id: ID!) {{ p{number}: person(id: $id) {{ {person} {contacts} }} }}"


def resident_mb(process: psutil.Process) -> float:
    """Resident memory."""
    return float(process.memory_info().rss / 2**20)


class Watch:
    """Sends the requests, and looks at the worker's memory meanwhile."""

    def __init__(self, process: psutil.Process, port: int, bodies: list[bytes], every: int) -> None:
        self._process = process
        self._port = port
        self._bodies = bodies
        self._every = every
        self._sent = 0

    async def run(self, requests: int, connections: int) -> None:
        """All of them, in turn."""
        started = time.perf_counter()

        async def loop(connection: Connection) -> None:
            while self._sent < requests:
                self._sent += 1
                number = self._sent
                await connection.ask(self._bodies[number % len(self._bodies)])
                if number % self._every == 0:
                    rate = number / (time.perf_counter() - started)
                    console.print(f"{number:8,} requests: {resident_mb(self._process):6.1f} MB  ({rate:,.0f}/s)")

        opened = [Connection(*await asyncio.open_connection("127.0.0.1", self._port)) for _ in range(connections)]
        async with asyncio.TaskGroup() as group:
            for connection in opened:
                group.create_task(loop(connection))
        for connection in opened:
            connection.close()


async def measure(settings: Settings, persons: int, requests: int, operations: int, connections: int) -> None:
    """Load, serve, ask, look."""
    async with served_practice(settings, persons) as (measured, port, process):
        before = resident_mb(process)
        console.print(f"{operations:,} operations, {persons:,} persons; before: {before:.1f} MB")
        bodies = _bodies(settings, measured, port, operations)
        await Watch(process, port, bodies, max(1, requests // 10)).run(requests, connections)
        after = resident_mb(process)
        console.print(
            f"after {requests:,} requests: {after:.1f} MB, {'within' if after <= MOST_MB else 'over'} {MOST_MB}"
        )


def _bodies(settings: Settings, measured: Measured, port: int, operations: int) -> list[bytes]:
    key = signing_key(settings.data_dir)
    slug, lasts = measured.practice.slug, timedelta(hours=12)
    token = mint_token(key, subject="bench", practice=slug, role=ViewerRole.STAFF, lasts=lasts)
    chance = random.Random(SEED)

    def body(document: str) -> bytes:
        variables: dict[str, Any] = {"id": chance.choice(measured.client_ids)}
        return encode_request(Load(port, token, document, [], 1, 0, 0, 1), variables)

    return [body(document) for document in documents(operations)]


def main(
    requests: Annotated[int, typer.Option(min=1)] = 100_000,
    operations: Annotated[int, typer.Option(min=1, help="Different ones, in turn.")] = 10_000,
    connections: Annotated[int, typer.Option(min=1, max=100)] = 8,
    persons: Annotated[int, typer.Option(min=100, max=200_000)] = 2_000,
) -> None:
    """Watch a worker's memory, on the first Neo4j of NEO4J_TEST_URI or else on the embedded engine."""
    url = os.environ.get("NEO4J_TEST_URI", "").split(",")[0].strip() or None
    with tempfile.TemporaryDirectory(prefix="graph-api-memory-") as directory:
        settings = Settings(data_dir=Path(directory), database_url=url, request_timeout=300, _env_file=None)
        asyncio.run(measure(settings, persons, requests, operations, connections))


if __name__ == "__main__":
    typer.run(main)
