"""Looks at what is due, once more under locks, and decides what is sent (R3, R5, R6).

Until the transaction ends nobody can take back what the decision rests on: whoever would waits, or came first. So
nothing is sent to somebody who was not to be reminded any more when this was committed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from graph_api.access.grants import PossibleGrant
from graph_api.access.graph.decisions import AccessWrites
from graph_api.acting.appointments.model import Appointment, Location, RecordAudience
from graph_api.acting.reminders.audit import audited_opt_out, audited_sent, audited_suppressed
from graph_api.acting.reminders.graph.rows import address_key, seconds, whole_second
from graph_api.acting.reminders.graph.sending import DueItem, Found, SendingWrites
from graph_api.acting.reminders.model import Delivery, Preferences, ReminderStatus, SuppressionReason
from graph_api.acting.reminders.planning import Address, Message, PlanLine, Situation, due_at, messages, plan
from graph_api.acting.reminders.shown import masked
from graph_api.audit.append import Auditor
from graph_api.audit.graph.chains import AuditWrites
from graph_api.audit.model import Actor
from graph_api.engine.races import RunAgain
from graph_api.kernel.caller import Practice
from graph_api.kernel.flights import together
from graph_api.kernel.happened import EventKind
from graph_api.kernel.transaction import Transaction
from graph_api.people.graph.writes import PersonWrites
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.sms.ports import SmsGateway

LEASE = timedelta(minutes=2)
"""For which a worker holds what it looks at and sends."""


@dataclass(frozen=True, slots=True)
class ToSend:
    """A reminder that this worker is to hand over now."""

    delivery: Delivery
    address: Address
    zone: ZoneInfo
    """The recipient's."""
    appointment: Appointment
    location: Location


@dataclass(frozen=True, slots=True)
class Looked:
    """What this worker is to do once the look is committed."""

    item: DueItem | None
    """As this worker holds it now."""
    to_send: Sequence[ToSend] = ()
    next_look: datetime | None = None
    """When it is looked at again, once all of these were sent; None: never."""


NOTHING = Looked(None)


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of one look."""

    lines: Sequence[PlanLine]
    messages: Sequence[Message]
    next_look: datetime | None
    """When the appointment is looked at again; None: never, unless something is being sent."""


class Looking:
    """One worker's."""

    def __init__(self, auditor: Auditor, gateway: SmsGateway) -> None:
        """
        Args:
            auditor: notes what is sent.
            gateway: says whether texts can be sent for a practice.
        """
        self._auditor = auditor
        self._gateway = gateway

    async def look(self, tx: Transaction, practice: Practice, item: DueItem, now: datetime, lease: str) -> Looked:
        """Decide about one appointment and rule, and note it; what is to be handed over once this is committed.

        Raises:
            RunAgain: somebody is to be reminded who was not locked.
        """
        client_id = item.due.client_id
        before = await tx[AccessWrites].of_client(client_id)
        people = {grant.person.id for grant in before} | {client_id}
        await tx[PersonWrites].lock(*people)
        tx[SendingWrites].lock_gate(client_id)
        grants, found, wanted = await together(
            tx[AccessWrites].of_client(client_id),
            tx[SendingWrites].found(item),
            tx[SendingWrites].preferences(people),
        )
        if {grant.person.id for grant in grants} - people:
            raise RunAgain
        if found.due != item.due:
            return NOTHING  # it was cancelled, or moved, or another worker took it after this one's time was over
        if found.appointment is None or found.location is None:
            await tx[SendingWrites].drop(item)
            return NOTHING
        situation = await self._situation(tx, practice, found, grants, wanted)
        decided = await self._decide(tx, situation, item, now)
        return await self._write(tx, item, found, decided, now, lease)

    async def note_stopped(self, tx: Transaction, keys: Sequence[str]) -> None:
        """Nothing is sent any more to addresses whose owners have told the gateway so."""
        if not keys:
            return
        await tx[AuditWrites].lock_practice()
        known = await tx[SendingWrites].lock_addresses(keys)
        at = tx.stamp()
        for key in sorted(set(keys) - known):
            await tx[SendingWrites].opt_out(key, at)
            await self._auditor.append(tx, WORKER, [audited_opt_out(EventKind.OPT_OUT_STOP, tx.practice_id, key)], at)

    async def _situation(
        self,
        tx: Transaction,
        practice: Practice,
        found: Found,
        grants: Sequence[PossibleGrant],
        preferences: Mapping[str, Preferences],
    ) -> Situation:
        appointment = found.appointment
        if appointment is None:
            raise ValueError("no appointment")
        is_private = appointment.audience is RecordAudience.CLIENT_ONLY
        return Situation(
            appointment=appointment,
            rules=found.settings.rules,
            quiet=found.settings.quiet,
            practice_zone=ZoneInfo(practice.time_zone),
            grants=grants,
            of_contacts=(
                await tx[AccountWrites].addresses_of_contacts(appointment.client_id) if is_private else frozenset()
            ),
            preferences=preferences,
            has_gateway=self._gateway.offers(practice),
            planned_start=None if found.due is None else found.due.starts_at,
        )

    async def _decide(self, tx: Transaction, situation: Situation, item: DueItem, now: datetime) -> Decided:
        """The plan as it is now, with the locks of the addresses that are written to."""
        lines = plan(situation, now, item.due.rule_id)
        ready = [one for one in messages(lines) if one.reason is None and one.send_at <= now]
        if ready:
            keys = {self._address_key(tx, one.address): (one.address.channel, one.address.folded) for one in ready}
            out = await tx[SendingWrites].lock_addresses(keys)
            situation = replace(situation, opted_out=frozenset(keys[key] for key in out))
            lines = plan(situation, now, item.due.rule_id)
        sent = messages(lines)
        later = [one.send_at for one in sent if one.reason is None and one.send_at > now]
        if lines:
            due = due_at(lines[0].rule, situation.appointment)
            if due > now and lines[0].reason not in _OF_ALL:
                later.append(due)  # whoever is added until then is reminded as well
        return Decided(lines, sent, min(later, default=None))

    async def _write(
        self, tx: Transaction, item: DueItem, found: Found, decided: Decided, now: datetime, lease: str
    ) -> Looked:
        """Note what is sent and what is not."""
        until = now + LEASE
        ready, later = self._ready(tx, item, decided, now)
        sending: list[tuple[Delivery, Message]] = []
        for key, message in ready.items():
            known = found.deliveries.get(key)
            if known is None or known.is_left(now):
                attempts, first_at = (1, now) if known is None else (known.attempts + 1, known.first_at or now)
                made = self._delivery(key, item, message, ReminderStatus.SENDING)
                made = replace(made, attempts=attempts, first_at=first_at, lease=lease, lease_until=until)
                sending.append((made, message))
        tried = [
            one
            for one in found.deliveries.values()
            if one.status is ReminderStatus.SENDING and one.rule_id == item.due.rule_id
        ]
        left = self._given_up(tx, item, decided, [one for one in tried if one.is_left(now)], {*ready, *later})
        waits = [one.lease_until for one in tried if one.lease_until is not None and one.lease_until > now]
        next_look = min([*waits, *([] if decided.next_look is None else [decided.next_look])], default=None)
        suppressed = [] if decided.next_look else list(self._suppressed(tx, item, decided, found))
        if sending:
            await tx[SendingWrites].look_again(item, whole_second(until))  # unless this worker settles it before
        elif next_look is not None:
            await tx[SendingWrites].look_again(item, whole_second(next_look))
        else:
            await tx[SendingWrites].drop(item)
        await tx[SendingWrites].deliver([*(one for one, _ in sending), *suppressed, *left])
        first = [one for one, _ in sending if one.attempts == 1]
        events = [*audited_sent(first), *audited_suppressed([*suppressed, *left])]
        await self._auditor.append(tx, WORKER, events, tx.stamp() if events else now)
        if found.appointment is None or found.location is None or not sending:
            return NOTHING
        to_send = [
            ToSend(one, message.address, message.lines[0].zone, found.appointment, found.location)
            for one, message in sending
        ]
        return Looked(item.held_until(whole_second(until)), to_send, next_look)

    def _ready(
        self, tx: Transaction, item: DueItem, decided: Decided, now: datetime
    ) -> tuple[dict[str, Message], set[str]]:
        """What is to be sent now, by key; and the keys of what is to be sent later."""
        ready: dict[str, Message] = {}
        later: set[str] = set()
        for message in decided.messages:
            if message.reason is None:
                key = self._key(tx, item, message.address)
                if message.send_at <= now:
                    ready[key] = message
                else:
                    later.add(key)
        return ready, later

    def _given_up(
        self, tx: Transaction, item: DueItem, decided: Decided, left: Sequence[Delivery], wanted: set[str]
    ) -> list[Delivery]:
        """What was tried and is not to be sent any more, with the reason."""
        reasons = {self._key(tx, item, one.address): one.reason for one in decided.messages if one.reason is not None}
        of_all = next((line.reason for line in decided.lines if line.reason in _OF_ALL), None)
        if not decided.lines:
            of_all = SuppressionReason.NOT_BOOKED  # the rule is gone
        return [
            replace(
                one,
                status=ReminderStatus.FAILED,
                reason=reasons.get(one.key) or of_all or SuppressionReason.NO_ADDRESS,
                lease=None,
                lease_until=None,
            )
            for one in left
            if one.key not in wanted
        ]

    def _suppressed(self, tx: Transaction, item: DueItem, decided: Decided, found: Found) -> Iterable[Delivery]:
        """What is not sent, for good; what was noted before stays as it was noted."""
        for message in decided.messages:
            key = self._key(tx, item, message.address)
            if message.reason is not None and key not in found.deliveries:
                yield self._delivery(key, item, message, ReminderStatus.SUPPRESSED)
        for line in decided.lines:
            key = f"{self._scope(tx, item)}|{line.channel.value}|{line.grant.person.id}"
            if line.address is None and key not in found.deliveries:
                yield Delivery(
                    key,
                    item.due.appointment_id,
                    item.due.rule_id,
                    item.due.client_id,
                    line.channel,
                    ReminderStatus.SUPPRESSED,
                    line.send_at,
                    (line.grant.person.id,),
                    None,
                    line.reason,
                )

    def _delivery(self, key: str, item: DueItem, message: Message, status: ReminderStatus) -> Delivery:
        reminded = [line for line in message.lines if (line.reason is None) is (message.reason is None)]
        return Delivery(
            key,
            item.due.appointment_id,
            item.due.rule_id,
            item.due.client_id,
            message.address.channel,
            status,
            message.send_at,
            tuple(dict.fromkeys(line.grant.person.id for line in reminded)),
            masked(message.address),
            message.reason,
        )

    def _scope(self, tx: Transaction, item: DueItem) -> str:
        due = item.due
        return f"{tx.practice_id}|{due.appointment_id}|{seconds(due.starts_at)}|{due.rule_id}"

    def _key(self, tx: Transaction, item: DueItem, address: Address) -> str:
        hashed = self._address_key(tx, address).rpartition("|")[2]
        return f"{self._scope(tx, item)}|{address.channel.value}|{hashed}"

    def _address_key(self, tx: Transaction, address: Address) -> str:
        return address_key(tx.practice_id, address.channel, address.folded)


WORKER = Actor("worker", "admin")
_OF_ALL = (
    SuppressionReason.NOT_BOOKED,
    SuppressionReason.MOVED,
    SuppressionReason.TOO_LATE,
    SuppressionReason.SUPERSEDED,
)
