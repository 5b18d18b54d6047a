"""Reads the audit log, for admins only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from graph_api.audit.graph.chains import AuditReads
from graph_api.audit.model import AuditEvent
from graph_api.audit.narrowing import LogFilter, LogPosition
from graph_api.kernel.happened import EventKind
from graph_api.kernel.ids import is_id
from graph_api.kernel.paging import Cursors, Page, PageArguments, Position, make_page, page_request
from graph_api.kernel.rules import ADMINS
from graph_api.kernel.scope import Scope
from graph_api.kernel.written import in_utc

MAY_READ = ADMINS
MAX_ACTOR = 300
"""Longer than any token's subject."""


@dataclass(frozen=True, slots=True)
class LogQuery:
    """auditLog's arguments, as given."""

    client_id: str | None = None
    actor_id: str | None = None
    contact_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    kinds: Sequence[EventKind] | None = None


class AuditLogService:
    """Questions of one caller about who did what."""

    def __init__(self, scope: Scope) -> None:
        self._caller = scope.caller
        self._graph = scope.graph
        self._secret = scope.secret

    @property
    def is_open(self) -> bool:
        """Whether the caller may read it."""
        return MAY_READ.allows(self._caller.role)

    async def page(
        self, query: LogQuery, arguments: PageArguments, *, with_total: bool
    ) -> Page[AuditEvent, AuditEvent] | None:
        """A page of events, newest first; None for those who may not read them.

        Raises:
            BadRequest: INVALID_TIME, INVALID_PAGE, INVALID_CURSOR.
        """
        if not self.is_open:
            return None
        since, until = (None if moment is None else in_utc(moment) for moment in (query.since, query.until))
        query = replace(query, since=since, until=until)
        kinds = None if query.kinds is None else sorted({kind.value for kind in query.kinds})
        scope = "\x00".join(("auditLog", repr(since), repr(until), *map(repr, _ids(query)), repr(kinds)))
        cursors = Cursors(self._secret, self._caller.practice.id, scope)
        request = page_request(arguments, cursors, with_total=with_total)
        narrow = _filter(query)
        events: Sequence[AuditEvent] = ()
        total = 0 if with_total else None
        if narrow is not None:
            found = await self._graph[AuditReads].page(narrow, _position(request.position), request.size)
            events = self._graph.door.open(found)
            total = await self._graph[AuditReads].total(narrow) if with_total else None
        return make_page(events, request, lambda event: cursors.encode(_place(event)), total)

    async def events(self, ids: Sequence[str]) -> Mapping[str, AuditEvent]:
        """Those that exist, by id; none for those who may not read them."""
        wanted = [event_id for event_id in ids if is_id("event", event_id)]
        if not wanted or not self.is_open:
            return {}
        return self._graph.door.open(await self._graph[AuditReads].by_ids(wanted))


def _ids(query: LogQuery) -> tuple[str | None, str | None, str | None]:
    return query.client_id, query.actor_id, query.contact_id


def _filter(query: LogQuery) -> LogFilter | None:
    """None where nothing can answer it: ids of another form name nothing."""
    client, actor, contact = _ids(query)
    if client is not None and not is_id("person", client):
        return None
    if contact is not None and not is_id("contact", contact):
        return None
    if actor is not None and len(actor) > MAX_ACTOR:
        return None
    kinds = None if query.kinds is None else frozenset(query.kinds)
    return LogFilter(client, actor, contact, query.since, query.until, kinds)


def _place(event: AuditEvent) -> Position:
    """Where a page goes on after the event: by its number in a chain, by its time elsewhere."""
    return Position(f"{event.sequence} {event.at}", event.id)


def _position(position: Position | None) -> LogPosition | None:
    if position is None:
        return None
    sequence, _, at = position.key.partition(" ")
    return LogPosition(position.id, at, int(sequence))
