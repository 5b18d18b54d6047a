"""How much work statements are before and after the data grow: database hits where they are counted, else time."""

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import neo4j

from graph_api.engine.bolt import Database
from graph_api.engine.official import OfficialTransaction
from graph_api.engine.session import Row
from graph_api.engine.statements import Dialect
from graph_api.engine.writing import WriteTransaction
from tests.budgets import budget
from tests.contract.plans import scans_in


@dataclass(frozen=True, slots=True)
class Case:
    """A statement's parameters, and the statements that make what it works on, in the same transaction."""

    params: Row
    first: tuple[tuple[str, Row], ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """What a statement took."""

    amount: float
    scans: tuple[str, ...] = ()


class Meter(ABC):
    """Measures texts of statements; whatever they write is rolled back."""

    unit: str
    rounds = 1

    def __init__(self, database: Database) -> None:
        self._database = database

    @abstractmethod
    async def measure(self, text: str, case: Case, is_enough: Callable[[Work], bool]) -> Work:
        """The work it is now. Where less of it would make no difference, it need not be measured again."""

    def is_least(self, work: Work) -> bool:
        """Whether less than this counts as this."""
        return False

    @abstractmethod
    def grew(self, before: Work, after: Work) -> bool:
        """Whether it is more than the same parameters may take after the data grew."""

    async def _run(self, session: neo4j.AsyncSession, text: str, case: Case) -> tuple[float, neo4j.ResultSummary]:
        """Seconds until all its rows were here, and what the engine says of it."""
        async with await session.begin_transaction() as transaction:
            for name, params in case.first:
                await WriteTransaction(self._database, OfficialTransaction(transaction)).run(name, **params)
            started = time.perf_counter()
            result = await transaction.run(text, case.params)
            _ = [record async for record in result]
            seconds = time.perf_counter() - started
            summary = await result.consume()
            await transaction.rollback()
        return seconds, summary


class Hits(Meter):
    """Neo4j counts what it reads, so one run says it all."""

    unit = "hits"
    most_times, most_more, allowed = 1.5, 1_000, 50
    """What a statement finds has not grown. A scan meets everybody who was added, on a database of others' data too."""

    async def measure(self, text: str, case: Case, is_enough: Callable[[Work], bool]) -> Work:
        """All operators' hits, and those of them that scan."""
        async with self._database.session(write=True) as session:
            _, summary = await self._run(session, f"PROFILE {text}", case)
        return Work(_hits(summary.profile or {}), tuple(scans_in(summary.profile)))

    def grew(self, before: Work, after: Work) -> bool:
        """A scan counts as growth, however few it has met."""
        most = min(before.amount * self.most_times, before.amount + self.most_more) + self.allowed
        return bool(after.scans) or after.amount > most


def _hits(operator: dict[str, Any]) -> int:
    return int(operator.get("dbHits", 0)) + sum(map(_hits, operator.get("children", ())))


class Milliseconds(Meter):
    """The embedded engine counts nothing: the fastest of several runs, as others use the machine too."""

    unit = "ms"
    most_times, floor = 4.0, 0.5
    """Ten times the data takes a scan about ten times as long; below the floor it is the way there that takes it."""
    rounds, runs = 3, budget(6, 15)
    """Rounds are apart in time, as the machine is busy at times, and as the engine compiles what it has run often."""

    async def measure(self, text: str, case: Case, is_enough: Callable[[Work], bool]) -> Work:
        """The fastest run; they end with one that is fast enough, as a faster one would say the same."""
        least = Work(math.inf)
        async with self._database.session(write=True) as session:
            for _ in range(self.runs):
                seconds, _summary = await self._run(session, text, case)
                least = Work(min(least.amount, 1_000 * seconds))
                if is_enough(least):
                    break
        return least

    def is_least(self, work: Work) -> bool:
        """The floor."""
        return work.amount <= self.floor

    def grew(self, before: Work, after: Work) -> bool:
        """By time alone."""
        return max(after.amount, self.floor) >= self.most_times * max(before.amount, self.floor)


class Growth:
    """Measures the same statements with the same parameters before and after the data grow."""

    def __init__(self, database: Database, texts: Mapping[str, str], cases: Mapping[str, Case]) -> None:
        self._meter: Meter = (Hits if database.dialect is Dialect.NEO4J else Milliseconds)(database)
        self._texts = texts
        self._cases = cases
        self.before: dict[str, Work] = {}
        self.after: dict[str, Work] = {}

    async def measure_before(self) -> None:
        """While the data are few. What took the least that counts is not measured again."""
        await self._measure(self._texts, self.before, self._is_least)
        for _ in range(1, self._meter.rounds):
            names = [name for name, work in self.before.items() if not self._meter.is_least(work)]
            await self._measure(names, self.before, self._is_least)

    async def measure_after(self) -> None:
        """Now that they are many. What grew is measured again: a busy machine only ever adds to the time."""
        await self._measure(self._texts, self.after, self._has_not_grown)
        for _ in range(1, self._meter.rounds):
            await self._measure(self.found, self.after, self._has_not_grown)

    def _is_least(self, _name: str, work: Work) -> bool:
        return self._meter.is_least(work)

    def _has_not_grown(self, name: str, work: Work) -> bool:
        return not self._meter.grew(self.before[name], work)

    async def _measure(
        self, names: Iterable[str], least: dict[str, Work], is_enough: Callable[[str, Work], bool]
    ) -> None:
        """Keep the least that each took."""
        for name in names:
            work = await self._meter.measure(self._texts[name], self._cases[name], partial(is_enough, name))
            least[name] = min(work, least.get(name, work), key=lambda one: one.amount)

    @property
    def found(self) -> dict[str, str]:
        """What was measured of the statements whose work grew."""
        return {
            name: f"{before.amount:.4g} -> {after.amount:.4g} {self._meter.unit} {' '.join(after.scans)}".rstrip()
            for name, before in self.before.items()
            if self._meter.grew(before, after := self.after[name])
        }
