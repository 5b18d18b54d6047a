"""Taking an address off: a link in each reminder, checked by a MAC, so that nothing of it has to be kept (R8).

An opt-out is of the address, whoever has it. Staff see it and can't undo it; the owner of an account at that very
address can.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime

from graph_api.acting.reminders.audit import audited_opt_out
from graph_api.acting.reminders.graph.rows import address_key
from graph_api.acting.reminders.graph.sending import SendingWrites
from graph_api.acting.reminders.model import ReminderChannel
from graph_api.acting.reminders.planning import Address
from graph_api.audit.graph.chains import AuditWrites
from graph_api.kernel.caller import Practice
from graph_api.kernel.happened import EventKind, Happened
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction

FOLDER = "/unsubscribe/"
_PATH = re.compile(r"/unsubscribe/([a-z0-9-]{1,63})\.([0-9a-f]{64})\.([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class UnsubscribeLink:
    """Whose address, of which practice, a path names; whether it is ours is not looked at yet."""

    slug: str
    hashed: str
    mac: str

    @property
    def path(self) -> str:
        """As it stands in a reminder."""
        return f"{FOLDER}{self.slug}.{self.hashed}.{self.mac}"

    def is_ours(self, secret: bytes, practice: Practice) -> bool:
        """Whether we made it for this practice."""
        return hmac.compare_digest(self.mac, _mac(secret, practice.id, self.hashed))


def link_for(secret: bytes, practice: Practice, address: Address) -> UnsubscribeLink:
    """The link that takes a mail address off."""
    hashed = address_key(practice.id, address.channel, address.folded).rpartition("|")[2]
    return UnsubscribeLink(practice.slug, hashed, _mac(secret, practice.id, hashed))


def link_of(path: str) -> UnsubscribeLink | None:
    """What a path names; None for one that can't be ours."""
    found = _PATH.fullmatch(path)
    return None if found is None else UnsubscribeLink(*found.groups())


def _mac(secret: bytes, practice_id: str, hashed: str) -> str:
    return hmac.new(secret, f"unsubscribe\x00{practice_id}\x00{hashed}".encode(), hashlib.sha256).hexdigest()


class OptOuts:
    """Takes addresses off, and on again."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit
        self._practice = scope.caller.practice

    async def stop(self, link: UnsubscribeLink) -> None:
        """Nothing is sent to a mail address any more; the link must be ours."""
        key = f"{self._practice.id}|{ReminderChannel.EMAIL.value}|{link.hashed}"

        async def work(tx: Transaction, now: datetime) -> list[Happened]:
            await tx[AuditWrites].lock_practice()
            if await tx[SendingWrites].lock_addresses([key]):
                return []
            await tx[SendingWrites].opt_out(key, tx.stamp())
            return [audited_opt_out(EventKind.OPT_OUT_STOP, tx.practice_id, key)]

        await self._unit.note(work)


async def opt_in(tx: Transaction, address: Address) -> list[Happened]:
    """An address is written to again, because its owner says so; the practice's own chain must be locked."""
    key = address_key(tx.practice_id, address.channel, address.folded)
    if not await tx[SendingWrites].lock_addresses([key]):
        return []
    await tx[SendingWrites].opt_out(key, None)
    return [audited_opt_out(EventKind.OPT_OUT_START, tx.practice_id, key)]
