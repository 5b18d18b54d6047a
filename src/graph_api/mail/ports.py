"""What sending mail asks of others."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from graph_api.kernel.caller import Practice
from graph_api.mail.model import ClaimedMail, Letter, QueuedMail, Wait

if TYPE_CHECKING:
    from graph_api.kernel.ports import Graph, Writes


class OutboxWrites(Protocol):
    """Mails that wait, inside a write transaction. The sender is woken once the transaction is committed.

    A mail is written after people's locks and before the invitation or code that it is about: senders take the same
    order.
    """

    async def add(self, mail: QueuedMail, now: datetime) -> None:
        """Send it soon; it takes the place of one of the same kind and subject."""

    async def claim(self, key: str, lease: str, now: datetime, until: datetime) -> ClaimedMail | None:
        """Hold a mail until then; None when another sender does, or it is not due, or gone."""

    async def sent(self, claimed: ClaimedMail) -> bool:
        """Forget it: it was sent, or is of no use; False where another took its place, or another sender has it."""

    async def postpone(self, claimed: ClaimedMail, due_at: datetime, *, untried: bool = False) -> bool:
        """Try again later; what is `untried` waits as if it had never been claimed. False as `sent` says."""

    async def give_up(self, claimed: ClaimedMail, at: datetime, forget_at: datetime) -> bool:
        """Try no more; `graph-api doctor` tells of it until it is forgotten. False as `sent` says."""


class Outbox(Protocol):
    """The mails of every practice, for the sender."""

    async def due(self, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """Practice and key of mails that are due, the longest waiting first."""

    async def practices(self, ids: Sequence[str]) -> Mapping[str, Practice]:
        """Those that exist, by id."""

    def graph(self, practice: Practice) -> "Graph":
        """The practice's graph."""


class Transport(Protocol):
    """What takes letters away."""

    async def send(self, letter: Letter) -> None:
        """Hand it over.

        Raises:
            LetterRefused: it will never be taken.
            LetterDeferred: it may be taken later; others may be taken now.
            TransportDown: nothing can be taken now.
        """


@dataclass(frozen=True, slots=True)
class Composing:
    """What a composer has besides the mail."""

    practice: Practice
    portal_url: str
    """Where the practice's front end is."""
    secret: bytes
    """32 fresh random bytes, to make the mail's code or token from; nobody else has them."""
    installation_secret: bytes
    """For keyed hashes of what could be guessed."""
    now: datetime
    added_at: datetime
    """When the mail was added to the outbox."""


Composer = Callable[["Writes", QueuedMail, Composing], Awaitable[Letter | Wait | None]]
"""Writes a letter in the transaction that claims its mail, and stores the hash of the secret it brings; None when there
is nothing to tell any more, or a time until which it waits. It may run again, from the same secret."""
