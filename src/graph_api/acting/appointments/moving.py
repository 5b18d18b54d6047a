"""Moving appointments, and confirming requests (A4, A6, A8, A9)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from graph_api.acting.appointments.audit import audited_appointment
from graph_api.acting.appointments.booking import COUNTED, BookingService
from graph_api.acting.appointments.changes import AppointmentsChanged
from graph_api.acting.appointments.checks import Draft, Move, check_id, checked_move
from graph_api.acting.appointments.claiming import (
    busy_warnings,
    claim,
    lock_place,
    locked_place,
    look,
    refuse_or_warn,
)
from graph_api.acting.appointments.claims import keys_of
from graph_api.acting.appointments.deadlines import refuse_portal_move, refuse_start, refuse_too_many
from graph_api.acting.appointments.graph.writes import AppointmentWrites
from graph_api.acting.appointments.locked import Found, lock_one, opened
from graph_api.acting.appointments.model import Appointment, AppointmentStatus, AppointmentType, PortalBooking
from graph_api.acting.appointments.moves import Place, moved
from graph_api.acting.appointments.offering import Offered, refuse_gone, refuse_left
from graph_api.acting.appointments.reading import AppointmentReading
from graph_api.acting.appointments.shown import ShownAppointment
from graph_api.acting.appointments.statuses import held_until, refusal, refuse_moving, refuse_transition
from graph_api.acting.appointments.telling import Telling, around, moved_into_past, tell, told_of
from graph_api.kernel.errors import MutationError, Refused, invalid, not_found, refuse_stale
from graph_api.kernel.flights import together
from graph_api.kernel.happened import EventKind
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request

_REQUESTED, _BOOKED = AppointmentStatus.REQUESTED, AppointmentStatus.BOOKED


class MovingService:
    """What needs other time than the appointment has, or the time that it has still held."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit
        self._reading = scope[AppointmentReading]
        self._booking = scope[BookingService]

    @property
    def _is_portal(self) -> bool:
        return self._unit.caller.is_account

    async def reschedule(
        self, request: Request, appointment_id: str, version: int, move: Move
    ) -> Outcome[ShownAppointment]:
        """Another time, practitioner or location; where it is the same, nothing is written (A8).

        A move by a portal account of what is booked is a request again, if the type is one that accounts request.

        Refused with NotFound, Forbidden, VersionConflict, TimeTaken, `appointment.<where it stands>`, and for the
        reasons of `refuse_place`, `refuse_or_warn` and `refuse_portal_move`; `type.notOffered` where accounts may not
        book the type.
        """
        client_id = await self._reading.client_of(appointment_id)
        taken: list[Draft] = []

        async def change(tx: Transaction, _: None, _now: datetime) -> Outcome[ShownAppointment]:
            found = await opened(tx, self._unit.caller, client_id, appointment_id)
            taken[:] = [_draft(found.appointment, move)]
            return await self._moved(tx, found, version, move, EventKind.RESCHEDULE_APPOINTMENT, None)

        outcome = await self._unit.run(
            request,
            lambda: checked_move(appointment_id, move, by_portal=self._is_portal),
            change,
            self._reading.reload,
        )
        return replace(outcome, errors=await self._with_nearest(outcome.errors, taken))

    async def _with_nearest(self, errors: Sequence[MutationError], taken: Sequence[Draft]) -> tuple[MutationError, ...]:
        return await self._booking.with_nearest(errors, taken[0]) if taken else tuple(errors)

    async def _moved(
        self,
        tx: Transaction,
        found: Found,
        version: int,
        move: Move,
        kind_of_event: EventKind,
        to: AppointmentStatus | None,
    ) -> Outcome[ShownAppointment]:
        """Move an appointment and, if `to` is given, confirm it."""
        known, client_id = found.appointment, found.appointment.client_id
        offered = await tx[AppointmentWrites].offered(client_id, known.type_id)
        kind = self._kind(offered)
        practitioner_id = move.practitioner_id or known.practitioner_id
        location_id = move.location_id or known.location_id
        stays = _stands(known, move, practitioner_id, location_id)
        if stays and to is None:  # nothing is written, so nothing but the appointment is locked
            before = await self._looked_at(tx, found, version)
            return Outcome(self._reading.shown(before))
        locked = lock_place(tx, offered, practitioner_id, location_id, [known])
        before = await lock_one(tx, known.id)
        location = await locked_place(tx, offered, locked, practitioner_id, location_id, by_portal=self._is_portal)
        refuse_stale(self._reading.shown(before), version)
        now = self._unit.clock.now()
        self._refuse(before, kind, move, to, now)
        zone = location.zone(self._unit.clock.zone)
        refuse_start(move.starts_at, zone)
        place = Place(move.starts_at.astimezone(UTC), practitioner_id, location, zone)
        after = replace(moved(before, place, kind), is_overbooked=False, updated_at=tx.stamp())
        after = await self._standing(tx, found, before, after, kind, to, now)
        same_length = replace(kind, minutes=int((before.ends_at - before.starts_at).total_seconds()) // 60)
        seen, near = await together(look(tx, [after]), around(tx, [after]))
        warnings = refuse_or_warn(same_length, location, zone, [after], seen.hours, now, by_portal=self._is_portal)
        claimed = claim(tx.practice_id, [after], seen.claimed, now, overbook=move.overbook, by_portal=self._is_portal)
        telling = told_of(claimed.appointments, near, tx.stamp(), now, found.author)
        (after,) = telling.appointments
        await _rewrite(tx, before, after, claimed.keys[after.id], claimed.stale)
        event = audited_appointment(kind_of_event, found.author, before, after)
        outcome = Outcome(after, warnings=(*warnings, *busy_warnings(claimed)), events=(event,))
        return await self._told(tx, before, telling, outcome, now)

    async def _told(
        self, tx: Transaction, before: Appointment, telling: Telling, known: Outcome[Appointment], now: datetime
    ) -> Outcome[ShownAppointment]:
        """What came of a move, with what others say to it and whom a letter tells of it."""
        after = known.done()
        told = await self._unit.tell(tx, AppointmentsChanged(((before, after),)), now)
        await telling.send(tx, now)
        warnings = (*known.warnings, *telling.warnings, *moved_into_past(before, after, now), *told.warnings)
        return Outcome(self._reading.shown(after), warnings=warnings, events=(*known.events, *told.events))

    async def _looked_at(self, tx: Transaction, found: Found, version: int) -> Appointment:
        before = found.appointment
        refuse_stale(self._reading.shown(before), version)
        refuse_moving(before, self._unit.clock.now())
        return before

    def _kind(self, offered: Offered) -> AppointmentType:
        if offered.kind is None:
            raise not_found("appointmentId")
        if not self._is_portal:
            refuse_gone(offered.client)
        elif offered.kind.portal is PortalBooking.NONE or not offered.kind.is_active:
            message = "This can't be moved online. Ask the practice instead."
            raise Refused([invalid("type.notOffered", message, "appointmentId")])
        return offered.kind

    def _refuse(
        self,
        before: Appointment,
        kind: AppointmentType,
        move: Move,
        to: AppointmentStatus | None,
        now: datetime,
    ) -> None:
        if to is not None:
            refuse_transition(before, to, self._unit.caller.role, now)
        refuse_moving(before, now)
        if before.status is _REQUESTED and move.starts_at <= now:
            message = "A request can't be moved into the past, where it would have expired."
            raise Refused([invalid("start.past", message, "startsAt")])
        if self._is_portal:
            refuse_portal_move(kind, before, move.starts_at, now)

    async def _standing(
        self,
        tx: Transaction,
        found: Found,
        before: Appointment,
        after: Appointment,
        kind: AppointmentType,
        to: AppointmentStatus | None,
        now: datetime,
    ) -> Appointment:
        """Where the appointment stands once it was moved."""
        if to is not None:
            return replace(after, status=to, held_until=None)
        if not self._is_portal or before.status is not _BOOKED or kind.portal is not PortalBooking.REQUEST:
            return after
        own = await tx[AppointmentWrites].ahead(before.client_id, found.author.subject, _REQUESTED, now, COUNTED)
        refuse_too_many(kind, [one for one in own if one.id != before.id], now)
        return replace(after, status=_REQUESTED, held_until=held_until(now, after.starts_at))

    async def confirm(
        self, request: Request, appointment_id: str, version: int, starts_at: datetime | None
    ) -> Outcome[ShownAppointment]:
        """Confirm a request, at its own time or at another one.

        Refused with NotFound, VersionConflict, TimeTaken, `appointment.<where it stands>`, `client.archived`,
        `client.deceased`; with another time as `reschedule` is.
        """
        client_id = await self._reading.client_of(appointment_id)
        taken: list[Draft] = []

        def check() -> None:
            if starts_at is None:
                check_id(appointment_id)
            else:
                checked_move(appointment_id, Move(starts_at), by_portal=False)

        async def change(tx: Transaction, _: None, _now: datetime) -> Outcome[ShownAppointment]:
            found = await opened(tx, self._unit.caller, client_id, appointment_id)
            known = found.appointment
            if starts_at is not None and known.starts_at != starts_at:
                move = Move(starts_at)
                taken[:] = [_draft(known, move)]
                return await self._moved(tx, found, version, move, EventKind.CONFIRM_APPOINTMENT, _BOOKED)
            return await self._confirmed(tx, found, version)

        outcome = await self._unit.run(request, check, change, self._reading.reload)
        return replace(outcome, errors=await self._with_nearest(outcome.errors, taken))

    async def _confirmed(self, tx: Transaction, found: Found, version: int) -> Outcome[ShownAppointment]:
        """Confirm a request that still holds its time.

        The clock was read before somebody else's lock was waited for, so what they have claimed meanwhile is looked
        at too: a request has expired if any of its moments is not its own any more.
        """
        known = found.appointment
        offered = await tx[AppointmentWrites].offered(known.client_id, known.type_id)
        refuse_gone(offered.client)
        refuse_left(offered.practitioners.get(known.practitioner_id))
        before = await found.lock(tx)
        refuse_stale(self._reading.shown(before), version)
        now = self._unit.clock.now()
        refuse_transition(before, _BOOKED, self._unit.caller.role, now)
        keys = keys_of(tx.practice_id, before)
        claimed = await tx[AppointmentWrites].claimed(keys)
        if any(claimed.by_key.get(key) != before.id for key in keys):
            raise Refused([refusal(AppointmentStatus.EXPIRED)])
        after = replace(before, status=_BOOKED, held_until=None, version=before.version + 1, updated_at=tx.stamp())
        telling = await tell(tx, [after], now, found.author)
        (after,) = telling.appointments
        await tx[AppointmentWrites].update([(before, after)])
        told = await self._unit.tell(tx, AppointmentsChanged(((before, after),)), now)
        await telling.send(tx, now)
        event = audited_appointment(EventKind.CONFIRM_APPOINTMENT, found.author, before, after)
        warned = (*telling.warnings, *told.warnings)
        return Outcome(self._reading.shown(after), warnings=warned, events=(event, *told.events))


def _stands(known: Appointment, move: Move, practitioner_id: str, location_id: str) -> bool:
    """Whether it is there already. One that was overbooked, and is not to be any more, has to claim its time."""
    there = (known.starts_at, known.practitioner_id, known.location_id)
    return there == (move.starts_at, practitioner_id, location_id) and (move.overbook or not known.is_overbooked)


def _draft(known: Appointment, move: Move) -> Draft:
    """What is looked for if the time is taken."""
    return Draft(
        known.client_id,
        known.type_id,
        move.practitioner_id or known.practitioner_id,
        move.location_id or known.location_id,
        move.starts_at,
    )


async def _rewrite(
    tx: Transaction,
    before: Appointment,
    after: Appointment,
    keys: frozenset[str],
    stale: Sequence[tuple[str, str]],
) -> None:
    """Write a move: of the time only what differs (A8)."""
    old = keys_of(tx.practice_id, before)
    await tx[AppointmentWrites].update([(before, after)])
    await tx[AppointmentWrites].release([*stale, *((key, before.id) for key in old - keys)])
    await tx[AppointmentWrites].claim(after.id, keys - old)
