"""Hands a reminder over: a letter to the mail server, a text to the gateway."""

import asyncio
import hashlib
import hmac
import logging
from dataclasses import dataclass, replace

from graph_api.acting.reminders.graph.sending import Dues
from graph_api.acting.reminders.letters import reminder_letter
from graph_api.acting.reminders.looking import ToSend
from graph_api.acting.reminders.model import Delivery, ReminderChannel
from graph_api.acting.reminders.texts import reminder_text
from graph_api.acting.reminders.unsubscribing import link_for
from graph_api.kernel.caller import Practice
from graph_api.mail.model import LetterDeferred, LetterRefused, TransportDown
from graph_api.mail.ports import Transport
from graph_api.mail.sending import SENT_WITHIN
from graph_api.sms.ports import SmsGateway, Text

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handed:
    """A message that was taken."""

    gateway_id: str | None = None
    """By which the SMS gateway knows it."""


class Handing:
    """One process's."""

    def __init__(
        self, dues: Dues, transport: Transport, gateway: SmsGateway, secret: bytes, public_url: str | None = None
    ) -> None:
        """
        Args:
            dues: says which texts are known to have been sent.
            transport: takes letters away.
            gateway: takes texts away.
            secret: the installation's: messages get names, and links, that only it can make.
            public_url: where this server is reached from outside; None where nobody has said it: no links then.
        """
        self._dues = dues
        self._transport = transport
        self._gateway = gateway
        self._secret = secret
        self._public_url = None if public_url is None else public_url.rstrip("/")

    async def hand_over(self, practice: Practice, one: ToSend) -> Handed | None:
        """Give it away; None: it is to be tried again.

        Raises:
            NumberStopped: the phone's owner wants no texts.
            LetterRefused: nobody will ever take it.
        """
        try:
            async with asyncio.timeout(SENT_WITHIN):
                if one.address.channel is ReminderChannel.SMS:
                    return Handed(await self._text(practice, one))
                await self._letter(practice, one)
                return Handed()
        except LetterRefused:
            raise
        except Exception as error:
            if not isinstance(error, LetterDeferred | TransportDown | TimeoutError):
                log.warning("a reminder can't be handed over: %s", type(error).__name__)
            return None

    async def _letter(self, practice: Practice, one: ToSend) -> None:
        link = None
        if self._public_url is not None:
            link = self._public_url + link_for(self._secret, practice, one.address).path
        letter = reminder_letter(one.address.value, practice.name, one.appointment, one.location, one.zone, link)
        await self._transport.send(replace(letter, name=self._name(one.delivery)))

    async def _text(self, practice: Practice, one: ToSend) -> str | None:
        """Hand a text over, unless an earlier try has done so; the gateway's id of it."""
        body = reminder_text(practice.name, one.appointment, one.location, one.zone)
        text = Text(one.address.value, body, self._name(one.delivery))
        first_at = one.delivery.first_at
        if one.delivery.attempts > 1 and first_at is not None:
            sent = await self._gateway.sent_since(practice, text, first_at)
            of_others = await self._dues.known_texts(practice, sent) if sent else frozenset()
            if own := [gateway_id for gateway_id in sent if gateway_id not in of_others]:
                return own[0]
        return await self._gateway.send(practice, text)

    def _name(self, delivery: Delivery) -> str:
        """The same each time it is handed over."""
        return hmac.new(self._secret, b"reminder-mail\x00" + delivery.key.encode(), hashlib.sha256).hexdigest()[:32]
