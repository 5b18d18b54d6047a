"""What asking about access costs beside the bare driver's own statement: `python -m bench.access`.

On the embedded engine and every Neo4j of NEO4J_TEST_URI. One asks at a time; rounds of all ways follow each other, so
that a busy machine disturbs them alike. The floor is the driver with the same statement, its row as JSON.
"""

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import neo4j
import orjson
import typer
from rich.console import Console
from rich.table import Table

from bench.__main__ import EMBEDDED, engine_name, engines
from bench.load import Connection, Load, encode_request
from bench.practice import load_practice, remove_practice
from bench.racing import give_access
from bench.report import machine
from bench.server import serving
from graph_api.access.graph.decisions import pair_params
from graph_api.access.model import PortalAction
from graph_api.access.questions import AccessService
from graph_api.config import Settings
from graph_api.engine.bolt import Database
from graph_api.engine.locate import locator
from graph_api.engine.statements import Dialect
from graph_api.graphql.build import build_schema
from graph_api.graphql.execution import Executor, Operation
from graph_api.http.auth import mint_token
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.kernel.paging import PageArguments
from graph_api.keys.secrets import installation_secret, signing_key
from graph_api.network.records import CONTACT_PROPERTIES
from graph_api.opening import make_auditor, ready_database
from graph_api.people.model import ClientStatus, Person
from graph_api.people.records import PERSON_PROPERTIES
from graph_api.services import Services

PERSONS = 4_000
CLIENTS = 50
MOST_TIMES = 1.3
CAN_ACT = """query ($person: ID!, $client: ID!) {
  canAct(personId: $person, clientId: $client, action: MAKE_PAYMENT) {
    allowed checks { rule passed explanation } nearestDenial { rule explanation } } }"""
ACTS_FOR = """{ viewer { actsFor(first: 50) { nodes { client { id displayName } contact { id } actions } } } }"""
console = Console(highlight=False)

Once = Callable[[int], Awaitable[object]]
"""Asks, the so-manieth time."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to ask, and what the same costs at least."""

    name: str
    once: Once


@dataclass(frozen=True, slots=True)
class Found:
    """One question on one engine: p50 in milliseconds by way; the first is the floor."""

    engine: str
    question: str
    p50_ms: dict[str, float]

    def times(self, name: str) -> float:
        """How many times the floor."""
        return self.p50_ms[name] / next(iter(self.p50_ms.values()))


async def measure(ways: list[Way], rounds: int, asked: int) -> dict[str, float]:
    """Each way's p50, over rounds in turn."""
    took: dict[str, list[float]] = {way.name: [] for way in ways}
    for number in range(-1, rounds):
        for way in ways:
            for turn in range(asked):
                before = time.perf_counter()
                await way.once(turn)
                if number >= 0:  # what is slow the first time is not measured
                    took[way.name].append(1_000 * (time.perf_counter() - before))
    return {name: round(statistics.median(times), 3) for name, times in took.items()}


class Engine:
    """A practice on one engine, and every way to ask about it."""

    def __init__(self, database: Database, settings: Settings, practice: Practice) -> None:
        secret = installation_secret(settings.data_dir, settings.secret_file)
        self._services = Services(database, secret, make_auditor(settings))
        self._database = database
        self._settings = settings
        self._practice = practice
        self._executor = Executor(build_schema())
        self._pairs: list[tuple[str, str]] = []
        self._acting = ""

    async def fill(self) -> None:
        """Clients, each with a contact who may pay for them; and one who may act for fifty."""
        now = datetime.now(UTC)
        made: dict[str, Any] = {"created_at": now, "updated_at": now}
        people = [Person(new_id("person"), f"Sam {number}", **made) for number in range(CLIENTS)]
        as_client: dict[str, Any] = {"client_status": ClientStatus.ACTIVE, "access_since": now} | made
        clients = [Person(new_id("person"), f"Kim {number}", **as_client) for number in range(CLIENTS)]
        pairs = list(zip(clients, people, strict=True))
        acting = people[0]
        pairs += [(client, acting) for client in clients[1:]]
        await give_access(self._database, self._practice, pairs)
        self._pairs = [(person.id, client.id) for client, person in pairs]
        self._acting = acting.id

    def _floor(self, name: str, params: Callable[[int], dict[str, Any]], driver: neo4j.AsyncDriver) -> Once:
        text = self._database.statement(name).text

        async def once(turn: int) -> bytes:
            async with driver.session(default_access_mode=neo4j.READ_ACCESS, fetch_size=2_000) as session:
                result = await session.run(text, params(turn))
                return orjson.dumps([dict(record) async for record in result])

        return once

    def can_act(self, driver: neo4j.AsyncDriver, ask: Callable[[dict[str, str]], Awaitable[object]]) -> list[Way]:
        """One decision: the statement, the service, GraphQL in this process, GraphQL over HTTP."""

        def pair(turn: int) -> tuple[str, str]:
            return self._pairs[turn % len(self._pairs)]

        async def service(turn: int) -> None:
            context = self._services.scope(Caller("bench", self._practice, ViewerRole.STAFF))
            found = await context[AccessService].can_act(*pair(turn), PortalAction.MAKE_PAYMENT, None)
            if found is None or not found.allowed:
                raise RuntimeError("denied")

        def variables(turn: int) -> dict[str, str]:
            return dict(zip(("person", "client"), pair(turn), strict=True))

        async def graphql(turn: int) -> bytes:
            context = self._services.scope(Caller("bench", self._practice, ViewerRole.STAFF))
            return orjson.dumps((await self._executor.execute(Operation(CAN_ACT, variables(turn)), context)).body)

        def params(turn: int) -> dict[str, Any]:
            return pair_params(self._practice.id, *pair(turn))

        return [
            Way("the driver", self._floor("access/pair", params, driver)),
            Way("the decision", service),
            Way("GraphQL", graphql),
            Way("GraphQL over HTTP", lambda turn: ask(variables(turn))),
        ]

    def acts_for(self, driver: neo4j.AsyncDriver) -> list[Way]:
        """Fifty clients."""
        caller = Caller("bench", self._practice, ViewerRole.PORTAL, person_id=self._acting)

        async def service(_turn: int) -> None:
            page = await self._services.scope(caller)[AccessService].acts_for(
                PageArguments(first=CLIENTS), with_total=False
            )
            if page is None or len(page.items) != CLIENTS:
                raise RuntimeError("not all")

        async def graphql(_turn: int) -> bytes:
            context = self._services.scope(caller)
            return orjson.dumps((await self._executor.execute(Operation(ACTS_FOR), context)).body)

        params = {
            "practice": self._practice.id,
            "personId": self._acting,
            "person": list(PERSON_PROPERTIES),
            "contact": list(CONTACT_PROPERTIES),
        }
        return [
            Way("the driver", self._floor("access/of_person", lambda _: params, driver)),
            Way("the decision", service),
            Way("GraphQL", graphql),
        ]


class Http:
    """One kept connection; the server closes it while others are asked, and it is opened again."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._connection: Connection | None = None

    async def ask(self, variables: dict[str, str]) -> bytes:
        """One answer."""
        request = encode_request(self._load, variables)
        if self._connection is not None:
            try:
                return await self._connection.ask(request)
            except (ConnectionError, asyncio.IncompleteReadError):
                self._connection.close()
        self._connection = Connection(*await asyncio.open_connection("127.0.0.1", self._load.port))
        return await self._connection.ask(request)

    def close(self) -> None:
        """End it."""
        if self._connection is not None:
            self._connection.close()


async def bench(engine: str, data_dir: Path, rounds: int, asked: int) -> list[Found]:
    """One engine; a shared database is left as it was."""
    url = None if engine == EMBEDDED else engine
    settings = Settings(data_dir=data_dir, database_url=url, request_timeout=60, _env_file=None)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(ready_database(settings))
        name = await engine_name(database)
        practice = (await load_practice(database, PERSONS)).practice
        if database.dialect is Dialect.NEO4J:
            stack.push_async_callback(remove_practice, database, practice)
        asking = Engine(database, settings, practice)
        await asking.fill()
        finding = locator(settings)
        address = await finding.locate()
        stack.push_async_callback(finding.close)
        auth = None if address.user is None else (address.user, address.password or "")
        driver = await stack.enter_async_context(neo4j.AsyncGraphDatabase.driver(address.uri, auth=auth))
        environment = {"GRAPH_API_DATA_DIR": str(data_dir)} | ({} if url is None else {"GRAPH_API_DATABASE_URL": url})
        port, _ = stack.enter_context(serving(environment, data_dir / "server.log"))
        key, lasts = signing_key(settings.data_dir), timedelta(hours=1)
        token = mint_token(key, subject="bench", practice=practice.slug, role=ViewerRole.STAFF, lasts=lasts)
        http = Http(Load(port, token, CAN_ACT, [], 1, 0, 0, 1))
        stack.callback(http.close)
        return [
            Found(name, question, await measure(ways, rounds, asked))
            for question, ways in (
                ("canAct", asking.can_act(driver, http.ask)),
                (f"actsFor, {CLIENTS} clients", asking.acts_for(driver)),
            )
        ]


def show(found: list[Found]) -> None:
    """Print the table."""
    table = Table("Engine", "Question", "Way", title="p50, one at a time")
    for name in ("ms", "times the driver"):
        table.add_column(name, justify="right")
    for one in found:
        for way, milliseconds in one.p50_ms.items():
            table.add_row(one.engine, one.question, way, f"{milliseconds:.2f}", f"{one.times(way):.2f}")
        table.add_section()
    console.print(table)


def main(
    rounds: Annotated[int, typer.Option(min=1, help="Of each way, in turn.")] = 10,
    asked: Annotated[int, typer.Option(min=1, help="Questions a round.")] = 200,
    output: Annotated[Path | None, typer.Option(help="The JSON's file.")] = None,
) -> None:
    """Measure canAct and actsFor on the embedded engine and on every Neo4j of NEO4J_TEST_URI."""
    found: list[Found] = []
    for engine in engines():
        with tempfile.TemporaryDirectory(prefix="graph-api-access-") as directory:
            found += asyncio.run(bench(engine, Path(directory), rounds, asked))
    show(found)
    if output is not None:
        kept = [
            {"engine": one.engine, "question": one.question, "p50_ms": one.p50_ms,
             "times": {way: round(one.times(way), 2) for way in one.p50_ms}}
            for one in found
        ]  # fmt: skip
        output.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"machine": machine(), "found": kept}, indent=2)
        output.write_text(f"{text}\n", encoding="utf-8")
        console.print(f"Written to {output}")


if __name__ == "__main__":
    typer.run(main)
