"""Locations, types of appointments and practitioners' hours, as a caller may see them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from graph_api.access.model import PortalAction
from graph_api.acting.appointments.graph.hours import HoursReads
from graph_api.acting.appointments.graph.settings import LocationReads, TypeReads
from graph_api.acting.appointments.model import AppointmentType, Location, OpeningException, OpeningRule, PortalBooking
from graph_api.acting.appointments.readers import Readers
from graph_api.engine.errors import BadRequest
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.ids import is_id
from graph_api.kernel.rules import INSIDE
from graph_api.kernel.scope import Scope

MOST_DAYS = 366
"""Of exceptions, in one question."""


class SettingQuestions:
    """Questions of one caller."""

    def __init__(self, scope: Scope) -> None:
        self._role = scope.caller.role
        self._graph = scope.graph
        self._readers = scope[Readers]

    async def locations(self) -> tuple[Location, ...]:
        """All of the practice's, by name."""
        return await self._graph[LocationReads].list()

    async def types(self, client_id: str | None) -> tuple[AppointmentType, ...] | None:
        """The practice's types, by name; with a client, those that may be booked for them.

        A portal account names a client for whom it may schedule now, and sees what it may book or request; None where
        it may not.
        """
        if self._role is ViewerRole.PORTAL and (
            client_id is None or not await self._readers.may(client_id, PortalAction.SCHEDULE_APPOINTMENT)
        ):
            return None
        found = await self._graph[TypeReads].list()
        if client_id is None:
            return found
        active = tuple(kind for kind in found if kind.is_active)
        if self._role is not ViewerRole.PORTAL:
            return active
        return tuple(kind for kind in active if kind.portal is not PortalBooking.NONE)

    async def rules(self, practitioner_id: str) -> tuple[OpeningRule, ...]:
        """A practitioner's weekly hours, by weekday and time."""
        rules = (await self._graph[HoursReads].of([practitioner_id], ()))[practitioner_id].rules
        order = {rule.id: place for place, rule in enumerate(rules)}
        return tuple(sorted(rules, key=lambda rule: (*_place(rule), order[rule.id])))

    async def exceptions_of(self, practitioner_id: str, first: date, last: date) -> tuple[OpeningException, ...]:
        """The exceptions of some days, by day and time.

        Raises:
            BadRequest: OUT_OF_RANGE, if there are more than 366 days or the first is after the last.
        """
        days = (last - first).days + 1
        if not 1 <= days <= MOST_DAYS:
            raise BadRequest("OUT_OF_RANGE", f"Ask about 1 to {MOST_DAYS} days.")
        asked = [first + timedelta(days=number) for number in range(days)]
        found = (await self._graph[HoursReads].of([practitioner_id], asked))[practitioner_id].exceptions
        return tuple(sorted(found, key=lambda one: (one.day, str(one.from_time or ""), one.id)))

    async def exceptions(self, ids: Sequence[str]) -> Mapping[str, OpeningException]:
        """Those that exist, by id; portal accounts see none."""
        wanted = [one for one in ids if is_id("exception", one)]
        if not wanted or not INSIDE.allows(self._role):
            return {}
        return await self._graph[HoursReads].exceptions(wanted)


def _place(rule: OpeningRule) -> tuple[int, str, str]:
    weekdays = list(type(rule.weekday))
    return weekdays.index(rule.weekday), rule.from_time.isoformat(), rule.starts_on.isoformat()
