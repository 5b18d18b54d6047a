"""The time that an appointment claims: one key for every 5 minutes in each calendar (A4, A5, A8).

A key is unique in the graph, so no two appointments can claim one moment of a practitioner or of an exclusive location.
Buffers are part of what is claimed, and a request claims as a booking does.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from graph_api.acting.appointments.model import STEP_MINUTES, Appointment, AppointmentType, Location
from graph_api.acting.appointments.spans import Span, joined
from graph_api.acting.appointments.statuses import holds_time

STEP = timedelta(minutes=STEP_MINUTES)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_on_step(moment: datetime) -> bool:
    """Whether a moment is a multiple of 5 minutes."""
    return (moment - _EPOCH) % STEP == timedelta(0)


def instants(span: Span) -> Iterator[datetime]:
    """Every 5 minutes of a span, its start among them and its end not.

    Raises:
        ValueError: it does not begin and end at a multiple of 5 minutes.
    """
    if not (is_on_step(span.start) and is_on_step(span.end)):
        raise ValueError("a claim that is no multiple of 5 minutes")
    moment = span.start
    while moment < span.end:
        yield moment
        moment += STEP


def claim_key(practice_id: str, calendar_id: str, instant: datetime) -> str:
    """The key of one moment in the calendar of a practitioner or a location, practice|calendar|instant in UTC."""
    return f"{practice_id}|{calendar_id}|{instant.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def calendars_of(practitioner_id: str, location: Location, *, overbook: bool) -> tuple[str, ...]:
    """In whose time an appointment stands: the practitioner's, and an exclusive location's; overbooked, in nobody's."""
    if overbook:
        return ()
    return (practitioner_id, location.id) if location.is_exclusive else (practitioner_id,)


def booked_span(appointment: Appointment) -> Span:
    """From the start until the end, as everybody is told."""
    return Span(appointment.starts_at, appointment.ends_at)


def claimed_span(appointment: Appointment) -> Span:
    """With its buffers."""
    return booked_span(appointment).wider(appointment.buffer_before, appointment.buffer_after)


def span_of(kind: AppointmentType, starts_at: datetime) -> Span:
    """From a start until as many elapsed minutes later as the type has (A3)."""
    return Span(starts_at, starts_at + timedelta(minutes=kind.minutes))


def keys_of(practice_id: str, appointment: Appointment) -> frozenset[str]:
    """The keys of all the time that it stands in, whether or not it holds that time now."""
    moments = tuple(instants(claimed_span(appointment)))
    return frozenset(
        claim_key(practice_id, calendar, moment) for calendar in appointment.calendars for moment in moments
    )


def claimed_in(
    calendar_id: str, appointments: Iterable[Appointment], now: datetime, moving: str | None = None
) -> list[Span]:
    """What is claimed of a calendar at a moment, for openings.

    Args:
        calendar_id: the practitioner's or the location's id.
        appointments: all that may stand in it; of a request whose hold has ended nothing counts (A4).
        now: the moment.
        moving: an appointment that is about to be moved, whose old time is free for it (A8).
    """
    return joined(
        claimed_span(appointment)
        for appointment in appointments
        if calendar_id in appointment.calendars and appointment.id != moving and holds_time(appointment, now)
    )


def booked_of(
    client_id: str, appointments: Iterable[Appointment], now: datetime, moving: str | None = None
) -> list[Span]:
    """The client's own booked time, whoever may see the appointment, also where it is overbooked (A6). Buffers are the
    practitioner's and not the client's."""
    return joined(
        booked_span(appointment)
        for appointment in appointments
        if appointment.client_id == client_id and appointment.id != moving and holds_time(appointment, now)
    )
