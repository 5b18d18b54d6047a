"""Threads with a sealed body, put into the database by a statement of the tests' own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_api.acting.messages.encryption import MessageKeys, Place, master_of, seal, unseal
from graph_api.config import Settings
from graph_api.engine.bolt import Database
from graph_api.kernel.ids import new_id
from graph_api.opening import ready_database

CREATE = """
UNWIND $rows AS row
MATCH (p:Person {id: row.clientId})
CREATE (p)-[:HAS_THREAD]->(:Thread {
  id: row.id, practice: row.practice, clientId: row.clientId, wrappedKey: row.wrappedKey, wrappedWith: row.wrappedWith,
  sealed: row.sealed})
"""
READ = """
MATCH (t:Thread)
RETURN t.id AS id, t.practice AS practice, t.clientId AS clientId, t.wrappedKey AS wrappedKey,
  t.wrappedWith AS wrappedWith, t.erasedAt AS erasedAt, t.sealed AS sealed
"""
TEXT = "See you on Tuesday"


@dataclass
class Threads:
    """Those of a data directory."""

    settings: Settings

    async def make(self, count: int, practice_id: str, keys: MessageKeys, client_id: str) -> list[str]:
        """So many threads of a client."""
        rows = []
        for _ in range(count):
            data_key, thread_id = keys.new_data_key(), new_id("thread")
            wrapped = keys.wrap(data_key)
            rows.append(
                {
                    "id": thread_id,
                    "practice": practice_id,
                    "clientId": client_id,
                    "wrappedKey": wrapped,
                    "wrappedWith": master_of(wrapped),
                    "sealed": seal(data_key, TEXT, place_of(thread_id, practice_id)),
                }
            )
        await self.run(CREATE, rows=rows)
        return [str(row["id"]) for row in rows]

    async def run(self, text: str, **params: Any) -> list[dict[str, Any]]:
        """A statement of a test."""
        async with ready_database(self.settings) as database:
            return await run(database, text, **params)

    async def rows(self) -> list[dict[str, Any]]:
        """All of them."""
        return await self.run(READ)


async def run(database: Database, text: str, **params: Any) -> list[dict[str, Any]]:
    """A statement of a test, on an open database."""
    async with database.session(write=True) as session:
        return [dict(record) async for record in await session.run(text, params)]


def place_of(thread_id: str, practice_id: str) -> Place:
    """Where its one body stands."""
    return Place(practice_id, thread_id, 1, "staff-1")


def readable(rows: Sequence[Mapping[str, Any]], keys: MessageKeys) -> bool:
    """Whether every body opens; raises where one does not."""
    for row in rows:
        data_key = keys.unwrap(row["wrappedKey"])
        assert unseal(data_key, row["sealed"], place_of(row["id"], row["practice"])) == TEXT
        assert row["wrappedWith"] == master_of(row["wrappedKey"])
    return True
