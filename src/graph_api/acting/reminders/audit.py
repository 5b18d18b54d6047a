"""What the audit log tells of reminders; never an address (X8)."""

from collections.abc import Sequence

from graph_api.acting.reminders.model import Delivery, Preferences, QuietHours, ReminderRule
from graph_api.audit.changes import changes_between
from graph_api.kernel.fields import logged_fields
from graph_api.kernel.happened import EventKind, FieldChange, Happened


def audited_rules(practice_id: str, before: Sequence[ReminderRule], after: Sequence[ReminderRule]) -> Happened:
    """The practice's rules as they were and as they are, in its own chain."""
    changes = changes_between({"reminderRules": _in_words(before)}, {"reminderRules": _in_words(after)})
    return Happened(EventKind.SET_REMINDER_RULES, practice_id, changes=tuple(changes))


def _in_words(rules: Sequence[ReminderRule]) -> tuple[str, ...]:
    """Each rule in a line, as `2880 EMAIL,SMS` or `120 SMS type_1 off`."""
    return tuple(
        " ".join(
            filter(
                None,
                (
                    str(rule.minutes_before),
                    ",".join(channel.value for channel in rule.channels),
                    ",".join(rule.type_ids),
                    "" if rule.is_active else "off",
                ),
            )
        )
        for rule in rules
    )


def audited_quiet(practice_id: str, before: QuietHours, after: QuietHours) -> Happened:
    """Quiet hours as they were and as they are, in the practice's own chain."""
    old, new = (
        {"quietHours": f"{one.from_time:%H:%M}-{one.to_time:%H:%M}{' email' if one.email else ''}"}
        for one in (before, after)
    )
    return Happened(EventKind.SET_QUIET_HOURS, practice_id, changes=tuple(changes_between(old, new)))


def audited_preferences(person_id: str, before: Preferences, after: Preferences, reason: str) -> Happened:
    """What somebody wants of reminders, in their own chain."""
    names = logged_fields(Preferences)
    old, new = ({name: getattr(one, own) for name, own in names.items()} for one in (before, after))
    changes = tuple(changes_between(old, new))
    return Happened(EventKind.SET_REMINDER_PREFERENCES, person_id, changes=changes, reason=reason)


def audited_sent(deliveries: Sequence[Delivery]) -> list[Happened]:
    """That people are reminded, in the client's chain: of which appointment, how many, and by what."""
    return _audited(EventKind.REMINDER_SENT, deliveries)


def audited_suppressed(deliveries: Sequence[Delivery]) -> list[Happened]:
    """That people are not reminded, and why."""
    return _audited(EventKind.REMINDER_SUPPRESSED, deliveries)


def _audited(kind: EventKind, deliveries: Sequence[Delivery]) -> list[Happened]:
    if not deliveries:
        return []
    first = deliveries[0]
    told = {
        "appointment": first.appointment_id,
        "reminderRule": first.rule_id,
        "reminders": tuple(
            sorted(" ".join(filter(None, (one.channel.value, one.reason and one.reason.value))) for one in deliveries)
        ),
        "personIds": tuple(sorted({person_id for one in deliveries for person_id in one.person_ids})),
    }
    changes = changes_between({}, told)
    return [Happened(kind, first.client_id, changes=tuple(changes), reason="worker")]


def audited_opt_out(kind: EventKind, practice_id: str, key: str) -> Happened:
    """That an address is not to be written to, or is again, in the practice's own chain; it is a keyed hash."""
    _, channel, hashed = key.split("|")
    change = FieldChange("reminderAddress", None, f"{channel} {hashed[:16]}")
    return Happened(kind, practice_id, changes=(change,), reason="address")
