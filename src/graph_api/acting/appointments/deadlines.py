"""How early and how late somebody may book, move and cancel (A6, A9).

Notices are elapsed hours and days, so a change of clocks shortens nobody's notice.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from graph_api.acting.appointments.claims import is_on_step
from graph_api.acting.appointments.model import Appointment, AppointmentStatus, AppointmentType, PortalBooking
from graph_api.acting.appointments.openings import Bounds
from graph_api.acting.appointments.statuses import status_at
from graph_api.acting.appointments.wall_time import instant_of
from graph_api.kernel.errors import InvalidInput, Refused, invalid

STAFF_BACK = timedelta(days=7)
"""How far in the past staff may still book (A6)."""
STAFF_AHEAD = timedelta(days=3_660)
"""A year typed wrong is no appointment."""
MAX_REQUESTS, MAX_BOOKINGS = 5, 10
"""That an account may have ahead for one client (A9)."""
_PATH = "startsAt"


def offered_to_portal(kind: AppointmentType, now: datetime) -> Bounds:
    """The first and the last start that a portal account may book (A9)."""
    return Bounds(now + timedelta(hours=kind.min_notice_hours), now + timedelta(days=kind.max_ahead_days))


def offered_to_staff(now: datetime) -> Bounds:
    """Staff are shown all that is to come; notices are for portal accounts."""
    return Bounds(now)


def refuse_start(sent: datetime, zone: ZoneInfo, path: str = _PATH) -> None:
    """Refuse a start that nobody can book, staff included.

    Args:
        sent: as it was sent, with the offset that it was sent with.
        zone: of the location.
        path: the field that it was sent in.

    Raises:
        Refused: InvalidInput `start.inGap`: clocks at the location leave this time out; `start.offGrid`: it is no
            multiple of 5 minutes.
    """
    if _is_in_gap(sent, zone):
        message = "Clocks are put forward on this day and leave this time out. Choose another time."
        raise Refused([invalid("start.inGap", message, path)])
    if not is_on_step(sent):
        raise Refused([invalid("start.offGrid", "Times are multiples of five minutes.", path)])


def refuse_staff_start(starts_at: datetime, now: datetime) -> None:
    """Refuse what staff may not book for its distance from now (A6).

    Raises:
        Refused: InvalidInput `start.past`, `appointment.tooFarAhead`.
    """
    if starts_at < now - STAFF_BACK:
        message = f"This is more than {STAFF_BACK.days} days ago."
        raise Refused([invalid("start.past", message, _PATH)])
    if starts_at > now + STAFF_AHEAD:
        raise Refused([invalid("appointment.tooFarAhead", "This is too far in the future.", _PATH)])


def refuse_portal_start(kind: AppointmentType, starts_at: datetime, now: datetime) -> None:
    """Refuse what a portal account may not book for its distance from now (A9).

    Raises:
        Refused: InvalidInput `start.past`, `appointment.tooSoon`, `appointment.tooFarAhead`.
    """
    bounds = offered_to_portal(kind, now)
    if starts_at < now:
        raise Refused([invalid("start.past", "This time has passed.", _PATH)])
    if starts_at < bounds.earliest:
        message = f"This can be booked until {kind.min_notice_hours} hours before it starts."
        raise Refused([invalid("appointment.tooSoon", message, _PATH)])
    if bounds.latest is not None and starts_at > bounds.latest:
        message = f"This can be booked at most {kind.max_ahead_days} days ahead."
        raise Refused([invalid("appointment.tooFarAhead", message, _PATH)])


def refuse_portal_move(kind: AppointmentType, before: Appointment, starts_at: datetime, now: datetime) -> None:
    """Refuse a move by a portal account that comes too late for the old start, or may not book the new one (A9).

    Raises:
        Refused: InvalidInput `appointment.tooLate`, or as `refuse_portal_start`.
    """
    if is_late(kind, before, now):
        raise Refused([_too_late(kind, "moved")])
    refuse_portal_start(kind, starts_at, now)


def refuse_portal_cancel(kind: AppointmentType, appointment: Appointment, now: datetime) -> None:
    """Refuse a cancellation by a portal account that comes too late. Where the type allows late ones, the start is the
    end of it, and what comes after the notice `is_late` (A9).

    Raises:
        Refused: InvalidInput `appointment.tooLate`.
    """
    has_begun = appointment.starts_at <= now
    if has_begun or (is_late(kind, appointment, now) and not kind.late_cancel):
        raise Refused([_too_late(kind, "cancelled")])


def can_cancel_until(kind: AppointmentType, appointment: Appointment) -> datetime:
    """The last moment at which a portal account may cancel or move it without being late (A9)."""
    return appointment.starts_at - timedelta(hours=kind.change_notice_hours)


def is_late(kind: AppointmentType, appointment: Appointment, now: datetime) -> bool:
    """Whether a cancellation at this moment is late (A9)."""
    return now > can_cancel_until(kind, appointment)


def refuse_too_many(kind: AppointmentType, own: Iterable[Appointment], now: datetime) -> None:
    """Refuse one more by a portal account that has as many ahead as it may (A9).

    Args:
        kind: what the account asks for: a request or a booking.
        own: what this account booked for this client.
        now: the moment.

    Raises:
        Refused: InvalidInput `requests.tooMany`, `appointments.tooMany`.
    """
    ahead = [status_at(appointment, now) for appointment in own if appointment.starts_at > now]
    if kind.portal is PortalBooking.REQUEST and ahead.count(AppointmentStatus.REQUESTED) >= MAX_REQUESTS:
        message = f"At most {MAX_REQUESTS} requests can wait for the practice at one time."
        raise Refused([invalid("requests.tooMany", message)])
    if kind.portal is PortalBooking.BOOK and ahead.count(AppointmentStatus.BOOKED) >= MAX_BOOKINGS:
        message = f"At most {MAX_BOOKINGS} appointments can be booked ahead at one time."
        raise Refused([invalid("appointments.tooMany", message)])


def _too_late(kind: AppointmentType, done: str) -> InvalidInput:
    hours = kind.change_notice_hours
    message = f"This can be {done} online until {hours} hours before it starts. Ask the practice instead."
    return invalid("appointment.tooLate", message, "appointmentId")


def _is_in_gap(sent: datetime, zone: ZoneInfo) -> bool:
    """Whether a moment was sent as a wall time of the location that clocks leave out.

    `02:30-05:00` on the day on which New York's clocks go from 2 to 3 is such a time, though it names a moment. What
    was sent in UTC is a moment and nothing else.
    """
    offset = sent.utcoffset()
    if not offset:
        return False
    wall = sent.replace(tzinfo=None)
    if instant_of(wall, zone) is not None:
        return False
    return offset in {wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}
