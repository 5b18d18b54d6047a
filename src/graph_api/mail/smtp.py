"""Letters by SMTP, over TLS wherever the server offers it; with a password never without."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import aiosmtplib
from aiosmtplib import SMTP

from graph_api.mail.message import message_of, sendable
from graph_api.mail.model import DeliveryProblem, Letter, LetterRefused, TransportDown
from graph_api.mail.replies import of_the_letter
from graph_api.mail_server import MailServer

STEP_WITHIN = 20.0
"""Seconds for each step of the conversation."""
KEPT_FOR = 15.0
"""Seconds that a connection is kept for the next letter; servers wait longer, and people shorter."""
MOST_KEPT = 4
MOST_LETTERS = 100
"""That go over one connection: some servers take no more."""


@dataclass(slots=True)
class _Kept:
    """A connection between two letters."""

    smtp: SMTP
    letters: int
    until: float
    """In the event loop's time."""


class SmtpTransport:
    """Implements the `Transport` port."""

    def __init__(self, server: MailServer, mail_from: str, now: Callable[[], datetime]) -> None:
        self._server = server
        self._from = mail_from
        self._now = now
        # It takes tens of milliseconds to make: made for each letter, requests beside it would tell that one is sent.
        self._tls = ssl.create_default_context()
        self._kept: list[_Kept] = []
        self._kept_of: asyncio.AbstractEventLoop | None = None
        """Whose connections these are: one loop's are of no use to another."""

    async def send(self, letter: Letter) -> None:
        """Hand it over.

        Raises:
            LetterRefused: it will never be taken.
            LetterDeferred: it may be taken later.
            TransportDown: nothing can be taken now.
        """
        message = message_of(letter, self._from, self._now())
        async with self._conversation() as smtp:
            try:
                await smtp.send_message(message, sender=sendable(self._from), recipients=[sendable(letter.address)])
            except aiosmtplib.SMTPRecipientsRefused as error:
                refused = min(error.recipients, key=lambda one: one.code)
                raise of_the_letter(refused.code, refused.message) from None
            except aiosmtplib.SMTPDataError as error:
                raise of_the_letter(error.code, error.message) from None
            except (aiosmtplib.SMTPNotSupported, ValueError):
                raise LetterRefused(DeliveryProblem.NEEDS_SMTPUTF8) from None
            except (aiosmtplib.SMTPException, OSError) as error:
                raise self._down(error) from None

    async def check(self) -> bool:
        """Sign in, and write nothing; whether the conversation is encrypted.

        Raises:
            TransportDown: nothing can be handed over.
        """
        async with self._connected() as smtp:
            return smtp.get_transport_info("sslcontext") is not None

    @asynccontextmanager
    async def _conversation(self) -> AsyncIterator[SMTP]:
        """A connection that was kept, or a new one; kept for the next letter when this one was taken."""
        found = await self._take()
        if found is None:
            found = _Kept(await self._connect(), 0, 0.0)
        try:
            yield found.smtp
        except BaseException:
            found.smtp.close()
            raise
        found.letters += 1
        if found.letters < MOST_LETTERS and len(self._kept) < MOST_KEPT:
            loop = asyncio.get_running_loop()
            found.until = loop.time() + KEPT_FOR
            self._kept.append(found)
            loop.call_later(KEPT_FOR, self._forget)
        else:
            await _quit(found.smtp)

    async def _take(self) -> _Kept | None:
        """A connection that was kept and still answers."""
        loop = asyncio.get_running_loop()
        if self._kept_of is not loop:
            self._kept, self._kept_of = [], loop
        while self._kept:
            found = self._kept.pop()
            try:
                if found.until > loop.time():
                    await found.smtp.noop()
                    return found
            except (aiosmtplib.SMTPException, OSError):
                pass  # the server has closed it meanwhile
            found.smtp.close()
        return None

    def _forget(self) -> None:
        """Close what was kept long enough; a server that hears no good-bye notices the end."""
        now = asyncio.get_running_loop().time()
        for found in [one for one in self._kept if one.until <= now]:
            self._kept.remove(found)
            found.smtp.close()

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[SMTP]:
        """A connection of its own."""
        smtp = await self._connect()
        try:
            yield smtp
        finally:
            await _quit(smtp)

    async def _connect(self) -> SMTP:
        server = self._server
        smtp = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.implicit_tls,
            start_tls=None if server.implicit_tls or not server.needs_tls else True,
            tls_context=self._tls,
            timeout=STEP_WITHIN,
        )
        try:
            await smtp.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            smtp.close()
            raise self._down(error) from None
        return smtp

    def _down(self, error: Exception) -> TransportDown:
        """In words; the server's own may hold addresses."""
        return TransportDown(f"the mail server {self._server} {_reason(error)}")


async def _quit(smtp: SMTP) -> None:
    """What was taken is taken, whether or not the server says good-bye."""
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await smtp.quit()
    smtp.close()


def _reason(error: Exception) -> str:
    """What is wrong with the server."""
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return "refuses the user or password"
    if isinstance(error, aiosmtplib.SMTPSenderRefused):
        return "refuses the sender (GRAPH_API_MAIL_FROM)"
    if isinstance(error, aiosmtplib.SMTPTimeoutError | TimeoutError):
        return "does not answer in time"
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return "has no certificate that is trusted here"
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return "offers no TLS, so the password is not sent, or offers no sign-in"
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"answers {error.code}"
    return "can't be reached"
