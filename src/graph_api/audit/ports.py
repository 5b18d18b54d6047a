"""What the audit log asks of the graph. Repositories implement it; bootstrap injects them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from graph_api.audit.chain import StoredEvent
from graph_api.audit.model import AuditEvent, Head


class AuditWrites(Protocol):
    """Writing events inside one write transaction of one practice."""

    async def heads(self, subject_ids: Sequence[str]) -> Mapping[str, Head]:
        """Where the subjects' chains end, read under their locks; taken here, in the order given, if not before."""

    async def write(self, events: Sequence[AuditEvent]) -> None:
        """Add events to the ends of their chains; in one statement."""


class AuditedWrites(Protocol):
    """A write transaction of one practice, as the audit log needs it."""

    @property
    def practice_id(self) -> str:
        """Whose it is."""

    @property
    def changed(self) -> bool:
        """Whether anything was changed; locks are no change."""

    @property
    def audit(self) -> AuditWrites:
        """Where events go."""


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which events; None does not narrow. Times are half-open: from `since` on, before `until`."""

    subject_id: str | None = None
    actor: str | None = None
    contact_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogPosition:
    """The event after which a page goes on."""

    event_id: str
    at: str
    sequence: int


class AuditReads(Protocol):
    """Reading events of one practice."""

    async def page(self, narrow: LogFilter, after: LogPosition | None, size: int) -> Sequence[AuditEvent]:
        """At most `size` events, newest first."""

    async def total(self, narrow: LogFilter) -> int:
        """How many there are."""

    async def by_ids(self, ids: Sequence[str]) -> Mapping[str, AuditEvent]:
        """Those that exist, by id."""

    def in_order(self, narrow: LogFilter) -> AsyncIterator[Sequence[AuditEvent]]:
        """All that the times let through, oldest first, some at a time."""


class AuditChains(Protocol):
    """Following the chains of one practice."""

    def chains(self) -> AsyncIterator[Sequence[StoredEvent]]:
        """All events by subject and number, some at a time."""

    async def heads(self, subject_ids: Sequence[str]) -> Mapping[str, Head]:
        """Where the graph itself says that chains end."""

    def changed_since(self, since: datetime) -> AsyncIterator[Sequence[str]]:
        """Whose chains have events from then on, some at a time; repeats are possible."""

    def after(self, subject_id: str, sequence: int) -> AsyncIterator[Sequence[StoredEvent]]:
        """A chain's events after a number, some at a time."""
