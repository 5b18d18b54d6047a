"""What secure messages cost, as ratios within one run: `python -m bench.messages`.

On the embedded engine and every Neo4j of NEO4J_TEST_URI. A message of a portal account, with its notice and its audit
event, is compared with updateContact and its audit event. Pages are asked for among few messages and among many, from
the first page and from the middle; the pages are the same, and what stands around them grows. Opening bodies is
measured in processor time.
"""

import asyncio
import json
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bench.__main__ import EMBEDDED, RESULTS, engine_name, engines
from bench.access import Way, measure
from bench.practice import Measured, load_practice, remove_practice
from bench.racing import Household, Racer
from bench.racing_messages import MessageRacer
from bench.report import machine
from bench.talks import LONG, Size, Talks
from graph_api.acting.messages.checks import MOST_IN_AN_HOUR
from graph_api.acting.messages.graph.reads import MessageReads, ThreadReads
from graph_api.acting.messages.settings_commands import MessagingService
from graph_api.acting.messages.texts import Texts
from graph_api.bootstrap import make_executor
from graph_api.config import Settings
from graph_api.custody.masters_in_use import message_texts
from graph_api.engine.bolt import Database
from graph_api.engine.statements import Dialect
from graph_api.graphql.execution import Operation
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.unit import Request
from graph_api.keys.files import Key
from graph_api.keys.secrets import installation_secret
from graph_api.network.commands import ContactService
from graph_api.opening import make_auditor, ready_database
from graph_api.services import Services

PERSONS, PAGE = 4_000, 50
MOST_OF_UPDATE, MOST_GROWTH, MOST_MS = 2.0, 1.3, 1.0
INFO = "pageInfo { endCursor }"
THREAD = "id subject status audience lastMessageAt"
QUESTIONS = {
    "a page of 50 messages": f"""query ($id: ID!, $after: String) {{ node(id: $id) {{ ... on MessageThread {{
      list: messages(first: {PAGE}, after: $after) {{ {INFO} nodes {{
        id sequence body sentAt isOwn author {{ text }} }} }} }} }} }}""",
    "the inbox": f"""query ($after: String) {{ list: messageInbox(first: {PAGE}, after: $after) {{ {INFO}
      nodes {{ {THREAD} awaitsReply client {{ displayName }} }} }} }}""",
    "a client's threads": f"""query ($id: ID!, $after: String) {{ person(id: $id) {{
      list: messageThreads(first: {PAGE}, after: $after) {{ {INFO} nodes {{ {THREAD} }} }} }} }}""",
}
console = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class Found:
    """Two figures and what the second may be of the first; milliseconds."""

    engine: str
    what: str
    before: str
    after: str
    before_ms: float
    after_ms: float
    most_times: float

    @property
    def times(self) -> float:
        """How many times the first."""
        return self.after_ms / self.before_ms


class Asking:
    """A practice on one engine, and all that is asked of it."""

    def __init__(self, database: Database, settings: Settings, loaded: Measured) -> None:
        secret, self._texts = installation_secret(settings.data_dir), message_texts(settings)
        self._services = Services(database, secret, make_auditor(settings), texts=self._texts)
        self._practice: Practice = loaded.practice
        self._executor = make_executor(settings)
        self._racer = MessageRacer(Racer(self._services, database, database), self._services, settings)
        self._staff = Caller("staff-1", self._practice, ViewerRole.STAFF)
        self.talks = Talks(database, self._practice, loaded.client_ids, self._opener)

    @property
    def _opener(self) -> Texts:
        return self._texts(self._services.scope(Caller("staff-1", self._practice, ViewerRole.STAFF)))

    async def sending(self, rounds: int, asked: int) -> dict[str, float]:
        """A message of an account with its notice, and a changed contact, each with its audit event."""
        admin = self._services.scope(Caller("admin-1", self._practice, ViewerRole.ADMIN))
        fields = {"staff_notice_email": "desk@practice.example"}
        await admin[MessagingService].set(Request("setMessaging", {}), fields)  # type: ignore[arg-type]
        most = MOST_IN_AN_HOUR - 2
        homes = [await self._racer.home(self._practice) for _ in range((rounds + 1) * asked // most + 1)]
        versions = [1] * len(homes)
        sent = 0

        async def send(_turn: int) -> None:
            nonlocal sent
            home, thread = homes[sent // most]
            sent += 1
            if await self._racer.send(self._racer.account(home), thread, "May I begin to run again?") is None:
                raise RuntimeError("a message was refused")

        async def update(turn: int) -> None:
            place = turn % len(homes)
            home: Household = homes[place][0]
            service = self._services.scope(self._staff)[ContactService]
            changes = {"note": f"Note {versions[place]}"}
            request = Request("updateContact", {})
            found = await service.update(request, home.contact.id, versions[place], changes)  # type: ignore[arg-type]
            if found.entity is None:
                raise RuntimeError(found.errors)
            versions[place] = found.entity.version

        return await measure([Way("updateContact", update), Way("sendMessage", send)], rounds, asked)

    async def _page(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        answer = await self._executor.execute(Operation(query, variables), self._services.scope(self._staff))
        if "errors" in answer.body:
            raise RuntimeError(answer.body["errors"])
        (found,) = answer.body["data"].values()
        page: dict[str, Any] = found if "pageInfo" in found else found["list"]
        return page

    async def pages(self, size: Size, rounds: int, asked: int) -> dict[str, float]:
        """Each page's p50, the first one's and one from the middle."""
        ids = {"a page of 50 messages": self.talks.long_thread, "a client's threads": self.talks.busy_client}
        lengths = {"a page of 50 messages": LONG, "the inbox": size.threads}
        ways = []
        for name, query in QUESTIONS.items():
            first: dict[str, Any] = {"id": ids[name]} if name in ids else {}
            steps = max(1, lengths.get(name, 2 * PAGE) // PAGE // 2)
            middle = first
            for _ in range(steps):
                middle = first | {"after": (await self._page(query, middle))["pageInfo"]["endCursor"]}
            for place, variables in (("first", first), ("middle", middle)):
                page = await self._page(query, variables)
                if len(page["nodes"]) != PAGE:
                    raise RuntimeError(f"{name}, {place}: {len(page['nodes'])} rows")

                async def once(_turn: int, query: str = query, variables: dict[str, Any] = variables) -> None:
                    await self._page(query, variables)

                ways.append(Way(f"{name}, {place}", once))
        return await measure(ways, rounds, asked)

    async def opening(self, times: int) -> float:
        """Milliseconds of a processor for 50 bodies."""
        scope = self._services.scope(self._staff)
        reads, opener = scope.graph[MessageReads], self._opener
        (thread,) = scope.graph.door.open(await scope.graph[ThreadReads].by_ids([self.talks.long_thread]))
        read = await reads.page(thread, list(range(1, PAGE + 1)), thread.created_at)
        messages = scope.graph.door.open(read).messages
        took = []
        for _ in range(times):
            before = time.process_time()
            bodies = [opener.body_of(thread, message) for message in messages]
            took.append(1_000 * (time.process_time() - before))
            if None in bodies or len(bodies) != PAGE:
                raise RuntimeError("a body was not opened")
        return round(statistics.median(took), 3)


async def bench(
    engine: str, data_dir: Path, sizes: tuple[Size, Size], rounds: int, asked: int
) -> tuple[list[Found], dict[str, Any]]:
    """One engine; a shared database is left as it was."""
    url = None if engine == EMBEDDED else engine
    settings = Settings(data_dir=data_dir, database_url=url, request_timeout=60, _env_file=None)
    async with AsyncExitStack() as stack:
        keys = [Key.MESSAGES] if url is None else []  # a shared database is told of no keys
        database = await stack.enter_async_context(ready_database(settings, keys))
        name = await engine_name(database)
        loaded = await load_practice(database, PERSONS)
        if database.dialect is Dialect.NEO4J:
            stack.push_async_callback(remove_practice, database, loaded.practice)
        asking = Asking(database, settings, loaded)
        few, many = sizes
        console.print(f"[bold]{name}[/]: {few}")
        await asking.talks.grow(few)
        sent = await asking.sending(rounds, asked)
        before = await asking.pages(few, rounds, asked)
        console.print(f"[bold]{name}[/]: {many}")
        await asking.talks.grow(many)
        after = await asking.pages(many, rounds, asked)
        (update, update_ms), (send, send_ms) = sent.items()
        found = [Found(name, "a message", update, send, update_ms, send_ms, MOST_OF_UPDATE)]
        found += [Found(name, what, str(few), str(many), before[what], after[what], MOST_GROWTH) for what in before]
        return found, {"engine": name, "opening_50_bodies_ms": await asking.opening(200)}


def show(found: list[Found], opened: list[dict[str, Any]]) -> None:
    """Print the tables."""
    table = Table("Engine", "What", "Compared", title="p50, one at a time")
    for name in ("ms", "ms", "times", "goal"):
        table.add_column(name, justify="right")
    for one in found:
        figures = (f"{one.before_ms:.2f}", f"{one.after_ms:.2f}", f"{one.times:.2f}", f"<= {one.most_times}")
        table.add_row(one.engine, one.what, f"{one.before} -> {one.after}", *figures)
    console.print(table)
    for opening in opened:
        took = opening["opening_50_bodies_ms"]
        console.print(f"{opening['engine']}: opening 50 bodies takes {took} ms of a processor (goal <= {MOST_MS})")


def main(
    few: Annotated[tuple[int, int], typer.Option(help="Threads and messages.")] = (1_000, 10_000),
    many: Annotated[tuple[int, int], typer.Option(help="Threads and messages.")] = (100_000, 1_000_000),
    rounds: Annotated[int, typer.Option(min=1, help="Of each way, in turn.")] = 10,
    asked: Annotated[int, typer.Option(min=1, help="Times a round.")] = 50,
    output: Annotated[Path, typer.Option(help="The JSON's file.")] = RESULTS / "messages.json",
) -> None:
    """Measure messages on the embedded engine and on every Neo4j of NEO4J_TEST_URI."""
    before = machine()
    found: list[Found] = []
    opened: list[dict[str, Any]] = []
    for engine in engines():
        with tempfile.TemporaryDirectory(prefix="graph-api-messages-") as directory:
            sizes = (Size(*few), Size(*many))
            ratios, opening = asyncio.run(bench(engine, Path(directory), sizes, rounds, asked))
        found += ratios
        opened.append(opening)
    show(found, opened)
    date = datetime.now(UTC).isoformat(timespec="seconds")
    rows = [asdict(one) | {"times": round(one.times, 2)} for one in found]
    kept = {"date": date, "machine": before, "ratios": rows, "opening": opened}
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(f"Written to {output}")


if __name__ == "__main__":
    typer.run(main)
