"""Openings: what can be booked for a client, as a caller may see it (A2, A6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from graph_api.access.model import PortalAction
from graph_api.acting.appointments.claims import booked_of, claimed_in
from graph_api.acting.appointments.deadlines import offered_to_portal, offered_to_staff
from graph_api.acting.appointments.graph.hours import HoursReads
from graph_api.acting.appointments.graph.reads import AppointmentReads
from graph_api.acting.appointments.model import Appointment, AppointmentType, Location, PortalBooking
from graph_api.acting.appointments.offering import Offered, zones_of
from graph_api.acting.appointments.openings import (
    MAX_DAYS,
    MAX_PRACTITIONERS,
    Busy,
    Opening,
    nearest,
    openings,
)
from graph_api.acting.appointments.readers import Readers
from graph_api.acting.appointments.shown import ShownOpening, shown_opening
from graph_api.acting.appointments.windows import Hours
from graph_api.engine.errors import BadRequest
from graph_api.kernel.door import nobody
from graph_api.kernel.ids import is_id
from graph_api.kernel.paging import Cursors, Page, PageArguments, Position, make_page, page_request
from graph_api.kernel.rows import stamp
from graph_api.kernel.scope import Scope
from graph_api.practitioners.model import Practitioner

EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)
"""Between these days can be asked about."""
AROUND = 7
"""Days before and after a start that was taken, on which others are looked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which openings are asked for."""

    client_id: str
    type_id: str
    first: date
    days: int
    practitioner_ids: tuple[str, ...] | None = None
    """None: all who offer the type."""
    location_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Setting:
    """What openings are worked out from."""

    kind: AppointmentType
    practitioners: dict[str, Practitioner]
    locations: dict[str, Location]
    zones: dict[str, ZoneInfo]


class OpeningQuestions:
    """Questions of one caller. They take three statements, and one more to decide about a portal account."""

    def __init__(self, scope: Scope) -> None:
        self._caller = scope.caller
        self._graph = scope.graph
        self._clock = scope.clock
        self._secret = scope.secret
        self._readers = scope[Readers]

    @property
    def _is_portal(self) -> bool:
        return self._caller.is_account

    async def page(self, wanted: Wanted, arguments: PageArguments) -> Page[ShownOpening, ShownOpening] | None:
        """A page of openings, by start, practitioner and location; None where nothing can be booked by the caller.

        Raises:
            BadRequest: OUT_OF_RANGE for days and practitioners; INVALID_PAGE, INVALID_CURSOR.
        """
        check_days(wanted.first, wanted.days)
        asked = (wanted.practitioner_ids, wanted.location_ids)
        _check_few(wanted.practitioner_ids)
        cursors = Cursors(
            self._secret,
            self._caller.practice.id,
            f"openings\x00{wanted.client_id}\x00{wanted.type_id}\x00{wanted.first}\x00{wanted.days}\x00{asked}",
        )
        request = page_request(arguments, cursors, with_total=False)
        found = await self.all(wanted)
        if found is None:
            return None
        if request.position is not None:
            after = request.position.key
            found = [one for one in found if _place(one) > after]
        return make_page(found[: request.size + 1], request, lambda one: cursors.encode(Position(_place(one))))

    async def all(self, wanted: Wanted) -> list[ShownOpening] | None:
        """All openings, in order; None where nothing can be booked by the caller."""
        if not (is_id("person", wanted.client_id) and is_id("type", wanted.type_id)):
            return None
        if not await self._readers.may(wanted.client_id, PortalAction.SCHEDULE_APPOINTMENT):
            return None
        offered = await self._graph[AppointmentReads].offered(wanted.client_id, wanted.type_id)
        setting = self._setting(offered, wanted)
        if setting is None:
            return None
        hours, taken = await self._read(setting, wanted)
        now = self._clock.now()
        bounds = offered_to_portal(setting.kind, now) if self._is_portal else offered_to_staff(now)
        client = booked_of(wanted.client_id, taken, now)
        places = {one.id: claimed_in(one.id, taken, now) for one in setting.locations.values() if one.is_exclusive}
        found: list[Opening] = []
        for one in setting.practitioners:
            busy = Busy(claimed_in(one, taken, now), places, client)
            found += openings(hours[one], setting.kind, setting.zones, busy, bounds, wanted.first, wanted.days)
        shown = [shown_opening(one, setting.kind, setting.practitioners, setting.locations) for one in found]
        return sorted(shown, key=_place)

    async def nearest(
        self, client_id: str, type_id: str, practitioner_id: str, at: datetime
    ) -> tuple[ShownOpening, ...]:
        """Up to five openings of a practitioner around a start that was taken (A5)."""
        first = at.date() - timedelta(days=AROUND)
        found = await self.all(Wanted(client_id, type_id, first, 2 * AROUND + 1, (practitioner_id,)))
        by_opening = {one.opening: one for one in found or ()}
        return tuple(by_opening[one] for one in nearest(by_opening, at))

    def _setting(self, offered: Offered, wanted: Wanted) -> _Setting | None:
        """What can be booked of what was asked for."""
        kind = offered.kind
        if offered.client is None or offered.client.client_status is None or kind is None or not kind.is_active:
            return None
        if self._is_portal and kind.portal is PortalBooking.NONE:
            return None
        practitioners = {
            one.id: one
            for one in offered.practitioners.values()
            if one.is_active and _is_in(one.id, wanted.practitioner_ids)
        }
        locations = {
            one.id: one for one in offered.locations.values() if one.is_active and _is_in(one.id, wanted.location_ids)
        }
        _check_few(tuple(practitioners))
        return _Setting(kind, practitioners, locations, zones_of(locations.values(), self._clock.zone))

    async def _read(self, setting: _Setting, wanted: Wanted) -> tuple[Mapping[str, Hours], Sequence[Appointment]]:
        """Hours, and what may hold its time, of these days and those beside them: the longest claim reaches no
        further, and days are those of UTC."""
        ids = list(setting.practitioners)
        days = [wanted.first + timedelta(days=number) for number in range(-2, wanted.days + 2)]
        hours = await self._graph[HoursReads].of(ids, days)
        exclusive = [one.id for one in setting.locations.values() if one.is_exclusive]
        taken = await self._graph[AppointmentReads].taken(days, ids, exclusive, wanted.client_id)
        return hours, self._graph.door.keep(taken, list, nobody)


def check_days(first: date, days: int) -> None:
    """Which days can be asked about.

    Raises:
        BadRequest: OUT_OF_RANGE.
    """
    if not 1 <= days <= MAX_DAYS:
        raise BadRequest("OUT_OF_RANGE", f"Ask about 1 to {MAX_DAYS} days.")
    if not EARLIEST <= first < LATEST:
        raise BadRequest("OUT_OF_RANGE", "Ask about days from 2000 through 2199.")


def _check_few(practitioner_ids: Sequence[str] | None) -> None:
    if practitioner_ids is not None and len(practitioner_ids) > MAX_PRACTITIONERS:
        raise BadRequest("OUT_OF_RANGE", f"Ask about at most {MAX_PRACTITIONERS} practitioners.")


def _is_in(one: str, wanted: tuple[str, ...] | None) -> bool:
    return wanted is None or one in wanted


def _place(one: ShownOpening) -> str:
    return f"{stamp(one.starts_at)}|{one.practitioner.id}|{one.location.id}"
