"""Replays chains against the graph: checks that its present and past are what the log says.

Others write meanwhile. So what differs is looked at again until it differs the same way twice with nothing having
happened in between, and only then told.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field

from graph_api.audit.chain import ChainCheck, Fault, Finding
from graph_api.evidence.comparison import Compared, Comparison, Present
from graph_api.evidence.model import Stray
from graph_api.evidence.present import AuditStates
from graph_api.evidence.replay import Life

CHAINS_AT_ONCE = 50
"""Whose contacts are in memory at one time, with all their versions."""
LOOKS = 8
LOOK_AGAIN = 0.05
"""Seconds; each time longer by as much."""

CHAIN_END = "where the chain ends, by its own node"

CatchUp = Callable[[ChainCheck], Awaitable[Sequence[Finding]]]
BegunChains = Callable[[Sequence[str]], Awaitable[Collection[str]]]
"""Which of these have a first event by now."""


@dataclass(slots=True)
class Replayed:
    """What came of it."""

    findings: list[Finding] = field(default_factory=list)
    unproven: int = 0
    """People and contacts that no event tells of: from before the log, or put in by hand."""
    restless: int = 0
    """Chains that somebody went on writing at whenever they were looked at."""

    def add(self, compared: Compared) -> None:
        """What came of one subject."""
        self.findings += compared.findings
        self.unproven += compared.unproven


class Replay:
    """Compares one practice's chains with its graph."""

    def __init__(self, practice_id: str, states: AuditStates) -> None:
        self._practice = practice_id
        self._states = states

    def life(self, subject_id: str) -> Life:
        """To be filled with the chain's events."""
        return Life(subject_id)

    async def chains(self, ended: Sequence[ChainCheck], catch_up: CatchUp) -> Replayed:
        """Chains that were followed to their end. Of one that is broken nothing can be said."""
        result = Replayed()
        whole = [check for check in ended if not check.is_broken and check.life is not None]
        for start in range(0, len(whole), CHAINS_AT_ONCE):
            some = whole[start : start + CHAINS_AT_ONCE]
            present = await self._states.of([check.subject_id for check in some])
            for check in some:
                compared = self._compare(check, present[check.subject_id])
                if compared is None or compared.findings:
                    compared = await self._again(check, catch_up, result)
                if compared is not None:
                    result.add(compared)
                check.life = None
        return result

    async def _again(self, check: ChainCheck, catch_up: CatchUp, result: Replayed) -> Compared | None:
        before: Compared | None = None
        for look in range(LOOKS):
            await asyncio.sleep(LOOK_AGAIN * look)
            result.findings += await catch_up(check)
            if check.is_broken:
                return None
            present = (await self._states.of([check.subject_id]))[check.subject_id]
            compared = self._compare(check, present)
            if compared is not None and (not compared.findings or compared == before):
                return compared
            before = compared
        result.restless += 1
        return None

    def _compare(self, check: ChainCheck, present: Present) -> Compared | None:
        """None where the chain went on meanwhile."""
        if not isinstance(check.life, Life) or (present.exists and present.head.count > check.head.count):
            return None
        compared = self._judge(check.life, present)
        if present.exists and present.head != check.head:  # a node that is behind would hide what its chain tells
            end = check.head.count
            compared.findings.append(Finding(Fault.DIFFERS, check.subject_id, end, end, None, CHAIN_END))
        return compared

    def _judge(self, life: Life, present: Present) -> Compared:
        comparison = Comparison(life, present, self._states.fact_fields)
        return comparison.of_practice() if life.subject_id == self._practice else comparison.of_person()

    async def without_events(self, ids: Sequence[str], begun: BegunChains) -> Replayed:
        """People whom no event tells of: all that the log can say is what they can't have.

        Whose node says that there are events had some: they were all deleted, unless they were written just now.
        """
        result = Replayed()
        for start in range(0, len(ids), CHAINS_AT_ONCE):
            present = await self._states.of(ids[start : start + CHAINS_AT_ONCE])
            headed = {subject_id: one.head.count for subject_id, one in present.items() if one.head.count}
            written = await begun(list(headed)) if headed else ()
            for subject_id, one in present.items():
                if one.exists and subject_id not in headed:
                    result.unproven += 1
                    result.add(self._judge(Life(subject_id), one))
                elif one.exists and subject_id not in written:
                    result.findings.append(Finding(Fault.CUT_OFF, subject_id, 1, headed[subject_id]))
        return result


def stray(account: Stray) -> Finding:
    """An account that nobody would find at their person, yet that an address opens."""
    return Finding(Fault.UNLOGGED, account.person_id, 0, 0, None, f"account {account.account_id}, which nobody has")
