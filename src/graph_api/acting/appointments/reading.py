"""Reads appointments for one caller: what they may not see does not exist for them (X6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from graph_api.acting.appointments.graph.reads import Agenda, AppointmentReads, FoundNames, OfClient
from graph_api.acting.appointments.graph.rows import place_of, request_place
from graph_api.acting.appointments.graph.writes import AppointmentWrites
from graph_api.acting.appointments.model import Appointment, AppointmentStatus
from graph_api.acting.appointments.opening_questions import check_days
from graph_api.acting.appointments.readers import Readers
from graph_api.acting.appointments.shown import Booked, ShownAppointment
from graph_api.acting.appointments.statuses import status_at
from graph_api.acting.appointments.wall_time import MIDNIGHT, on_day, reached
from graph_api.acting.bylines import Author, Byline, Names, byline
from graph_api.kernel.door import nobody
from graph_api.kernel.ids import is_id
from graph_api.kernel.paging import Cursors, Page, PageArguments, PageRequest, Position, make_page, page_request
from graph_api.kernel.rules import WRITERS
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.written import in_utc
from graph_api.shapes.nodes import require_few

AppointmentPage = Page[Appointment, ShownAppointment]


@dataclass(frozen=True, slots=True)
class Listed:
    """Which of a client's appointments are asked for."""

    starts_from: datetime | None = None
    starts_before: datetime | None = None
    statuses: tuple[AppointmentStatus, ...] | None = None


@dataclass(frozen=True, slots=True)
class AskedByline:
    """Somebody who did something to a client's appointment."""

    client_id: str
    author: Author


class AppointmentReading:
    """Questions of one caller about appointments."""

    def __init__(self, scope: Scope) -> None:
        self._caller = scope.caller
        self._graph = scope.graph
        self._clock = scope.clock
        self._secret = scope.secret
        self._readers = scope[Readers]

    @property
    def _is_staff(self) -> bool:
        return WRITERS.allows(self._caller.role)

    def _cursors(self, scope: str) -> Cursors:
        return Cursors(self._secret, self._caller.practice.id, scope)

    def shown(self, appointment: Appointment) -> ShownAppointment:
        """As the caller sees it now, who may see it."""
        status = status_at(appointment, self._clock.now())
        return ShownAppointment(appointment, status, self._is_staff, self._caller.person_id)

    async def client_of(self, appointment_id: str) -> str | None:
        """Whose an appointment is; None where there is none. Whether the caller sees it is decided later, under
        locks."""
        if not is_id("appointment", appointment_id):
            return None
        found = await self._graph[AppointmentReads].by_ids([appointment_id])
        return self._graph.door.keep(found, lambda some: some[0].client_id if some else None, nobody)

    async def by_ids(self, ids: Sequence[str]) -> Mapping[str, ShownAppointment]:
        """Those that the caller sees, by id."""
        wanted = [one for one in ids if is_id("appointment", one)]
        if not wanted:
            return {}
        door = self._graph.door
        found = await self._graph[AppointmentReads].by_ids(wanted)
        clients = door.keep(found, lambda some: {one.client_id for one in some}, nobody)
        seen = await self._readers.of(clients)

        def visible(some: Sequence[Appointment]) -> dict[str, ShownAppointment]:
            return {one.id: self.shown(one) for one in some if one.audience in seen.get(one.client_id, ())}

        return door.keep(found, visible, lambda shown: [one.client_id for one in shown.values()])

    async def of_client(self, client_id: str, listed: Listed, arguments: PageArguments) -> AppointmentPage | None:
        """A page of the client's appointments, by their start; None where the caller sees none of theirs.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR, INVALID_TIME.
        """
        since, until = (None if at is None else in_utc(at) for at in (listed.starts_from, listed.starts_before))
        statuses = None if listed.statuses is None else sorted(status.value for status in listed.statuses)
        cursors = self._cursors(f"appointments\x00{client_id}\x00{since}\x00{until}\x00{statuses}")
        request = page_request(arguments, cursors, with_total=False)
        audiences = (await self._readers.of([client_id])).get(client_id)
        if audiences is None:
            return None
        wanted = OfClient(client_id, audiences, since, until, listed.statuses)
        found = await self._graph[AppointmentReads].of_client(wanted, self._clock.now(), request)
        return self._graph.door.keep(found, lambda some: self._page(some, request, cursors), _clients)

    async def agenda(self, wanted: Agenda, arguments: PageArguments) -> AppointmentPage | None:
        """A page of the practice's appointments, by their start; None for all but staff.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR.
        """
        cursors = self._cursors(f"agenda\x00{wanted}")
        request = page_request(arguments, cursors, with_total=False)
        if not self._is_staff:
            return None
        found = await self._graph[AppointmentReads].agenda(wanted, request)
        return self._graph.door.keep(found, lambda some: self._page(some, request, cursors), _clients)

    async def requests(self, arguments: PageArguments) -> AppointmentPage | None:
        """A page of the requests that wait, soonest to expire first; None for all but staff (A13).

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR.
        """
        cursors = self._cursors("appointmentRequests")
        request = page_request(arguments, cursors, with_total=False)
        if not self._is_staff:
            return None
        found = await self._graph[AppointmentReads].requests(self._clock.now(), request)

        def page(some: Sequence[Appointment]) -> AppointmentPage:
            rows = make_page(some, request, lambda one: cursors.encode(Position(request_place(one))))
            return rows.shown_as(self.shown)

        return self._graph.door.keep(found, page, _clients)

    def _page(self, some: Sequence[Appointment], request: PageRequest, cursors: Cursors) -> AppointmentPage:
        rows = make_page(some, request, lambda one: cursors.encode(Position(place_of(one))))
        return rows.shown_as(self.shown)

    async def bylines(self, asked: Sequence[AskedByline]) -> list[Byline]:
        """Who did it, in words; to a portal account another contact is nobody in particular (X4)."""
        own = self._caller.person_id
        named = [one for one in asked if self._is_staff or one.author.person_id in (None, one.client_id, own)]
        people = {one.author.person_id for one in named if one.author.person_id is not None}
        people |= {one.client_id for one in named if one.author.contact_id is not None}
        subjects = {one.author.subject for one in asked if one.author.person_id is None}
        found = await self._graph[AppointmentReads].names(people, subjects)

        def worded(read: FoundNames) -> list[Byline]:
            return [
                byline(
                    one.author,
                    Names(self._caller.practice, read.people.get(one.client_id, ""), read.people, read.practitioners),
                    to_staff=self._is_staff,
                    own=own,
                    is_hidden=True,
                )
                for one in asked
            ]

        return self._graph.door.keep(found, worded, lambda lines: filter(None, (one.person_id for one in lines)))

    async def reload(self, _tx: Transaction, appointment_id: str) -> ShownAppointment | None:
        """An appointment as it is now, for a replay."""
        return (await self.by_ids([appointment_id])).get(appointment_id)

    async def reload_booked(self, tx: Transaction, appointment_id: str) -> Booked | None:
        """What was booked, as it is now, for a replay."""
        first = (await self.by_ids([appointment_id])).get(appointment_id)
        if first is None:
            return None
        if first.series_id is None:
            return Booked(first)
        series = sorted(await tx[AppointmentWrites].of_series(first.series_id), key=place_of)
        return Booked(first, tuple(self.shown(one) for one in series))


def agenda_of(
    zone: ZoneInfo,
    first: date,
    days: int,
    practitioner_ids: tuple[str, ...] | None,
    location_ids: tuple[str, ...] | None,
) -> Agenda:
    """Days of a time zone.

    Raises:
        BadRequest: OUT_OF_RANGE, TOO_MANY_IDS.
    """
    check_days(first, days)
    for ids in (practitioner_ids, location_ids):
        require_few(ids or ())
    last = first + timedelta(days=days)
    return Agenda(
        reached(on_day(first, MIDNIGHT), zone), reached(on_day(last, MIDNIGHT), zone), practitioner_ids, location_ids
    )


def _clients(page: AppointmentPage) -> list[str]:
    return [one.client_id for one in page.items]
