"""How appointments are kept, and the keys they are found by."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from graph_api.acting.appointments.graph.hours import day_key
from graph_api.acting.appointments.model import Appointment, AppointmentStatus
from graph_api.acting.appointments.offering import ClientBrief, Offered
from graph_api.acting.appointments.records import APPOINTMENT, APPOINTMENT_TYPE, LOCATION
from graph_api.acting.appointments.statuses import HOLDING
from graph_api.engine.session import Row
from graph_api.kernel.fields import Codec
from graph_api.kernel.paging import after_scope
from graph_api.kernel.rows import stamp
from graph_api.practitioners.graph import PRACTITIONER

CLIENT = Codec(ClientBrief)


def place_of(appointment: Appointment) -> str:
    """Where an appointment stands in lists: by its start."""
    return f"{stamp(appointment.starts_at)}|{appointment.id}"


def request_place(appointment: Appointment) -> str:
    """Where a request stands: by when it expires."""
    return f"{stamp(appointment.held_until or appointment.starts_at)}|{appointment.id}"


def client_scope(practice_id: str, client_id: str) -> str:
    """What the keys of a client's appointments begin with."""
    return f"{practice_id}|{client_id}|"


def practice_scope(practice_id: str) -> str:
    """What the keys of a practice's appointments begin with."""
    return f"{practice_id}|"


def keys_of_lists(practice_id: str, appointment: Appointment) -> dict[str, str | None]:
    """The keys by which an appointment is found; None takes one away."""
    day = appointment.starts_at.astimezone(UTC).date()
    place, at_place = place_of(appointment), appointment.location_id in appointment.calendars
    is_request = appointment.status is AppointmentStatus.REQUESTED
    return {
        "dayKey": day_key(practice_id, appointment.practitioner_id, day),
        "placeDayKey": day_key(practice_id, appointment.location_id, day) if at_place else None,
        "clientDayKey": day_key(practice_id, appointment.client_id, day),
        "clientKey": client_scope(practice_id, appointment.client_id) + place,
        "timeKey": practice_scope(practice_id) + place,
        "sweepKey": practice_scope(practice_id) + place if appointment.calendars else None,
        "requestKey": practice_scope(practice_id) + request_place(appointment) if is_request else None,
    }


def appointment_row(practice_id: str, appointment: Appointment) -> Row:
    """A new appointment's properties."""
    keys = {name: key for name, key in keys_of_lists(practice_id, appointment).items() if key is not None}
    return {**APPOINTMENT.row(appointment), **keys}


def appointment_changes(practice_id: str, before: Appointment, after: Appointment) -> Row:
    """What is to be set so that the one becomes the other; None takes a property away."""
    old = APPOINTMENT.some(before, *APPOINTMENT.fields) | keys_of_lists(practice_id, before)
    new = APPOINTMENT.some(after, *APPOINTMENT.fields) | keys_of_lists(practice_id, after)
    return {name: value for name, value in new.items() if value != old[name]}


def appointment_of(record: Sequence[Any]) -> Appointment:
    """A record of all of an appointment's properties."""
    return APPOINTMENT.of(record)


def offered_params(practice_id: str, client_id: str, type_id: str) -> dict[str, Any]:
    """Of `acting/openings/offered`."""
    return {
        "practice": practice_id,
        "clientId": client_id,
        "typeId": type_id,
        "client": list(CLIENT.names),
        "type": list(APPOINTMENT_TYPE.names),
        "practitioner": list(PRACTITIONER.names),
        "location": list(LOCATION.names),
    }


def offered_of(rows: Sequence[Row]) -> Offered:
    """What was found."""
    row = rows[0] if rows else {"client": [], "type": [], "practitioners": [], "locations": []}
    practitioners = [PRACTITIONER.of(record) for record in row["practitioners"]]
    locations = [LOCATION.of(record) for record in row["locations"]]
    return Offered(
        next((CLIENT.of(record) for record in row["client"]), None),
        next((APPOINTMENT_TYPE.of(record) for record in row["type"]), None),
        {one.id: one for one in practitioners},
        {one.id: one for one in locations},
    )


def taken_params(
    practice_id: str,
    days: Iterable[date],
    practitioners: Iterable[str] = (),
    places: Iterable[str] = (),
    client_id: str | None = None,
) -> dict[str, Any]:
    """Of `acting/appointments/taken`."""
    of_days = sorted(set(days))

    def keys(calendars: Iterable[str]) -> list[str]:
        return [day_key(practice_id, calendar, day) for calendar in sorted(set(calendars)) for day in of_days]

    return {
        "practice": practice_id,
        "practitionerDays": keys(practitioners),
        "placeDays": keys(places),
        "clientDays": keys([] if client_id is None else [client_id]),
        "statuses": sorted(status.value for status in HOLDING),
        "appointment": list(APPOINTMENT.names),
    }


def taken_of(rows: Sequence[Row]) -> list[Appointment]:
    """Each once."""
    found = [appointment_of(record) for row in rows for record in row["appointments"]]
    return list({one.id: one for one in found}.values())


def ahead_bounds(practice_id: str, client_id: str, now: datetime) -> dict[str, str]:
    """Between which keys a client's appointments are that are to come."""
    scope = client_scope(practice_id, client_id)
    return {"above": scope + stamp(now), "below": after_scope(scope)}
