"""What a mutation did, as the audit log keeps it."""

from dataclasses import dataclass

from graph_api.kernel.caller import Caller


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a token's subject and role, or a command; and under which id the log has the request."""

    subject: str
    role: str
    request_id: str = ""

    @classmethod
    def of(cls, caller: Caller) -> "Actor":
        """The caller as an actor."""
        return cls(caller.subject, caller.role.value, caller.request_id)


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """A change as an event keeps it. The MAC covers the field and the digest; the readable copy can be erased."""

    field: str
    digest: str
    before: str | None = None
    after: str | None = None
    salt: str | None = None
    """Goes with the readable copy: without it the digest tells nothing of values that could be guessed."""

    @property
    def is_erased(self) -> bool:
        """Whether the readable copy is gone."""
        return self.salt is None


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One entry of a chain; immutable but for the readable copies of its changes."""

    id: str
    subject_id: str
    sequence: int
    """From 1, without gaps, within the subject's chain."""
    at: str
    """UTC text of one length; later than the event before it in the chain."""
    actor: str
    actor_role: str
    action: str
    contact_id: str | None
    contact_version: int | None
    changes: tuple[RecordedChange, ...]
    reason: str
    request_id: str
    mac: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: how many events it has, the last one's MAC and time."""

    count: int = 0
    mac: str = ""
    at: str = ""


NO_EVENTS = Head()
