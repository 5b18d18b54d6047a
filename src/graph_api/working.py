"""What is done beside requests, until it is to end: mails, reminders, and sweeping what is past its time.

A server's worker does it by itself, and so does `graph-api worker`. Any number of them may run.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from graph_api.audit.append import Auditor
from graph_api.config import Settings
from graph_api.engine.bolt import Database
from graph_api.kernel.stamps import utc_now
from graph_api.services import mail_sender, reminding
from graph_api.upkeep import Upkeep

ENDS_WITHIN = 10.0
"""Seconds for what is in the air when it is to end."""


class Working:
    """One process's."""

    def __init__(
        self, settings: Settings, database: Database, auditor: Auditor, now: Callable[[], datetime] = utc_now
    ) -> None:
        self.mail = mail_sender(settings, database, now)
        self.reminding = reminding(settings, database, auditor, now)
        self._upkeep = Upkeep(database, now)

    async def once(self) -> None:
        """Do what is due now, and no more."""
        await self.mail.send_due()
        await self.reminding.plan_due()
        await self.reminding.remind_due()

    async def until(self, ended: asyncio.Event) -> None:
        """Do what comes, until it is to end; what is in the air then is finished, for some seconds."""
        loops = (self.mail.run(ended), self.reminding.run(ended), self._upkeep.forever())
        tasks = [asyncio.create_task(work) for work in loops]
        await ended.wait()
        tasks[-1].cancel()
        _, left = await asyncio.wait(tasks, timeout=ENDS_WITHIN)
        for task in left:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
