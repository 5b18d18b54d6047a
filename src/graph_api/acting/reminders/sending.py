"""Reminds of what is due. Any number of workers may run: what is due is taken by one at a time, for as long as a lease.

A worker that dies leaves what it had taken; when the lease is over it is looked at again, and what was being sent is
handed over once more under the same name, so that mail servers and readers can drop the second one (R7).
"""

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from graph_api.acting.reminders.graph.rows import address_key, whole_second
from graph_api.acting.reminders.graph.sending import DueItem, Dues, Outcome, SendingWrites
from graph_api.acting.reminders.handing import Handing
from graph_api.acting.reminders.looking import LEASE, Looked, Looking, ToSend
from graph_api.acting.reminders.model import SuppressionReason
from graph_api.acting.reminders.planning_again import PlanningAgain
from graph_api.kernel.caller import Practice
from graph_api.kernel.transaction import Transaction
from graph_api.mail.model import LetterRefused
from graph_api.mail.sending import LOOK_EVERY, SENT_WITHIN, retry_after
from graph_api.outages import Outage
from graph_api.sms.ports import NumberStopped

AT_ONCE = 50
"""Taken by one worker together."""
PLAN_EVERY = 29.0
"""Seconds between two looks at whether rules were changed."""
AT_HAND = 4
"""Looked at, and sent, side by side."""
IN_THE_AIR = 4
"""Messages of each of them."""
REST = 1.0
"""Of the time that it took to look and send: whoever asks the API meanwhile waits for the same database. What sends
nothing, as most of what is overdue for long, takes no rest."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class ReminderReport:
    """What one look at what is due did."""

    looked_at: int = 0
    sent: int = 0
    deferred: int = 0
    refused: int = 0


class Reminding:
    """One worker."""

    def __init__(
        self, dues: Dues, planning: PlanningAgain, looking: Looking, handing: Handing, now: Callable[[], datetime]
    ) -> None:
        """
        Args:
            dues: what is to be looked at.
            planning: plans what changed rules want.
            looking: decides.
            handing: hands over.
            now: the clock.
        """
        self._dues = dues
        self._planning = planning
        self._looking = looking
        self._handing = handing
        self._now = now
        self._outage = Outage(log, "reminders can't be looked at")

    async def run(self, ended: asyncio.Event) -> None:
        """Remind of what comes, until it is to end; what is being sent then is finished."""
        plans_at = 0.0
        while not ended.is_set():
            try:
                if time.monotonic() >= plans_at:
                    await self.plan_due()
                    plans_at = time.monotonic() + PLAN_EVERY
                await self.remind_due(ended)
                self._outage.over()
            except Exception as error:
                self._outage.failed(type(error).__name__)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await ended.wait()

    async def plan_due(self) -> int:
        """Plan what changed rules want; how many appointments were."""
        return await self._planning.plan_due()

    async def remind_due(self, ended: asyncio.Event | None = None) -> ReminderReport:
        """Remind of all that is due now; nothing more is begun once it is to end."""
        report, ended = ReminderReport(), ended or asyncio.Event()
        while found := await self._dues.due(self._now(), AT_ONCE):
            mine = await self._take(found)
            waiting = iter(mine)
            await asyncio.gather(*(self._work(waiting, report, ended) for _ in range(AT_HAND)))
            if ended.is_set() or len(found) < AT_ONCE or not mine:
                break
        return report

    async def _work(
        self, waiting: Iterator[tuple[Practice, DueItem]], report: ReminderReport, ended: asyncio.Event
    ) -> None:
        for practice, item in waiting:
            if ended.is_set():
                return
            begun = time.monotonic()
            if await self._remind(practice, item, report):
                await asyncio.sleep(REST * (time.monotonic() - begun))

    async def _take(self, found: Sequence[DueItem]) -> list[tuple[Practice, DueItem]]:
        """Those that are this worker's now; of a practice that is gone nobody is reminded."""
        practices = await self._dues.practices(sorted({item.practice_id for item in found}))
        mine: list[tuple[Practice, DueItem]] = []
        for practice in practices.values():
            items = {item.key: item for item in found if item.practice_id == practice.id}
            now, lease = self._now(), secrets.token_hex(8)
            until = now + LEASE
            try:
                taken = await self._claim(practice, items, lease, now, until)
            except Exception as error:  # the other practices' are looked at all the same
                log.warning("reminders can't be taken: %s", type(error).__name__)
                continue
            mine += [(practice, items[key].held_until(until)) for key in sorted(taken)]
        return mine

    async def _claim(
        self, practice: Practice, keys: Iterable[str], lease: str, now: datetime, until: datetime
    ) -> frozenset[str]:
        async def claim(tx: Transaction) -> frozenset[str]:
            return await tx[SendingWrites].claim(keys, lease, now, until)

        return await self._dues.graph(practice, self._now).write(claim)

    async def _remind(self, practice: Practice, item: DueItem, report: ReminderReport) -> bool:
        """Look at one, and hand over what is to be sent; whether anything was. What fails is looked at again when the
        lease is over.
        """
        lease = secrets.token_hex(8)

        async def look(tx: Transaction) -> Looked:
            return await self._looking.look(tx, practice, item, self._now(), lease)

        try:
            looked = await self._dues.graph(practice, self._now).write(look)
            air = asyncio.Semaphore(IN_THE_AIR)
            outcomes = await asyncio.gather(*(self._hand_over(practice, one, air) for one in looked.to_send))
            if looked.item is not None:
                await self._settle(practice, looked.item, looked.next_look, outcomes)
        except Exception as error:
            log.warning("a reminder can't be looked at: %s", type(error).__name__)
            return False
        report.looked_at += 1
        report.sent += sum(one.is_sent for one in outcomes)
        report.refused += sum(one.is_refused for one in outcomes)
        report.deferred += sum(one.retry_at is not None for one in outcomes)
        return bool(outcomes)

    async def _hand_over(self, practice: Practice, one: ToSend, air: asyncio.Semaphore) -> Outcome:
        """Give it away; what came of it. What could outlast the lease is decided anew."""
        async with air:
            until = one.delivery.lease_until
            if until is None or self._now() + timedelta(seconds=SENT_WITHIN) > until:
                return Outcome(one.delivery, retry_at=self._now())
            try:
                handed = await self._handing.hand_over(practice, one)
            except NumberStopped:
                key = address_key(practice.id, one.address.channel, one.address.folded)
                return Outcome(one.delivery, reason=SuppressionReason.OPTED_OUT, stopped=key)
            except LetterRefused:
                return Outcome(one.delivery)
        now = self._now()
        if handed is not None:
            return Outcome(one.delivery, sent_at=now, gateway_id=handed.gateway_id)
        return Outcome(one.delivery, retry_at=now + retry_after(one.delivery.attempts))

    async def _settle(
        self, practice: Practice, item: DueItem, next_look: datetime | None, outcomes: Sequence[Outcome]
    ) -> None:
        """Note what came of it, and when it is looked at again."""
        moments = [one.retry_at for one in outcomes if one.retry_at is not None]
        if next_look is not None:
            moments.append(next_look)

        async def settle(tx: Transaction) -> None:
            settled = outcomes
            await self._looking.note_stopped(tx, [one.stopped for one in outcomes if one.stopped is not None])
            if moments:
                if not await tx[SendingWrites].look_again(item, whole_second(min(moments))):
                    settled = [one.ended for one in outcomes]  # it was cancelled, or moved, meanwhile
            else:
                await tx[SendingWrites].drop(item)
            await tx[SendingWrites].settle(settled)

        await self._dues.graph(practice, self._now).write(settle)
