"""What sends texts to phones."""

from dataclasses import dataclass
from typing import Protocol

from graph_api.kernel.caller import Practice
from graph_api.kernel.scope import Scope


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is handed over."""

    phone: str
    """In E.164."""
    body: str
    name: str
    """By which it is known again, where it is handed over twice."""


class SmsGateway(Protocol):
    """Takes texts away."""

    def offers(self, practice: Practice) -> bool:
        """Whether it does for this practice."""

    async def send(self, practice: Practice, text: Text) -> None:
        """Hand it over.

        Raises:
            LetterRefused: it will never be taken.
            LetterDeferred: it may be taken later; others may be taken now.
            TransportDown: nothing can be taken now.
        """


class NoGateway:
    """Where there is none: nobody is sent a text."""

    def offers(self, practice: Practice) -> bool:
        """No."""
        return False

    async def send(self, practice: Practice, text: Text) -> None:
        """Never."""
        raise AssertionError("no texts are planned without a gateway")


class Texting:
    """Whether texts can be sent, as the plan asks."""

    def __init__(self, _scope: Scope | None = None, gateway: SmsGateway | None = None) -> None:
        """For one caller."""
        self._gateway = gateway or NoGateway()

    def offers(self, practice: Practice) -> bool:
        """Whether they can for this practice."""
        return self._gateway.offers(practice)
