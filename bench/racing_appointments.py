"""Appointments race each other, what forbids them, and the clock (A2, A4, A5, A8, X1)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.calendars import Clinic, faults_of, kept_appointments
from bench.racing import REVOCATIONS, Household, Outcome, Racer, Revocation
from bench.sides import DATED, Sides, judged
from graph_api.acting.appointments.booking import BookingService
from graph_api.acting.appointments.checks import Draft, Move
from graph_api.acting.appointments.ending import EndingService
from graph_api.acting.appointments.hours_commands import HoursService
from graph_api.acting.appointments.model import (
    OpeningException,
    OpeningRule,
    PortalBooking,
    SeriesScope,
    Weekday,
)
from graph_api.acting.appointments.moving import MovingService
from graph_api.acting.appointments.setting_commands import LocationService, TypeService
from graph_api.acting.appointments.shown import ShownAppointment
from graph_api.acting.appointments.wall_time import MIDNIGHT
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Outcome as Answered
from graph_api.kernel.unit import Request
from graph_api.practitioners.commands import PractitionerService
from graph_api.services import Services

DAYS = 40
"""Rounds in one practice, each on a day of its own: what is kept of a practice is looked at after each."""
HELD_UNTIL = "MATCH (a:Appointment {id: $id}) WHERE a.practice = $practice SET a.heldUntil = $at RETURN a.id AS id"
ACCOUNTS, STAFF = 4, 2
OK = "OK"


@dataclass(frozen=True, slots=True)
class Round:
    """A client and their contact, on a day of a clinic."""

    sides: "AppointmentRacer"
    clinic: Clinic
    home: Household
    start: datetime

    def draft(self, starts_at: datetime, *, requested: bool = False) -> Draft:
        """An appointment of the client."""
        clinic = self.clinic
        kind = clinic.requested if requested else clinic.booked
        return Draft(self.home.contact.client.id, kind, clinic.practitioner, clinic.location, starts_at)

    async def book(self, scope: Scope, starts_at: datetime, *, requested: bool = False) -> str:
        """OK, or why it was not booked."""
        draft = self.draft(starts_at, requested=requested)
        return said(await scope[BookingService].book(Request("bookAppointment", {}), draft))

    async def booked(self, scope: Scope, starts_at: datetime, *, requested: bool = False) -> ShownAppointment:
        """An appointment that nothing is in the way of."""
        draft = self.draft(starts_at, requested=requested)
        return (await scope[BookingService].book(Request("bookAppointment", {}), draft)).done().appointment

    async def confirm(self, one: ShownAppointment, starts_at: datetime | None = None) -> str:
        """By staff."""
        request = Request("confirmAppointment", {})
        return said(await self.staff[MovingService].confirm(request, one.id, one.version, starts_at))

    async def move(self, one: ShownAppointment, starts_at: datetime) -> str:
        """By staff."""
        request = Request("rescheduleAppointment", {})
        return said(await self.staff[MovingService].reschedule(request, one.id, one.version, Move(starts_at)))

    async def cancel(self, scope: Scope, one: ShownAppointment) -> str:
        """This one alone."""
        request, this = Request("cancelAppointment", {}), SeriesScope.THIS
        return said(await scope[EndingService].cancel(request, one.id, one.version, this, None))

    @property
    def staff(self) -> Scope:
        return self.sides.staff(self.home)

    @property
    def account(self) -> Scope:
        return self.sides.account(self.home)


def said(answered: Answered[Any]) -> str:
    """OK, or why not."""
    if not answered.errors:
        return OK
    return str(getattr(answered.errors[0], "reason", None) or answered.errors[0].code.value)


Playing = Callable[[Round, float], Awaitable[bool]]
"""Whether all was as it must be."""


@dataclass(frozen=True, slots=True)
class AppointmentKind:
    """Something that appointments race."""

    name: str
    round: Callable[["AppointmentRacer", Practice, float], Awaitable[Outcome]]


class AppointmentRacer(Sides):
    """Staff and accounts, who book."""

    def __init__(self, racer: Racer, writing: Services) -> None:
        super().__init__(racer, writing)
        self._clinic: Clinic | None = None
        self._clinics: list[Clinic] = []
        self._rounds = 0
        self._making = asyncio.Lock()

    async def opened(self) -> Clinic:
        """A clinic with days that are left."""
        async with self._making:
            if self._clinic is None or self._rounds % DAYS == 0:
                self._clinic = await self._open(await self.racer.practice())
            self._rounds += 1
            return self._clinic

    async def own(self) -> Clinic:
        """A clinic that no other round has."""
        return await self._open(await self.racer.practice())

    async def _open(self, practice: Practice) -> Clinic:
        admin = self.racer.services.scope(Caller("admin", practice, ViewerRole.ADMIN))
        practitioner = await admin[PractitionerService].add(Request("addPractitioner", {}), {"display_name": "Kim"})
        place: Any = {"name": "Online", "time_zone": "UTC"}
        location = await admin[LocationService].add(Request("addLocation", {}), place, None, is_telehealth=True)
        who, where = practitioner.done().id, location.done().id
        kinds = []
        for portal in (PortalBooking.BOOK, PortalBooking.REQUEST):
            kind: Any = {"name": portal.value, "public_name": "Visit", "minutes": 50, "buffer_after": 10}
            kind |= {"portal": portal, "practitioner_ids": [who], "location_ids": [where]}
            kinds.append((await admin[TypeService].add(Request("addAppointmentType", {}), kind)).done().id)
        since = datetime(2020, 1, 6, tzinfo=UTC).date()
        rules = [OpeningRule(new_id("rule"), who, day, where, since, MIDNIGHT, MIDNIGHT) for day in Weekday]
        (await admin[HoursService].set(Request("setOpeningHours", {}), who, 1, rules)).done()
        booked, requested = kinds
        clinic = Clinic(practice, who, where, booked, requested)
        self._clinics.append(clinic)
        return clinic

    async def round(self, clinic: Clinic) -> Round:
        """People who do not know each other's rounds."""
        return Round(self, clinic, await self.racer.household(clinic.practice), clinic.day())

    async def faults(self, one: Round) -> Sequence[str]:
        """What is wrong with a client's appointments; nobody else books on their day."""
        client = one.home.contact.client.id
        return await faults_of(self.racer.revoking, one.clinic.practice.id, datetime.now(UTC), client)

    async def all_faults(self) -> Sequence[str]:
        """What is wrong in any calendar, once nobody books any more."""
        found: list[str] = []
        for clinic in self._clinics:
            found += await faults_of(self.racer.revoking, clinic.practice.id, datetime.now(UTC))
        return found


def _against(kind: Revocation) -> AppointmentKind:
    async def play(racer: AppointmentRacer, _practice: Practice, lead: float) -> Outcome:
        clinic = await (racer.own() if kind.own_practice else racer.opened())
        one = await racer.round(clinic)
        held = await one.booked(one.staff, one.start + timedelta(hours=4))

        async def later(seconds: float, work: Awaitable[Any]) -> Any:
            await racer.later(seconds)
            return await work

        booked, cancelled, _ = await asyncio.gather(
            later(lead, one.book(one.account, one.start)),
            later(lead, one.cancel(one.account, held)),
            later(5 * lead, kind.revoke(racer.racer, one.home)),  # it takes fewer statements
        )
        again = await one.book(one.account, one.start + timedelta(hours=2))
        if again == OK or await racer.faults(one):
            return Outcome.VIOLATED
        outcomes = {Outcome.WRITTEN if said == OK else Outcome.REVOKED for said in (booked, cancelled)}
        if kind.shared == DATED:
            revoked_at = await racer.revoked_at(one.home, kind)
            outcomes = {judged(at, revoked_at) for at in await _done_at(racer, one)} or outcomes
        return next(found for found in (Outcome.VIOLATED, Outcome.WRITTEN, Outcome.REVOKED) if found in outcomes)

    return AppointmentKind(f"appointment, {kind.name}", play)


async def _done_at(racer: AppointmentRacer, one: Round) -> list[datetime]:
    """When the account booked and cancelled what it did."""
    account = one.home.contact.person.id
    kept = await kept_appointments(racer.racer.revoking, one.clinic.practice.id)
    return [
        at
        for found in kept
        for by, at in ((found.booked_by, found.created_at), (found.cancelled_by, found.cancelled_at))
        if by is not None and at is not None and by.person_id == account
    ]


def _holding(name: str, playing: Playing) -> AppointmentKind:
    async def play(racer: AppointmentRacer, _practice: Practice, lead: float) -> Outcome:
        one = await racer.round(await racer.opened())
        is_well = await playing(one, lead) and not await racer.faults(one)
        return Outcome.HELD if is_well else Outcome.VIOLATED

    return AppointmentKind(name, play)


async def _eight(one: Round, _lead: float) -> bool:
    """Of all who want one time one has it, and everybody else is told that it is taken."""
    quarter = timedelta(minutes=15)
    asked = await one.booked(one.account, one.start + timedelta(hours=6), requested=True)
    other = await one.booked(one.staff, one.start + timedelta(hours=8))
    sides = [one.account] * ACCOUNTS + [one.staff] * STAFF
    found = await asyncio.gather(
        *(one.book(side, one.start + (place % 3) * quarter) for place, side in enumerate(sides)),
        one.confirm(asked, one.start + quarter),
        one.move(other, one.start),
    )
    return found.count(OK) == 1 and set(found) == {OK, "TIME_TAKEN"}


async def _cancelled_and_moved(one: Round, lead: float) -> bool:
    booked = await one.booked(one.account, one.start)

    async def cancel() -> str:
        await one.sides.later(lead)
        return await one.cancel(one.account, booked)

    found = await asyncio.gather(cancel(), one.move(booked, one.start + timedelta(hours=1)))
    return sorted(found) == [OK, "VERSION_CONFLICT"]


async def _confirmed_twice(one: Round, _lead: float) -> bool:
    asked = await one.booked(one.account, one.start, requested=True)
    return sorted(await asyncio.gather(one.confirm(asked), one.confirm(asked))) == [OK, "VERSION_CONFLICT"]


async def _hold_that_ends(one: Round, lead: float) -> bool:
    """It ends within a moment, so that either may come first: its confirmation, or whoever wants the time."""
    asked = await one.booked(one.account, one.start, requested=True)
    ends = datetime.now(UTC) + timedelta(seconds=2 * lead)
    async with one.sides.racer.revoking.session(write=True) as session:
        at = ends.isoformat(timespec="microseconds")
        result = await session.run(HELD_UNTIL, practice=one.clinic.practice.id, id=asked.id, at=at)
        await result.consume()

    async def later(work: Awaitable[str]) -> str:
        await one.sides.later(4 * lead)
        return await work

    found = await asyncio.gather(
        later(one.confirm(asked)), later(one.book(one.account, one.start)), later(one.book(one.staff, one.start))
    )
    return found.count(OK) <= 1 and set(found) <= {OK, "TIME_TAKEN", "appointment.expired"}


async def _closing(one: Round, lead: float) -> bool:
    """Whoever books before the day is closed has the time; nobody books after it."""
    clinic, request = one.clinic, Request("addOpeningException", {})
    closed = OpeningException(new_id("exception"), clinic.practitioner, one.start.date(), is_open=False)

    async def book() -> str:
        await one.sides.later(lead)
        return await one.book(one.account, one.start)

    booked, said_so = await asyncio.gather(book(), one.staff[HoursService].add(request, closed))
    after = await one.book(one.account, one.start + timedelta(hours=2))
    return said(said_so) == OK and booked in (OK, "start.offGrid") and after == "start.offGrid"


APPOINTMENT_KINDS = (
    *(_against(kind) for kind in REVOCATIONS),
    _holding("8 bookers of one time", _eight),
    _holding("cancelled and moved at once", _cancelled_and_moved),
    _holding("confirmed twice", _confirmed_twice),
    _holding("a hold that ends while it is confirmed", _hold_that_ends),
    _holding("closed while it is booked", _closing),
)
