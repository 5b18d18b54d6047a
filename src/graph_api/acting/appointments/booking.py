"""Booking and requesting appointments (A3-A7, A9, A10)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from graph_api.access.model import PortalAction
from graph_api.acting.appointments.audience import Reader, refuse_audience
from graph_api.acting.appointments.audit import audited_appointment
from graph_api.acting.appointments.checks import Draft, checked_draft
from graph_api.acting.appointments.claiming import busy_warnings, claim, lock_place, refuse_or_warn
from graph_api.acting.appointments.claims import calendars_of
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
from graph_api.acting.appointments.offering import ClientBrief, known_kind, refuse_gone
from graph_api.acting.appointments.opening_questions import OpeningQuestions
from graph_api.acting.appointments.reading import AppointmentReading
from graph_api.acting.appointments.series import MAX_COUNT, occurrences
from graph_api.acting.appointments.shown import Booked, TimeTaken
from graph_api.acting.appointments.statuses import held_until
from graph_api.acting.appointments.telling import tell
from graph_api.acting.appointments.wall_time import local_text, wall_of
from graph_api.acting.bylines import Author
from graph_api.acting.checked import author_of
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.errors import MutationError
from graph_api.kernel.happened import EventKind
from graph_api.kernel.ids import new_id
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request
from graph_api.network.terms import age_on

COUNTED = max(MAX_REQUESTS, MAX_BOOKINGS) + 1
"""One that is moved may be among them."""


@dataclass(frozen=True, slots=True)
class _Ids:
    """Of what is to be booked; made outside of what may run again."""

    appointments: tuple[str, ...]
    series: str | None


class BookingService:
    """What both staff and portal accounts do."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit
        self._reading = scope[AppointmentReading]
        self._openings = scope[OpeningQuestions]

    @property
    def _is_portal(self) -> bool:
        return self._unit.caller.role is ViewerRole.PORTAL

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
        author = await author_of(tx, self._unit.caller, asked.client_id, action, "clientId")
        offered = await tx[AppointmentWrites].offered(asked.client_id, asked.type_id)
        kind = known_kind(offered, by_portal=by_portal)
        if not by_portal:
            refuse_gone(offered.client)
        location = await lock_place(tx, offered, asked.practitioner_id, asked.location_id, by_portal=by_portal)
        now = self._unit.clock.now()  # under the locks: what has expired by now is free
        zone = location.zone(self._unit.clock.zone)
        first = self._first(asked, author, kind, location, zone, now)
        first = replace(
            first, id=ids.appointments[0], series_id=ids.series, created_at=tx.stamp(), updated_at=tx.stamp()
        )
        wanted = _repeated(first, asked, kind, zone, ids)
        warnings = await refuse_or_warn(tx, kind, location, zone, wanted, now, by_portal=by_portal)
        await self._refuse_own(tx, asked, author, kind, offered.client, now)
        claimed = await claim(tx, wanted, now, overbook=asked.overbook, by_portal=by_portal)
        telling = await tell(tx, claimed.appointments, now, author)
        await tx[AppointmentWrites].release(claimed.stale)
        await tx[AppointmentWrites].create(
            asked.client_id, [(one, claimed.keys[one.id]) for one in telling.appointments]
        )
        await telling.send(tx, now)
        events = tuple(
            audited_appointment(EventKind.BOOK_APPOINTMENT, author, None, one) for one in telling.appointments
        )
        shown = tuple(self._reading.shown(one) for one in telling.appointments)
        booked = Booked(shown[0], () if ids.series is None else shown)
        return Outcome(booked, warnings=(*warnings, *busy_warnings(claimed), *telling.warnings), events=events)

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

    def _first(
        self,
        asked: Draft,
        author: Author,
        kind: AppointmentType,
        location: Location,
        zone: ZoneInfo,
        now: datetime,
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
            ends_at=start + timedelta(minutes=kind.minutes),
            local_start=local_text(wall_of(start, zone)),
            time_zone=zone.key,
            status=AppointmentStatus.REQUESTED if is_request else AppointmentStatus.BOOKED,
            booked_by=author,
            audience=asked.audience,
            buffer_before=kind.buffer_before,
            buffer_after=kind.buffer_after,
            calendars=calendars_of(asked.practitioner_id, location, overbook=False),
            held_until=held_until(now, start) if is_request else None,
            booking_reason=asked.reason,
            note=asked.note,
        )

    async def _refuse_own(
        self,
        tx: Transaction,
        asked: Draft,
        author: Author,
        kind: AppointmentType,
        client: ClientBrief | None,
        now: datetime,
    ) -> None:
        """What an account may not do: have more ahead, or hide it.

        Raises:
            Refused: `requests.tooMany`, `appointments.tooMany`; as `refuse_audience`.
        """
        if not self._is_portal:
            return
        is_request = kind.portal is PortalBooking.REQUEST
        status = AppointmentStatus.REQUESTED if is_request else AppointmentStatus.BOOKED
        own = await tx[AppointmentWrites].ahead(asked.client_id, author.subject, status, now, COUNTED)
        refuse_too_many(kind, own, now)
        if asked.audience is RecordAudience.CLIENT_ONLY:
            born = None if client is None else client.birth_date
            age = None if born is None else age_on(born, tx.today)
            reader = Reader(ViewerRole.PORTAL, author.person_id, may_view=True)
            refuse_audience(asked.audience, asked.client_id, reader, age, await tx[AppointmentWrites].privacy_age())


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
            ends_at=one.starts_at + timedelta(minutes=kind.minutes),
            local_start=local_text(one.local_start),
        )
        for number, one in enumerate(occurrences(first.starts_at, zone, asked.repeat))
    ]
