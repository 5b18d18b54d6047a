"""What a worker does while its database is away."""

import asyncio
import logging
from datetime import UTC, datetime
from itertools import islice

import pytest

from graph_api import upkeep
from graph_api.engine.bolt import Database, Locator
from graph_api.engine.clients import Address
from graph_api.engine.statements import Dialect
from graph_api.upkeep import FIRST_RETRY, LONGEST_RETRY, Upkeep, retries


class Away(Locator):
    """A database that is not there; counts how often it is looked for."""

    def __init__(self) -> None:
        super().__init__(Address("bolt://127.0.0.1:1", None, None, None, Dialect.NEO4J))
        self.looked = asyncio.Semaphore(0)

    async def locate(self) -> Address:
        self.looked.release()
        raise ConnectionRefusedError


def test_tries_are_further_apart_each_time_up_to_a_bound() -> None:
    waits = list(islice(retries(), 50))
    assert all(FIRST_RETRY / 2 <= wait <= LONGEST_RETRY for wait in waits)
    assert waits[0] <= FIRST_RETRY
    assert min(waits[10:]) >= LONGEST_RETRY / 2
    assert len(set(waits)) > 40  # not the same moments in every process


async def test_a_database_that_is_away_is_told_of_once_however_often_it_is_tried(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(upkeep, "FIRST_RETRY", 0.001)
    monkeypatch.setattr(upkeep, "LONGEST_RETRY", 0.001)
    away = Away()
    with caplog.at_level(logging.INFO):
        found = Upkeep(Database(away), lambda: datetime.now(UTC))
        await found.start()
        task = asyncio.create_task(found.forever())
        for _ in range(50):
            await away.looked.acquire()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    told = [record.getMessage() for record in caplog.records if record.name.startswith("graph_api")]
    assert told == ["the database is not ready: ConnectionRefusedError"]
    assert not found.prepared.is_set()
