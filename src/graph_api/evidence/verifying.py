"""Following every chain of a practice: what was changed, is missing, was moved or cut off.

Nothing that the graph says of itself is believed: the key of the MACs and the checkpoints are outside of it.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from graph_api.audit.chain import ChainCheck, Fault, Finding
from graph_api.audit.graph.chains import AuditReads
from graph_api.audit.model import NO_EVENTS, Head
from graph_api.evidence.checkpoints import Checkpoints
from graph_api.evidence.present import AuditStates
from graph_api.evidence.replaying import Replay, Replayed

FOR_EVER = 10**12
Told = Callable[[Finding], None]


@dataclass(slots=True)
class Verified:
    """What was looked at, and how much of it is not right."""

    events: int = 0
    chains: int = 0
    unsealed: int = 0
    """Events after the last checkpoint: what was cut off behind them could not be seen."""
    erased: int = 0
    keyless: int = 0
    """Events whose key is lost."""
    findings: int = 0
    unproven: int = 0
    """People and contacts that no event tells of: from before the log, or put in by hand."""
    restless: int = 0
    """Chains that could not be compared with the graph, as they went on all the time."""

    def replayed(self, replayed: Replayed) -> Sequence[Finding]:
        """Count what came of a comparison with the graph; what was found."""
        self.unproven += replayed.unproven
        self.restless += replayed.restless
        return replayed.findings


@dataclass(frozen=True, slots=True)
class AuditKeys:
    """The key of the MACs, and those that it took the place of, by what they are known by."""

    current: bytes
    former: Mapping[str, bytes] = field(default_factory=dict)
    is_lost: bool = False
    """Whether the key of all that is there is lost: then chains are followed, and no MAC is believed or doubted."""

    def check(self, practice_id: str, subject_id: str, checkpoints: Checkpoints, head: Head = NO_EVENTS) -> ChainCheck:
        """To follow a chain from `head` on."""
        check = ChainCheck(self.current, practice_id, subject_id, head)
        handed = checkpoints.former([subject_id])[subject_id]
        # A former key that is not there any more verifies nothing: its events count as changed until it is back.
        gone = secrets.token_bytes(32)
        check.former = [(count, self.former.get(known_by, gone) if known_by else None) for count, known_by in handed]
        if self.is_lost:
            check.former = [*check.former, (FOR_EVER, None)]
        return check


class Verifier:
    """Verifies one practice's chains against their MACs and checkpoints."""

    def __init__(
        self,
        keys: AuditKeys,
        practice_id: str,
        chains: AuditReads,
        checkpoints: Checkpoints,
        states: AuditStates | None = None,
    ) -> None:
        """With `states`, what the graph holds is compared with what the log says."""
        self._replay = None if states is None else Replay(practice_id, states)
        self._keys = keys
        self._practice = practice_id
        self._chains = chains
        self._checkpoints = checkpoints

    async def run(self, tell: Told, progress: Callable[[int], None] = lambda events: None) -> Verified:
        """Follow all chains; `tell` hears of each fault as it is found."""
        result, is_practice_told = Verified(), False

        def told(findings: Sequence[Finding]) -> None:
            for finding in findings:
                result.findings += 1
                tell(finding)

        async for ended, findings in self.follow(lambda n: _count(result, n, progress)):
            told(findings)
            result.chains += len(ended)
            result.erased += sum(check.erased for check in ended)
            result.keyless += sum(check.keyless for check in ended)
            sealed = self._checkpoints.sealed([check.subject_id for check in ended])
            for check in ended:
                result.unsealed += max(0, check.head.count - sealed.get(check.subject_id, NO_EVENTS).count)
            is_practice_told = is_practice_told or self._practice in [check.subject_id for check in ended]
            told(await self._compared(ended, result))
        if not is_practice_told:  # no event has told of its settings yet: they must be as it was made with them
            told(await self._compared([self._begin(self._practice)], result))
        for subject_id, head in self._checkpoints.unseen():
            told([Finding(Fault.CUT_OFF, subject_id, 1, head.count)])
        return result

    async def _compared(self, ended: Sequence[ChainCheck], result: Verified) -> list[Finding]:
        """What is wrong with the ends of chains that were followed, and with what the graph says of their subjects."""
        findings = await self._cut_off(ended)
        if self._replay is not None:
            findings += result.replayed(await self._replay.chains(ended, self._caught_up))
        self._checkpoints.mark_seen([check.subject_id for check in ended])
        return findings

    def _begin(self, subject_id: str) -> ChainCheck:
        """To follow a chain from its start."""
        check = self._keys.check(self._practice, subject_id, self._checkpoints)
        check.life = None if self._replay is None else self._replay.life(subject_id)
        return check

    async def follow(
        self, count: Callable[[int], None] = lambda events: None
    ) -> AsyncIterator[tuple[list[ChainCheck], list[Finding]]]:
        """The chains that ended with each part that was read, and what is wrong with its events."""
        check: ChainCheck | None = None
        async for events in self._chains.chains():
            count(len(events))
            ended: list[ChainCheck] = []
            findings: list[Finding] = []
            sealed = self._checkpoints.sealed(list(dict.fromkeys(event.subject_id for event in events)))
            for subject_id, some in groupby(events, key=lambda event: event.subject_id):
                if check is None or check.subject_id != subject_id:
                    ended += [check] if check is not None else []
                    check = self._begin(subject_id)
                for event in some:
                    findings += check.take(event, sealed.get(subject_id, NO_EVENTS))
            yield ended, findings
        if check is not None:
            yield [check], []

    async def _cut_off(self, ended: Sequence[ChainCheck]) -> list[Finding]:
        """What is missing at the chains' ends: by the checkpoints, and by where the graph itself says that they end."""
        ids = [check.subject_id for check in ended]
        sealed, noted = self._checkpoints.sealed(ids), await self._chains.heads(ids)
        findings: list[Finding] = []
        for check in ended:
            known = sealed.get(check.subject_id, NO_EVENTS), noted.get(check.subject_id, NO_EVENTS)
            if check.end(*known):
                findings += await self._catch_up(check, sealed.get(check.subject_id, NO_EVENTS))
            findings += check.end(*known)
        return findings

    async def _caught_up(self, check: ChainCheck) -> list[Finding]:
        sealed = self._checkpoints.sealed([check.subject_id])
        return await self._catch_up(check, sealed.get(check.subject_id, NO_EVENTS))

    async def _catch_up(self, check: ChainCheck, sealed: Head) -> list[Finding]:
        """Events that were written while others were being followed."""
        findings: list[Finding] = []
        async for events in self._chains.after(check.subject_id, check.head.count):
            for event in events:
                findings += check.take(event, sealed)
        return findings


def _count(result: Verified, events: int, progress: Callable[[int], None]) -> None:
    result.events += events
    progress(events)
