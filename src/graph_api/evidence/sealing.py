"""Sealing: where a practice's chains end goes into a signed checkpoint outside the database.

Only what verifies is sealed: a chain is followed from where it was sealed last, and one that is broken stays unsealed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from graph_api.audit.chain import ChainCheck, Finding
from graph_api.audit.graph.chains import AuditReads
from graph_api.audit.model import NO_EVENTS, Head
from graph_api.evidence.checkpoints import Checkpoints
from graph_api.evidence.model import PracticeNode
from graph_api.evidence.present import AuditStates, Witnesses
from graph_api.evidence.verifying import AuditKeys, Verifier

OVERLAP = timedelta(minutes=5)
"""Events may be committed later than their time says: a transaction takes its time, and clocks differ."""
MOST_FINDINGS = 100
HEADS_AT_ONCE = 1_000
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Sealed:
    """What a sealing did."""

    heads: int = 0
    """Chains with a new end."""
    findings: list[Finding] = field(default_factory=list)
    """Why chains were left out; at most a hundred."""


CountUntold = Callable[[], Awaitable[Mapping[str, int]]]
"""How many people and contacts no event tells of, by practice."""


async def gather(checkpoints: Checkpoints, states: AuditStates, witnesses: Witnesses) -> PracticeNode | None:
    """Read the checkpoints, and compare them with what the database was told of them and says of the practice.

    The database is asked first: whoever seals meanwhile writes to the file first.
    """
    witness, node = await witnesses.read(checkpoints.key_id), await states.node()
    await asyncio.to_thread(checkpoints.refresh)
    checkpoints.compare(witness, node)
    return node


class Sealer:
    """Seals one practice's chains."""

    def __init__(
        self,
        keys: AuditKeys,
        practice_id: str,
        chains: AuditReads,
        checkpoints: Checkpoints,
        states: AuditStates,
        witnesses: Witnesses,
        count_untold: CountUntold | None = None,
    ) -> None:
        self._count_untold = count_untold
        self._untold: int | None = None
        self._states = states
        self._witnesses = witnesses
        self._node: PracticeNode | None = None
        self._keys = keys
        self._practice = practice_id
        self._chains = chains
        self._checkpoints = checkpoints

    async def run(
        self, now: datetime, *, whole: bool = False, handover: Mapping[str, str] | None = None
    ) -> Sealed | None:
        """Seal what is new since the last checkpoint; `whole`, or for the first, follows all chains from their start.

        With a `handover`, a last checkpoint says of a key that another takes its place from here on.

        Returns:
            None where another process is at it.
        """
        with self._checkpoints.exclusive() as ours:
            if not ours:
                return None
            self._node = await gather(self._checkpoints, self._states, self._witnesses)
            if self._checkpoints.is_behind:
                return Sealed()
            if self._checkpoints.untold is None and self._count_untold is not None:
                self._untold = (await self._count_untold()).get(self._practice, 0)
            last = self._checkpoints.last
            checked = self._all() if whole or last is None else self._changed(last.through - OVERLAP)
            result, heads = Sealed(), dict[str, Head]()
            async for check, before, found in checked:
                findings = [*found, *check.end(before)]
                result.findings += findings[: MOST_FINDINGS - len(result.findings)]
                if not findings and check.head.count > before.count:
                    heads[check.subject_id] = check.head
                if len(heads) == HEADS_AT_ONCE:
                    # Not through to now: should this end here, the next one begins where this one did.
                    await self._append(result, heads, now, LONG_AGO if last is None else last.through)
            if heads or whole or last is None:
                await self._append(result, heads, now, now)
            if handover is not None:
                await asyncio.to_thread(self._checkpoints.append, {}, now, now, self._node, handover)
            witness = self._checkpoints.witness()
            if witness is not None:
                await self._witnesses.note(self._checkpoints.key_id, witness)
            return result

    async def _append(self, result: Sealed, heads: dict[str, Head], now: datetime, through: datetime) -> None:
        await asyncio.to_thread(self._checkpoints.append, dict(heads), now, through, self._node, None, self._untold)
        await asyncio.to_thread(self._checkpoints.mark_seen, list(heads))  # they were just followed
        result.heads += len(heads)
        heads.clear()

    async def _all(self) -> AsyncIterator[tuple[ChainCheck, Head, list[Finding]]]:
        """Every chain from its start."""
        faults: dict[str, list[Finding]] = {}
        verifier = Verifier(self._keys, self._practice, self._chains, self._checkpoints)
        async for ended, findings in verifier.follow():
            for finding in findings:
                faults.setdefault(finding.subject_id, []).append(finding)
            sealed = self._checkpoints.sealed([check.subject_id for check in ended])
            for check in ended:
                yield check, sealed.get(check.subject_id, NO_EVENTS), faults.pop(check.subject_id, [])
            await asyncio.to_thread(self._checkpoints.mark_seen, list(sealed))
        for subject_id, head in self._checkpoints.unseen():
            yield self._keys.check(self._practice, subject_id, self._checkpoints), head, []

    async def _changed(self, since: datetime) -> AsyncIterator[tuple[ChainCheck, Head, list[Finding]]]:
        """Chains with events from then on, from where they were sealed."""
        async for subjects in self._chains.changed_since(since):
            sealed = self._checkpoints.sealed(subjects)
            for subject_id in subjects:
                before = sealed.get(subject_id, NO_EVENTS)
                check = self._keys.check(self._practice, subject_id, self._checkpoints, before)
                findings: list[Finding] = []
                async for events in self._chains.after(subject_id, before.count):
                    for event in events:
                        findings += check.take(event)
                yield check, before, findings
