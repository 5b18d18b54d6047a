"""Sends the mails that wait. Any number of senders may run: each mail is claimed by one at a time.

A mail is claimed and written in one transaction, which stores the hash of the secret it brings; then it is handed over.
Whoever dies in between leaves a hash of a secret that nobody has. When the claim has run out the mail is claimed and
written again, from a fresh secret, and the earlier one is void.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from graph_api.domain.mail import ClaimedMail, Letter, LetterDeferred, LetterRefused, MailKind, TransportDown
from graph_api.domain.model import Practice
from graph_api.outages import Outage
from graph_api.services.ports import Graph, Writes
from graph_api.services.ports_accounts import Composer, Composing, Outbox, Transport

log = logging.getLogger(__name__)

AT_ONCE = 100
LEASE = timedelta(minutes=2)
SENT_WITHIN = 60.0
"""Seconds that a letter may take to be handed over; less than the lease."""
MAX_ATTEMPTS = 12
MAX_AGE = timedelta(days=3)
GIVEN_UP_IS_KEPT = timedelta(days=30)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=4)
LOOK_EVERY = 10.0
"""Seconds between looks for mails of other workers, or that are tried again."""


@dataclass(slots=True)
class SendReport:
    """What one look at the outbox did."""

    sent: int = 0
    dropped: int = 0
    """Those that had nothing to tell any more."""
    postponed: int = 0
    given_up: int = 0


def retry_after(attempts: int) -> timedelta:
    """How long to wait after so many tries."""
    factor: int = 3 ** (attempts - 1)
    return min(FIRST_RETRY * factor, LONGEST_RETRY)


class MailSender:
    """One sender."""

    def __init__(
        self,
        outbox: Outbox,
        transport: Transport,
        composers: Mapping[MailKind, Composer],
        portal_url: str,
        installation_secret: bytes,
        now: Callable[[], datetime],
    ) -> None:
        self._outbox = outbox
        self._transport = transport
        self._composers = composers
        self._portal_url = portal_url.rstrip("/")
        self._installation_secret = installation_secret
        self._now = now
        self._woken = asyncio.Event()
        self._outbox_outage = Outage(log, "the outbox could not be read")
        self._transport_outage = Outage(log, "no mail can be sent")

    def wake(self) -> None:
        """There is mail: look for it at once."""
        self._woken.set()

    async def run(self) -> None:
        """Send what comes, until cancelled."""
        while True:
            try:
                await self.send_due()
                self._outbox_outage.over()
            except Exception as error:
                self._outbox_outage.failed(type(error).__name__)
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self._woken.wait()
            except TimeoutError:
                continue
            finally:
                self._woken.clear()

    async def send_due(self) -> SendReport:
        """Send what is due now. Where nothing can be handed over the rest is left as it is, untried."""
        report = SendReport()
        while found := await self._outbox.due(self._now(), AT_ONCE):
            practices = await self._outbox.practices(sorted({practice for practice, _ in found}))
            for practice_id, key in found:
                if practice_id in practices and not await self._try(practices[practice_id], key, report):
                    return report
            if len(found) < AT_ONCE or not practices:
                break
        return report

    async def _try(self, practice: Practice, key: str, report: SendReport) -> bool:
        """As `_send`. A mail that can't be written is set aside: it must not stand in the others' way."""
        try:
            return await self._send(practice, key, report)
        except Exception as error:
            log.warning("a mail can't be sent: %s", type(error).__name__)
        graph, now, lease = self._outbox.graph(practice), self._now(), secrets.token_hex(16)
        claimed = await graph.write(lambda tx: tx.outbox.claim(key, lease, now, now + LEASE))
        if claimed is not None:
            await self._postpone(graph, claimed, report)
        return True

    async def _send(self, practice: Practice, key: str, report: SendReport) -> bool:
        """Claim one, write it and hand it over; whether it is worth while to try the next."""
        graph = self._outbox.graph(practice)
        found = await self._claim(graph, practice, key)
        if found is None:
            return True
        claimed, letter = found
        if letter is None:
            await graph.write(lambda tx: tx.outbox.sent(claimed))
            report.dropped += 1
            return True
        try:
            async with asyncio.timeout(SENT_WITHIN):
                await self._transport.send(letter)
        except LetterRefused:
            log.warning("the mail server refuses a letter: %s", claimed.mail.kind.value)
            await self._give_up(graph, claimed, report)
            return True
        except LetterDeferred:
            await self._postpone(graph, claimed, report)
            return True
        except (TransportDown, TimeoutError) as error:
            self._transport_outage.failed(str(error) if isinstance(error, TransportDown) else "it takes too long")
            await self._postpone(graph, claimed, report)
            return False
        except Exception as error:
            log.warning("a mail can't be handed over: %s", type(error).__name__)
            await self._postpone(graph, claimed, report)
            return True
        self._transport_outage.over()
        await graph.write(lambda tx: tx.outbox.sent(claimed))
        report.sent += 1
        return True

    async def _claim(self, graph: Graph, practice: Practice, key: str) -> tuple[ClaimedMail, Letter | None] | None:
        """The mail, held by this sender, and its letter; no letter where there is nothing to tell any more."""
        now, lease, secret = self._now(), secrets.token_hex(16), secrets.token_bytes(32)
        portal_url = self._portal_url.replace("{practice}", practice.slug)
        composing = Composing(practice, portal_url, secret, self._installation_secret, now)

        async def claim(tx: Writes) -> tuple[ClaimedMail, Letter | None] | None:
            claimed = await tx.outbox.claim(key, lease, now, now + LEASE)
            if claimed is None:
                return None
            mail = claimed.mail
            if claimed.given_up or (mail.expires_at is not None and mail.expires_at <= now):
                return claimed, None
            return claimed, await self._composers[mail.kind](tx, mail, composing)

        return await graph.write(claim)

    async def _postpone(self, graph: Graph, claimed: ClaimedMail, report: SendReport) -> None:
        now = self._now()
        if claimed.attempts >= MAX_ATTEMPTS or now - claimed.created_at >= MAX_AGE:
            await self._give_up(graph, claimed, report)
            return
        due_at = now + retry_after(claimed.attempts)
        await graph.write(lambda tx: tx.outbox.postpone(claimed, due_at))
        report.postponed += 1

    async def _give_up(self, graph: Graph, claimed: ClaimedMail, report: SendReport) -> None:
        now = self._now()
        await graph.write(lambda tx: tx.outbox.give_up(claimed, now, now + GIVEN_UP_IS_KEPT))
        report.given_up += 1
