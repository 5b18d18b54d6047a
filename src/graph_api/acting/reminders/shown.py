"""Reminders as staff see them: addresses are masked, because a list of them is nobody's business."""

from dataclasses import dataclass
from datetime import datetime

from graph_api.acting.reminders.model import Preferences, ReminderChannel, ReminderRule, SuppressionReason
from graph_api.acting.reminders.planning import Address, PlanLine
from graph_api.people.model import Person

_LAST_DIGITS = 2


def masked(address: Address) -> str:
    """As much of an address as whoever knows it needs to tell it: `a***@example.com`, `+44***17`."""
    value = address.value
    if address.channel is ReminderChannel.EMAIL:
        name, _, domain = value.rpartition("@")
        return f"{name[:1]}***@{domain}"
    return f"{value[:3]}***{value[-_LAST_DIGITS:]}"


@dataclass(frozen=True, slots=True)
class ShownPreferences:
    """How somebody is reminded, and whether their own addresses were taken off."""

    preferences: Preferences
    is_opted_out_of_email: bool = False
    is_opted_out_of_sms: bool = False

    @property
    def email(self) -> bool:
        """Whether they want e-mails."""
        return self.preferences.email

    @property
    def sms(self) -> bool:
        """Whether they want texts."""
        return self.preferences.sms

    @property
    def time_zone(self) -> str | None:
        """Their own time zone."""
        return self.preferences.time_zone

    @property
    def do_not_contact(self) -> bool:
        """Whether staff decided that they are not reminded."""
        return self.preferences.do_not_contact


@dataclass(frozen=True, slots=True)
class ShownLine:
    """Somebody who would be reminded by a rule and a channel, or would not."""

    line: PlanLine

    @property
    def rule(self) -> ReminderRule:
        """By which rule."""
        return self.line.rule

    @property
    def person(self) -> Person:
        """Whom."""
        return self.line.grant.person

    @property
    def contact_id(self) -> str | None:
        """Through which contact; None for the client."""
        return self.line.grant.contact_id

    @property
    def channel(self) -> ReminderChannel:
        """By what."""
        return self.line.channel

    @property
    def masked_address(self) -> str | None:
        """Where; None where there is no address."""
        return None if self.line.address is None else masked(self.line.address)

    @property
    def send_at(self) -> datetime | None:
        """When; None where it would not be sent."""
        return self.line.send_at if self.line.reason is None else None

    @property
    def reason(self) -> SuppressionReason | None:
        """Why it would not be sent."""
        return self.line.reason
