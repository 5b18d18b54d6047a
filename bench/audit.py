"""What the audit log costs a mutation: with and without it, beside what one statement more costs the bare driver.

And what the account of reads costs a page of 50, in processor time.

On the embedded engine and every Neo4j of NEO4J_TEST_URI: `python -m bench.audit`. The mutation is updateContact, each
writer on contacts of its own. Rounds with and without follow each other, so that a busy machine disturbs both alike.
"""

import asyncio
import json
import secrets
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bench.__main__ import RESULTS, engine_name, engines
from bench.population import SEED, Population
from bench.practice import load_practice, remove_practice
from bench.report import machine
from graph_api.audit.append import Auditor
from graph_api.audit.graph.events import event_row
from graph_api.audit.model import AuditEvent
from graph_api.audit.reads import Read, ReadsFile, reads_folder
from graph_api.bootstrap import make_executor
from graph_api.config import Settings
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.engine.writing import WriteTransaction
from graph_api.graphql.execution import Operation
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.kernel.rows import stamp
from graph_api.kernel.scope import Scope
from graph_api.kernel.stamps import utc_now
from graph_api.kernel.unit import Request
from graph_api.keys.secrets import installation_secret
from graph_api.network.commands import ContactService
from graph_api.network.graph.edges import edge_params
from graph_api.network.graph.rows import contact_row, version_row
from graph_api.network.model import Contact
from graph_api.network.records import WHOLE_EDGE
from graph_api.network.terms import ContactFields
from graph_api.opening import make_auditor, ready_database
from graph_api.services import Services, wiring

PERSONS = 4_000
WRITERS = (1, 8, 32)
CONTACTS_EACH = 10
"""Of a writer: more than one, so that history does not grow at one place."""
PAGES = 500
PAGE = """query Page { clients(first: 50) {
  nodes { id displayName givenName familyName birthDate emails phones clientStatus version } } }"""
console = Console(highlight=False)

Once = Callable[[int, int], Awaitable[None]]
"""Does it, for a writer, the so-manieth time."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a number of writers got on."""

    p50_ms: float
    rate: float
    """A second, of all writers together."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The same writers with and without."""

    what: str
    writers: int
    without: Pace
    with_it: Pace

    @property
    def times(self) -> float:
        """How many times as long one takes."""
        return self.with_it.p50_ms / self.without.p50_ms

    @property
    def of_rate(self) -> float:
        """Which part of the rate stays."""
        return self.with_it.rate / self.without.rate


async def pace(once: Once, writers: int, seconds: float) -> tuple[list[float], float]:
    """Milliseconds of each, and how many a second."""
    took: list[float] = []
    started = time.perf_counter()

    async def writer(number: int) -> None:
        turn = 0
        while time.perf_counter() - started < seconds:
            before = time.perf_counter()
            await once(number, turn)
            took.append(1_000 * (time.perf_counter() - before))
            turn += 1

    await asyncio.gather(*map(writer, range(writers)))
    return took, len(took) / (time.perf_counter() - started)


async def compare(what: str, writers: int, without: Once, with_it: Once, rounds: int, seconds: float) -> Compared:
    """Rounds of both, in turn."""
    found: dict[bool, list[tuple[list[float], float]]] = {False: [], True: []}
    for once in (without, with_it):
        await pace(once, writers, seconds / 4)  # what is slow the first time is not measured
    for number in range(rounds):
        for audited in (False, True) if number % 2 else (True, False):
            found[audited].append(await pace(with_it if audited else without, writers, seconds))
    paces = [
        Pace(
            round(statistics.median([ms for took, _ in found[audited] for ms in took]), 3),
            round(statistics.median([rate for _, rate in found[audited]]), 1),
        )
        for audited in (False, True)
    ]
    return Compared(what, writers, *paces)


class Mutation:
    """updateContact, through the services."""

    def __init__(self, database: Database, practice: Practice, settings: Settings, contacts: list[Contact]) -> None:
        self._database = database
        self._practice = practice
        self._secret = installation_secret(settings.data_dir)
        self._auditor = make_auditor(settings)
        self._contacts = contacts
        self._versions = dict.fromkeys(range(len(contacts)), 1)

    def once(self, *, audited: bool) -> Once:
        """The mutation with or without the audit log."""
        auditor = self._auditor if audited else None

        async def once(writer: int, turn: int) -> None:
            place = writer * CONTACTS_EACH + turn % CONTACTS_EACH
            version = self._versions[place]
            changes: ContactFields = {"note": f"Note {version}"}
            request = Request("updateContact", {"contact_id": self._contacts[place].id, "version": version})
            outcome = await self._service(auditor).update(request, self._contacts[place].id, version, changes)
            if outcome.entity is None:
                raise RuntimeError(outcome.errors)
            self._versions[place] = outcome.entity.version

        return once

    def _service(self, auditor: Auditor | None) -> ContactService:
        caller = Caller("staff-1", self._practice, ViewerRole.STAFF, request_id="0" * 16)
        session = GraphSession(self._database)
        return Scope(caller, session, self._secret, wiring=wiring(auditor))[ContactService]


class Bare:
    """The same statements by the driver alone, with and without one more that adds an event."""

    def __init__(self, database: Database, practice: Practice, contacts: list[Contact]) -> None:
        self._database = database
        self._practice = practice.id
        self._contacts = contacts
        self._numbers: dict[str, int] = {}

    def once(self, *, audited: bool) -> Once:
        """A transaction of the mutation's statements; the last is the one more."""

        async def once(writer: int, turn: int) -> None:
            contact = self._contacts[writer * CONTACTS_EACH + turn % CONTACTS_EACH]
            number = self._numbers.get(contact.client.id, 1_000_000) + 1
            self._numbers[contact.client.id] = number
            now = datetime.now(UTC)
            version = version_row(contact, now) | {"id": new_id("version")}
            event = event_row(self._practice, self._event(contact, number, now))

            async def work(tx: WriteTransaction) -> None:
                edges = edge_params(WHOLE_EDGE)
                practice = {"practice": self._practice}
                ids = sorted((contact.client.id, contact.person.id))
                await tx.run("network/contacts/by_ids", ids=[contact.id], **edges, **practice)
                await tx.run("people/lock", ids=ids, stamp=secrets.token_hex(8), **practice)
                await tx.run("network/contacts/by_ids", ids=[contact.id], **edges, **practice)
                properties = contact_row(self._practice, contact)
                await tx.run(
                    "network/contacts/replace", id=contact.id, properties=properties, version=version, **practice
                )
                if audited:
                    await tx.run("audit/append", rows=[event], **practice)

            await GraphSession(self._database).write(work)

        return once

    @staticmethod
    def _event(contact: Contact, number: int, now: datetime) -> AuditEvent:
        return AuditEvent(
            id=new_id("event"),
            subject_id=contact.client.id,
            sequence=number,
            at=stamp(now),
            actor="staff-1",
            actor_role="staff",
            action="updateContact",
            contact_id=contact.id,
            contact_version=number,
            changes=(),
            reason="role",
            request_id="0" * 16,
            mac="0" * 64,
        )


def own_contacts(population: Population, now: datetime, wanted: int) -> list[Contact]:
    """Contacts of as many clients, and of contacts who are nobody else's among them: writers do not meet."""
    met: set[str] = set()
    found = []
    for contact in population.contacts(now.date(), now):
        ends = {contact.client.id, contact.person.id}
        if not ends & met:
            met |= ends
            found.append(contact)
        if len(found) == wanted:
            return found
    raise RuntimeError("too few contacts")


async def page_cost(settings: Settings, database: Database, practice: Practice, times: int) -> tuple[float, float]:
    """Microseconds of a processor for a page of 50 clients, without and with the account of reads, taken in turn."""
    secret = installation_secret(settings.data_dir)
    services, executor = Services(database, secret, make_auditor(settings)), make_executor(settings)
    reads = ReadsFile(reads_folder(settings.data_dir))
    caller = Caller("staff-1", practice, ViewerRole.STAFF, request_id="0" * 16)
    operation = Operation(PAGE)
    took: dict[bool, list[float]] = {False: [], True: []}

    async def once(*, noted: bool) -> None:
        before = time.process_time()
        context = services.scope(caller)
        await executor.execute(operation, context)
        if noted:
            name, persons = executor.operation_name(operation), tuple(context.shown)
            role, request_id = caller.role.value, caller.request_id
            reads.note(Read(utc_now(), practice.id, caller.subject, role, name, request_id, persons))
        took[noted].append(1e6 * (time.process_time() - before))

    for _ in range(times):
        for noted in (False, True):
            await once(noted=noted)
    reads.close()
    without, with_it = (statistics.median(took[noted][times // 5 :]) for noted in (False, True))
    return without, with_it


async def measure(engine: str, data_dir: Path, writers: list[int], rounds: int, seconds: float) -> dict[str, Any]:
    """One engine; a shared database is left as it was."""
    url = None if engine == "embedded" else engine
    settings = Settings(data_dir=data_dir, database_url=url, request_timeout=60, _env_file=None)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(ready_database(settings))
        name = await engine_name(database)
        loaded = await load_practice(database, PERSONS, seed=SEED)
        if url is not None:
            stack.push_async_callback(remove_practice, database, loaded.practice)
        needed = max(writers) * CONTACTS_EACH
        contacts = own_contacts(loaded.population, datetime.now(UTC), 2 * needed)
        mutation = Mutation(database, loaded.practice, settings, contacts[:needed])
        bare = Bare(database, loaded.practice, contacts[needed:])
        found = []
        for number in writers:
            for what, of in (("updateContact", mutation), ("the bare driver", bare)):
                found.append(
                    await compare(what, number, of.once(audited=False), of.once(audited=True), rounds, seconds)
                )
                _show(name, found[-1])
        without, with_it = await page_cost(settings, database, loaded.practice, PAGES)
        console.print(f"{name}: a page of 50 takes {without:.0f} us, with the account of reads {with_it:.0f} us")
    page = {"without_us": round(without), "with_us": round(with_it)}
    runs = [asdict(one) | {"times": one.times, "of_rate": one.of_rate} for one in found]
    return {"engine": name, "page_of_50": page, "runs": runs}


def _show(engine: str, one: Compared) -> None:
    table = Table(engine, "writers", "p50 without", "p50 with", "times", "rate without", "rate with", "of the rate")
    table.add_row(
        one.what,
        str(one.writers),
        f"{one.without.p50_ms:.2f} ms",
        f"{one.with_it.p50_ms:.2f} ms",
        f"{one.times:.2f}",
        f"{one.without.rate:.0f}/s",
        f"{one.with_it.rate:.0f}/s",
        f"{one.of_rate:.2f}",
    )
    console.print(table)


def main(
    writers: Annotated[list[int] | None, typer.Option(help="How many write at once.")] = None,
    rounds: Annotated[int, typer.Option(help="Of each, in turn.")] = 5,
    seconds: Annotated[float, typer.Option(help="A round.")] = 4.0,
    save: Annotated[bool, typer.Option(help="Keep the result under bench/results.")] = False,
) -> None:
    """Measure what the audit log costs a mutation."""
    found = []
    for engine in engines():
        with tempfile.TemporaryDirectory(prefix="graph-api-audit-") as directory:
            found.append(asyncio.run(measure(engine, Path(directory), writers or list(WRITERS), rounds, seconds)))
    if save:
        path = RESULTS / f"audit-{datetime.now(UTC):%Y-%m-%d}.json"
        path.write_text(json.dumps({"machine": machine(), "engines": found}, indent=1) + "\n")
        console.print(f"Kept in {path}")


if __name__ == "__main__":
    typer.run(main)
