"""Wrapping threads' keys by the first master, page by page; bodies stay as they are.

It may be ended anywhere and run again, any number at once, while messages are sent: a key is only replaced where it is
still the one that was read, and both the old and the new wrapping open to the same key.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from graph_api.acting.messages.encryption import MessageKeys, Unreadable, master_of
from graph_api.acting.messages.graph.wrapped_keys import Rewrapped, WrappedKey, WrappedKeys
from graph_api.engine.errors import Contended

PAGE = 200
"""Threads in one transaction: it is short, and whoever sends to one of them waits little."""
MOST_UNREADABLE = 1_000
"""Threads whose keys can't be unwrapped, before it ends: something is wrong with the masters then."""


@dataclass
class RewrapReport:
    """What was done, and what could not be."""

    rewrapped: int = 0
    unreadable: list[str] = field(default_factory=list)
    """Threads whose keys are damaged, or whose master nobody has."""


async def rewrap(stored: WrappedKeys, keys: MessageKeys, told: Callable[[int], None] = lambda _: None) -> RewrapReport:
    """Wrap by the first master what another one wraps; `told` hears how many it were so far."""
    report = RewrapReport()
    for master_id in await stored.masters():
        while master_id != keys.first and len(report.unreadable) < MOST_UNREADABLE:
            page = await stored.page(master_id, PAGE, report.unreadable)
            if not page:
                break
            for practice_id in sorted({key.practice_id for key in page}):
                some = _wrapped_anew([key for key in page if key.practice_id == practice_id], keys, report)
                report.rewrapped += await _kept(stored, practice_id, some) if some else 0
            told(report.rewrapped)
    return report


async def _kept(stored: WrappedKeys, practice_id: str, some: Sequence[Rewrapped]) -> int:
    """Keep them; fewer at once where others change some of the threads all the while."""
    try:
        return await stored.rewrap(practice_id, some)
    except Contended:
        if len(some) == 1:
            raise
    half = len(some) // 2
    return await _kept(stored, practice_id, some[:half]) + await _kept(stored, practice_id, some[half:])


def _wrapped_anew(some: Sequence[WrappedKey], keys: MessageKeys, report: RewrapReport) -> list[Rewrapped]:
    found = []
    for key in some:
        try:
            after = keys.wrap(keys.unwrap(key.wrapped))
        except Unreadable:
            report.unreadable.append(key.thread_id)
        else:
            found.append(Rewrapped(key.thread_id, key.wrapped, after, master_of(after)))
    return found
