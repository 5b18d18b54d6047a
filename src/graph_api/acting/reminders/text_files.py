"""Texts as files, where no gateway is set and nobody but this machine reaches the server."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from graph_api.acting.reminders.ports import Text
from graph_api.kernel.caller import Practice
from graph_api.mail.files import MessageFiles


class TextFiles:
    """Implements the `SmsGateway` port; their owner alone may read them."""

    def __init__(self, directory: Path, now: Callable[[], datetime]) -> None:
        self._files = MessageFiles(directory, "txt", now)

    def offers(self, practice: Practice) -> bool:
        """For every practice."""
        return True

    async def send(self, practice: Practice, text: Text) -> None:
        """Write it.

        Raises:
            TransportDown: it can't be written.
        """
        await self._files.write(f"To: {text.phone}\nName: {text.name}\n\n{text.body}\n".encode())
