"""Moving an appointment to another time, practitioner or location (A8)."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from graph_api.acting.appointments.claims import calendars_of
from graph_api.acting.appointments.model import Appointment, AppointmentType, Location
from graph_api.acting.appointments.wall_time import local_text, wall_of


@dataclass(frozen=True, slots=True)
class Place:
    """When, with whom and where an appointment takes place."""

    starts_at: datetime
    practitioner_id: str
    location: Location
    zone: ZoneInfo
    """Of the location."""
    overbook: bool = False


def moved(before: Appointment, place: Place, kind: AppointmentType) -> Appointment:
    """The appointment at another place: its id stays, and its version is one more, which is iCalendar's SEQUENCE (A8).

    Its length stays as it was agreed on. Its buffers are those that the type has now, as for any claim that is made
    now. A request holds its new time as long as it would have held the old one, and never beyond its start (A4). At its
    own time, with the same practitioner and location, it is the very same, and nothing is to be written.
    """
    if _stands_at(before, place):
        return before
    starts_at = place.starts_at.astimezone(UTC)
    return replace(
        before,
        starts_at=starts_at,
        ends_at=starts_at + (before.ends_at - before.starts_at),
        local_start=local_text(wall_of(starts_at, place.zone)),
        time_zone=place.zone.key,
        practitioner_id=place.practitioner_id,
        location_id=place.location.id,
        buffer_before=kind.buffer_before,
        buffer_after=kind.buffer_after,
        calendars=calendars_of(place.practitioner_id, place.location, overbook=place.overbook),
        is_overbooked=place.overbook,
        held_until=None if before.held_until is None else min(before.held_until, starts_at),
        version=before.version + 1,
    )


def _stands_at(appointment: Appointment, place: Place) -> bool:
    there = (appointment.starts_at, appointment.practitioner_id, appointment.location_id, appointment.is_overbooked)
    return there == (place.starts_at, place.practitioner_id, place.location.id, place.overbook)
