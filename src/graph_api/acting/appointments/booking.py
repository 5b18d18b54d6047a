"""Booking and requesting appointments (A3-A7, A9, A10)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from graph_api.access.model import PortalAction
from graph_api.acting.appointments.audience import Reader, refuse_audience
from graph_api.acting.appointments.audit import audited_appointment
from graph_api.acting.appointments.changes import AppointmentsChanged
from graph_api.acting.appointments.checks import Draft, checked_draft
from graph_api.acting.appointments.claiming import (
    Seen,
    busy_warnings,
    claim,
    lock_place,
    locked_place,
    look,
    refuse_or_warn,
)
from graph_api.acting.appointments.claims import calendars_of, span_of
from graph_api.acting.appointments.deadlines import MAX_BOOKINGS, MAX_REQUESTS, refuse_start, refuse_too_many
from graph_api.acting.appointments.graph.writes import AppointmentWrites
from graph_api.acting.appointments.model import (
    Appointment,
    AppointmentStatus,
    AppointmentType,
    Location,
    PortalBooking,
    RecordAudience,
)
from graph_api.acting.appointments.offering import ClientBrief, Offered, known_kind, refuse_gone
from graph_api.acting.appointments.opening_questions import OpeningQuestions
from graph_api.acting.appointments.reading import AppointmentReading
from graph_api.acting.appointments.series import MAX_COUNT, occurrences
from graph_api.acting.appointments.shown import Booked, TimeTaken
from graph_api.acting.appointments.statuses import held_until
from graph_api.acting.appointments.telling import Around, around, told_of
from graph_api.acting.appointments.wall_time import local_text, wall_of
from graph_api.acting.bylines import Author
from graph_api.acting.checked import author_of
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.errors import MutationError, Refused
from graph_api.kernel.flights import together
from graph_api.kernel.happened import EventKind
from graph_api.kernel.ids import new_id
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request
from graph_api.network.terms import age_on

COUNTED = max(MAX_REQUESTS, MAX_BOOKINGS) + 1
"""One that is moved may be among them."""
BEGINNING = 10
"""So many may begin while a lock is waited for, and are not ahead any more."""


@dataclass(frozen=True, slots=True)
class _Ids:
    """Of what is to be booked; made outside of what may run again."""

    appointments: tuple[str, ...]
    series: str | None


@dataclass(frozen=True, slots=True)
class _Own:
    """What an account has ahead for the client, and from which age on a client may hide an appointment."""

    ahead: list[Appointment]
    privacy_age: int | None
    """Where it is to be hidden."""


@dataclass(frozen=True, slots=True)
class _Under:
    """What was read under the locks."""

    location: Location
    wanted: list[Appointment]
    seen: Seen
    near: Around
    own: _Own | None


class BookingService:
    """What both staff and portal accounts do."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit
        self._reading = scope[AppointmentReading]
        self._openings = scope[OpeningQuestions]

    @property
    def _is_portal(self) -> bool:
        return self._unit.caller.is_account

    async def book(self, request: Request, draft: Draft) -> Outcome[Booked]:
        """Book an appointment, or all of a series; from an account, request it where the type says so.

        Refused with NotFound, Forbidden, TimeTaken, and for the reasons of `checked_draft`, `refuse_place`,
        `refuse_or_warn`, `refuse_audience` and `refuse_too_many`; `client.archived`, `client.deceased` for staff.
        """
        count = 1 if draft.repeat is None else min(max(draft.repeat.count, 1), MAX_COUNT)
        ids = _Ids(
            tuple(new_id("appointment") for _ in range(count)), None if draft.repeat is None else new_id("series")
        )

        async def change(tx: Transaction, asked: Draft, _now: datetime) -> Outcome[Booked]:
            return await self._booked(tx, asked, ids)

        outcome = await self._unit.run(
            request,
            lambda: checked_draft(draft, by_portal=self._is_portal),
            change,
            self._reading.reload_booked,
        )
        return replace(outcome, errors=await self.with_nearest(outcome.errors, draft))

    async def _booked(self, tx: Transaction, asked: Draft, ids: _Ids) -> Outcome[Booked]:
        """Lock, decide, look at what is taken, and write."""
        by_portal = self._is_portal
        action = PortalAction.SCHEDULE_APPOINTMENT
        author, offered = await together(
            author_of(tx, self._unit.caller, asked.client_id, action, "clientId"),
            tx[AppointmentWrites].offered(asked.client_id, asked.type_id),
        )
        kind = known_kind(offered, by_portal=by_portal)
        if not by_portal:
            refuse_gone(offered.client)
        under = await self._locked(tx, asked, author, kind, offered, ids)
        now = self._unit.clock.now()  # under the locks: what has expired by now is free
        zone, at = under.location.zone(self._unit.clock.zone), tx.stamp()
        wanted = [replace(one, created_at=at, updated_at=at) for one in under.wanted]
        if wanted[0].status is AppointmentStatus.REQUESTED:
            wanted = [replace(one, held_until=held_until(now, wanted[0].starts_at)) for one in wanted]
        warnings = refuse_or_warn(kind, under.location, zone, wanted, under.seen.hours, now, by_portal=by_portal)
        self._refuse_own(asked, author, kind, offered.client, under.own, tx.today, now)
        claimed = claim(tx.practice_id, wanted, under.seen.claimed, now, overbook=asked.overbook, by_portal=by_portal)
        telling = told_of(claimed.appointments, under.near, at, now, author)
        await tx[AppointmentWrites].release(claimed.stale)
        await tx[AppointmentWrites].create(
            asked.client_id, [(one, claimed.keys[one.id]) for one in telling.appointments]
        )
        told = await self._unit.tell(tx, AppointmentsChanged(tuple((None, one) for one in telling.appointments)), now)
        await telling.send(tx, now)
        made = (audited_appointment(EventKind.BOOK_APPOINTMENT, author, None, one) for one in telling.appointments)
        shown = tuple(self._reading.shown(one) for one in telling.appointments)
        warned = (*warnings, *busy_warnings(claimed), *telling.warnings, *told.warnings)
        return Outcome(
            Booked(shown[0], () if ids.series is None else shown), warnings=warned, events=(*made, *told.events)
        )

    async def with_nearest(self, errors: Sequence[MutationError], draft: Draft) -> tuple[MutationError, ...]:
        """What was taken, with other times that are open; they are looked for when nothing is locked any more."""
        return tuple(
            [
                replace(
                    error,
                    nearest=await self._openings.nearest(
                        draft.client_id, draft.type_id, draft.practitioner_id, error.starts_at[0]
                    ),
                )
                if isinstance(error, TimeTaken)
                else error
                for error in errors
            ]
        )

    async def _locked(
        self, tx: Transaction, asked: Draft, author: Author, kind: AppointmentType, offered: Offered, ids: _Ids
    ) -> _Under:
        """Lock with whom and where it is to be, and read under these locks all that decides.

        Raises:
            Refused: as `_first`, `occurrences` and `refuse_place`.
        """
        who, where = asked.practitioner_id, asked.location_id
        locked = lock_place(tx, offered, who, where)

        async def held() -> Location:
            return await locked_place(tx, offered, locked, who, where, by_portal=self._is_portal)

        place = offered.locations.get(where)
        if place is None:  # none of the type's, which is refused
            await tx.hold()
            place = await held()
        try:
            wanted = self._wanted(asked, author, kind, place, ids)
        except Refused:  # of whoever and wherever is not offered nothing else is told
            await tx.hold()
            if (location := await held()) == place:
                raise
            place, wanted = location, self._wanted(asked, author, kind, location, ids)
        seen, near, own = await together(look(tx, wanted), around(tx, wanted), self._own(tx, asked, author, kind))
        if (location := await held()) != place:  # it was changed after it was read and before it was locked
            wanted = self._wanted(asked, author, kind, location, ids)
            seen = await look(tx, wanted)
        return _Under(location, wanted, seen, near, own)

    def _wanted(
        self, asked: Draft, author: Author, kind: AppointmentType, location: Location, ids: _Ids
    ) -> list[Appointment]:
        """What is to be booked, without its dates and until when it is held.

        Raises:
            Refused: as `_first` and `occurrences`.
        """
        zone = location.zone(self._unit.clock.zone)
        first = self._first(asked, author, kind, location, zone)
        first = replace(first, id=ids.appointments[0], series_id=ids.series)
        return _repeated(first, asked, kind, zone, ids)

    def _first(
        self, asked: Draft, author: Author, kind: AppointmentType, location: Location, zone: ZoneInfo
    ) -> Appointment:
        """What is to be booked, or the first of it, without its ids and dates.

        Raises:
            Refused: as `refuse_start`.
        """
        refuse_start(asked.starts_at, zone)
        start = asked.starts_at.astimezone(UTC)
        is_request = self._is_portal and kind.portal is PortalBooking.REQUEST
        return Appointment(
            id="",
            client_id=asked.client_id,
            practitioner_id=asked.practitioner_id,
            type_id=kind.id,
            location_id=location.id,
            starts_at=start,
            ends_at=span_of(kind, start).end,
            local_start=local_text(wall_of(start, zone)),
            time_zone=zone.key,
            status=AppointmentStatus.REQUESTED if is_request else AppointmentStatus.BOOKED,
            booked_by=author,
            audience=asked.audience,
            buffer_before=kind.buffer_before,
            buffer_after=kind.buffer_after,
            calendars=calendars_of(asked.practitioner_id, location, overbook=False),
            booking_reason=asked.reason,
            note=asked.note,
        )

    async def _own(self, tx: Transaction, asked: Draft, author: Author, kind: AppointmentType) -> _Own | None:
        """What decides whether an account may do it; nothing of staff."""
        if not self._is_portal:
            return None
        is_request = kind.portal is PortalBooking.REQUEST
        status = AppointmentStatus.REQUESTED if is_request else AppointmentStatus.BOOKED
        now = self._unit.clock.now()  # by the time of the locks there may be fewer, which is looked at then
        ahead = await tx[AppointmentWrites].ahead(asked.client_id, author.subject, status, now, COUNTED + BEGINNING)
        hides = asked.audience is RecordAudience.CLIENT_ONLY
        return _Own(ahead, await tx[AppointmentWrites].privacy_age() if hides else None)

    def _refuse_own(
        self,
        asked: Draft,
        author: Author,
        kind: AppointmentType,
        client: ClientBrief | None,
        own: _Own | None,
        today: date,
        now: datetime,
    ) -> None:
        """What an account may not do: have more ahead, or hide it.

        Raises:
            Refused: `requests.tooMany`, `appointments.tooMany`; as `refuse_audience`.
        """
        if own is None:
            return
        refuse_too_many(kind, own.ahead, now)
        if own.privacy_age is not None:
            born = None if client is None else client.birth_date
            age = None if born is None else age_on(born, today)
            reader = Reader(ViewerRole.PORTAL, author.person_id, may_view=True)
            refuse_audience(asked.audience, asked.client_id, reader, age, own.privacy_age)


def _repeated(first: Appointment, asked: Draft, kind: AppointmentType, zone: ZoneInfo, ids: _Ids) -> list[Appointment]:
    """The first one, and those of its series.

    Raises:
        Refused: as `occurrences`.
    """
    if asked.repeat is None:
        return [first]
    return [
        replace(
            first,
            id=ids.appointments[number],
            starts_at=one.starts_at,
            ends_at=span_of(kind, one.starts_at).end,
            local_start=local_text(one.local_start),
        )
        for number, one in enumerate(occurrences(first.starts_at, zone, asked.repeat))
    ]
