"""Whether the time of signing in tells what an address was used for: `python -m bench.sign_in --requests 2000`.

Requests of every kind take turns, in a random order, over HTTP in this process. The last result is kept:
bench/results/sign_in.json. It ends with 1 when a median is more than 5% from that of an address that was never used, or
when the two can be told apart better than 0.55 (the area under the curve; 0.5 is a guess).
"""

import asyncio
import json
import random
import secrets
import statistics
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.table import Table

from bench.__main__ import EMBEDDED, RESULTS, engine_name, engines
from bench.practice import remove_practice
from bench.report import machine
from graph_api.access.model import AccountStatus
from graph_api.bootstrap import Server
from graph_api.config import Settings
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.engine.statements import Dialect
from graph_api.kernel.caller import NOWHERE, Practice
from graph_api.kernel.graph import Graph
from graph_api.kernel.ids import new_id
from graph_api.kernel.transaction import Transaction
from graph_api.keys.secrets import installation_secret
from graph_api.mail.model import Letter
from graph_api.mail.queues import Outbox
from graph_api.mail.sending import MailSender
from graph_api.opening import ready_database
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import Person
from graph_api.portal.attempts import ID_BYTES, Attempts
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.invitation_letters import COMPOSERS, TRACKERS
from graph_api.portal.model import Account
from graph_api.practices.graph import Practices

NEVER = "never used, no account"
KINDS = (
    NEVER,
    "asked, no account",
    "account",
    "account, code mailed",
    "account, asked in the hour",
    "disabled",
    "no practice",
)
WAYS = ("signIn with an attempt", "signIn without one", "requestSignInCode")
ADDRESSES = 12
"""Of each kind, in turn: one alone would be in every cache."""
WARMING = 30
MEDIANS_WITHIN, TOLD_APART = 0.05, 0.55
SIGN_IN = "mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } errors { message } } }"
ASK = "mutation ($input: RequestSignInCodeInput!) { requestSignInCode(input: $input) { attempt errors { message } } }"
console = Console(highlight=False)


def told_apart(one: Sequence[float], other: Sequence[float]) -> float:
    """How often the larger of one of each comes from the same side: 0.5 where nothing tells them apart, 1 at most."""
    ordered = sorted(other)
    below = sum(bisect_left(ordered, value) + bisect_right(ordered, value) for value in one)
    area = below / (2 * len(one) * len(other))
    return max(area, 1 - area)


@dataclass(slots=True)
class EngineTimes:
    """Milliseconds on one engine, by what was called and what the address was used for."""

    engine: str
    times: dict[str, dict[str, list[float]]] = field(
        default_factory=lambda: {way: {k: [] for k in KINDS} for way in WAYS}
    )

    def rows(self) -> list[dict[str, Any]]:
        """Each kind beside an address that was never used."""
        found = []
        for way, by_kind in self.times.items():
            usual = statistics.median(by_kind[NEVER])
            for kind, times in by_kind.items():
                median = statistics.median(times)
                apart = told_apart(times, by_kind[NEVER]) if kind != NEVER else 0.5
                found.append(
                    {
                        "call": way,
                        "address": kind,
                        "requests": len(times),
                        "median_ms": round(median, 3),
                        "p95_ms": round(sorted(times)[int(len(times) * 0.95)], 3),
                        "median_apart": round(median / usual - 1, 4),
                        "area_under_curve": round(apart, 4),
                    }
                )
        return found

    @property
    def tells(self) -> bool:
        """Whether any time tells something."""
        return any(abs(r["median_apart"]) > MEDIANS_WITHIN or r["area_under_curve"] > TOLD_APART for r in self.rows())


class Nobody:
    """A transport that takes letters, and keeps none."""

    async def send(self, letter: Letter) -> None:
        """Nothing."""


@dataclass
class Scene:
    """A practice with addresses of every kind, and the server they are asked of."""

    server: Server
    settings: Settings
    database: Database
    practice: Practice
    clock: Callable[[], datetime]
    addresses: dict[str, list[str]] = field(default_factory=dict)

    @property
    def secret(self) -> bytes:
        """The installation's."""
        return installation_secret(self.settings.data_dir, self.settings.secret_file)

    async def post(self, query: str, sent: dict[str, Any]) -> None:
        """One request, from a network of its own: how often one may ask is bounded."""
        host = ".".join(str(part) for part in (10, *secrets.token_bytes(3)))
        transport = httpx.ASGITransport(self.server.app, client=(host, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            response = await client.post("/graphql", json={"query": query, "variables": {"input": sent}})
        response.raise_for_status()

    async def call(self, way: str, kind: str, number: int) -> float:
        """How many milliseconds a call takes."""
        address = self.addresses[kind][number % ADDRESSES]
        slug = "no-such-practice" if kind == "no practice" else self.practice.slug
        sent: dict[str, Any] = {"practice": slug, "email": address}
        query = ASK
        if way != "requestSignInCode":
            query, sent["code"] = SIGN_IN, "0000 0000 0000"
        if way == "signIn with an attempt":
            issuer = Attempts(self.secret, slug)
            sent["attempt"] = issuer.issue(address, secrets.token_bytes(ID_BYTES), self.clock())
        started = time.perf_counter()
        await self.post(query, sent)
        return (time.perf_counter() - started) * 1000

    async def accounts(self, kind: str, status: AccountStatus) -> list[str]:
        """Addresses that open accounts."""
        now = self.clock()
        graph = Graph(GraphSession(self.database), self.practice.id, now.date())
        found = []
        for _ in range(ADDRESSES):
            person = Person(new_id("person"), given_name=kind[:20], created_at=now, updated_at=now)
            account = Account(new_id("account"), person.id, f"{secrets.token_hex(8)}@people.example", now, now, status)

            async def work(tx: Transaction, person: Person = person, account: Account = account) -> None:
                await tx[PersonWrites].create([person])
                await tx[AccountWrites].create(account)

            await graph.write(work)
            found.append(account.address)
        return found

    async def mail_codes(self, *kinds: str) -> None:
        """Have codes asked for, and sent."""
        for kind in kinds:
            for address in self.addresses[kind]:
                await self.post(ASK, {"practice": self.practice.slug, "email": address})
        outbox = Outbox(self.database)
        await MailSender(outbox, Nobody(), COMPOSERS, TRACKERS, "https://x.example", self.secret, self.clock).send_due()


async def _scene(stack: AsyncExitStack, engine: str) -> Scene:
    """Addresses as they are within an hour of a day; the clock stands still meanwhile, so that codes stay good."""
    moment = datetime.now(UTC) - timedelta(minutes=30)
    clock = _Clock(moment)
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="graph-api-sign-in-")))
    url = None if engine == EMBEDDED else engine
    settings = Settings(data_dir=directory, database_url=url, request_timeout=60, _env_file=None)
    database = await stack.enter_async_context(ready_database(settings))
    practice_id = new_id("practice")
    practice = Practice(practice_id, f"bench-{practice_id[-12:]}", "Benchmark", "UTC", "US")
    await Practices(database).create(practice, moment)
    if database.dialect is Dialect.NEO4J:
        for one in (practice, NOWHERE):
            stack.push_async_callback(remove_practice, database, one)
    scene = Scene(Server(settings, database, now=clock), settings, database, practice, clock)
    for kind in KINDS:
        if kind.startswith(("account", "disabled")):
            status = AccountStatus.DISABLED if kind == "disabled" else AccountStatus.ACTIVE
            scene.addresses[kind] = await scene.accounts(kind, status)
        else:
            scene.addresses[kind] = [f"{secrets.token_hex(8)}@people.example" for _ in range(ADDRESSES)]
    await scene.mail_codes("asked, no account", "account, asked in the hour", "disabled")
    clock.moment += timedelta(minutes=30)
    await scene.mail_codes("account, code mailed")
    return scene


@dataclass
class _Clock:
    """The server's, which stands still."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment


async def measure(engine: str, requests: int, seed: int) -> EngineTimes:
    """Every kind in turn, as often."""
    async with AsyncExitStack() as stack:
        scene = await _scene(stack, engine)
        found = EngineTimes(await engine_name(scene.database))
        console.print(f"[bold]{found.engine}[/]: {requests} requests of each of {len(KINDS) * len(WAYS)} kinds")
        draw = random.Random(seed)
        for number in range(-WARMING, requests):
            turns = [(way, kind) for way in WAYS for kind in KINDS]
            draw.shuffle(turns)
            for way, kind in turns:
                taken = await scene.call(way, kind, number)
                if number >= 0:
                    found.times[way][kind].append(taken)
    return found


def show(reports: list[EngineTimes]) -> None:
    """Print the table."""
    table = Table("Engine", "Call", "Address", "median ms", "apart", "area")
    for report in reports:
        for row in report.rows():
            apart = f"{row['median_apart']:+.1%}"
            table.add_row(
                report.engine, row["call"], row["address"], str(row["median_ms"]), apart, str(row["area_under_curve"])
            )
        table.add_section()
    console.print(table)


def main(
    requests: Annotated[int, typer.Option(min=10, max=100_000, help="Of each kind, on each engine.")] = 2_000,
    seed: Annotated[int, typer.Option(help="Of the order.")] = 1,
    output: Annotated[Path, typer.Option(help="The JSON's file.")] = RESULTS / "sign_in.json",
) -> None:
    """Time signing in by what an address was used for, on the embedded engine and every Neo4j of NEO4J_TEST_URI."""
    before = machine()
    reports = [asyncio.run(measure(engine, requests, seed)) for engine in engines()]
    show(reports)
    date = datetime.now(UTC).isoformat(timespec="seconds")
    kept = {
        "date": date,
        "machine": before,
        "medians_within": MEDIANS_WITHIN,
        "told_apart": TOLD_APART,
        "engines": [{"engine": report.engine, "tells": report.tells, "rows": report.rows()} for report in reports],
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(f"Written to {output}")
    raise typer.Exit(code=1 if any(report.tells for report in reports) else 0)


if __name__ == "__main__":
    typer.run(main)
