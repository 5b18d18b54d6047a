"""The wrapped keys of threads in the graph: found by their master, wrapped anew, destroyed."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.kernel.graph import Reads
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Writes


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """One thread's key as it is kept; what it seals can't be read without its master."""

    practice_id: str
    thread_id: str
    wrapped: str


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """A thread's key, as it was read and as it is to be kept."""

    thread_id: str
    before: str
    after: str
    master_id: str


class WrappedKeys:
    """Those of all practices; for commands, doctor and the checks of keys."""

    def __init__(self, database: Database) -> None:
        self._session = GraphSession(database)

    async def masters(self) -> list[str]:
        """The masters that wrap threads' keys, in order: one look for each."""
        found: list[str] = []
        above = ""
        while rows := await self._session.read_newest("practices/masters_used", above=above):
            above = rows[0]["master"]
            found.append(above)
        return found

    async def threads(self, master_id: str) -> int:
        """How many threads a master wraps."""
        rows = await self._session.read_newest("practices/master_threads", master=master_id)
        return int(rows[0]["threads"])

    async def page(self, master_id: str, size: int, without: Sequence[str] = ()) -> list[WrappedKey]:
        """Some of a master's, without these threads."""
        rows = await self._session.read_newest(
            "practices/wrapped_page", master=master_id, without=list(without), size=size
        )
        return [WrappedKey(row["practice"], row["id"], row["wrappedKey"] or "") for row in rows]

    async def rewrap(self, practice_id: str, keys: Sequence[Rewrapped]) -> int:
        """Keep keys wrapped anew where nobody changed them meanwhile; how many those were."""
        rows = [
            {"id": key.thread_id, "before": key.before, "after": key.after, "master": key.master_id}
            for key in sorted(keys, key=lambda key: key.thread_id)
        ]
        lock = secrets.token_hex(8)
        found = await self._session.write(
            lambda tx: tx.run("acting/threads/rewrap", practice=practice_id, rows=rows, stamp=lock)
        )
        return int(found[0]["rewrapped"]) if found else 0


class ThreadsWithKeys(Reads):
    """Which threads of a practice have a key."""

    async def client_of(self, thread_id: str) -> str | None:
        """Whose a thread is; None where there is no such thread."""
        rows = await self._session.read_newest("acting/threads/client_of", practice=self._practice, id=thread_id)
        return rows[0]["clientId"] if rows else None

    async def has_person(self, person_id: str) -> bool:
        """Whether there is such a person."""
        rows = await self._session.read_newest("people/by_ids", practice=self._practice, ids=[person_id], person=["id"])
        return any(row["rows"] for row in rows)

    async def of_client(self, client_id: str, size: int) -> list[str]:
        """Some of a client's."""
        rows = await self._session.read_newest(
            "acting/threads/wrapped_of_client", practice=self._practice, clientId=client_id, size=size
        )
        return sorted(row["id"] for row in rows)


class KeyWrites(Writes):
    """Threads' keys inside a write transaction; the client's lock comes first."""

    async def erase(self, thread_ids: Sequence[str], at: datetime) -> list[str]:
        """Destroy their wrapped keys; which threads had one."""
        rows = await self._tx.run(
            "acting/threads/erase", practice=self._practice, ids=sorted(thread_ids), at=stamp(at), stamp=self._lock
        )
        return sorted(row["id"] for row in rows)
