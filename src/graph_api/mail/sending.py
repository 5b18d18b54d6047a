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

from graph_api.kernel.caller import Practice
from graph_api.kernel.graph import Graph
from graph_api.kernel.transaction import Transaction
from graph_api.mail.graph import OutboxWrites
from graph_api.mail.model import (
    ClaimedMail,
    Delivery,
    DeliveryProblem,
    DeliveryStatus,
    Letter,
    LetterDeferred,
    LetterRefused,
    MailKind,
    TransportDown,
    Wait,
)
from graph_api.mail.ports import Composer, Composing, Tracker, Transport
from graph_api.mail.queues import Outbox
from graph_api.outages import Outage

AT_ONCE = 100
LEASE = timedelta(minutes=2)
SENT_WITHIN = 60.0
"""Seconds that a letter may take to be handed over; less than the lease."""
MAX_ATTEMPTS = 24
"""About three days: a limit of so many mails a day, and a mailbox that is full over a weekend, have passed by then."""
MAX_AGE = timedelta(days=3)
GIVEN_UP_IS_KEPT = timedelta(days=30)
CODE_GIVEN_UP_IS_KEPT = timedelta(days=1)
"""Of codes, which a stranger may ask for as often as they like."""
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


log = logging.getLogger(__name__)


class MailSender:
    """One sender."""

    def __init__(
        self,
        outbox: Outbox,
        transport: Transport,
        composers: Mapping[MailKind, Composer],
        trackers: Mapping[MailKind, Tracker],
        portal_url: str,
        installation_secret: bytes,
        now: Callable[[], datetime],
    ) -> None:
        self._outbox = outbox
        self._transport = transport
        self._composers = composers
        self._trackers = trackers
        self._portal_url = portal_url.rstrip("/")
        self._installation_secret = installation_secret
        self._now = now
        self._woken = asyncio.Event()
        self._outbox_outage = Outage(log, "the outbox could not be read")
        self._transport_outage = Outage(log, "no mail can be sent")

    def wake(self) -> None:
        """There is mail: look for it at once."""
        self._woken.set()

    async def run(self, ended: asyncio.Event) -> None:
        """Send what comes, until it is to end; what is being sent then is finished."""
        ending = asyncio.create_task(self._wake_at(ended))
        try:
            await self._run(ended)
        finally:
            ending.cancel()

    async def _wake_at(self, ended: asyncio.Event) -> None:
        await ended.wait()
        self.wake()

    async def _run(self, ended: asyncio.Event) -> None:
        while not ended.is_set():
            try:
                await self.send_due(ended)
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

    async def send_due(self, ended: asyncio.Event | None = None) -> SendReport:
        """Send what is due now. Where nothing can be handed over the rest is left as it is, untried.

        Nothing more is begun once it is to end.
        """
        report = SendReport()
        while found := await self._outbox.due(self._now(), AT_ONCE):
            practices = await self._outbox.practices(sorted({practice for practice, _ in found}))
            for practice_id, key in found:
                if ended is not None and ended.is_set():
                    return report
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
        claimed = await graph.write(lambda tx: tx[OutboxWrites].claim(key, lease, now, now + LEASE))
        if claimed is not None:
            await self._postpone(graph, claimed, report)
        return True

    async def _send(self, practice: Practice, key: str, report: SendReport) -> bool:
        """Claim one, write it and hand it over; whether it is worth while to try the next."""
        graph = self._outbox.graph(practice)
        found = await self._claim(graph, practice, key, report)
        if found is None:
            return True
        claimed, letter = found
        try:
            async with asyncio.timeout(SENT_WITHIN):
                await self._transport.send(letter)
        except LetterRefused as error:
            log.warning("the mail server refuses a letter: %s (%s)", claimed.mail.kind.value, error.problem.value)
            await self._give_up(graph, claimed, report, error.problem)
            return True
        except LetterDeferred as error:
            await self._postpone(graph, claimed, report, error.problem)
            return True
        except (TransportDown, TimeoutError) as error:
            self._transport_outage.failed(str(error) if isinstance(error, TransportDown) else "it takes too long")
            await self._postpone(graph, claimed, report, DeliveryProblem.UNREACHABLE)
            return False
        except Exception as error:
            log.warning("a mail can't be handed over: %s", type(error).__name__)
            await self._postpone(graph, claimed, report)
            return True
        self._transport_outage.over()
        handed_over = Delivery(DeliveryStatus.HANDED_OVER, self._now())

        async def sent(tx: Transaction) -> None:
            await self._note(tx, claimed, handed_over, holds=await tx[OutboxWrites].sent(claimed))

        await graph.write(sent)
        report.sent += 1
        return True

    async def _claim(
        self, graph: Graph, practice: Practice, key: str, report: SendReport
    ) -> tuple[ClaimedMail, Letter] | None:
        """The mail, held by this sender, and its letter; None where there is nothing to tell any more, or not yet."""
        now, lease, secret = self._now(), secrets.token_hex(16), secrets.token_bytes(32)
        portal_url = self._portal_url.replace("{practice}", practice.slug)

        async def claim(tx: Transaction) -> tuple[ClaimedMail, Letter | Wait | None] | None:
            claimed = await tx[OutboxWrites].claim(key, lease, now, now + LEASE)
            if claimed is None:
                return None
            mail, letter = claimed.mail, None
            if not claimed.given_up and (mail.expires_at is None or mail.expires_at > now):
                added_at = claimed.created_at
                composing = Composing(practice, portal_url, secret, self._installation_secret, now, added_at)
                letter = await self._composers[mail.kind](tx, mail, composing)
            if letter is None:
                await tx[OutboxWrites].sent(claimed)
            elif isinstance(letter, Wait):
                await tx[OutboxWrites].postpone(claimed, letter.until, untried=True)
            return claimed, letter

        found = await graph.write(claim)
        if found is None:
            return None
        claimed, letter = found
        report.dropped += letter is None
        return (claimed, letter) if isinstance(letter, Letter) else None

    async def _postpone(
        self,
        graph: Graph,
        claimed: ClaimedMail,
        report: SendReport,
        problem: DeliveryProblem = DeliveryProblem.OTHER,
    ) -> None:
        now = self._now()
        if claimed.attempts >= MAX_ATTEMPTS or now - claimed.created_at >= MAX_AGE:
            await self._give_up(graph, claimed, report, problem)
            return
        due_at, deferred = now + retry_after(claimed.attempts), Delivery(DeliveryStatus.DEFERRED, now, problem)

        async def postpone(tx: Transaction) -> None:
            await self._note(tx, claimed, deferred, holds=await tx[OutboxWrites].postpone(claimed, due_at))

        await graph.write(postpone)
        report.postponed += 1

    async def _give_up(self, graph: Graph, claimed: ClaimedMail, report: SendReport, problem: DeliveryProblem) -> None:
        now, is_code = self._now(), claimed.mail.kind in (MailKind.SIGN_IN_CODE, MailKind.ADDRESS_CODE)
        forget_at = now + (CODE_GIVEN_UP_IS_KEPT if is_code else GIVEN_UP_IS_KEPT)
        refused = Delivery(DeliveryStatus.REFUSED, now, problem)

        async def give_up(tx: Transaction) -> None:
            await self._note(tx, claimed, refused, holds=await tx[OutboxWrites].give_up(claimed, now, forget_at))

        await graph.write(give_up)
        report.given_up += 1

    async def _note(self, tx: Transaction, claimed: ClaimedMail, delivery: Delivery, *, holds: bool) -> None:
        """Tell whoever follows mails of the kind how far it has come; one that was made anew has a mail of its own."""
        track = self._trackers.get(claimed.mail.kind)
        if holds and track is not None:
            await track(tx, claimed.mail.subject, delivery)
