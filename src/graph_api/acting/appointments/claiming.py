"""Claiming time for appointments, and warning of what staff may do all the same (A4, A5, A6).

Practitioners are locked first and exclusive locations after them, in the order of their ids. What holds these locks
reads which moments are claimed, so whoever comes second is told (TimeTaken) and need not be run again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from graph_api.acting.appointments.claims import booked_of, booked_span, keys_of
from graph_api.acting.appointments.deadlines import refuse_portal_start, refuse_staff_start
from graph_api.acting.appointments.graph.hours import HoursWrites
from graph_api.acting.appointments.graph.settings import LocationWrites
from graph_api.acting.appointments.graph.writes import AppointmentWrites, Claimed
from graph_api.acting.appointments.model import Appointment, AppointmentType, Location
from graph_api.acting.appointments.offering import Offered, days_around, refuse_place
from graph_api.acting.appointments.openings import is_on_grid
from graph_api.acting.appointments.shown import TimeTaken
from graph_api.acting.appointments.statuses import holds_time
from graph_api.acting.appointments.windows import Hours, is_open
from graph_api.kernel.errors import MutationWarning, Refused, WarningCode, invalid
from graph_api.kernel.flights import together
from graph_api.kernel.ids import is_id
from graph_api.kernel.transaction import Transaction
from graph_api.practitioners.graph import PractitionerWrites
from graph_api.practitioners.model import Practitioner


@dataclass(frozen=True, slots=True)
class Calendars:
    """Those in whose time something changes, as they are under their locks."""

    practitioners: dict[str, Practitioner]
    locations: dict[str, Location]


@dataclass(slots=True)
class Claim:
    """What is claimed, what is given up for it, and what staff are warned of."""

    appointments: list[Appointment]
    keys: dict[str, frozenset[str]] = field(default_factory=dict)
    """By appointment id."""
    stale: list[tuple[str, str]] = field(default_factory=list)
    """Keys of requests that have expired, which somebody else claims now."""
    is_busy: bool = False
    """Whether the client has another appointment then."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What decides whether times can be had, as it is under the locks."""

    hours: Hours
    claimed: Claimed


def lock_calendars(tx: Transaction, practitioner_ids: Iterable[str], location_ids: Iterable[str]) -> Calendars:
    """Take the locks of practitioners, then of exclusive locations (X2); they are known when anything is read next."""
    practitioners = tx[PractitionerWrites].lock_ahead(practitioner_ids)
    places = sorted(set(location_ids))
    return Calendars(practitioners, tx[LocationWrites].lock_ahead(places) if places else {})


def places_in(appointments: Iterable[Appointment]) -> set[str]:
    """The exclusive locations in whose time appointments stand."""
    return {one for appointment in appointments for one in appointment.calendars if is_id("location", one)}


def lock_place(
    tx: Transaction, offered: Offered, practitioner_id: str, location_id: str, before: Sequence[Appointment] = ()
) -> Calendars:
    """Lock with whom and where an appointment is to be, and where it is now; known when anything is read next."""
    wanted = offered.locations.get(location_id)
    exclusive = {location_id} if wanted is not None and wanted.is_exclusive else set()
    old = {one.practitioner_id for one in before}
    return lock_calendars(tx, {practitioner_id, *old}, exclusive | places_in(before))


async def locked_place(
    tx: Transaction, offered: Offered, locked: Calendars, practitioner_id: str, location_id: str, *, by_portal: bool
) -> Location:
    """The location where an appointment is to be, as it is under the locks.

    Raises:
        Refused: as `refuse_place`.
    """
    location = locked.locations.get(location_id, offered.locations.get(location_id))
    if location is None:  # not of the type: staff are told whether there is such a location
        location = (await tx[LocationWrites].by_ids([location_id])).get(location_id)
    refuse_place(offered, locked.practitioners.get(practitioner_id), location, by_portal=by_portal)
    assert location is not None  # noqa: S101 - refused above
    return location


async def look(tx: Transaction, wanted: Sequence[Appointment]) -> Seen:
    """Read when the practitioner of appointments is there, and what stands at their times."""
    practitioner_id = wanted[0].practitioner_id
    starts = [one.starts_at for one in wanted]
    keys = {key for one in wanted for key in keys_of(tx.practice_id, one)}
    hours, claimed = await together(
        tx[HoursWrites].of([practitioner_id], days_around(starts)),
        tx[AppointmentWrites].claimed(keys, wanted[0].client_id, days_around(starts, 1, 1)),
    )
    return Seen(hours[practitioner_id], claimed)


def refuse_or_warn(
    kind: AppointmentType,
    location: Location,
    zone: ZoneInfo,
    wanted: Sequence[Appointment],
    hours: Hours,
    now: datetime,
    *,
    by_portal: bool,
) -> list[MutationWarning]:
    """Refuse a portal account what is not offered, and warn staff of it (A6, A9).

    Raises:
        Refused: as `refuse_portal_start` and `refuse_staff_start`; `start.offGrid` for what is not offered.
    """
    zones = {location.id: zone}
    if by_portal:
        for one in wanted:
            refuse_portal_start(kind, one.starts_at, now)
            if not is_on_grid(hours, kind, zones, one.starts_at, location.id):
                message = "This time is not offered. Choose one of the openings."
                raise Refused([invalid("start.offGrid", message, "startsAt")])
        return []
    for one in wanted:
        refuse_staff_start(one.starts_at, now)
    warnings = []
    if not all(is_open(hours, zones, location.id, booked_span(one)) for one in wanted):
        message = "The practitioner is not open there at that time."
        warnings.append(_warning(WarningCode.OUTSIDE_OPENINGS, message))
    if any(one.starts_at < now for one in wanted):
        warnings.append(_warning(WarningCode.IN_PAST, "This time has passed."))
    return warnings


def busy_warnings(claim: Claim) -> list[MutationWarning]:
    """That the client has another appointment then."""
    if not claim.is_busy:
        return []
    return [_warning(WarningCode.CLIENT_BUSY, "The client has another appointment at that time.")]


def _warning(code: WarningCode, message: str) -> MutationWarning:
    return MutationWarning(code=code, message=message, path=("startsAt",))


def claim(
    practice_id: str,
    wanted: Sequence[Appointment],
    claimed: Claimed,
    now: datetime,
    *,
    overbook: bool,
    by_portal: bool,
) -> Claim:
    """Find out whether the time of appointments is free; nothing is written yet.

    An appointment that is moved does not meet its own old time (A8). A request that has expired holds nothing (A4).
    Where staff overbook, what is taken is not claimed.

    Raises:
        Refused: TimeTaken, for each start that is taken. A portal account is told the same where the client has
            another appointment, so that nobody can tell which it is (A6).
    """
    keys = {one.id: keys_of(practice_id, one) for one in wanted}
    stale = [(key, holder) for key, holder in claimed.by_key.items() if _is_stale(claimed, holder, keys.keys(), now)]
    given_up = {key for key, _ in stale}
    clashing = [
        one for one in wanted if any(claimed.by_key.get(key, one.id) != one.id for key in keys[one.id] - given_up)
    ]
    busy = _busy(wanted, claimed.of_client, now)
    taken = {one.id for one in clashing if not overbook} | {one.id for one in busy if by_portal}
    if taken:
        raise Refused([TimeTaken(starts_at=tuple(one.starts_at for one in wanted if one.id in taken), path=_PATH)])
    beside = {one.id for one in clashing}
    made = [replace(one, calendars=(), is_overbooked=True) if one.id in beside else one for one in wanted]
    mine = {one.id: frozenset() if one.id in beside else keys[one.id] for one in wanted}
    return Claim(made, mine, [pair for pair in stale if any(pair[0] in some for some in mine.values())], bool(busy))


_PATH = ("startsAt",)


def _is_stale(claimed: Claimed, holder: str, moving: Collection[str], now: datetime) -> bool:
    """Whether a moment is held by a request that has expired."""
    appointment = claimed.appointments.get(holder)
    return holder not in moving and appointment is not None and not holds_time(appointment, now)


def _busy(wanted: Sequence[Appointment], of_client: Sequence[Appointment], now: datetime) -> list[Appointment]:
    """Those during which the client has another appointment."""
    own = {one.id for one in wanted}
    spans = booked_of(wanted[0].client_id, [one for one in of_client if one.id not in own], now)
    return [one for one in wanted if any(booked_span(one).overlaps(span) for span in spans)]
