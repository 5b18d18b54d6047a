"""Wires the audit log: keys, checkpoints and chains to what seals and verifies them."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from graph_api.config import Settings
from graph_api.domain.model import Practice
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.keys import audit_key, sealing_key
from graph_api.outages import Outage
from graph_api.repositories.audit import AuditRepository
from graph_api.repositories.checkpoints import CheckpointFile, checkpoint_path
from graph_api.repositories.practices import PracticeRepository
from graph_api.services.ports_audit import Checkpoints
from graph_api.services.sealing import Sealed, Sealer
from graph_api.services.verifying import Verifier

log = logging.getLogger(__name__)

SEAL_EVERY = 60.0
"""Seconds. What is cut off behind the last checkpoint can't be seen, so it should be young."""
MOST_OPEN = 32
"""Practices whose checkpoints are kept read."""


def checkpoints_of(settings: Settings, practice: Practice) -> CheckpointFile:
    """A practice's checkpoints, not read yet.

    Raises:
        KeyFileError: the sealing key can't be read.
    """
    path = checkpoint_path(settings.data_dir, practice.id)
    return CheckpointFile(path, sealing_key(settings.data_dir), practice.id)


def chains_of(database: Database, practice: Practice) -> AuditRepository:
    """A practice's events."""
    return AuditRepository(GraphSession(database), practice.id)


def sealer_of(settings: Settings, database: Database, practice: Practice, checkpoints: Checkpoints) -> Sealer:
    """Seals a practice's chains."""
    key = audit_key(settings.data_dir, settings.audit_key_file)
    return Sealer(key, practice.id, chains_of(database, practice), checkpoints)


def verifier_of(settings: Settings, database: Database, practice: Practice, checkpoints: Checkpoints) -> Verifier:
    """Verifies a practice's chains."""
    key = audit_key(settings.data_dir, settings.audit_key_file)
    return Verifier(key, practice.id, chains_of(database, practice), checkpoints)


class Sealing:
    """Seals every practice's chains now and then, beside requests."""

    def __init__(self, settings: Settings, database: Database, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._database = database
        self._now = now
        self._open: OrderedDict[str, CheckpointFile] = OrderedDict()
        self._outage = Outage(log, "the audit log is not sealed")

    async def forever(self) -> None:
        """Until it is cancelled. A failure is logged and tried again."""
        while True:
            await asyncio.sleep(SEAL_EVERY)
            try:
                await self.once()
                self._outage.over()
            except Exception as error:
                self._outage.failed(type(error).__name__)

    async def once(self) -> None:
        """Every practice, one after the other."""
        for practice in await PracticeRepository(self._database).list():
            checkpoints = self._checkpoints(practice)
            sealer = sealer_of(self._settings, self._database, practice, checkpoints)
            try:
                self._tell(await sealer.run(self._now()))
            except BaseException:
                self._open.pop(practice.id).close()  # it may have been left half read, as on a full disk
                raise
            for fault in checkpoints.faults:
                log.error("the audit log's checkpoints are broken: %s; run graph-api audit verify", fault)

    def _checkpoints(self, practice: Practice) -> CheckpointFile:
        found = self._open.pop(practice.id, None) or checkpoints_of(self._settings, practice)
        self._open[practice.id] = found
        if len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)[1].close()
        return found

    @staticmethod
    def _tell(sealed: Sealed | None) -> None:
        for finding in sealed.findings if sealed is not None else ():
            log.error(
                "the audit log is broken: %s: %s, event %d, %s; run graph-api audit verify",
                finding.fault.value,
                finding.subject_id,
                finding.sequence,
                finding.event_id,
            )

    def close(self) -> None:
        """Let go of what was read."""
        for checkpoints in self._open.values():
            checkpoints.close()
        self._open.clear()
