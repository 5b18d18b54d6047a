"""What sends texts to phones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from graph_api.kernel.caller import Practice
from graph_api.mail.model import LetterRefused


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is handed over."""

    phone: str
    """In E.164."""
    body: str
    name: str
    """By which it is known again, where it is handed over twice."""


class NumberStopped(LetterRefused):
    """The number's owner told the gateway that no more texts are to come."""


class SmsGateway(Protocol):
    """Takes texts away."""

    def offers(self, practice: Practice) -> bool:
        """Whether it does for this practice."""

    async def send(self, practice: Practice, text: Text) -> str | None:
        """Hand it over; the gateway's own id of it, where it gives one.

        Raises:
            NumberStopped: the number's owner wants no texts.
            LetterRefused: it will never be taken.
            LetterDeferred: it may be taken later; others may be taken now.
            TransportDown: nothing can be taken now.
        """

    async def sent_since(self, practice: Practice, text: Text, since: datetime) -> Sequence[str]:
        """Ids of such texts that the gateway has taken since then: the same words to the same phone.

        Raises:
            LetterDeferred: it does not say now.
            TransportDown: it can't be asked.
        """

    async def close(self) -> None:
        """Let go of connections."""


class NoGateway:
    """Where there is none: nobody is sent a text."""

    def offers(self, practice: Practice) -> bool:
        """No."""
        return False

    async def send(self, practice: Practice, text: Text) -> str | None:
        """Never."""
        raise AssertionError("no texts are planned without a gateway")

    async def sent_since(self, practice: Practice, text: Text, since: datetime) -> Sequence[str]:
        """None."""
        return ()

    async def close(self) -> None:
        """Nothing."""
