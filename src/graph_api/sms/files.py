"""Texts as files, where no gateway is set and nobody but this machine reaches the server."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from graph_api.kernel.caller import Practice
from graph_api.mail.files import MessageFiles
from graph_api.sms.ports import Text


class TextFiles:
    """Implements the `SmsGateway` port; their owner alone may read them."""

    def __init__(self, directory: Path, now: Callable[[], datetime]) -> None:
        self._files = MessageFiles(directory, "txt", now)

    def offers(self, practice: Practice) -> bool:
        """For every practice."""
        return True

    async def send(self, practice: Practice, text: Text) -> str | None:
        """Write it.

        Raises:
            TransportDown: it can't be written.
        """
        await self._files.write(f"To: {text.phone}\nName: {text.name}\n\n{text.body}\n".encode())
        return None

    async def sent_since(self, practice: Practice, text: Text, since: datetime) -> Sequence[str]:
        """Files have no ids: what was written twice stands there twice, under one name."""
        return ()

    async def close(self) -> None:
        """Nothing is open."""
