"""Where an appointment stands, and what it may become (A4 and the table of statuses)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from graph_api.acting.appointments.model import Appointment, AppointmentStatus
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.errors import Forbidden, InvalidInput, Refused, invalid
from graph_api.kernel.rules import WRITERS

HOLD_HOURS = 48
"""How long a request holds its time, where the practice says nothing else (A4)."""
_ALL = frozenset(AppointmentStatus)
_WRITERS = WRITERS.roles
GONE = frozenset(
    {
        AppointmentStatus.DECLINED,
        AppointmentStatus.CANCELLED,
        AppointmentStatus.EXPIRED,
        AppointmentStatus.ENTERED_IN_ERROR,
    }
)
"""What does not take place, and gives its time up."""
HOLDING = _ALL - GONE
"""What may hold its time; of a request the clock decides (A4)."""


@dataclass(frozen=True, slots=True)
class Transition:
    """From which statuses one may be reached, by whom, and whether only from the appointment's day on."""

    sources: frozenset[AppointmentStatus]
    roles: frozenset[ViewerRole]
    from_its_day: bool = False


_REQUESTED, _BOOKED = AppointmentStatus.REQUESTED, AppointmentStatus.BOOKED
TRANSITIONS: Mapping[AppointmentStatus, Transition] = {
    AppointmentStatus.BOOKED: Transition(frozenset({_REQUESTED}), _WRITERS),
    AppointmentStatus.DECLINED: Transition(frozenset({_REQUESTED}), _WRITERS),
    AppointmentStatus.CANCELLED: Transition(frozenset({_REQUESTED, _BOOKED}), _WRITERS | {ViewerRole.PORTAL}),
    AppointmentStatus.ARRIVED: Transition(frozenset({_BOOKED}), _WRITERS, from_its_day=True),
    AppointmentStatus.COMPLETED: Transition(
        frozenset({_BOOKED, AppointmentStatus.ARRIVED}), _WRITERS, from_its_day=True
    ),
    AppointmentStatus.NO_SHOW: Transition(frozenset({_BOOKED}), _WRITERS, from_its_day=True),
    AppointmentStatus.ENTERED_IN_ERROR: Transition(
        _ALL - {AppointmentStatus.ENTERED_IN_ERROR}, frozenset({ViewerRole.ADMIN})
    ),
}
"""What each status may be reached from. Nothing becomes REQUESTED again, and EXPIRED comes by the clock alone."""
WORDS: Mapping[AppointmentStatus, tuple[str, str]] = {
    AppointmentStatus.REQUESTED: ("requested", "has not been confirmed yet"),
    AppointmentStatus.BOOKED: ("booked", "is booked"),
    AppointmentStatus.ARRIVED: ("arrived", "has begun: the client has arrived"),
    AppointmentStatus.COMPLETED: ("completed", "has taken place"),
    AppointmentStatus.DECLINED: ("declined", "was declined"),
    AppointmentStatus.CANCELLED: ("cancelled", "was cancelled"),
    AppointmentStatus.NO_SHOW: ("noShow", "was missed by the client"),
    AppointmentStatus.EXPIRED: ("expired", "was requested and not confirmed in time"),
    AppointmentStatus.ENTERED_IN_ERROR: ("enteredInError", "was entered in error"),
}
"""Of each status: how a reason says it, and how a sentence goes on that begins with `This appointment`."""


def status_at(appointment: Appointment, now: datetime) -> AppointmentStatus:
    """Where it stands at a moment: a request expires by the clock, and no job has to run (A4)."""
    held_until = appointment.held_until
    if appointment.status is _REQUESTED and (held_until is None or held_until <= now):
        return AppointmentStatus.EXPIRED
    return appointment.status


def holds_time(appointment: Appointment, now: datetime) -> bool:
    """Whether its time is its own at a moment: that of a request is as that of a booking, until it expires (A4)."""
    return status_at(appointment, now) in HOLDING


def held_until(now: datetime, starts_at: datetime, hours: int = HOLD_HOURS) -> datetime:
    """Until when a request made now holds its time: some hours, at most until its start (A4)."""
    return min(now + timedelta(hours=hours), starts_at)


def refuse_transition(appointment: Appointment, to: AppointmentStatus, role: ViewerRole, now: datetime) -> None:
    """Refuse what the table of statuses does not allow.

    Raises:
        Refused: Forbidden for the role; InvalidInput `appointment.<where it stands>`, as `appointment.cancelled`;
            `appointment.notYet` before its day, by the clocks of its location.
    """
    allowed = TRANSITIONS.get(to)
    if allowed is None or role not in allowed.roles:
        raise Refused([Forbidden(path=("appointmentId",))])
    status = status_at(appointment, now)
    if status not in allowed.sources:
        raise Refused([refusal(status)])
    if allowed.from_its_day and _day(now, appointment) < _day(appointment.starts_at, appointment):
        message = "This appointment is on a later day. What came of it can be said on that day."
        raise Refused([invalid("appointment.notYet", message, "appointmentId")])


def refuse_moving(appointment: Appointment, now: datetime) -> None:
    """Only what is requested or booked can be moved (A8).

    Raises:
        Refused: InvalidInput `appointment.<where it stands>`.
    """
    status = status_at(appointment, now)
    if status not in (_REQUESTED, _BOOKED):
        raise Refused([refusal(status)])


def refusal(status: AppointmentStatus) -> InvalidInput:
    """That something can't be done to an appointment as it stands."""
    spelled, words = WORDS[status]
    return invalid(f"appointment.{spelled}", f"This appointment {words}.", "appointmentId")


def _day(moment: datetime, appointment: Appointment) -> date:
    return moment.astimezone(ZoneInfo(appointment.time_zone)).date()
