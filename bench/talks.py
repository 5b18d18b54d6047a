"""Conversations of a practice to measure on, written in batches: sealed, found and shown as all others are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from graph_api.acting.bylines import STAFF, Author
from graph_api.acting.messages.audience import opened
from graph_api.acting.messages.encryption import DataKey
from graph_api.acting.messages.graph.rows import message_row, thread_row
from graph_api.acting.messages.model import Message, MessageAudience, Thread, ThreadStatus
from graph_api.acting.messages.texts import Texts
from graph_api.engine.bolt import Database
from graph_api.engine.session import Row
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.ids import new_id

BATCH = 1_000
LONG, BUSY = 500, 200
"""Messages of the one long thread, and threads of the one busy client: they are the same at every size."""
APART = timedelta(seconds=1)
BODY = "The knee is better, and the swelling has gone down since Monday. May I begin to run again? " * 3
"""Of a usual length."""
THREADS = "UNWIND $rows AS row MATCH (c:Person {{id: row.clientId}}) CREATE (c)-[:HAS_THREAD]->(:Thread {{{}}})"
MESSAGES = "UNWIND $rows AS row CREATE (:Message {{{}}})"


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is."""

    threads: int
    messages: int

    def __str__(self) -> str:
        return f"{self.messages:,} messages, {self.threads:,} threads"


class Talks:
    """All conversations of a practice; they grow, and those that were there stay as they are."""

    def __init__(self, database: Database, practice: Practice, clients: Sequence[str], texts: Texts) -> None:
        self._database = database
        self._practice = practice
        self._clients = clients
        self._texts = texts
        self._begun = datetime.now(UTC) - timedelta(days=400)
        self._made = Size(0, 0)
        self.busy_client = clients[0]
        self.long_thread = ""

    async def grow(self, size: Size) -> None:
        """Until there is as much.

        Raises:
            ValueError: the size leaves no message for each thread.
        """
        lengths = list(self._lengths(size))
        rows: list[tuple[Row, list[Row]]] = []
        for client, length in lengths:
            rows.append(self._talk(client, length))
            if sum(len(messages) for _, messages in rows) >= BATCH:
                await self._write(rows)
                rows = []
        await self._write(rows)

    def _lengths(self, size: Size) -> Iterator[tuple[str, int]]:
        """Whose new threads are, and how many messages each has."""
        threads, messages = size.threads - self._made.threads, size.messages - self._made.messages
        fixed = [] if self._made.threads else [LONG, *[1] * (BUSY - 1)]
        threads, messages = threads - len(fixed), messages - sum(fixed)
        if messages < threads or threads < 1:
            raise ValueError("too few threads, or too few messages for them")
        yield from ((self.busy_client, length) for length in fixed)
        each, more = divmod(messages, threads)
        others = self._clients[1:]
        for number in range(threads):
            yield others[number % len(others)], each + (number < more)

    def _talk(self, client: str, length: int) -> tuple[Row, list[Row]]:
        """A thread of the client and the practice, who take turns."""
        thread_id, author = new_id("thread"), Author(f"account of {client}", ViewerRole.PORTAL, client)
        self.long_thread = self.long_thread or thread_id
        first = self._begun + self._made.messages * APART
        data_key, wrapped, master = self._texts.new_key()
        subject = self._texts.sealed_subject(data_key, thread_id, author.subject, "About the knee")
        made = Thread(
            thread_id,
            client,
            MessageAudience.SHARED,
            ThreadStatus.OPEN,
            first,
            author.subject,
            last_at=first + (length - 1) * APART,
            last_sequence=length,
            last_side=author.side if length % 2 else STAFF,
            subject=subject,
            wrapped_key=wrapped,
            wrapped_with=master,
        )
        if length > 1:
            made = replace(made, other_sequence=length - 1, other_at=made.last_at - APART)
        messages = [self._message(made, data_key, author, number) for number in range(1, length + 1)]
        self._made = Size(self._made.threads + 1, self._made.messages + length)
        thread = opened(made, MessageAudience.SHARED, None, first)
        named = {"practice": self._practice.id}
        return thread_row(self._practice.id, thread) | named, [one | named for one in messages]

    def _message(self, thread: Thread, key: DataKey, author: Author, number: int) -> Row:
        by = author if number % 2 else Author("staff-1", ViewerRole.STAFF)
        body = self._texts.sealed_body(key, thread.id, number, by.subject, f"{number}: {BODY}")
        sent_at = thread.created_at + (number - 1) * APART
        return message_row(Message(new_id("message"), thread.id, number, sent_at, by, body))

    async def _write(self, rows: Sequence[tuple[Row, list[Row]]]) -> None:
        await self._create(THREADS, [thread for thread, _ in rows])
        await self._create(MESSAGES, [message for _, messages in rows for message in messages])

    async def _create(self, text: str, rows: Iterable[Row]) -> None:
        """Properties stand in CREATE: set afterwards they take the embedded engine many times as long, by its indexes.

        An absent property is no null, so rows of other properties are another statement.
        """

        def names(row: Row) -> tuple[str, ...]:
            return tuple(sorted(name for name, value in row.items() if value is not None))

        for found, some in groupby(sorted(rows, key=names), key=names):
            properties = ", ".join(f"{name}: row.{name}" for name in found)
            await self._run(text.format(properties), list(some))

    async def _run(self, text: str, rows: list[Row]) -> None:
        for start in range(0, len(rows), BATCH):
            params: dict[str, Any] = {"rows": rows[start : start + BATCH]}
            async with self._database.session(write=True) as session:
                await (await session.run(text, params)).consume()
