"""The driver alone, in a process of its own: the statements our server sends, their rows as JSON, in a closed loop.

Reads a `Floor` as JSON from stdin, writes a `Load` to stdout.
"""

import asyncio
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

import neo4j
import orjson
import psutil
import uvloop

from bench.compare.latency import percentiles_ms
from bench.compare.recorded import Call
from bench.compare.wrk import Load


@dataclass(frozen=True, slots=True)
class Floor:
    """What is sent: one list of calls after the other, over so many connections, for so long."""

    database_url: str
    requests: list[list[Call]]
    writes: bool
    once: bool
    """Whether a request may be sent only once."""
    connections: int
    warm_up: float
    seconds: float


def run_floor(floor: Floor) -> Load:
    """In a process of its own."""
    command = [sys.executable, "-m", "bench.compare.floor"]
    done = subprocess.run(command, input=orjson.dumps(floor), check=True, stdout=subprocess.PIPE)
    return Load(**orjson.loads(done.stdout))


class _Loop:
    """The measurement."""

    def __init__(self, floor: Floor, driver: neo4j.AsyncDriver) -> None:
        self._floor = floor
        self._driver = driver
        self._sent = 0
        self._size = 0

    async def run(self) -> Load:
        await self._measure(self._floor.warm_up)
        before = resource.getrusage(resource.RUSAGE_SELF)
        sent, self._size = self._sent, 0
        started = time.perf_counter()
        times = await self._measure(self._floor.seconds)
        seconds = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_SELF)
        p50, p99 = percentiles_ms(times, seconds, self._floor.connections)
        return Load(
            requests=self._sent - sent,
            seconds=seconds,
            bytes=self._size,
            p50_ms=p50,
            p99_ms=p99,
            max_ms=round(max(times) * 1_000, 3),
            sent_before=sent,
            cpu_seconds=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            resident_mb=psutil.Process(os.getpid()).memory_info().rss / 2**20,
        )

    async def _measure(self, seconds: float) -> list[float]:
        times: list[float] = []
        until = time.perf_counter() + seconds

        async def loop() -> None:
            while (begun := time.perf_counter()) < until and (calls := self._next()) is not None:
                body = await (self._write(calls) if self._floor.writes else self._read(calls))
                times.append(time.perf_counter() - begun)
                self._size += len(body)

        async with asyncio.TaskGroup() as group:
            for _ in range(self._floor.connections):
                group.create_task(loop())
        return times

    def _next(self) -> list[Call] | None:
        requests = self._floor.requests
        if self._floor.once and self._sent >= len(requests):
            return None
        self._sent += 1
        return requests[(self._sent - 1) % len(requests)]

    async def _read(self, calls: list[Call]) -> bytes:
        rows: list[Any] = []
        for call in calls:
            async with self._driver.session(default_access_mode=neo4j.READ_ACCESS, fetch_size=2_000) as session:
                result = await session.run(call.text, call.params)
                rows.append([dict(record) async for record in result])
        return orjson.dumps(rows)

    async def _write(self, calls: list[Call]) -> bytes:
        async def work(transaction: neo4j.AsyncManagedTransaction) -> list[Any]:
            rows = []
            for call in calls:
                result = await transaction.run(call.text, call.params)
                rows.append([dict(record) async for record in result])
            return rows

        async with self._driver.session(default_access_mode=neo4j.WRITE_ACCESS, fetch_size=2_000) as session:
            return orjson.dumps(await session.execute_write(work))


async def _run(floor: Floor) -> Load:
    driver = neo4j.AsyncGraphDatabase.driver(
        floor.database_url,
        max_connection_pool_size=100,
        liveness_check_timeout=60.0,
        notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
    )
    async with driver:
        return await _Loop(floor, driver).run()


def main() -> None:
    """Measure what stdin says."""
    given = orjson.loads(sys.stdin.buffer.read())
    given["requests"] = [[Call(**call) for call in calls] for calls in given["requests"]]
    load = uvloop.run(_run(Floor(**given)))
    sys.stdout.buffer.write(orjson.dumps(asdict(load)))


if __name__ == "__main__":
    main()
