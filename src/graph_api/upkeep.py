"""A worker's tasks beside requests: it opens and migrates the database, and sweeps expired data."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime

from graph_api.acting.appointments.graph.upkeep import sweep_booked_times
from graph_api.acting.reminders.graph.upkeep import sweep_deliveries
from graph_api.engine.bolt import Database
from graph_api.engine.migrate import migrate
from graph_api.kernel.caller import NOWHERE
from graph_api.kernel.idempotency import sweep_idempotency_keys
from graph_api.outages import Outage
from graph_api.portal.graph.sessions import sweep_sessions
from graph_api.practices.graph import Practices

log = logging.getLogger(__name__)

SWEEP_EVERY = 3600.0
START_WITHIN = 20.0
"""Seconds that a worker waits for the database before it answers without it."""
FIRST_RETRY = 1.0
LONGEST_RETRY = 10.0


def retries() -> Iterator[float]:
    """Seconds between tries of what fails: longer each time, and not at the same moment in every process."""
    wait = FIRST_RETRY
    while True:
        yield wait * random.uniform(0.5, 1)  # noqa: S311 - jitter
        wait = min(wait * 2, LONGEST_RETRY)


class Upkeep:
    """One worker's."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], first: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """`first` is done before the database is opened for requests, which are not answered while it fails."""
        self._first = first
        self._database = database
        self._now = now
        self._outage = Outage(log, "the database is not ready")
        self._sweeping = Outage(log, "what is past its time is not swept")
        self.prepared = asyncio.Event()
        """The database is open and migrated."""

    async def start(self) -> None:
        """Open and migrate; a database that is not there yet is left to `forever`."""
        try:
            async with asyncio.timeout(START_WITHIN):
                await self._prepare()
        except Exception as error:
            self._outage.failed(type(error).__name__)

    async def forever(self) -> None:
        """Open and migrate, again until it works; then sweep, every hour."""
        for wait in retries():
            try:
                await self._prepare()
                break
            except Exception as error:
                self._outage.failed(type(error).__name__)
            await asyncio.sleep(wait)
        while True:
            for wait in retries():
                try:
                    await self._sweep()
                    self._sweeping.over()
                    break
                except Exception as error:
                    self._sweeping.failed(type(error).__name__)
                await asyncio.sleep(wait)
            await asyncio.sleep(SWEEP_EVERY)

    async def _prepare(self) -> None:
        if not self.prepared.is_set():
            if self._first is not None:
                await self._first()
            await self._database.open()
            await migrate(self._database)
            self._outage.over()
            self.prepared.set()

    async def _sweep(self) -> None:
        for practice in (NOWHERE, *await Practices(self._database).list()):
            # Batch after batch: what strangers ask for without a token is swept as fast as it comes.
            while await sweep_idempotency_keys(self._database, practice.id):
                pass
            while await sweep_sessions(self._database, practice.id, self._now()):
                pass
            while await sweep_booked_times(self._database, practice.id, self._now()):
                pass
            while await sweep_deliveries(self._database, practice.id, self._now()):
                pass
