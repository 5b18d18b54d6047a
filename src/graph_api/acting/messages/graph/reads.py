"""Reads threads and messages of one practice. All go to the server that writes (X7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graph_api.acting.bylines import STAFF
from graph_api.acting.messages.audience import Seat, Viewpoint
from graph_api.acting.messages.graph.rows import (
    MESSAGE,
    SETTINGS,
    THREAD,
    awaiting_scope,
    client_scope,
    inbox_scope,
    message_key,
    message_of,
    thread_of,
    view_row,
)
from graph_api.acting.messages.model import Message, MessagingSettings, Thread, ThreadStatus
from graph_api.kernel.door import Sealed
from graph_api.kernel.graph import Reads
from graph_api.kernel.paging import PageRequest, page_bounds
from graph_api.kernel.rows import stamp
from graph_api.people.records import NAME_PROPERTIES, display_names

LONGEST_UNREAD = 200
"""Of how many of a thread's newest messages the unread ones are counted."""
MOST_UNREAD = 100
"""As much as an unread number tells (M8)."""
"""What a name is made of."""


@dataclass(frozen=True, slots=True)
class NamedMessages:
    """Messages, and the names that they stand under."""

    messages: Sequence[Message]
    people: Mapping[str, str]
    practitioners: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Inbox:
    """Which of the practice's threads are listed."""

    status: ThreadStatus = ThreadStatus.OPEN
    assigned_to: str | None = None
    awaits_reply: bool | None = None


def sealed_threads(threads: Sequence[Thread], shown: int | None = None) -> Sealed[Sequence[Thread]]:
    """Threads, which show their clients."""
    return Sealed(threads, [thread.client_id for thread in threads[:shown]])


class ThreadReads(Reads):
    """Threads as they are kept; texts are sealed."""

    async def by_ids(self, ids: Sequence[str]) -> Sealed[Sequence[Thread]]:
        """Those that exist."""
        wanted = list(dict.fromkeys(ids))
        rows = await self._session.read_newest(
            "acting/threads/by_ids", practice=self._practice, ids=wanted, thread=list(THREAD.names)
        )
        return sealed_threads([thread_of(record) for row in rows for record in row["rows"]])

    async def inbox(self, wanted: Inbox, page: PageRequest) -> Sealed[Sequence[Thread]]:
        """At most `size` + 1 of the practice's threads, in the order of the direction asked for."""
        awaits = wanted.awaits_reply
        if wanted.status is ThreadStatus.DONE:  # nothing there waits for an answer
            if awaits:
                return sealed_threads(())
            awaits = None
        if awaits and wanted.assigned_to is None:
            return await self._page(
                "acting/threads/awaiting", awaiting_scope(self._practice), page, {"awaitsReply": None}
            )
        scope = inbox_scope(self._practice, wanted.status.value, wanted.assigned_to)
        name = "acting/threads/inbox" if wanted.assigned_to is None else "acting/threads/assigned"
        return await self._page(name, scope, page, {"awaitsReply": awaits})

    async def of_client(self, viewpoint: Viewpoint, page: PageRequest) -> Sealed[Sequence[Thread]]:
        """At most `size` + 1 of the client's threads that the viewpoint sees."""
        since = viewpoint.messages_from
        params = {
            "seat": viewpoint.seat.value,
            "personId": viewpoint.person_id,
            "messagesFrom": None if since is None else stamp(since),
        }
        scope = client_scope(self._practice, viewpoint.client_id)
        return await self._page("acting/threads/of_client", scope, page, params)

    async def _page(self, name: str, scope: str, page: PageRequest, params: dict[str, Any]) -> Sealed[Sequence[Thread]]:
        above, below = page_bounds(scope, page)
        rows = await self._session.read_newest(
            f"{name}_backward" if page.backward else name,
            practice=self._practice,
            above=above,
            below=below,
            size=page.size + 1,
            thread=list(THREAD.names),
            **params,
        )
        return sealed_threads([thread_of(row["thread"]) for row in rows], page.size)

    async def unread(self, side: str, rows: Sequence[tuple[Thread, datetime]]) -> dict[str, int]:
        """How many messages the side has not read, by thread id; of each thread those sent since a moment."""
        wanted = [
            {"threadId": thread.id, "last": thread.last_sequence, "since": stamp(since)} for thread, since in rows
        ]
        found = await self._session.read_newest(
            "acting/messages/unread", practice=self._practice, side=side, rows=wanted, most=LONGEST_UNREAD
        )
        return {row["threadId"]: min(row["unread"], MOST_UNREAD) for row in found}

    async def unread_threads(self, person_id: str, viewpoints: Iterable[Viewpoint]) -> int:
        """How many threads hold messages that the account's person has not read."""
        views = [view_row(viewpoint) for viewpoint in viewpoints]
        rows = await self._session.read_newest(
            "acting/threads/unread", practice=self._practice, side=person_id, views=views, limit=MOST_UNREAD
        )
        return int(rows[0]["unread"]) if rows else 0

    async def settings(self) -> MessagingSettings:
        """What the practice has set."""
        rows = await self._session.read(
            "acting/messages/settings", practice=self._practice, settings=list(SETTINGS.names)
        )
        return SETTINGS.of(rows[0]["settings"]) if rows else MessagingSettings()


class MessageReads(Reads):
    """Messages as they are kept; their texts are sealed."""

    async def page(self, thread: Thread, sequences: Sequence[int], since: datetime) -> Sealed[NamedMessages]:
        """Messages of a thread by their numbers, in this order, sent since a moment."""
        rows = await self._session.read_newest(
            "acting/messages/page",
            practice=self._practice,
            keys=[message_key(thread.id, sequence) for sequence in sequences],
            since=stamp(since),
            clientId=thread.client_id,
            message=list(MESSAGE.names),
            person=list(NAME_PROPERTIES),
        )
        if not rows:
            return Sealed(NamedMessages((), {}, {}), ())
        (row,) = rows
        people = display_names(row["people"])
        practitioners = {subject: (own_id, name) for subject, own_id, name in row["practitioners"]}
        messages = [message_of(record) for record in row["messages"]]
        return Sealed(NamedMessages(messages, people, practitioners), list(people))

    async def first_since(self, thread: Thread, since: datetime) -> int:
        """The number of the first message that was sent since then; one after the last where there is none."""
        rows = await self._session.read_newest(
            "acting/messages/first_since",
            practice=self._practice,
            above=message_key(thread.id, 0),
            below=f"{thread.id}|~",
            since=stamp(since),
        )
        return int(rows[0]["sequence"]) if rows else thread.last_sequence + 1

    async def by_ids(self, ids: Sequence[str]) -> Sealed[Sequence[tuple[Message, Thread]]]:
        """Those that exist, each with its thread."""
        rows = await self._session.read_newest(
            "acting/messages/by_ids",
            practice=self._practice,
            ids=list(dict.fromkeys(ids)),
            message=list(MESSAGE.names),
            thread=list(THREAD.names),
        )
        found = [(message_of(message), thread_of(thread)) for row in rows for message, thread in row["rows"]]
        return Sealed(found, [thread.client_id for _, thread in found])


def side_of(viewpoint: Viewpoint) -> str:
    """As whose own a viewpoint reads (M8)."""
    return STAFF if viewpoint.seat is Seat.STAFF else viewpoint.person_id or ""
