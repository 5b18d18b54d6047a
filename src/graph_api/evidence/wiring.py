"""Wires the audit log: keys, checkpoints and chains to what seals and verifies them."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from datetime import date, datetime
from functools import partial

from graph_api.audit.checkpoint_files import checkpoint_path, practices_with_checkpoints
from graph_api.audit.graph.chains import AuditReads
from graph_api.config import Settings
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.evidence.checkpoints import Checkpoints
from graph_api.evidence.everything import Everything
from graph_api.evidence.present import AuditStates, Witnesses
from graph_api.evidence.replaying import Replay, Replayed, stray
from graph_api.evidence.sealing import CountUntold, Sealed, Sealer, gather
from graph_api.evidence.verifying import AuditKeys, Verifier
from graph_api.kernel.caller import Practice
from graph_api.kernel.graph import Graph
from graph_api.keys.secrets import audit_key, former_keys, sealing_key
from graph_api.outages import Outage
from graph_api.practices.graph import Practices

SEAL_EVERY = 60.0
"""Seconds. What is cut off behind the last checkpoint can't be seen, so it should be young."""
MOST_OPEN = 32
"""Practices whose checkpoints are kept read."""


def checkpoints_of(settings: Settings, practice: Practice) -> Checkpoints:
    """A practice's checkpoints, not read yet.

    Raises:
        KeyFileError: the sealing key can't be read.
    """
    path = checkpoint_path(settings.data_dir, practice.id)
    return Checkpoints(path, sealing_key(settings.data_dir), practice.id)


def chains_of(database: Database, practice: Practice) -> AuditReads:
    """A practice's events."""
    return Graph(GraphSession(database), practice.id, date.min)[AuditReads]


def audit_keys(settings: Settings) -> AuditKeys:
    """The key of the MACs, and the former ones that were kept.

    Raises:
        KeyFileError: one can't be read.
    """
    former = {place.check(content): place.material(content) for place, content in former_keys(settings.data_dir)}
    return AuditKeys(audit_key(settings.data_dir, settings.audit_key_file), former)


def sealer_of(
    settings: Settings,
    database: Database,
    practice: Practice,
    checkpoints: Checkpoints,
    count: CountUntold | None = None,
) -> Sealer:
    """Seals a practice's chains; `count` is asked once in a practice's life."""
    states, witnesses = states_of(database, practice), witnesses_of(database, practice)
    chains = chains_of(database, practice)
    count = count or Untold(database)
    return Sealer(audit_keys(settings), practice.id, chains, checkpoints, states, witnesses, count)


class Untold:
    """Counts who is in no event, of all practices in one go, when it is first asked for one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._found: dict[str, int] | None = None

    async def __call__(self) -> Mapping[str, int]:
        """By practice."""
        if self._found is None:
            self._found = {}
            async for practice_id, result in verify_everybody(self._database, None):
                self._found[practice_id] = self._found.get(practice_id, 0) + result.unproven
        return self._found


def verifier_of(settings: Settings, database: Database, practice: Practice, checkpoints: Checkpoints) -> Verifier:
    """Verifies a practice's chains."""
    return Verifier(
        audit_keys(settings), practice.id, chains_of(database, practice), checkpoints, states_of(database, practice)
    )


def states_of(database: Database, practice: Practice) -> AuditStates:
    """What the graph says of the subjects of a practice's chains."""
    return AuditStates(GraphSession(database), practice.id)


def witnesses_of(database: Database, practice: Practice) -> Witnesses:
    """What the database was told of a practice's checkpoints."""
    return Witnesses(GraphSession(database), practice.id)


async def read_checkpoints(database: Database, practice: Practice, checkpoints: Checkpoints) -> None:
    """Read them, and compare them with what the database says; `faults` then has what is wrong."""
    await gather(checkpoints, states_of(database, practice), witnesses_of(database, practice))


async def verify_everybody(
    database: Database, practice_ids: Collection[str] | None
) -> AsyncIterator[tuple[str, Replayed]]:
    """What came of people in no event, and of accounts at nobody, by practice; None means every practice."""
    everything = Everything(database)
    async for people in everything.without_events():
        for practice_id in people.keys() if practice_ids is None else people.keys() & set(practice_ids):
            replay = Replay(practice_id, AuditStates(GraphSession(database), practice_id))
            begun = partial(everything.begun_chains, practice_id)
            yield practice_id, await replay.without_events(people[practice_id], begun)
    for account in await everything.stray_accounts():
        if practice_ids is None or account.practice_id in practice_ids:
            yield account.practice_id, Replayed([stray(account)])


async def practices_with_evidence(settings: Settings, database: Database) -> list[Practice]:
    """All that there is anything of: a node, checkpoints, events. One without a node stands under its id."""
    known = {practice.id: practice for practice in await Practices(database).list()}
    found = dict.fromkeys(practices_with_checkpoints(settings.data_dir))
    async for practice_id in Everything(database).practices_of_events():
        found[practice_id] = None
    gone = [Practice(practice_id, practice_id, "", "UTC", "US") for practice_id in found if practice_id not in known]
    return [*known.values(), *gone]


log = logging.getLogger(__name__)


class Sealing:
    """Seals every practice's chains now and then, beside requests."""

    def __init__(self, settings: Settings, database: Database, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._database = database
        self._now = now
        self._open: OrderedDict[str, Checkpoints] = OrderedDict()
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
        untold = Untold(self._database)
        for practice in await practices_with_evidence(self._settings, self._database):
            checkpoints = self._checkpoints(practice)
            sealer = sealer_of(self._settings, self._database, practice, checkpoints, untold)
            try:
                self._tell(await sealer.run(self._now()))
            except BaseException:
                self._open.pop(practice.id).close()  # it may have been left half read, as on a full disk
                raise
            for fault in checkpoints.faults:
                log.error("the audit log is broken: %s: %s; run graph-api audit verify", practice.id, fault)
            if checkpoints.faults:  # read anew the next time: somebody may have put the file back
                self._open.pop(practice.id).close()

    def _checkpoints(self, practice: Practice) -> Checkpoints:
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
