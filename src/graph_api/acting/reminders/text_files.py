"""Texts as files, where no gateway is set and nobody but this machine reaches the server."""

import asyncio
import os
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from graph_api.acting.reminders.ports import Text
from graph_api.kernel.caller import Practice
from graph_api.mail.model import TransportDown

_MOMENT = "%Y%m%dT%H%M%S.%f"


class TextFiles:
    """Implements the `SmsGateway` port; their owner alone may read them."""

    def __init__(self, directory: Path, now: Callable[[], datetime]) -> None:
        self._directory = directory
        self._now = now

    def offers(self, practice: Practice) -> bool:
        """For every practice."""
        return True

    async def send(self, practice: Practice, text: Text) -> None:
        """Write it; the file's name tells when, and nothing else.

        Raises:
            TransportDown: it can't be written.
        """
        name = f"{self._now().strftime(_MOMENT)}-{secrets.token_hex(4)}.txt"
        try:
            await asyncio.to_thread(self._write, name, f"To: {text.phone}\nName: {text.name}\n\n{text.body}\n")
        except OSError as error:
            raise TransportDown(f"{self._directory}: {error.strerror}") from None

    def _write(self, name: str, content: str) -> None:
        """All at once: who watches the directory finds no half of a text."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory.chmod(0o700)
        draft = self._directory / f".{name}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
        draft.rename(self._directory / name)
