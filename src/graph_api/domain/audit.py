"""What a mutation did, as the audit log keeps it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: its API name, and its values as text; None is unset."""

    field: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Audited:
    """One thing that was done; written as an event in the chain of `subject_id`, in the mutation's transaction."""

    action: str
    """The mutation's name, or what happened, as `invitation.accepted`."""
    subject_id: str
    """Whose chain: the client's; the person's, when no client is concerned; the practice's, for its settings."""
    contact_id: str | None = None
    contact_version: int | None = None
    changes: tuple[FieldChange, ...] = ()
    reason: str = "role"
    """Why it was allowed: `role`, `account`, `code`, `invitation` or the access rule's words."""
