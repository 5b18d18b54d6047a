"""Two workers on one database, and what the graph itself holds: races are judged by both."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from graph_api.bootstrap import Server
from graph_api.engine.bolt import Database
from graph_api.kernel.caller import Practice
from graph_api.opening import open_database
from tests.api import Api, Installation, changed
from tests.budgets import budget

ROUNDS = budget(20, 200)
TOGETHER = 5
EDGES = "(:Person {id: $client})-[r:HAS_CONTACT {practice: $practice}]->()"
VERSIONS = "(:Person {id: $client})-[r:HAD_CONTACT {practice: $practice}]->()"
PEOPLE = "(p:Person {practice: $practice})"

Payload = dict[str, Any]
Answer = Coroutine[Any, Any, Payload]


@dataclass
class Workers:
    """An installation's own worker and a second one, with a driver of its own, as another process would have."""

    installation: Installation
    second: Server

    def pair(self, practice: Practice) -> tuple[Api, Api]:
        """The same staff member in two browsers, each of which reaches another worker."""
        token = self.installation.token(practice)
        return Api(self.installation.server.app, token, practice), Api(self.second.app, token, practice)

    async def count(self, practice: Practice, pattern: str, **params: Any) -> int:
        """How often `pattern` is in the graph; it binds the practice as $practice."""
        return await count(self.installation.database, pattern, practice=practice.id, **params)


async def count(database: Database, pattern: str, **params: Any) -> int:
    """How often a pattern is in the graph, past all services."""
    async with database.session(write=False) as session:
        result = await session.run(f"MATCH {pattern} RETURN count(*) AS found", params)
        record = await result.single(strict=True)
        return int(record["found"])


@asynccontextmanager
async def two_workers(installation: Installation) -> AsyncIterator[Workers]:
    """A second worker beside the installation's own."""
    database = open_database(installation.settings)
    await database.open()
    try:
        yield Workers(installation, Server(installation.settings, database))
    finally:
        await database.close()


async def rounds(race: Callable[[int], Coroutine[Any, Any, None]]) -> None:
    """Races, a few side by side; each is about people of its own."""
    for start in range(0, ROUNDS, TOGETHER):
        async with asyncio.TaskGroup() as group:
            for number in range(start, start + TOGETHER):
                group.create_task(race(number))


async def at_once(one: Answer, two: Answer, number: int, lead: float = 0.0) -> tuple[Payload, Payload]:
    """Both answers; who is sent first changes from round to round.

    With `lead`, the second is the longer one, and is that many seconds ahead at most: so that each wins sometimes.
    """

    async def later() -> Payload:
        await asyncio.sleep(number % 10 / 10 * lead)
        return await one

    if number % 2 or lead:
        second, first = await asyncio.gather(two, later())
        return first, second
    first, second = await asyncio.gather(one, two)
    return first, second


def winner_and_loser(one: Payload, two: Payload) -> tuple[Any, dict[str, Any]]:
    """What the winner got, and the loser's one error; exactly one must have won."""
    won = [payload for payload in (one, two) if entity(payload)]
    lost = [payload for payload in (one, two) if not entity(payload)]
    assert (len(won), len(lost)) == (1, 1), (one["errors"], two["errors"])
    assert won[0]["errors"] == []
    [error] = lost[0]["errors"]
    return entity(won[0]), error


def entity(payload: Payload) -> Any:
    """A payload's contact or person."""
    return changed(payload)


async def two_clients(api: Api, number: int) -> tuple[str, str]:
    """The ids of two clients who do not know each other yet."""
    client, other = await asyncio.gather(api.client(f"Ana {number}"), api.client(f"Bea {number}"))
    return client["id"], other["id"]
