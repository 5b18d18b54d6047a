"""What the audit log asks of the graph. Repositories implement it; bootstrap injects them."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from graph_api.domain.audit import AuditEvent, Head
from graph_api.domain.audit_chain import StoredEvent
from graph_api.domain.audit_present import Present


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


@dataclass(frozen=True, slots=True)
class PracticeNode:
    """What nobody changes of a practice by any mutation, and who is let in where depends on."""

    slug: str
    name: str
    time_zone: str
    region: str


class AuditStates(Protocol):
    """What the graph says of the subjects of one practice's chains."""

    @property
    def fact_fields(self) -> frozenset[str]:
        """Which of a person's fields decisions rest on where they are a client."""

    async def of(self, subject_ids: Sequence[str]) -> Mapping[str, Present]:
        """What the graph says of each; of who is not there, that they are not."""

    async def node(self) -> PracticeNode | None:
        """The practice's own fields; None where its node is not there."""


@dataclass(frozen=True, slots=True)
class Stray:
    """An account that is nobody's, or not found where it should be."""

    account_id: str
    practice_id: str
    person_id: str
    """Of whom it says it is."""


class Everything(Protocol):
    """What the graph holds of all practices; for verifying alone."""

    def practices_of_events(self) -> AsyncIterator[str]:
        """Whose events there are, by what events say of it."""

    def without_events(self) -> AsyncIterator[Mapping[str, Sequence[str]]]:
        """People in no event by their practice, some at a time."""

    async def stray_accounts(self) -> Sequence[Stray]:
        """At most a thousand."""


@dataclass(frozen=True, slots=True)
class LastCheckpoint:
    """The last entry of a practice's checkpoints."""

    number: int
    at: datetime
    through: datetime
    """Events written before were looked at."""


@dataclass(frozen=True, slots=True)
class Witness:
    """What the database is told of the newest checkpoint: its number and digest, signed with the sealing key."""

    number: int
    digest: str
    signature: str


class Witnesses(Protocol):
    """The database's notes of one practice's newest checkpoint."""

    async def read(self, key_id: str) -> Witness | None:
        """The one that was signed with the key of this id."""

    async def note(self, key_id: str, witness: Witness) -> None:
        """Take the place of the one before."""


class Checkpoints(Protocol):
    """A practice's checkpoints, outside the database: where its chains ended, signed. Methods block on files."""

    @property
    def last(self) -> LastCheckpoint | None:
        """The last one, as of the last `refresh`."""

    @property
    def faults(self) -> Sequence[str]:
        """What is wrong with the checkpoints themselves, in words."""

    def exclusive(self) -> AbstractContextManager[bool]:
        """Hold the right to seal; False where another process has it."""

    def refresh(self) -> None:
        """Read what was added."""

    def sealed(self, subject_ids: Sequence[str]) -> Mapping[str, Head]:
        """Where the chains ended, of those that were sealed."""

    @property
    def key_id(self) -> str:
        """Names the key that signs them, and does not tell it."""

    @property
    def untold(self) -> int | None:
        """How many people and contacts no event told of when they were first counted: there can't be more later."""

    @property
    def is_behind(self) -> bool:
        """Whether the database knows of checkpoints that are not there: then nothing may be added."""

    def compare(self, witness: Witness | None, node: PracticeNode | None) -> None:
        """Add to `faults` what does not go with what the database says."""

    def witness(self) -> Witness | None:
        """What the database is to be told of the last one; None where it knows it, or knows more."""

    def append(
        self,
        heads: Mapping[str, Head],
        at: datetime,
        through: datetime,
        node: PracticeNode | None = None,
        handover: Mapping[str, str] | None = None,
        untold: int | None = None,
    ) -> None:
        """Add a checkpoint; it is on the disk when this returns."""

    def former(self, subject_ids: Sequence[str]) -> Mapping[str, Sequence[tuple[int, str]]]:
        """Up to which number of a chain a former audit key was used, and what it is known by; "" where it is lost."""

    def mark_seen(self, subject_ids: Sequence[str]) -> None:
        """These chains are there."""

    def unseen(self) -> Iterator[tuple[str, Head]]:
        """Chains that were sealed and not marked since."""
