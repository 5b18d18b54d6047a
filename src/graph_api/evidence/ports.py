"""What verifying asks of the graph."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from graph_api.audit.model import Head
from graph_api.evidence.comparison import Present


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
