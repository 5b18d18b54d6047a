"""When people are reminded of appointments, by what, and what stands in the way (R1-R9)."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum

from graph_api.kernel.fields import kept

MAX_RULES = 5
LEAST_MINUTES, MOST_MINUTES = 30, 14 * 24 * 60
"""Before an appointment's start, at which it is reminded of (R1)."""
APART_MINUTES = 30
"""Between two rules: closer ones would say the same twice (R1)."""
MOST_QUIET_HOURS = 12


class ReminderChannel(Enum):
    """A channel for reminders."""

    EMAIL = "EMAIL"
    SMS = "SMS"


class ReminderStatus(Enum):
    """How far a reminder to one address has come."""

    SENDING = "SENDING"
    SENT = "SENT"
    SUPPRESSED = "SUPPRESSED"
    FAILED = "FAILED"


class SuppressionReason(Enum):
    """Why somebody is not reminded (R6). Where several hold, the first in this order is told."""

    NOT_BOOKED = "NOT_BOOKED"
    MOVED = "MOVED"
    TOO_LATE = "TOO_LATE"
    SUPERSEDED = "SUPERSEDED"
    DECEASED = "DECEASED"
    DENIED = "DENIED"
    PREFERENCE = "PREFERENCE"
    NO_ADDRESS = "NO_ADDRESS"
    OPTED_OUT = "OPTED_OUT"
    NO_GATEWAY = "NO_GATEWAY"
    QUIET_HOURS = "QUIET_HOURS"
    REFUSED = "REFUSED"
    """By the mail server or the SMS gateway, for good."""


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """How long before an appointment people are reminded of it, and by what (R1)."""

    id: str
    minutes_before: int
    channels: tuple[ReminderChannel, ...]
    type_ids: tuple[str, ...] = ()
    """Types of appointments that it is for; empty for all."""
    is_active: bool = True
    version: int = kept(1, logged=False)

    @property
    def shows(self) -> tuple[str, ...]:
        """Nobody."""
        return ()

    def is_for(self, type_id: str) -> bool:
        """Whether it reminds of appointments of a type."""
        return self.is_active and (not self.type_ids or type_id in self.type_ids)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nobody is written to: wall time at whoever would be (R5)."""

    from_time: time = kept(time(21), names={"from_time": "quietFrom"})
    to_time: time = kept(time(8), names={"to_time": "quietTo"})
    """When they end; before `from_time` where midnight lies between."""
    email: bool = kept(False, names={"email": "quietEmail"})
    """Whether they hold for e-mails, too."""

    def hold_for(self, channel: ReminderChannel) -> bool:
        """Whether a channel keeps them."""
        return channel is ReminderChannel.SMS or self.email


@dataclass(frozen=True, slots=True)
class Preferences:
    """What somebody wants of reminders, and what staff decided for them (R9)."""

    email: bool = True
    sms: bool = True
    time_zone: str | None = None
    """An IANA name; None for the practice's."""
    do_not_contact: bool = False

    def wants(self, channel: ReminderChannel) -> bool:
        """Whether they may be reminded by it."""
        return not self.do_not_contact and (self.email if channel is ReminderChannel.EMAIL else self.sms)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A reminder by a rule to one address: sent, or not sent with the reason (R3, R6)."""

    key: str
    """Appointment, its start, rule, channel and address: whoever shares the address gets one."""
    appointment_id: str
    rule_id: str
    client_id: str
    channel: ReminderChannel
    status: ReminderStatus
    send_at: datetime
    person_ids: tuple[str, ...] = ()
    """The people this reminder is for."""
    masked_address: str | None = None
    reason: SuppressionReason | None = None
    sent_at: datetime | None = None
    attempts: int = 0
    lease: str | None = None
    """Of the worker that sends it."""
    lease_until: datetime | None = None
    first_at: datetime | None = None
    """When it was first handed over, or was about to be."""
    gateway_id: str | None = None
    """By which the SMS gateway knows it."""

    @property
    def shows(self) -> tuple[str, ...]:
        """The client, and whom it reminds."""
        return (self.client_id, *self.person_ids)

    def is_left(self, now: datetime) -> bool:
        """Whether a worker left it behind, or it is to be tried again."""
        return self.status is ReminderStatus.SENDING and (self.lease_until is None or self.lease_until <= now)


@dataclass(frozen=True, slots=True)
class Due:
    """An appointment that a rule wants somebody to look at."""

    appointment_id: str
    rule_id: str
    client_id: str
    starts_at: datetime
    """The appointment's start when this was planned."""
    due_at: datetime
    look_at: datetime
    """When it is looked at next; no later than `due_at`."""
