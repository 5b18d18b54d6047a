"""Who is reminded of an appointment, where and when, and who is not, with the reason (R1-R6, R9).

The worker that sends, `previewReminders` and the tests all ask `plan`. It reads nothing: what it is given was read
before, by the worker under locks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from graph_api.access.grants import PossibleGrant
from graph_api.access.model import PortalAction
from graph_api.acting.appointments.model import Appointment, AppointmentStatus, RecordAudience
from graph_api.acting.appointments.statuses import status_at
from graph_api.acting.checked import allowed_at
from graph_api.acting.reminders.model import (
    Preferences,
    QuietHours,
    ReminderChannel,
    ReminderRule,
    SuppressionReason,
)
from graph_api.acting.reminders.quiet_hours import allowed_moment
from graph_api.people.model import Person
from graph_api.portal.model import fold_address

AHEAD = timedelta(minutes=30)
"""By which an appointment must be ahead of its reminder (R6)."""
NOTHING_SAID = Preferences()
_EXTENSION = ";"


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reminded."""

    channel: ReminderChannel
    value: str

    @property
    def folded(self) -> str:
        """Alike for all ways to write the same."""
        return fold_address(self.value) if self.channel is ReminderChannel.EMAIL else self.value


@dataclass(frozen=True, slots=True)
class Situation:
    """All that decides who is reminded of an appointment."""

    appointment: Appointment
    rules: Sequence[ReminderRule]
    """The practice's."""
    quiet: QuietHours
    practice_zone: ZoneInfo
    grants: Sequence[PossibleGrant]
    """The client, and whoever might act for them."""
    of_contacts: frozenset[str] = frozenset()
    """Folded addresses of the client's contacts, of every channel; asked only of what is CLIENT_ONLY."""
    preferences: Mapping[str, Preferences] = field(default_factory=dict)
    """By person id; whoever is missing has said nothing."""
    opted_out: frozenset[tuple[ReminderChannel, str]] = frozenset()
    """Folded addresses that are not to be written to any more."""
    has_gateway: bool = True
    """Whether texts can be sent for this practice."""
    planned_start: datetime | None = None
    """The start for which the reminder was planned; None where it does not matter."""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One rule, one person and one channel."""

    rule: ReminderRule
    grant: PossibleGrant
    channel: ReminderChannel
    address: Address | None
    send_at: datetime
    """When it is sent; when it would have been, where it is not."""
    zone: ZoneInfo
    """The recipient's."""
    reason: SuppressionReason | None = None
    """Why it is not sent; None: it is."""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to one address for a rule: whoever shares it gets one (R3)."""

    rule: ReminderRule
    address: Address
    lines: tuple[PlanLine, ...]
    """Of the people who have the address; the first is one who is reminded, where anybody is."""

    @property
    def reason(self) -> SuppressionReason | None:
        """Why it is not sent: why nobody who has the address is reminded."""
        return self.lines[0].reason

    @property
    def send_at(self) -> datetime:
        """When it is sent."""
        return self.lines[0].send_at


def due_at(rule: ReminderRule, appointment: Appointment) -> datetime:
    """When a rule reminds of an appointment, quiet hours apart."""
    return appointment.starts_at - timedelta(minutes=rule.minutes_before)


def plan(situation: Situation, now: datetime, rule_id: str | None = None) -> list[PlanLine]:
    """A line for each rule, person and channel; of one rule where it is named. The first rule in time comes first."""
    rules = sorted(
        (rule for rule in situation.rules if rule.is_for(situation.appointment.type_id)),
        key=lambda rule: (-rule.minutes_before, rule.id),
    )
    return [line for rule in rules if rule_id in (None, rule.id) for line in _lines(situation, rule, rules, now)]


def messages(lines: Iterable[PlanLine]) -> list[Message]:
    """What goes to each address; who has none gets nothing."""
    found: dict[tuple[str, ReminderChannel, str], list[PlanLine]] = {}
    for line in lines:
        if line.address is not None:
            found.setdefault((line.rule.id, line.channel, line.address.folded), []).append(line)
    made = []
    for shared in found.values():
        ordered = sorted(shared, key=lambda line: (line.reason is not None, line.send_at))
        address = ordered[0].address
        if address is not None:
            made.append(Message(ordered[0].rule, address, tuple(ordered)))
    return made


def _lines(
    situation: Situation, rule: ReminderRule, rules: Sequence[ReminderRule], now: datetime
) -> Iterator[PlanLine]:
    due = due_at(rule, situation.appointment)
    of_all = _reason_of_all(situation, rule, now)
    for grant in _concerned(situation):
        preferences = _preferences(situation, grant.person)
        zone = situation.practice_zone if preferences.time_zone is None else ZoneInfo(preferences.time_zone)
        for channel in rule.channels:
            address = address_of(grant, channel, situation)
            quiet = situation.quiet if situation.quiet.hold_for(channel) else _NEVER_QUIET
            moment = allowed_moment(due, now, situation.appointment.starts_at, zone, quiet)
            at = max(due, now) if moment is None else moment
            superseded = SuppressionReason.SUPERSEDED if _is_superseded(situation, rule, channel, rules, now) else None
            reason = of_all or superseded or _reason(situation, grant, channel, address, preferences, at)
            if reason is None and moment is None:
                reason = SuppressionReason.QUIET_HOURS
            yield PlanLine(rule, grant, channel, address, at, zone, reason)


_NEVER_QUIET = QuietHours(QuietHours().from_time, QuietHours().from_time)


def _concerned(situation: Situation) -> Iterator[PossibleGrant]:
    """The client, and the contacts whose toggle is on; of what is only for the client, the client alone (R2)."""
    shared = situation.appointment.audience is RecordAudience.SHARED
    for grant in situation.grants:
        edge = grant.facts.edge
        if grant.contact_id is None or (shared and edge is not None and edge.terms.appointment_reminders):
            yield grant


def _reason_of_all(situation: Situation, rule: ReminderRule, now: datetime) -> SuppressionReason | None:
    """Why nobody is reminded by a rule."""
    appointment = situation.appointment
    if status_at(appointment, now) is not AppointmentStatus.BOOKED:
        return SuppressionReason.NOT_BOOKED
    if situation.planned_start not in (None, appointment.starts_at):
        return SuppressionReason.MOVED
    if appointment.starts_at - max(now, due_at(rule, appointment)) < AHEAD:
        return SuppressionReason.TOO_LATE
    return None


def _is_superseded(
    situation: Situation, rule: ReminderRule, channel: ReminderChannel, rules: Sequence[ReminderRule], now: datetime
) -> bool:
    """Whether a rule nearer to the start is due as well, by the same channel."""
    nearer = (one for one in rules if one.minutes_before < rule.minutes_before and channel in one.channels)
    return any(due_at(one, situation.appointment) <= now for one in nearer)


def _reason(
    situation: Situation,
    grant: PossibleGrant,
    channel: ReminderChannel,
    address: Address | None,
    preferences: Preferences,
    at: datetime,
) -> SuppressionReason | None:
    """Why somebody is not reminded by a channel."""
    if grant.person.death is not None or grant.client.death is not None:
        return SuppressionReason.DECEASED
    if not allowed_at(grant, PortalAction.RECEIVE_APPOINTMENT_REMINDERS, at):
        return SuppressionReason.DENIED
    if not preferences.wants(channel):
        return SuppressionReason.PREFERENCE
    if address is None:
        return SuppressionReason.NO_ADDRESS
    if (channel, address.folded) in situation.opted_out:
        return SuppressionReason.OPTED_OUT
    if channel is ReminderChannel.SMS and not situation.has_gateway:
        return SuppressionReason.NO_GATEWAY
    return None


def _preferences(situation: Situation, person: Person) -> Preferences:
    return situation.preferences.get(person.id, NOTHING_SAID)


def address_of(grant: PossibleGrant, channel: ReminderChannel, situation: Situation) -> Address | None:
    """Where somebody is reminded (R2): their first address of the channel.

    A client with a confidential channel is reminded there and nowhere else, and nothing for a contact goes there. What
    is only for the client goes to no address that a contact of theirs has too.
    """
    if grant.contact_id is not None:
        found = first_address(grant.person, channel)
        secret = {one.folded for one in _confidential(grant.client)}
        return None if found is None or found.folded in secret else found
    found = own_address(grant.client, channel)
    if found is None:
        return None
    is_private = situation.appointment.audience is RecordAudience.CLIENT_ONLY
    return None if is_private and found.folded in situation.of_contacts else found


def _confidential(client: Person) -> list[Address]:
    """A client's confidential channels."""
    known = ((ReminderChannel.EMAIL, client.confidential_email), (ReminderChannel.SMS, client.confidential_phone))
    return [Address(channel, value) for channel, value in known if value is not None]


def own_address(person: Person, channel: ReminderChannel) -> Address | None:
    """Where somebody is reminded of what is their own: by a confidential channel alone, where they have one."""
    confidential = _confidential(person)
    if not confidential:
        return first_address(person, channel)
    found = next((one for one in confidential if one.channel is channel), None)
    return None if found is None or (channel is ReminderChannel.SMS and _EXTENSION in found.value) else found


def first_address(person: Person, channel: ReminderChannel) -> Address | None:
    """Somebody's first e-mail address, or their first phone that a text can reach."""
    if channel is ReminderChannel.EMAIL:
        values: Sequence[str] = person.emails
    else:
        values = [phone for phone in person.phones if _EXTENSION not in phone]
    return Address(channel, values[0]) if values else None
