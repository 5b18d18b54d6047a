"""Messages as files, where no mail server is set. Letters hold live secrets, so their owner alone may read them."""

import asyncio
import os
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from graph_api.mail.message import message_of
from graph_api.mail.model import Letter, TransportDown

KEPT = timedelta(days=30)
_MOMENT = "%Y%m%dT%H%M%S.%f"


class MessageFiles:
    """A directory of messages of one kind, which their owner alone may read."""

    def __init__(self, directory: Path, ending: str, now: Callable[[], datetime]) -> None:
        """`ending` is of their names, as `eml`."""
        self._directory = directory
        self._ending = ending
        self._now = now

    async def write(self, content: bytes) -> None:
        """Write one; the file's name tells when, and nothing else.

        Raises:
            TransportDown: it can't be written.
        """
        name = f"{self._now().strftime(_MOMENT)}-{secrets.token_hex(4)}.{self._ending}"
        try:
            await asyncio.to_thread(self._write, name, content)
        except OSError as error:
            raise TransportDown(f"{self._directory}: {error.strerror}") from None

    def _write(self, name: str, content: bytes) -> None:
        """All at once: who watches the directory finds no half of a message."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory.chmod(0o700)
        draft = self._directory / f".{name}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self._directory / name)
        self._forget()

    def _forget(self) -> None:
        """Secrets in old messages open nothing any more; addresses need not be kept either.

        A message's age is what its name says: a copy or a file server's own clock changes the file's times.
        """
        oldest = (self._now() - KEPT).strftime(_MOMENT)
        for path in self._directory.glob(f"*.{self._ending}"):
            if path.name < oldest:
                path.unlink(missing_ok=True)  # another sender was faster


class MailFiles:
    """Implements the `Transport` port: letters as .eml files."""

    def __init__(self, directory: Path, mail_from: str, now: Callable[[], datetime]) -> None:
        self._files = MessageFiles(directory, "eml", now)
        self._from = mail_from
        self._now = now

    async def send(self, letter: Letter) -> None:
        """Write it.

        Raises:
            TransportDown: it can't be written.
        """
        await self._files.write(message_of(letter, self._from, self._now()).as_bytes())
