"""What the owners of phones answer to texts, and how far a text has come, as the SMS gateway tells (R8)."""

from datetime import datetime

from graph_api.acting.reminders.audit import audited_opt_out
from graph_api.acting.reminders.graph.rows import address_key
from graph_api.acting.reminders.graph.sending import SendingWrites
from graph_api.acting.reminders.model import ReminderChannel
from graph_api.audit.graph.chains import AuditWrites
from graph_api.kernel.happened import EventKind, Happened
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction

FOLDER = "/webhooks/twilio/"
STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
START_WORDS = frozenset({"start", "yes", "unstop"})
REMEMBERED = 20
"""Texts of one phone, so that one that is posted again changes nothing."""


def said(text: str) -> EventKind | None:
    """What an answer means; None where it is about something else, which is nothing to a reminder."""
    word = text.strip().strip(".!\"'").lower()
    if word in STOP_WORDS:
        return EventKind.OPT_OUT_STOP
    return EventKind.OPT_OUT_START if word in START_WORDS else None


class Answers:
    """Takes them in."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit
        self._graph = scope.graph
        self._practice = scope.caller.practice

    async def heard(self, phone: str, kind: EventKind, gateway_id: str) -> None:
        """The owner of a phone wants no texts any more, or some again; whether anybody has that phone is not asked.

        Args:
            phone: in E.164.
            kind: OPT_OUT_STOP or OPT_OUT_START.
            gateway_id: of the answer; one that was heard before changes nothing.
        """
        key = address_key(self._practice.id, ReminderChannel.SMS, phone)

        async def work(tx: Transaction, _now: datetime) -> list[Happened]:
            await tx[AuditWrites].lock_practice()
            known = await tx[SendingWrites].lock_heard(key)
            if gateway_id in known.gateway_ids:
                return []
            await tx[SendingWrites].heard(key, (*known.gateway_ids, gateway_id)[-REMEMBERED:])
            stops = kind is EventKind.OPT_OUT_STOP
            if known.is_out is stops:
                return []
            await tx[SendingWrites].opt_out(key, tx.stamp() if stops else None)
            return [audited_opt_out(kind, tx.practice_id, key)]

        await self._unit.note(work)

    async def not_delivered(self, gateway_id: str) -> None:
        """A text that the gateway had taken does not arrive; nothing where it is none of ours."""

        async def work(tx: Transaction) -> None:
            await tx[SendingWrites].not_delivered(gateway_id)

        await self._graph.write(work)
