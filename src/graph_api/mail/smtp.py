"""Letters by SMTP, over TLS wherever the server offers it; with a password never without."""

import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import aiosmtplib
from aiosmtplib import SMTP

from graph_api.mail.message import message_of, sendable
from graph_api.mail.model import DeliveryProblem, Letter, LetterRefused, TransportDown
from graph_api.mail.replies import of_the_letter
from graph_api.mail_server import MailServer

STEP_WITHIN = 20.0
"""Seconds for each step of the conversation."""


class SmtpTransport:
    """Implements the `Transport` port."""

    def __init__(self, server: MailServer, mail_from: str, now: Callable[[], datetime]) -> None:
        self._server = server
        self._from = mail_from
        self._now = now
        # It takes tens of milliseconds to make: made for each letter, requests beside it would tell that one is sent.
        self._tls = ssl.create_default_context()

    async def send(self, letter: Letter) -> None:
        """Hand it over.

        Raises:
            LetterRefused: it will never be taken.
            LetterDeferred: it may be taken later.
            TransportDown: nothing can be taken now.
        """
        message = message_of(letter, self._from, self._now())
        async with self._connected() as smtp:
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
    async def _connected(self) -> AsyncIterator[SMTP]:
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
        try:
            yield smtp
        finally:
            # What was taken is taken, whether or not the server says good-bye.
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await smtp.quit()
            smtp.close()

    def _down(self, error: Exception) -> TransportDown:
        """In words; the server's own may hold addresses."""
        return TransportDown(f"the mail server {self._server} {_reason(error)}")


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
