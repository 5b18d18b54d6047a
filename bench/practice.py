"""A practice to measure on, written by the repositories' own writes."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice
from typing import Any, Protocol, TypeVar

from neo4j.exceptions import TransientError

from bench.population import SEED, Population
from graph_api.demo.marks import Seeds
from graph_api.engine.bolt import Database
from graph_api.engine.clients import ClientTransaction, Terms
from graph_api.engine.races import WRITE_ATTEMPTS, pause
from graph_api.engine.session import Row
from graph_api.engine.statements import Dialect
from graph_api.engine.writing import WriteTransaction
from graph_api.kernel.caller import Practice
from graph_api.kernel.ids import new_id
from graph_api.kernel.transaction import Transaction
from graph_api.network.graph.writes import ContactWrites
from graph_api.network.model import Contact
from graph_api.people.duplicates import match_keys
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import Person
from graph_api.practices.graph import Practices

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)
BATCH = 1_000
WRITERS = 2
MANY = 5_000
"""Among fewer people concurrent batches meet too often: one waits for the other, or is undone."""
_ANSWER = re.compile(r"\nRETURN [^\n]*\Z")


@dataclass(frozen=True, slots=True)
class Measured:
    """What was loaded, and how long it took."""

    practice: Practice
    client_ids: tuple[str, ...]
    persons: int
    contacts: int
    seconds: float
    population: Population


async def load_practice(database: Database, persons: int, *, keep: str | None = None, seed: int = SEED) -> Measured:
    """Make a practice of that many people; one that is kept under the name `keep` is taken as it is."""
    practice_id = new_id("practice")
    slug = f"bench-{practice_id[-12:]}" if keep is None else f"bench-{keep}-{persons}-{seed}"
    kept = await _kept_practice(database, slug)
    if kept is not None:
        return _measured(Population(kept.id, persons, seed), kept, await _edges(database, kept), 0.0)
    now = datetime.now(UTC)
    practice = Practice(practice_id, slug, "Benchmark", "Europe/London", "GB")
    population = Population(practice_id, persons, seed)
    writing = _Writing(database, practice_id, now.date(), persons)
    try:
        await Practices(database).create(practice, now)
        await writing.all(population.people(now), _create_people)
        contacts = await writing.all(population.contacts(now.date(), now), _create_contacts)
        await Seeds(database).mark(practice_id, slug)
    except BaseException:
        await remove_practice(database, practice)
        raise
    return _measured(population, practice, contacts, (datetime.now(UTC) - now).total_seconds())


def _measured(population: Population, practice: Practice, contacts: int, seconds: float) -> Measured:
    clients = tuple(map(population.person_id, population.client_numbers()))
    return Measured(practice, clients, population.persons, contacts, seconds, population)


async def _kept_practice(database: Database, slug: str) -> Practice | None:
    """The practice of that slug, if it was loaded whole; what is left of one that was not is removed."""
    practice = await Practices(database).by_slug(slug)
    if practice is None or await Seeds(database).of(practice.id) == slug:
        return practice
    await remove_practice(database, practice)
    return None


async def _edges(database: Database, practice: Practice) -> int:
    statement = "MATCH (c:Person)-[r:HAS_CONTACT]->() WHERE c.clientKey STARTS WITH $practice RETURN count(r) AS edges"
    async with database.session(write=False) as session:
        record = await (await session.run(statement, {"practice": practice.id})).single(strict=True)
        return int(record["edges"])


class _Unanswered(WriteTransaction):
    """Writes as the product does, without the rows it would read back: they take longer than the writing."""

    def __init__(self, database: Database, transaction: ClientTransaction) -> None:
        super().__init__(database, transaction)
        self._statement = database.statement

    def later(self, name: str, **params: Any) -> None:
        self._transaction.later(self._unanswered(name, params), params)

    async def run(self, name: str, **params: Any) -> list[Row]:
        await self._transaction.run(self._unanswered(name, params), params)
        return []

    def _unanswered(self, name: str, params: Row) -> str:
        statement = self._statement(name)
        statement.check(params)
        return _ANSWER.sub("", statement.text)


class _Create(Protocol[T_contra]):
    """Writes a batch."""

    async def __call__(self, writes: Transaction, items: Sequence[T_contra]) -> None: ...


class _Writing:
    """Batches of one practice, several at once, while the next are made."""

    def __init__(self, database: Database, practice_id: str, today: date, persons: int) -> None:
        self._database = database
        self._practice = practice_id
        self._today = today
        self._writers = WRITERS if persons >= MANY and database.dialect is Dialect.NEO4J else 1

    async def all(self, items: Iterator[T], create: "_Create[T]") -> int:
        """How many were written."""
        written = 0
        batches = _batches(items)

        async def writer() -> None:
            nonlocal written
            for batch in batches:
                await self._once(partial(create, items=batch))
                written += len(batch)

        async with asyncio.TaskGroup() as group:
            for _ in range(self._writers):
                group.create_task(writer())
        return written

    async def _once(self, work: Callable[[Transaction], Awaitable[None]]) -> None:
        async def bound(transaction: ClientTransaction) -> None:
            await work(Transaction(_Unanswered(self._database, transaction), self._practice, self._today))

        terms = Terms(self._database.deadline, newest=True)
        for attempt in range(1, WRITE_ATTEMPTS + 1):
            try:
                await self._database.write(bound, terms)
                return
            except TransientError:  # writers share match keys, and one of two that wait for each other is undone
                if attempt == WRITE_ATTEMPTS:
                    raise
            await asyncio.sleep(pause(attempt, races=attempt))


def _batches(items: Iterable[T]) -> Iterator[Sequence[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch


async def _create_people(writes: Transaction, items: Sequence[Person]) -> None:
    writes[PersonWrites].lock_match_keys({key for person in items for key in match_keys(person)})
    await writes[PersonWrites].create(items)


async def _create_contacts(writes: Transaction, items: Sequence[Contact]) -> None:
    await writes[ContactWrites].create(items)


async def remove_practice(database: Database, practice: Practice) -> None:
    """Leave a shared database as it was; the practice's own node goes last, so that it can be done again."""
    statements = (
        "MATCH (n) WHERE n.practice = $practice CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS",
        "MATCH (n:Practice {id: $practice}) DETACH DELETE n",
    )
    async with database.session(write=True) as session:
        for statement in statements:
            await (await session.run(statement, {"practice": practice.id})).consume()
