"""Texts by Twilio, through its official library.

A text that may have been taken already is looked for before it is sent again. Twilio's list is asked by the phone
alone and told apart by when a text was made: its filter by when a text was sent passes over those that still wait.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from graph_api.kernel.caller import Practice
from graph_api.mail.model import LetterDeferred, LetterRefused, TransportDown
from graph_api.sms.accounts import TwilioAccount
from graph_api.sms.ports import NumberStopped, Text

CLOCKS_APART = timedelta(minutes=5)
"""By which Twilio's clock and ours may differ at most."""
ASKED_WITHIN = 20.0
"""Seconds."""
LOOKED_THROUGH = 100
"""Texts to one phone, the newest first."""
STOPPED = 21610
"""Twilio's code: the number's owner has answered STOP."""
_OF_THE_NUMBER = frozenset({21211, 21214, 21217, 21219, 21401, 21407, 21408, 21421, 21612, 21614, 21635})
"""Twilio's codes of numbers that never take a text."""
_NOT_SENT = frozenset({"failed", "undelivered", "canceled"})

log = logging.getLogger(__name__)
for client in ("httpx", "httpcore"):  # they log each address that is asked, and a number stands in it
    logging.getLogger(client).setLevel(logging.WARNING)


class _Http(AsyncHttpClient):  # type: ignore[misc]  # the library has no types
    """How the library asks: by the client that all of this program uses, and at another address where one is given."""

    def __init__(self, url: str | None) -> None:
        super().__init__(log, True, None)
        self._at = None if url is None else urlsplit(url)
        self._client = httpx.AsyncClient(timeout=ASKED_WITHIN, trust_env=False)

    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Ask."""
        if self._at is not None:
            url = urlunsplit(urlsplit(url)._replace(scheme=self._at.scheme, netloc=self._at.netloc))
        found = await self._client.request(method, url, params=params, data=data, headers=headers, auth=auth)
        return Response(found.status_code, found.text, found.headers)

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()


class TwilioGateway:
    """Implements the `SmsGateway` port."""

    def __init__(
        self, accounts: Mapping[str, TwilioAccount], public_url: str | None = None, url: str | None = None
    ) -> None:
        """
        Args:
            accounts: by practices' slugs.
            public_url: where Twilio reaches this server; None: it is not asked to tell how far a text has come.
            url: of another server than Twilio's, for tests.
        """
        self._accounts = accounts
        self._public_url = public_url
        self._url = url
        self._http: _Http | None = None
        self._clients: dict[str, Client] = {}

    def offers(self, practice: Practice) -> bool:
        """For practices that have an account."""
        return practice.slug in self._accounts

    async def send(self, practice: Practice, text: Text) -> str | None:
        """Hand it over; Twilio's id of it.

        Raises:
            NumberStopped: the number's owner wants no texts.
            LetterRefused: the number takes none.
            LetterDeferred: it may be taken later.
            TransportDown: Twilio can't be asked.
        """
        account = self._accounts[practice.slug]
        sender = {"from_": account.sender} if account.sender else {}
        service = {} if account.sender else {"messaging_service_sid": account.messaging_service_sid}
        told = {} if self._public_url is None else {"status_callback": self._public_url + status_path(practice.slug)}
        try:
            made = await self._client(practice).messages.create_async(
                text.phone, body=text.body, **sender, **service, **told
            )
        except Exception as error:
            raise _meant(error) from None
        return str(made.sid)

    async def sent_since(self, practice: Practice, text: Text, since: datetime) -> Sequence[str]:
        """Ids of such texts that Twilio has taken since then.

        Raises:
            LetterDeferred: it does not say now.
            TransportDown: it can't be asked.
        """
        try:
            found = await self._client(practice).messages.list_async(to=text.phone, limit=LOOKED_THROUGH)
        except Exception as error:
            raise _meant(error) from None
        oldest = since - CLOCKS_APART
        return [
            str(one.sid)
            for one in found
            if one.body == text.body and one.status not in _NOT_SENT and (one.date_created or since) >= oldest
        ]

    async def close(self) -> None:
        """Let go of connections."""
        if self._http is not None:
            await self._http.close()
            self._http, self._clients = None, {}

    def _client(self, practice: Practice) -> Client:
        if self._http is None:
            self._http = _Http(self._url)
        client = self._clients.get(practice.slug)
        if client is None:
            account = self._accounts[practice.slug]
            secret = account.api_secret.get_secret_value()
            client = Client(account.api_key, secret, account.account_sid, http_client=self._http)
            self._clients[practice.slug] = client
        return client


def inbound_path(slug: str) -> str:
    """Where Twilio posts what people answer."""
    return f"/webhooks/twilio/{slug}"


def status_path(slug: str) -> str:
    """Where Twilio posts how far a text has come."""
    return f"{inbound_path(slug)}/status"


def _meant(error: Exception) -> Exception:
    """What an error of the library's means for a text; its own text holds the number."""
    if isinstance(error, TwilioRestException):
        if error.code == STOPPED:
            return NumberStopped()
        if error.code in _OF_THE_NUMBER:
            return LetterRefused()
        if error.status in (401, 403):
            log.warning("Twilio refuses a practice's key: status %s, code %s", error.status, error.code)
        return LetterDeferred()
    if isinstance(error, TwilioException | httpx.HTTPError | OSError):
        return TransportDown(type(error).__name__)
    return error
