"""Reminders as staff see them: rules, preferences, and who would be reminded of an appointment."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from graph_api.access.grants import PossibleGrant
from graph_api.access.graph.decisions import AccessReads
from graph_api.acting.appointments.graph.reads import AppointmentReads
from graph_api.acting.appointments.model import Appointment, RecordAudience
from graph_api.acting.reminders.graph.reads import ReminderReads, ReminderSettings
from graph_api.acting.reminders.graph.rows import address_key
from graph_api.acting.reminders.model import Delivery, ReminderChannel, ReminderRule
from graph_api.acting.reminders.planning import NOTHING_SAID, Address, Situation, address_of, own_address, plan
from graph_api.acting.reminders.ports import Texting
from graph_api.acting.reminders.shown import ShownLine, ShownPreferences
from graph_api.kernel.door import Sealed, nobody
from graph_api.kernel.ids import is_id
from graph_api.kernel.rules import INSIDE, WRITERS
from graph_api.kernel.scope import Scope
from graph_api.people.model import Person
from graph_api.portal.graph.accounts import AccountReads


class ReminderReading:
    """Questions of one caller."""

    def __init__(self, scope: Scope) -> None:
        self._caller = scope.caller
        self._graph = scope.graph
        self._clock = scope.clock
        self._texting = scope[Texting]

    async def settings(self) -> ReminderSettings:
        """What the practice has set."""
        return await self._graph[ReminderReads].settings()

    async def rules(self, ids: Sequence[str]) -> Mapping[str, ReminderRule]:
        """Those that exist, by id; portal accounts see none."""
        wanted = [one for one in ids if is_id("reminder", one)]
        if not wanted or not INSIDE.allows(self._caller.role):
            return {}
        return await self._graph[ReminderReads].rules(wanted)

    async def preferences(self, people: Sequence[Person]) -> list[ShownPreferences]:
        """How people are reminded, and whether the addresses at which they would be were taken off."""
        known = await self._graph[ReminderReads].preferences([person.id for person in people])
        keys = {
            (person.id, channel): self._key(address)
            for person in people
            for channel in ReminderChannel
            if (address := own_address(person, channel)) is not None
        }
        out = await self._graph[ReminderReads].opted_out(keys.values()) if keys else frozenset()
        return [
            ShownPreferences(
                known.get(person.id, NOTHING_SAID),
                *(keys.get((person.id, channel)) in out for channel in (ReminderChannel.EMAIL, ReminderChannel.SMS)),
            )
            for person in people
        ]

    async def deliveries(self, appointment_ids: Sequence[str]) -> Mapping[str, Sequence[Delivery]]:
        """What was sent of appointments and what was not, by appointment id; nothing for all but staff."""
        if not WRITERS.allows(self._caller.role):
            return {}
        return self._graph.door.open(await self._graph[ReminderReads].deliveries(appointment_ids))

    async def preview(self, appointment_id: str) -> list[ShownLine] | None:
        """Who would be reminded now of an appointment, where and when; None where there is none, and for all but staff.

        Nothing is changed by it: the worker looks again when it sends.
        """
        if not WRITERS.allows(self._caller.role) or not is_id("appointment", appointment_id):
            return None
        found = await self._graph[AppointmentReads].by_ids([appointment_id])
        appointment = self._graph.door.keep(found, lambda some: some[0] if some else None, nobody)
        if appointment is None:
            return None
        grants = await self._graph[AccessReads].of_client(appointment.client_id)
        around = await self._around(appointment, grants)
        opted_out = await self._opted_out(grants, around)

        def lines(some: Sequence[PossibleGrant]) -> list[ShownLine]:
            situation = replace(around, grants=some, opted_out=opted_out)
            return [ShownLine(line) for line in plan(situation, self._clock.now())]

        return self._graph.door.keep(grants, lines, lambda shown: [line.person.id for line in shown])

    async def _around(self, appointment: Appointment, grants: Sealed[Sequence[PossibleGrant]]) -> Situation:
        """What decides beside the people themselves."""
        reads = self._graph[ReminderReads]
        settings = await reads.settings()
        people = self._graph.door.keep(grants, lambda some: [grant.person.id for grant in some], nobody)
        is_private = appointment.audience is RecordAudience.CLIENT_ONLY
        return Situation(
            appointment=appointment,
            rules=settings.rules,
            quiet=settings.quiet,
            practice_zone=self._clock.zone,
            grants=(),
            of_contacts=(
                await self._graph[AccountReads].addresses_of_contacts(appointment.client_id)
                if is_private
                else frozenset()
            ),
            preferences=await reads.preferences(people),
            has_gateway=self._texting.offers(self._caller.practice),
        )

    async def _opted_out(
        self, grants: Sealed[Sequence[PossibleGrant]], around: Situation
    ) -> frozenset[tuple[ReminderChannel, str]]:
        """Which of the addresses are not to be written to."""

        def keys(some: Sequence[PossibleGrant]) -> dict[str, tuple[ReminderChannel, str]]:
            found = (address_of(grant, channel, around) for grant in some for channel in ReminderChannel)
            return {self._key(one): (one.channel, one.folded) for one in found if one is not None}

        wanted = self._graph.door.keep(grants, keys, nobody)
        out = await self._graph[ReminderReads].opted_out(wanted) if wanted else frozenset()
        return frozenset(wanted[key] for key in out)

    def _key(self, address: Address) -> str:
        return address_key(self._caller.practice.id, address.channel, address.folded)
