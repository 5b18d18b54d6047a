"""Rules of reminders, quiet hours and preferences as they are sent, checked (R1, R5, R9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TypedDict

from graph_api.acting.reminders.model import (
    APART_MINUTES,
    LEAST_MINUTES,
    MAX_RULES,
    MOST_MINUTES,
    MOST_QUIET_HOURS,
    Preferences,
    ReminderChannel,
    ReminderRule,
)
from graph_api.kernel.clock import is_time_zone
from graph_api.kernel.fields import api_name
from graph_api.kernel.problems import Problems

MAX_TYPES = 100
"""Types of appointments that one rule may name."""
_ANY_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as it was sent."""

    minutes_before: int
    channels: tuple[ReminderChannel, ...]
    type_ids: tuple[str, ...] = ()
    is_active: bool = True


class PreferenceFields(TypedDict, total=False):
    """What was sent; one that is missing is kept. A time zone of None is the practice's."""

    email: bool | None
    sms: bool | None
    time_zone: str | None
    do_not_contact: bool | None


def check_rules(drafts: Sequence[RuleDraft], problems: Problems) -> None:
    """All rules of a practice: `reminderRules.tooMany`, `minutesBefore.outOfRange`, `minutesBefore.tooClose`,
    `channels.required`, `typeIds.tooMany`."""
    if len(drafts) > MAX_RULES:
        problems.add("reminderRules.tooMany", f"A practice has at most {MAX_RULES} rules.", "rules")
        return
    for place, draft in enumerate(drafts):
        where = ("rules", str(place))
        if not LEAST_MINUTES <= draft.minutes_before <= MOST_MINUTES:
            message = f"A reminder is sent {LEAST_MINUTES} to {MOST_MINUTES} minutes before."
            problems.add("minutesBefore.outOfRange", message, *where, "minutesBefore")
        if not draft.channels:
            problems.add("channels.required", "Choose how people are reminded.", *where, "channels")
        if len(draft.type_ids) > MAX_TYPES:
            message = f"A rule names at most {MAX_TYPES} types of appointments."
            problems.add("typeIds.tooMany", message, *where, "typeIds")
    ordered = sorted(range(len(drafts)), key=lambda place: drafts[place].minutes_before)
    for nearer, farther in pairwise(ordered):
        if drafts[farther].minutes_before - drafts[nearer].minutes_before < APART_MINUTES:
            message = f"Two rules must be at least {APART_MINUTES} minutes apart."
            problems.add("minutesBefore.tooClose", message, "rules", str(max(nearer, farther)), "minutesBefore")


def rules_from(before: Sequence[ReminderRule], drafts: Sequence[RuleDraft], ids: Sequence[str]) -> list[ReminderRule]:
    """The rules that are from now on, the farthest first. One that reminds as long before as one did before is the
    same, so that nobody is reminded twice by it.

    Args:
        before: those that are.
        drafts: what was sent.
        ids: a fresh one for each.
    """
    known = {rule.minutes_before: rule for rule in before}
    made = []
    for draft, fresh in zip(drafts, ids, strict=True):
        channels = tuple(channel for channel in ReminderChannel if channel in draft.channels)
        types = tuple(sorted(set(draft.type_ids)))
        new = ReminderRule(fresh, draft.minutes_before, channels, types, draft.is_active)
        old = known.get(draft.minutes_before)
        if old is not None:
            new = replace(new, id=old.id, version=old.version)
            new = new if new == old else replace(new, version=old.version + 1)
        made.append(new)
    return sorted(made, key=lambda rule: -rule.minutes_before)


def check_quiet(from_time: time, to_time: time, problems: Problems) -> None:
    """Quiet hours: `quietHours.tooLong`, `quietHours.notWhole`. Equal times are none."""
    starts, ends = (datetime.combine(_ANY_DAY, one) for one in (from_time, to_time))
    length = (ends - starts) % timedelta(days=1)
    if length > timedelta(hours=MOST_QUIET_HOURS):
        message = f"Quiet hours are at most {MOST_QUIET_HOURS} hours long."
        problems.add("quietHours.tooLong", message, "to")
    for name, one in (("from", from_time), ("to", to_time)):
        if one.second or one.microsecond:
            problems.add("quietHours.notWhole", "Give hours and minutes alone.", name)


def apply_preferences(before: Preferences, fields: PreferenceFields, problems: Problems) -> Preferences:
    """`before` with what was sent; `timeZone.unknown`, `email.null`, `sms.null`, `doNotContact.null`."""
    values = {name: value for name, value in fields.items() if value is not None or name == "time_zone"}
    for name in fields.keys() - values.keys():
        message = "This field can't be cleared. Omit it to keep the current value."
        problems.add(f"{api_name(name)}.null", message, api_name(name))
    zone = fields.get("time_zone")
    if zone is not None and not is_time_zone(zone):
        problems.add("timeZone.unknown", "This is no time zone, such as America/New_York.", "timeZone")
    return replace(before, **values)  # type: ignore[arg-type]
