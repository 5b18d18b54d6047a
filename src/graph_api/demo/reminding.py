"""Maple Street's reminders: rules, a confidential client, and visits that show who is told of them and who is not."""

import contextlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from graph_api.access.commands import ClientAccessService
from graph_api.acting.appointments.booking import BookingService
from graph_api.acting.appointments.checks import Draft
from graph_api.acting.appointments.questions import SettingQuestions
from graph_api.acting.appointments.wall_time import on_day, reached
from graph_api.acting.reminders.commands import ReminderService
from graph_api.acting.reminders.fields import RuleDraft
from graph_api.acting.reminders.model import ReminderChannel
from graph_api.acting.reminders.reading import ReminderReading
from graph_api.demo.clinic import CHECK_UP, ROOM
from graph_api.demo.conversations import ACTOR, PRACTITIONERS, STAFF_SUBJECT
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.errors import Refused
from graph_api.kernel.unit import Request
from graph_api.network.reading import Reading
from graph_api.people.confidential import ChannelFields
from graph_api.people.model import Person
from graph_api.people.records import PERSON_PROPERTIES
from graph_api.practitioners.graph import PractitionerReads
from graph_api.services import Services

EMAIL, SMS = ReminderChannel.EMAIL, ReminderChannel.SMS
RULES = [RuleDraft(48 * 60, (EMAIL,)), RuleDraft(2 * 60, (EMAIL, SMS))]
EARLIER_RULES = [RuleDraft(48 * 60, (EMAIL,)), RuleDraft(2 * 60, (EMAIL,))]
"""Of a demo that was made before it sent texts."""
CONFIDENTIAL = "maple-zoe"
"""The client with a confidential phone. Her e-mail address gets nothing any more."""
CONFIDENTIAL_PHONE = "+1 617-555-0189"
HOUSEHOLD = "maple-anna"
"""The client who shares a phone with her husband. He has the toggle of reminders, and no portal access."""
SOON = timedelta(minutes=75)
"""So near that both rules are due; late enough that the server has started before it is too late to remind."""


@dataclass(frozen=True, slots=True)
class DemoVisit:
    """A visit that is near enough for a rule to be due when it is booked."""

    client: str
    at: time | None
    """Tomorrow; None: within two hours."""


VISITS = (
    DemoVisit(HOUSEHOLD, time(10)),
    DemoVisit(CONFIDENTIAL, time(11)),
    DemoVisit("maple-eli", time(12)),
    DemoVisit("maple-clara", None),
)
"""A family's phone and the toggle alone; a confidential phone; a contact whose time has ended; both rules at once."""


class Reminders:
    """Seeds one practice. What is there already is left as it is, so it may be begun again anywhere."""

    def __init__(self, services: Services, practice: Practice) -> None:
        self._admin = services.scope(Caller(ACTOR, practice, ViewerRole.ADMIN))
        self._staff = services.scope(Caller(STAFF_SUBJECT, practice, ViewerRole.STAFF))

    async def seed(self) -> None:
        """The rules first: a visit is planned by those that are there when it is booked."""
        await self._rules()
        # In an earlier demo somebody may have changed all of this: what is refused is left out.
        with contextlib.suppress(Refused):
            await self._keep_confidential()
        places = await self._places()
        for visit in VISITS:
            with contextlib.suppress(Refused):
                if places is not None:
                    await self._book(visit, places)

    async def _rules(self) -> None:
        """Unless somebody has made some."""
        found = (await self._admin[ReminderReading].settings()).rules
        known = [RuleDraft(one.minutes_before, one.channels, one.type_ids, one.is_active) for one in found]
        if known in ([], EARLIER_RULES):
            (await self._admin[ReminderService].set_rules(Request("setReminderRules", {}), RULES)).done()

    async def _keep_confidential(self) -> None:
        """Unless she has a confidential channel."""
        client = await self._client(CONFIDENTIAL)
        if client is not None and client.confidential_phone is None and client.confidential_email is None:
            request, fields = Request("setConfidentialChannel", {}), ChannelFields(phone=CONFIDENTIAL_PHONE)
            service = self._staff[ClientAccessService]
            (await service.set_confidential_channel(request, client.id, client.version, fields)).done()

    async def _places(self) -> tuple[str, str, str] | None:
        """Type, practitioner and location of all visits; None where one is not there any more."""
        kinds = await self._staff[SettingQuestions].types(None) or ()
        people = await self._staff.graph[PractitionerReads].list(include_inactive=False)
        rooms = await self._staff[SettingQuestions].locations()
        kind = next((one.id for one in kinds if one.name == CHECK_UP), None)
        practitioner = next((one.id for one in people if one.display_name == PRACTITIONERS[0]["display_name"]), None)
        room = next((one.id for one in rooms if one.name == ROOM), None)
        return None if kind is None or practitioner is None or room is None else (kind, practitioner, room)

    async def _book(self, visit: DemoVisit, places: tuple[str, str, str]) -> None:
        client = await self._client(visit.client)
        if client is not None:
            # With a key, so that what was begun again is not done twice on the same day.
            request = Request("bookAppointment", {}, f"demo/reminders/{visit.client}")
            draft = Draft(client.id, *places, self._start(visit))
            (await self._staff[BookingService].book(request, draft)).done()

    def _start(self, visit: DemoVisit) -> datetime:
        if visit.at is not None:
            return reached(on_day(self._staff.today + timedelta(days=1), visit.at), self._staff.clock.zone)
        soon = self._staff.now + SOON
        return soon + timedelta(minutes=15 - soon.minute % 15, seconds=-soon.second, microseconds=-soon.microsecond)

    async def _client(self, key: str) -> Person | None:
        reading = self._staff[Reading]
        found = await reading.person_by_external_id(key, None, PERSON_PROPERTIES)
        return None if found is None else reading.person_model(found)
