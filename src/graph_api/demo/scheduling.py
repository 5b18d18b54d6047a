"""Makes Maple Street's locations, types, hours and appointments, through the services that everybody uses."""

import contextlib
from datetime import datetime, time, timedelta

from graph_api.acting.appointments.booking import BookingService
from graph_api.acting.appointments.checks import Draft
from graph_api.acting.appointments.ending import EndingService
from graph_api.acting.appointments.hours_commands import HoursService
from graph_api.acting.appointments.model import AppointmentOutcome, OpeningRule, SeriesScope
from graph_api.acting.appointments.moving import MovingService
from graph_api.acting.appointments.opening_questions import OpeningQuestions, Wanted
from graph_api.acting.appointments.questions import SettingQuestions
from graph_api.acting.appointments.setting_commands import LocationService, TypeService
from graph_api.acting.appointments.shown import ShownAppointment
from graph_api.acting.appointments.wall_time import on_day, reached
from graph_api.demo.clinic import (
    ADDRESS,
    APPOINTMENTS,
    HOURS,
    IN_PERSON,
    ROOM,
    TELEHEALTH,
    TYPES,
    VIDEO,
    DemoAppointment,
)
from graph_api.demo.conversations import ACTOR, INVITED_FOR, STAFF_SUBJECT
from graph_api.demo.portal_account import SignedIn
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.errors import Refused
from graph_api.kernel.ids import new_id
from graph_api.kernel.records import ID
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Request
from graph_api.network.reading import Reading
from graph_api.practitioners.graph import PractitionerReads
from graph_api.services import Services

SOON = timedelta(days=3)
"""Later than portal accounts must book and cancel."""
LOOKED_AHEAD = 21
"""Days in which openings are looked for."""


def _request(mutation: str, *parts: str) -> Request:
    """With a key, so that what was begun again is not done twice on the same day."""
    return Request(mutation, {}, "/".join(("demo", "appointments", *parts)) if parts else None)


class Schedule:
    """Seeds one practice. What is there already is left as it is, so it may be begun again anywhere."""

    def __init__(self, services: Services, practice: Practice, booker: SignedIn | None) -> None:
        self._admin = services.scope(Caller(ACTOR, practice, ViewerRole.ADMIN))
        self._staff = services.scope(Caller(STAFF_SUBJECT, practice, ViewerRole.STAFF))
        self._booker = None if booker is None else services.scope(booker.caller)
        self._practitioners: dict[str, str] = {}
        self._locations: dict[str, str] = {}
        self._types: dict[str, str] = {}

    async def seed(self) -> None:
        """What can be booked; then appointments, which take somebody with a portal account."""
        found = await self._admin.graph[PractitionerReads].list(include_inactive=False)
        self._practitioners = {one.display_name: one.id for one in found}
        await self._places()
        await self._kinds()
        await self._hours()
        client = await self._staff[Reading].person_by_external_id(INVITED_FOR, None, ID)
        if client is None or self._booker is None:
            return
        for wanted in APPOINTMENTS:
            # In an earlier demo somebody may have changed what can be booked: what is refused is left out.
            with contextlib.suppress(Refused):
                await self._appointment(str(client[0]), wanted, self._booker)

    async def _places(self) -> None:
        self._locations = {one.name: one.id for one in await self._admin[SettingQuestions].locations()}
        for name, fields, address in ((ROOM, IN_PERSON, ADDRESS), (VIDEO, TELEHEALTH, None)):
            if name not in self._locations:
                request, by_link = _request("addLocation"), address is None
                made = await self._admin[LocationService].add(request, fields, address, is_telehealth=by_link)
                self._locations[name] = made.done().id

    async def _kinds(self) -> None:
        self._types = {one.name: one.id for one in await self._admin[SettingQuestions].types(None) or ()}
        for fields, places in TYPES:
            name = str(fields["name"])
            if name not in self._types:
                wanted = fields.copy()
                wanted["practitioner_ids"] = list(self._practitioners.values())
                wanted["location_ids"] = [self._locations[place] for place in places]
                made = await self._admin[TypeService].add(_request("addAppointmentType"), wanted)
                self._types[name] = made.done().id

    async def _hours(self) -> None:
        """Of practitioners who have none yet."""
        people = {one.id: one for one in await self._staff.graph[PractitionerReads].list(include_inactive=False)}
        for name, practitioner_id in self._practitioners.items():
            rules = [
                OpeningRule(
                    new_id("rule"),
                    practitioner_id,
                    weekday,
                    self._locations[hours.location],
                    self._staff.today,
                    hours.from_time,
                    hours.to_time,
                )
                for hours in HOURS
                if hours.practitioner == name
                for weekday in hours.weekdays
            ]
            if rules and not await self._staff[SettingQuestions].rules(practitioner_id):
                version = people[practitioner_id].version
                (
                    await self._staff[HoursService].set(_request("setOpeningHours"), practitioner_id, version, rules)
                ).done()

    async def _appointment(self, client_id: str, wanted: DemoAppointment, booker: Scope) -> None:
        scope = booker if wanted.by_anna else self._staff
        type_id = self._types[wanted.kind]
        if wanted.ago is not None:
            start = self._past(wanted.ago)
            location = next(place for fields, (place, *_) in TYPES if fields["name"] == wanted.kind)
            practitioner_id, location_id = next(iter(self._practitioners.values())), self._locations[location]
        else:
            first = self._staff.today + SOON
            openings = await scope[OpeningQuestions].all(Wanted(client_id, type_id, first, LOOKED_AHEAD))
            if not openings:
                return
            start = openings[0].starts_at
            practitioner_id, location_id = openings[0].practitioner.id, openings[0].location.id
        draft = Draft(
            client_id, type_id, practitioner_id, location_id, start, reason=wanted.reason if wanted.by_anna else None
        )
        booked = (await scope[BookingService].book(_request("bookAppointment", wanted.key), draft)).done()
        await self._then(booked.appointment, wanted, scope)

    def _past(self, ago: timedelta) -> datetime:
        """At ten on a day that has passed; what begins today began just now."""
        if ago:
            day = self._staff.today - ago
            return reached(on_day(day, time(10)), self._staff.clock.zone)
        now = self._staff.now
        return now - timedelta(minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond)

    async def _then(self, booked: ShownAppointment, wanted: DemoAppointment, scope: Scope) -> None:
        """What becomes of it."""
        one, version = booked.id, booked.version
        if wanted.then == "cancelled":
            request = _request("cancelAppointment", wanted.key)
            (await scope[EndingService].cancel(request, one, version, SeriesScope.THIS, wanted.reason)).done()
        elif wanted.then == "confirmed":
            (
                await self._staff[MovingService].confirm(_request("confirmAppointment", wanted.key), one, version, None)
            ).done()
        elif wanted.then == "declined":
            request = _request("declineAppointment", wanted.key)
            (await self._staff[EndingService].decline(request, one, version, wanted.reason)).done()
        elif wanted.then in AppointmentOutcome.__members__:
            request = _request("setAppointmentOutcome", wanted.key)
            outcome = AppointmentOutcome[wanted.then]
            (await self._admin[EndingService].set_outcome(request, one, version, outcome)).done()
