"""The audit log in the graph: events at the ends of chains, and reading them."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from graph_api.audit.chain import StoredEvent
from graph_api.audit.graph.events import (
    EVENT_PROPERTIES,
    actor_scope,
    chain_key,
    contact_scope,
    event_of,
    event_row,
    head_of,
    stored_event,
    time_key,
)
from graph_api.audit.model import AuditEvent, Head
from graph_api.audit.narrowing import LogFilter, LogPosition
from graph_api.engine.session import Row
from graph_api.kernel.door import Sealed
from graph_api.kernel.graph import Reads
from graph_api.kernel.ids import is_id
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Transaction, Writes

AT_ONCE = 500
"""Events read at once where all are followed."""
END = "~"
"""Stands after every number, time and id."""


class AuditWrites(Writes):
    """Writing events inside one write transaction of one practice."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(tx)
        self._heads: dict[str, Head] = {}

    def know(self, subject_id: str, head: Head) -> None:
        """Where a chain ends, as whoever took the subject's lock read it."""
        self._heads[subject_id] = head

    def know_locked(self, rows: Sequence[Row]) -> None:
        """Where the chains of those whose locks were taken end."""
        for row in rows:
            for subject_id, head in zip(row["ids"], row["heads"], strict=True):
                self.know(subject_id, head_of(head))

    async def heads(self, subject_ids: Sequence[str]) -> Mapping[str, Head]:
        """Where the chains end; the locks of those whose were not taken before are taken here."""
        await self._tx.hold()
        unknown = [subject for subject in subject_ids if subject not in self._heads]
        people = [subject for subject in unknown if is_id("person", subject)]
        if people:
            await self._lock_and_read("people/lock", ids=people)
        if self._practice in unknown:
            await self._lock_and_read("audit/lock_practice")
        missing = set(unknown) - self._heads.keys()
        if missing:
            raise ValueError("an event's subject is neither a person nor the practice")
        return self._heads

    async def lock_practice(self) -> None:
        """Take the lock of the practice's own chain, before locks that come after it."""
        await self.heads([self._practice])

    async def _lock_and_read(self, name: str, **params: Any) -> None:
        rows = await self._tx.run(name, practice=self._practice, stamp=self._lock, **params)
        for row in rows:
            self._stamps.note_rows(row["stamps"])
        self.know_locked(rows)

    async def write(self, events: Sequence[AuditEvent]) -> None:
        """Add events to the ends of their chains."""
        rows: dict[str, list[Row]] = {}
        for event in events:
            name = "audit/append_practice" if event.subject_id == self._practice else "audit/append"
            rows.setdefault(name, []).append(event_row(self._practice, event))
            self.know(event.subject_id, Head(event.sequence, event.mac, event.at))
        for name, some in rows.items():
            self._tx.later(name, practice=self._practice, rows=some)


def _subjects(events: Iterable[AuditEvent]) -> list[str]:
    """The people whom events tell of."""
    return [event.subject_id for event in events if is_id("person", event.subject_id)]


class AuditReads(Reads):
    """Events and chains of one practice."""

    async def page(self, narrow: LogFilter, after: LogPosition | None, page: int) -> Sealed[Sequence[AuditEvent]]:
        """The events of a page of that size, and one more where there is one; newest first."""
        name, scope = self._index(narrow)
        bounds = _bounds(narrow, scope, in_chain=name == "subject")
        if after is not None:
            in_chain = name == "subject"
            place = chain_key(self._practice, narrow.subject_id or "", after.sequence)
            bounds["below"] = place if in_chain else time_key(scope, after.at, after.event_id)
        rows = await self._session.read(
            f"audit/of_{name}", **self._params(narrow), **bounds, size=page + 1, event=list(EVENT_PROPERTIES)
        )
        events = [event_of(row["event"]) for row in rows]
        return Sealed(events, _subjects(events[:page]))

    async def total(self, narrow: LogFilter) -> int:
        """How many there are."""
        name, scope = self._index(narrow)
        bounds = _bounds(narrow, scope, in_chain=name == "subject")
        rows = await self._session.read(f"audit/total_of_{name}", **self._params(narrow), **bounds)
        return int(rows[0]["total"])

    async def of_reason(
        self, subject_id: str, reason: str, below: int | None, page: int
    ) -> Sealed[Sequence[AuditEvent]]:
        """A chain's events of one reason below a number; of a page of that size and one more, newest first."""
        scope = f"{self._practice}|{subject_id}"
        rows = await self._session.read(
            "audit/acting",
            practice=self._practice,
            above=f"{scope}|",
            below=f"{scope}|{END}" if below is None else chain_key(self._practice, subject_id, below),
            reason=reason,
            size=page + 1,
            event=list(EVENT_PROPERTIES),
        )
        events = [event_of(row["event"]) for row in rows]
        return Sealed(events, _subjects(events[:page]))

    def _index(self, narrow: LogFilter) -> tuple[str, str]:
        """By what the events are found, and what its keys begin with: what narrows most."""
        if narrow.contact_id is not None:
            return "contact", contact_scope(self._practice, narrow.contact_id)
        if narrow.subject_id is not None:
            return "subject", f"{self._practice}|{narrow.subject_id}"
        if narrow.actor is not None:
            return "actor", actor_scope(self._practice, narrow.actor)
        return "practice", self._practice

    def _params(self, narrow: LogFilter) -> dict[str, Any]:
        return {
            "practice": self._practice,
            "since": "" if narrow.since is None else stamp(narrow.since),
            "until": END if narrow.until is None else stamp(narrow.until),
            "subjectId": narrow.subject_id,
            "actor": narrow.actor,
            "contactId": narrow.contact_id,
            "actions": None if narrow.kinds is None else sorted(kind.value for kind in narrow.kinds),
        }

    async def by_ids(self, ids: Sequence[str]) -> Sealed[Mapping[str, AuditEvent]]:
        """Those that exist, by id."""
        wanted = list(dict.fromkeys(ids))
        rows = await self._session.read(
            "audit/by_ids", practice=self._practice, ids=wanted, event=list(EVENT_PROPERTIES)
        )
        events = [event_of(row["event"]) for row in rows]
        return Sealed({event.id: event for event in events}, _subjects(events))

    async def in_order(self, narrow: LogFilter) -> AsyncIterator[Sequence[AuditEvent]]:
        """All that the times let through, oldest first, some at a time."""
        bounds = _bounds(narrow, self._practice, in_chain=False)
        async for rows in self._all("audit/in_order", bounds, (*EVENT_PROPERTIES, "timeKey")):
            yield [event_of(row[:-1]) for row in rows]

    async def chains(self) -> AsyncIterator[Sequence[StoredEvent]]:
        """All events by subject and number, some at a time."""
        async for events in self._chain(self._practice, ""):
            yield events

    async def after(self, subject_id: str, sequence: int) -> AsyncIterator[Sequence[StoredEvent]]:
        """A chain's events after a number, some at a time."""
        async for events in self._chain(
            f"{self._practice}|{subject_id}", chain_key(self._practice, subject_id, sequence)
        ):
            yield events

    async def _chain(self, scope: str, above: str) -> AsyncIterator[Sequence[StoredEvent]]:
        bounds = {"above": above or f"{scope}|", "below": f"{scope}|{END}"}
        wanted = (*EVENT_PROPERTIES, "timeKey", "actorKey", "contactKey", "key")
        kept = len(EVENT_PROPERTIES)
        async for rows in self._all("audit/chains", bounds, wanted):
            yield [stored_event(self._practice, row[:kept], [row[-1], *row[kept:-1]]) for row in rows]

    async def changed_since(self, since: datetime) -> AsyncIterator[Sequence[str]]:
        """Whose chains have events from then on, some at a time; repeats are possible."""
        bounds = _bounds(LogFilter(since=since), self._practice, in_chain=False)
        async for rows in self._all("audit/in_order", bounds, ("subjectId", "timeKey")):
            yield list(dict.fromkeys(row[0] for row in rows if row[0]))

    async def _all(self, name: str, bounds: dict[str, str], wanted: Sequence[str]) -> AsyncIterator[list[list[Any]]]:
        """Every row, some at a time; the last value of each is the key they are in the order of."""
        above = bounds["above"]
        while True:
            found = await self._session.read(
                name,
                practice=self._practice,
                above=above,
                below=bounds["below"],
                size=AT_ONCE,
                event=list(wanted),
            )
            rows = [row["event"] for row in found]
            if rows:
                yield rows
            if len(rows) < AT_ONCE:
                return
            above = rows[-1][-1]

    async def heads(self, subject_ids: Sequence[str]) -> Mapping[str, Head]:
        """Where the graph itself says that chains end."""
        rows: list[Row] = []
        people = [subject for subject in subject_ids if is_id("person", subject)]
        if people:
            rows += await self._session.read("audit/heads", practice=self._practice, ids=people)
        if self._practice in subject_ids:
            rows += await self._session.read("audit/practice_head", practice=self._practice)
        return {row["id"]: head_of(row["head"]) for row in rows}


def _bounds(narrow: LogFilter, scope: str, *, in_chain: bool) -> dict[str, str]:
    """Between which keys the events are; a chain's keys hold numbers, all others hold times."""
    since = "" if in_chain or narrow.since is None else stamp(narrow.since)
    until = END if in_chain or narrow.until is None else stamp(narrow.until)
    return {"above": f"{scope}|{since}", "below": f"{scope}|{until}"}
