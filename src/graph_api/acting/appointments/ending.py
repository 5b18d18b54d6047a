"""Declining and cancelling appointments, what came of them, and who sees them (A7, A9, A10)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from graph_api.access.model import PortalAction
from graph_api.acting.appointments.audit import audited_appointment
from graph_api.acting.appointments.changes import AppointmentsChanged
from graph_api.acting.appointments.checks import check_id
from graph_api.acting.appointments.claims import keys_of
from graph_api.acting.appointments.deadlines import is_late, refuse_portal_cancel
from graph_api.acting.appointments.graph.settings import TypeWrites
from graph_api.acting.appointments.graph.writes import AppointmentWrites
from graph_api.acting.appointments.locked import Found, opened
from graph_api.acting.appointments.model import (
    Appointment,
    AppointmentOutcome,
    AppointmentStatus,
    RecordAudience,
    SeriesScope,
)
from graph_api.acting.appointments.reading import AppointmentReading
from graph_api.acting.appointments.series import cancelled_with
from graph_api.acting.appointments.shown import ShownAppointment
from graph_api.acting.appointments.statuses import GONE, refuse_transition
from graph_api.acting.appointments.telling import Telling, tell
from graph_api.acting.bylines import Author
from graph_api.acting.checked import allowed_at, grants_of
from graph_api.kernel.errors import Forbidden, MutationWarning, Refused, WarningCode, refuse_stale
from graph_api.kernel.happened import EventKind
from graph_api.kernel.scope import Scope
from graph_api.kernel.text import clean_reason
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request

LATE = "The appointment was cancelled later than the practice asks for. The practice may charge for it."
CAN_SEE = "These people can see the appointment now, and so can contacts who are given access later."
Ended = Callable[
    [Transaction, Found, Appointment, datetime], Awaitable[tuple[list[Appointment], list[MutationWarning]]]
]
"""What becomes of an appointment that is locked, and of others of its series; itself first."""


class EndingService:
    """Changes that need no other time."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit
        self._reading = scope[AppointmentReading]

    @property
    def _is_portal(self) -> bool:
        return self._unit.caller.is_account

    async def cancel(
        self, request: Request, appointment_id: str, version: int, scope: SeriesScope, reason: str | None
    ) -> Outcome[ShownAppointment]:
        """Cancel an appointment, or with it those of its series that come later. Their time is free at once.

        Refused with NotFound, Forbidden, VersionConflict, `appointment.<where it stands>`, `appointment.tooLate`.
        """
        kept: list[str | None] = [None]

        def check() -> None:
            check_id(appointment_id)
            if self._is_portal and scope is not SeriesScope.THIS:
                raise Refused([Forbidden(path=("scope",))])
            kept[0] = clean_reason(reason)

        async def ended(
            tx: Transaction, found: Found, before: Appointment, now: datetime
        ) -> tuple[list[Appointment], list[MutationWarning]]:
            refuse_transition(before, AppointmentStatus.CANCELLED, self._unit.caller.role, now)
            was_late = self._is_portal and await self._is_late(tx, before, now)
            series = await self._later(tx, before, scope)
            gone = [
                _ended(one, AppointmentStatus.CANCELLED, found.author, kept[0], tx.stamp())
                for one in cancelled_with(before, series, scope, now)
            ]
            if not was_late:
                return gone, []
            warning = MutationWarning(code=WarningCode.LATE, message=LATE, path=("appointmentId",))
            return [replace(gone[0], is_late=True), *gone[1:]], [warning]

        return await self._change(request, appointment_id, version, check, ended, scope)

    async def _is_late(self, tx: Transaction, before: Appointment, now: datetime) -> bool:
        """Whether an account cancels late.

        Raises:
            Refused: `appointment.tooLate`.
        """
        kind = (await tx[TypeWrites].by_ids([before.type_id]))[before.type_id]
        refuse_portal_cancel(kind, before, now)
        return is_late(kind, before, now)

    async def _later(self, tx: Transaction, one: Appointment, scope: SeriesScope) -> list[Appointment]:
        """The others of its series; under the client's lock nobody changes them."""
        if scope is SeriesScope.THIS or one.series_id is None:
            return []
        return [other for other in await tx[AppointmentWrites].of_series(one.series_id) if other.id != one.id]

    async def decline(
        self, request: Request, appointment_id: str, version: int, reason: str | None
    ) -> Outcome[ShownAppointment]:
        """Decline a request. Its time is free at once.

        Refused with NotFound, VersionConflict, `appointment.<where it stands>`.
        """
        kept: list[str | None] = [None]

        def check() -> None:
            check_id(appointment_id)
            kept[0] = clean_reason(reason)

        async def ended(
            tx: Transaction, found: Found, before: Appointment, now: datetime
        ) -> tuple[list[Appointment], list[MutationWarning]]:
            refuse_transition(before, AppointmentStatus.DECLINED, self._unit.caller.role, now)
            return [_ended(before, AppointmentStatus.DECLINED, found.author, kept[0], tx.stamp())], []

        return await self._change(request, appointment_id, version, check, ended)

    async def set_outcome(
        self, request: Request, appointment_id: str, version: int, outcome: AppointmentOutcome
    ) -> Outcome[ShownAppointment]:
        """Say what came of an appointment. What was entered in error gives its time up.

        Refused with NotFound, Forbidden, VersionConflict, `appointment.<where it stands>`, `appointment.notYet`.
        """
        status = AppointmentStatus(outcome.value)

        async def ended(
            tx: Transaction, _found: Found, before: Appointment, now: datetime
        ) -> tuple[list[Appointment], list[MutationWarning]]:
            refuse_transition(before, status, self._unit.caller.role, now)
            return [_changed(before, tx.stamp(), status=status, held_until=None)], []

        return await self._change(request, appointment_id, version, lambda: check_id(appointment_id), ended)

    async def set_audience(
        self, request: Request, appointment_id: str, version: int, audience: RecordAudience
    ) -> Outcome[ShownAppointment]:
        """Hide an appointment from contacts, or show it to them; where it is so already, nothing is written.

        Refused with NotFound, VersionConflict.
        """

        async def ended(
            tx: Transaction, _found: Found, before: Appointment, _now: datetime
        ) -> tuple[list[Appointment], list[MutationWarning]]:
            if before.audience is audience:
                return [before], []
            return [_changed(before, tx.stamp(), audience=audience)], await self._who_sees(tx, before, audience)

        return await self._change(request, appointment_id, version, lambda: check_id(appointment_id), ended)

    async def _who_sees(self, tx: Transaction, before: Appointment, audience: RecordAudience) -> list[MutationWarning]:
        """Staff are told who sees what they share."""
        if audience is not RecordAudience.SHARED:
            return []
        at = tx.stamp()
        persons = tuple(
            grant.person
            for grant in await grants_of(tx, before.client_id, "appointmentId")
            if grant.contact_id is not None and allowed_at(grant, PortalAction.VIEW_APPOINTMENTS, at)
        )
        if not persons:
            return []
        return [MutationWarning(code=WarningCode.AUDIENCE, message=CAN_SEE, path=("audience",), persons=persons)]

    async def _change(
        self,
        request: Request,
        appointment_id: str,
        version: int,
        check: Callable[[], None],
        ended: Ended,
        scope: SeriesScope = SeriesScope.THIS,
    ) -> Outcome[ShownAppointment]:
        client_id = await self._reading.client_of(appointment_id)

        async def change(tx: Transaction, _: None, _now: datetime) -> Outcome[ShownAppointment]:
            found = await opened(tx, self._unit.caller, client_id, appointment_id)
            others = await self._later(tx, found.appointment, scope)
            before = await found.lock(tx, others)
            refuse_stale(self._reading.shown(before), version)
            now = self._unit.clock.now()
            after, warnings = await ended(tx, found, before, now)
            if after == [before]:
                return Outcome(self._reading.shown(before))
            telling = Telling(after)
            if after[0].status in GONE:
                telling = await tell(tx, after, now, found.author)
            known = {one.id: one for one in (before, *others)}
            pairs = [(known[one.id], one) for one in telling.appointments]
            await tx[AppointmentWrites].update(pairs)
            await tx[AppointmentWrites].release(_given_up(tx.practice_id, pairs))
            told = await self._unit.tell(tx, AppointmentsChanged(tuple(pairs)), now)
            await telling.send(tx, now)
            events = tuple(audited_appointment(EventKind(request.mutation), found.author, *pair) for pair in pairs)
            shown = self._reading.shown(telling.appointments[0])
            warned = (*warnings, *telling.warnings, *told.warnings)
            return Outcome(shown, warnings=warned, events=(*events, *told.events))

        return await self._unit.run(request, check, change, self._reading.reload)


def _changed(before: Appointment, at: datetime, **values: object) -> Appointment:
    """With other values, and one version more."""
    return replace(before, version=before.version + 1, updated_at=at, **values)  # type: ignore[arg-type]


def _ended(
    before: Appointment, status: AppointmentStatus, author: Author, reason: str | None, at: datetime
) -> Appointment:
    return _changed(
        before, at, status=status, held_until=None, cancelled_by=author, cancelled_at=at, cancel_reason=reason
    )


def _given_up(practice_id: str, pairs: list[tuple[Appointment, Appointment]]) -> list[tuple[str, str]]:
    """The keys of what holds its time no longer."""
    return [(key, after.id) for before, after in pairs if after.status in GONE for key in keys_of(practice_id, before)]
