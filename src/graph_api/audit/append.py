"""Writes the audit log: each event goes into the chain of the person it concerns, in its mutation's transaction."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from graph_api.audit.chain import Draft, link, subjects_of
from graph_api.audit.graph.chains import AuditWrites
from graph_api.audit.model import Actor
from graph_api.kernel.caller import Caller
from graph_api.kernel.happened import Happened
from graph_api.kernel.ids import new_id
from graph_api.kernel.transaction import Transaction

SALT_BYTES = 16


def fresh_salts(count: int) -> tuple[str, ...]:
    """As many salts, drawn at once: to ask the system for each took as long as the digests."""
    drawn, each = secrets.token_hex(SALT_BYTES * count), 2 * SALT_BYTES
    return tuple(drawn[start : start + each] for start in range(0, count * each, each))


class Auditor:
    """Writes events; holds the key that no one who can write to the database needs to have."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    async def append(self, tx: Transaction, actor: Actor, events: Sequence[Happened], now: datetime) -> None:
        """Write `events` to the ends of their subjects' chains, under the subjects' locks."""
        if not events:
            return
        drafts = [Draft(new_id("event"), done, fresh_salts(len(done.changes))) for done in events]
        heads = await tx[AuditWrites].heads(subjects_of(drafts))
        await tx[AuditWrites].write(link(self._key, tx.practice_id, actor, drafts, heads, now))

    async def record(self, tx: Transaction, caller: Caller, events: Sequence[Happened], now: datetime) -> None:
        """Write what a caller did."""
        await self.append(tx, Actor.of(caller), events, now)
