"""What a mutation says happened, and who writes it down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from graph_api.kernel.caller import Caller
from graph_api.kernel.transaction import Transaction


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: its API name, and its values as text; None is unset."""

    field: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Happened:
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
    account_id: str | None = None
    """Whose doing it is where the request came without a token: a secret of the account's holder did it."""


class Unreported(RuntimeError):
    """A mutation changed something and reported no event; nothing of it stays."""


class Recorder(Protocol):
    """Writes down what happened, in the transaction that did it."""

    async def record(self, tx: Transaction, caller: Caller, events: Sequence[Happened], now: datetime) -> None:
        """Write `events` down."""
