"""What the audit log tells of locations, types, hours and appointments; never a reason, a note or a link (X8)."""

from collections.abc import Sequence

from graph_api.acting.appointments.model import (
    Appointment,
    AppointmentType,
    Location,
    OpeningException,
    OpeningRule,
)
from graph_api.acting.bylines import Author
from graph_api.audit.changes import changes_between
from graph_api.kernel.fields import logged_fields
from graph_api.kernel.happened import EventKind, FieldChange, Happened

NOT_CHANGES = frozenset({"id", "clientId"})
"""Of an appointment: its id stands first, and the chain is the client's."""
SPELLED = {
    "status": "appointmentStatus",
    "audience": "appointmentAudience",
    "practitionerId": "withPractitioner",
    "address": "locationAddress",
}
"""Words that are about people and practitioners, where they stand in an event."""


def values_of(thing: object | None) -> dict[str, object]:
    """The fields that the log tells of, by their names in the API; none of what is not there."""
    fields = {} if thing is None else logged_fields(type(thing))
    return {SPELLED.get(name, name): getattr(thing, own) for name, own in fields.items()}


def audited_setting(
    kind: EventKind,
    practice_id: str,
    before: Location | AppointmentType | None,
    after: Location | AppointmentType,
) -> Happened:
    """What was done to a location or a type, in the practice's chain; it is named first."""
    name = "locationId" if isinstance(after, Location) else "typeId"
    which = FieldChange(name, None if before is None else before.id, after.id)
    old, new = values_of(before), values_of(after)
    old.pop("id", None)
    new.pop("id", None)
    return Happened(kind, practice_id, changes=(which, *changes_between(old, new)))


def audited_hours(
    kind: EventKind, practice_id: str, practitioner_id: str, before: Sequence[OpeningRule], after: Sequence[OpeningRule]
) -> Happened:
    """A practitioner's weekly hours as they were and as they are, in the practice's chain."""
    whose = FieldChange("practitionerId", practitioner_id, practitioner_id)
    hours = changes_between({"openingRules": _in_words(before)}, {"openingRules": _in_words(after)})
    return Happened(kind, practice_id, changes=(whose, *hours))


def _in_words(rules: Sequence[OpeningRule]) -> tuple[str, ...]:
    """Each rule in a line, in one order, as `MONDAY 09:00-12:00 location_1 1 2026-01-05`."""
    return tuple(
        sorted(
            f"{rule.weekday.name} {rule.from_time:%H:%M}-{rule.to_time:%H:%M} {rule.location_id} {rule.every_weeks} "
            f"{rule.starts_on.isoformat()} {rule.ends_on.isoformat() if rule.ends_on else ''}".rstrip()
            for rule in rules
        )
    )


def audited_exception(
    kind: EventKind, practice_id: str, before: OpeningException | None, after: OpeningException | None
) -> Happened:
    """An exception that was added or taken away, in the practice's chain."""
    practitioner = next(one.practitioner_id for one in (before, after) if one is not None)
    whose = FieldChange("practitionerId", practitioner, practitioner)
    old, new = values_of(before), values_of(after)
    old.pop("withPractitioner", None)
    new.pop("withPractitioner", None)
    return Happened(kind, practice_id, changes=(whose, *changes_between(old, new)))


def audited_appointment(kind: EventKind, author: Author, before: Appointment | None, after: Appointment) -> Happened:
    """What was done to an appointment, by whom and through which edge, in the client's chain."""
    which = FieldChange("appointment", None if before is None else after.id, after.id)
    old, new = (
        {name: value for name, value in values_of(one).items() if name not in NOT_CHANGES} for one in (before, after)
    )
    changes = (which, *changes_between(old, new))
    return Happened(kind, after.client_id, author.contact_id, author.contact_version, changes, author.reason)
