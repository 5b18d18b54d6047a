"""Which events of the log are asked for, and from where."""

from dataclasses import dataclass
from datetime import datetime

from graph_api.kernel.happened import EventKind


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which events; None does not narrow. Times are half-open: from `since` on, before `until`."""

    subject_id: str | None = None
    actor: str | None = None
    contact_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    kinds: frozenset[EventKind] | None = None


@dataclass(frozen=True, slots=True)
class LogPosition:
    """The event after which a page goes on."""

    event_id: str
    at: str
    sequence: int
