"""Reads threads and messages for one caller: what they may not see does not exist for them (X6)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from graph_api.access.grants import PossibleGrant, newest_grant
from graph_api.access.graph.decisions import AccessReads
from graph_api.acting.bylines import Names
from graph_api.acting.messages.audience import Seat, Viewpoint, is_visible, reads_from, reads_retracted
from graph_api.acting.messages.graph.reads import Inbox, MessageReads, NamedMessages, ThreadReads, side_of
from graph_api.acting.messages.graph.rows import place_of
from graph_api.acting.messages.model import Message, MessagingSettings, Thread
from graph_api.acting.messages.notices import readers_of
from graph_api.acting.messages.shown import ShownMessage, ShownThread, shown_byline, shown_subject
from graph_api.acting.messages.texts import Texts
from graph_api.acting.messages.viewpoints import Viewpoints
from graph_api.kernel.door import nobody
from graph_api.kernel.ids import is_id
from graph_api.kernel.moments import settled
from graph_api.kernel.paging import Cursors, Page, PageArguments, PageRequest, Position, make_page, page_request
from graph_api.kernel.rules import WRITERS
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.people.model import Person


class MessageReading:
    """Questions of one caller about messages."""

    def __init__(self, scope: Scope) -> None:
        self._caller = scope.caller
        self._graph = scope.graph
        self._clock = scope.clock
        self._secret = scope.secret
        self._viewpoints = scope[Viewpoints]
        self._texts = scope[Texts]

    @property
    def _is_staff(self) -> bool:
        return WRITERS.allows(self._caller.role)

    def _cursors(self, scope: str) -> Cursors:
        return Cursors(self._secret, self._caller.practice.id, scope)

    async def client_of(self, thread_id: str) -> str | None:
        """Whose a thread is; None where there is none. Whether the caller sees it is decided later, under locks."""
        if not is_id("thread", thread_id):
            return None
        found = await self._graph[ThreadReads].by_ids([thread_id])
        return self._graph.door.keep(found, lambda threads: threads[0].client_id if threads else None, nobody)

    def _shown(self, thread: Thread, viewpoint: Viewpoint) -> ShownThread:
        text = self._texts.subject_of(thread)
        return ShownThread(thread, viewpoint, shown_subject(thread, viewpoint, self._caller.role, text))

    async def threads(self, ids: Sequence[str]) -> Mapping[str, ShownThread]:
        """Those that the caller sees, by id."""
        wanted = [thread_id for thread_id in ids if is_id("thread", thread_id)]
        if not wanted:
            return {}
        door = self._graph.door
        found = await self._graph[ThreadReads].by_ids(wanted)
        clients = door.keep(found, lambda threads: {thread.client_id for thread in threads}, nobody)
        viewpoints = await self._viewpoints.of(clients)

        def visible(threads: Sequence[Thread]) -> dict[str, ShownThread]:
            return {thread.id: self._shown(thread, view) for thread, view in _seen(threads, viewpoints)}

        return door.keep(found, visible, lambda shown: {thread.client_id for thread in shown.values()})

    async def of_client(self, client_id: str, arguments: PageArguments) -> Page[Thread, ShownThread] | None:
        """A page of the client's threads, newest message first; None where the caller reads no messages of theirs.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR.
        """
        cursors = self._cursors(f"messageThreads\x00{client_id}")
        request = page_request(arguments, cursors, with_total=False)
        viewpoint = (await self._viewpoints.of([client_id])).get(client_id)
        if viewpoint is None:
            return None
        found = await self._graph[ThreadReads].of_client(viewpoint, request)

        def page(threads: Sequence[Thread]) -> Page[Thread, ShownThread]:
            seen = [thread for thread in threads if is_visible(thread, viewpoint)]
            return _page(seen, request, cursors).shown_as(lambda thread: self._shown(thread, viewpoint))

        return self._graph.door.keep(found, page, _clients)

    async def inbox(self, wanted: Inbox, arguments: PageArguments) -> Page[Thread, ShownThread] | None:
        """A page of the practice's threads, newest message first; None for all but staff.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR.
        """
        cursors = self._cursors(
            f"messageInbox\x00{wanted.status.value}\x00{wanted.assigned_to}\x00{wanted.awaits_reply}"
        )
        request = page_request(arguments, cursors, with_total=False)
        if not self._is_staff:
            return None
        found = await self._graph[ThreadReads].inbox(wanted, request)

        def page(threads: Sequence[Thread]) -> Page[Thread, ShownThread]:
            return _page(threads, request, cursors).shown_as(
                lambda thread: self._shown(thread, Viewpoint(Seat.STAFF, thread.client_id))
            )

        return self._graph.door.keep(found, page, _clients)

    async def messages(
        self, shown: ShownThread, arguments: PageArguments, *, with_total: bool
    ) -> Page[Message, ShownMessage]:
        """A page of a thread's messages, oldest first.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR.
        """
        thread, reads = shown.thread, self._graph[MessageReads]
        cursors = self._cursors(f"messages\x00{thread.id}")
        request = page_request(arguments, cursors, with_total=with_total)
        since = reads_from(thread, shown.viewpoint) or thread.last_at
        first = 1 if since <= thread.created_at else await reads.first_since(thread, since)
        found = await reads.page(thread, _sequences(request, first, thread.last_sequence), since)
        total = thread.last_sequence - first + 1 if with_total else None

        def page(read: NamedMessages) -> Page[Message, ShownMessage]:
            rows = make_page(read.messages, request, lambda one: cursors.encode(Position(str(one.sequence))), total)
            return rows.shown_as(lambda message: self._message(message, shown, read))

        return self._graph.door.keep(found, page, _people)

    def _message(self, message: Message, shown: ShownThread, read: NamedMessages) -> ShownMessage:
        names = Names(self._caller.practice, read.people.get(shown.client_id, ""), read.people, read.practitioners)
        is_readable = message.retracted_at is None or reads_retracted(self._caller.role)
        body = self._texts.body_of(shown.thread, message) if is_readable else None
        reason = self._texts.reason_of(shown.thread, message) if self._is_staff else None
        return ShownMessage(message, shown, body, shown_byline(message.author, names, shown.viewpoint), reason)

    async def messages_by_ids(self, ids: Sequence[str]) -> Mapping[str, ShownMessage]:
        """Those that the caller sees, by id."""
        wanted = [message_id for message_id in ids if is_id("message", message_id)]
        if not wanted:
            return {}
        door, reads = self._graph.door, self._graph[MessageReads]
        found = door.keep(await reads.by_ids(wanted), list, nobody)
        viewpoints = await self._viewpoints.of({thread.client_id for _, thread in found})
        shown: dict[str, ShownMessage] = {}
        for message, thread in found:
            viewpoint = viewpoints.get(thread.client_id)
            since = None if viewpoint is None else reads_from(thread, viewpoint)
            if viewpoint is None or since is None or since > message.sent_at:
                continue
            shown |= await self._one(message, self._shown(thread, viewpoint), since)
        return shown

    async def _one(self, message: Message, thread: ShownThread, since: datetime) -> Mapping[str, ShownMessage]:
        """A message with its names."""
        named = await self._graph[MessageReads].page(thread.thread, [message.sequence], since)

        def opened(read: NamedMessages) -> dict[str, ShownMessage]:
            return {one.id: self._message(one, thread, read) for one in read.messages}

        return self._graph.door.keep(named, opened, lambda read: _shown(list(read.values())))

    async def unread(self, threads: Sequence[ShownThread]) -> list[int]:
        """How many messages the caller's side has not read, of each thread; at most a hundred (M8)."""
        if not threads:
            return []
        side = side_of(threads[0].viewpoint)
        # One row a thread, however often an operation asks about it: rows are counted together.
        by_id = {one.id: one for one in threads}
        rows = [(one.thread, reads_from(one.thread, one.viewpoint) or one.thread.last_at) for one in by_id.values()]
        found = await self._graph[ThreadReads].unread(side, rows)
        return [found.get(one.id, 0) for one in threads]

    async def unread_threads(self) -> int:
        """How many threads hold messages that the account has not read; 0 for staff."""
        own = self._caller.person_id
        if own is None:
            return 0
        viewpoints = await self._viewpoints.all()
        return await self._graph[ThreadReads].unread_threads(own, viewpoints.values()) if viewpoints else 0

    async def readers(self, threads: Sequence[ShownThread]) -> Mapping[str, list[Person]]:
        """Who can read each of one client's threads now, besides staff, by thread id; nothing for all but staff."""
        if not self._is_staff or not threads:
            return {}
        reads, door, client_id = self._graph[AccessReads], self._graph.door, threads[0].client_id
        now, found = await settled(
            self._clock,
            lambda: reads.of_client(client_id),
            lambda read: door.keep(read, newest_grant, nobody),
        )

        def by_thread(grants: Sequence[PossibleGrant]) -> dict[str, list[Person]]:
            return {one.id: [grant.person for grant in readers_of(one.thread, grants, now)] for one in threads}

        return door.keep(found, by_thread, lambda read: [person.id for people in read.values() for person in people])

    async def settings(self) -> MessagingSettings:
        """What the practice has set."""
        return await self._graph[ThreadReads].settings()

    async def reload_thread(self, _tx: Transaction, thread_id: str) -> ShownThread | None:
        """A thread as it is now, for a replay."""
        return (await self.threads([thread_id])).get(thread_id)

    async def reload_message(self, _tx: Transaction, message_id: str) -> ShownMessage | None:
        """A message as it is now, for a replay."""
        return (await self.messages_by_ids([message_id])).get(message_id)


def _seen(threads: Sequence[Thread], viewpoints: Mapping[str, Viewpoint]) -> list[tuple[Thread, Viewpoint]]:
    """Those that exist for the caller, each with from where they look."""
    found = [(thread, viewpoints[thread.client_id]) for thread in threads if thread.client_id in viewpoints]
    return [(thread, viewpoint) for thread, viewpoint in found if is_visible(thread, viewpoint)]


def _page(threads: Sequence[Thread], request: PageRequest, cursors: Cursors) -> Page[Thread, Thread]:
    return make_page(threads, request, lambda thread: cursors.encode(Position(place_of(thread))))


def _clients(page: Page[Thread, ShownThread]) -> set[str]:
    return {thread.client_id for thread in page.items}


def _people(page: Page[Message, ShownMessage]) -> set[str]:
    return set(_shown(page.items))


def _shown(messages: Sequence[ShownMessage]) -> list[str]:
    return [person for message in messages for person in message.shows]


def _sequences(request: PageRequest, first: int, last: int) -> list[int]:
    """The numbers of a page's messages and one more, in the direction asked for: they have no gaps."""
    at = None if request.position is None else int(request.position.key)
    if request.backward:
        start = last if at is None else min(at - 1, last)
        return list(range(start, max(start - request.size - 1, first - 1), -1))
    start = first if at is None else max(at + 1, first)
    return list(range(start, min(start + request.size, last) + 1))
