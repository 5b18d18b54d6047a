"""One size: check that the answers are the same, then put the load on ours, the peer and the floor in turn."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from bench.compare.checking import Sizes, require_added
from bench.compare.floor import Floor, run_floor
from bench.compare.graph import Graph, Pair
from bench.compare.operations import ADD, Asked, Operation
from bench.compare.pairs import Pairs, add_variables
from bench.compare.recorded import Call, Template
from bench.compare.results import Run
from bench.compare.servers import Server, cpu_seconds
from bench.compare.wrk import Load, check_sample, check_size, run_wrk, write_requests

FLOOR = "floor"
RATE_AT_MOST = 3_000
"""Additions a second that pairs are prepared for before it is known how many there are."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one load lasts."""

    seconds: int
    first: int = 10
    """Of the first load of an operation on a server: V8 and the JVM go on compiling for about as long."""

    @property
    def warm_up(self) -> int:
        """A third."""
        return max(1, self.seconds // 3)


class Measuring:
    """Loads on one database."""

    def __init__(self, timing: Timing, directory: Path, database_url: str, database: psutil.Process | None) -> None:
        self._timing = timing
        self._file = directory / "requests"
        self._database_url = database_url
        self._database = database
        self._warm: set[tuple[int, str]] = set()

    def _warm_up(self, server: Server, operation: Operation) -> int:
        """Seconds to warm up."""
        key = (server.process.pid, operation.name)
        is_warm = key in self._warm
        self._warm.add(key)
        return self._timing.warm_up if is_warm else max(self._timing.first, self._timing.warm_up)

    def _used(self) -> float | None:
        return None if self._database is None else cpu_seconds(self._database)

    def read(self, server: Server, operation: Operation, sets: Sequence[Asked], sizes: Sizes, at: "Place") -> Run:
        """A server reads."""
        target = server.target
        ours = target.name == "ours"
        query = operation.ours if ours else operation.peer
        write_requests((target.encode(query, asked.ours if ours else asked.peer) for asked in sets), self._file)
        lengths = sizes.of[target.name]
        warm = run_wrk(target.port, self._file, 0, at.connections, self._warm_up(server, operation))
        check_size(warm, lengths, 0, at.connections)
        start = warm.requests % len(sets)
        run = self._measured(server, operation, start, at)
        check_size(_load_of(run), lengths, start, at.connections)
        return run

    def _measured(self, server: Server, operation: Operation, start: int, at: "Place") -> Run:
        for seconds in (self._timing.seconds, 4 * self._timing.seconds):
            server.settle()
            before, used = server.cpu_seconds(), self._used()
            load = run_wrk(server.target.port, self._file, start, at.connections, seconds)
            if load.requests:
                break
        else:
            raise RuntimeError(f"{server.target.name} answers nothing in {seconds} s")
        cpu, database = server.cpu_seconds() - before, _since(used, self._used())
        return _run(operation, server.target.name, load, at, cpu, server.resident_mb(), database)

    def add(
        self,
        server: Server,
        operation: Operation,
        practice_id: str,
        pairs: Pairs,
        graph: Graph,
        sizes: Sizes,
        at: "Place",
    ) -> Run:
        """A server adds; what it added is counted in the database, and taken back."""
        target = server.target

        def prepare(count: int) -> list[Pair]:
            taken = pairs.take(count)
            asked = [add_variables(practice_id, pair) for pair in taken]
            ours = target.name == "ours"
            query = operation.ours if ours else operation.peer
            write_requests((target.encode(query, one.ours if ours else one.peer) for one in asked), self._file)
            return taken

        seconds = self._warm_up(server, operation)
        taken = prepare(RATE_AT_MOST * seconds)
        warm = run_wrk(target.port, self._file, 0, at.connections, seconds)
        require_added(warm.requests, _removed(server, graph, taken, warm), at.connections)
        taken = prepare(round(4 * warm.rate + 500) * self._timing.seconds)  # a warm-up of a second is slow
        run = self._measured(server, operation, 0, at)
        added = _removed(server, graph, taken, _load_of(run))
        if run.requests + at.connections > len(taken):
            raise RuntimeError(f"{operation.name}: the pairs ran out")
        require_added(run.requests, added, at.connections)
        check_sample(_load_of(run), sizes.of[target.name], at.connections)
        return _with_edges(run, added)

    def floor_read(self, operation: Operation, requests: list[list[Call]], at: "Place") -> Run:
        """The driver alone reads."""
        return self._floor(operation, requests, at)

    def floor_add(self, template: Template, pairs: Pairs, graph: Graph, ours: float, at: "Place") -> Run:
        """The driver alone adds; `ours` is how many our server added in a second."""
        taken = pairs.take(round(3 * ours + 300) * (self._timing.seconds + self._timing.warm_up))
        run = self._floor(ADD, [template.filled(pair) for pair in taken], at)
        added = graph.remove_added(taken)
        require_added(run.requests, added, RATE_AT_MOST * self._timing.warm_up)  # the warm-up's are among them
        return _with_edges(run, added)

    def _floor(self, operation: Operation, requests: list[list[Call]], at: "Place") -> Run:
        used = self._used()
        load = run_floor(
            Floor(
                database_url=self._database_url,
                requests=requests,
                writes=operation.writes,
                once=operation.writes,
                connections=at.connections,
                warm_up=self._timing.warm_up,
                seconds=self._timing.seconds,
            )
        )
        whole = _since(used, self._used())
        share = None if whole is None else whole * load.requests / (load.requests + load.sent_before)
        return _run(operation, FLOOR, load, at, load.cpu_seconds, load.resident_mb, share)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run stands in the plan."""

    connections: int
    round: int
    workers: int = 1


def _removed(server: Server, graph: Graph, pairs: Sequence[Pair], load: Load) -> int:
    """Remove what was added, once the requests that were under way when the load ended are done too."""
    server.settle()
    time.sleep(0.3 + 2 * load.max_ms / 1_000)
    return graph.remove_added(pairs)


def _since(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before


def _load_of(run: Run) -> Load:
    return Load(run.requests, run.seconds, run.bytes, run.p50_ms, run.p99_ms, run.max_ms)


def _run(
    operation: Operation, subject: str, load: Load, at: Place, cpu: float, resident: float, database: float | None
) -> Run:
    return Run(
        operation=operation.name,
        subject=subject,
        connections=at.connections,
        round=at.round,
        workers=at.workers,
        requests=load.requests,
        seconds=round(load.seconds, 3),
        bytes=load.bytes,
        p50_ms=load.p50_ms,
        p99_ms=load.p99_ms,
        max_ms=load.max_ms,
        cpu_seconds=round(cpu, 3),
        resident_mb=round(resident, 1),
        database_cpu_seconds=None if database is None else round(database, 3),
        load=round(os.getloadavg()[0], 2),
    )


def _with_edges(run: Run, added: int) -> Run:
    return replace(run, edges_added=added)
