"""What verifying looks at besides chains."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PracticeNode:
    """What nobody changes of a practice by any mutation, and who is let in where depends on."""

    slug: str
    name: str
    time_zone: str
    region: str
    created_at: str


@dataclass(frozen=True, slots=True)
class Stray:
    """An account that is nobody's, or not found where it should be."""

    account_id: str
    practice_id: str
    person_id: str
    """Of whom it says it is."""


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
