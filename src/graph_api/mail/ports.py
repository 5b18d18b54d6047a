"""The ports that sending mail needs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from graph_api.kernel.caller import Practice
from graph_api.kernel.transaction import Transaction
from graph_api.mail.model import Delivery, Letter, QueuedMail, Wait


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


Composer = Callable[[Transaction, QueuedMail, Composing], Awaitable[Letter | Wait | None]]
"""Writes a letter in the transaction that claims its mail, and stores the hash of the secret it brings; None when there
is nothing to tell any more, or a time until which it waits. It may run again, from the same secret."""

Tracker = Callable[[Transaction, str, Delivery], Awaitable[None]]
"""Is told how far the mail about a subject has come, in the transaction that notes it."""
