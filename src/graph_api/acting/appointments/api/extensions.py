"""Hours as fields of practitioners, and appointments as fields of clients."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from graph_api.acting.appointments.api.settings.types import OpeningException, OpeningRule
from graph_api.acting.appointments.api.types import AppointmentConnection
from graph_api.acting.appointments.model import AppointmentStatus
from graph_api.acting.appointments.questions import SettingQuestions
from graph_api.acting.appointments.reading import AppointmentReading, Listed
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.rules import EVERYONE, INSIDE
from graph_api.people.api.types import Person
from graph_api.practitioners.api.types import Practitioner
from graph_api.shapes.context import Info
from graph_api.shapes.extending import extends
from graph_api.shapes.node import readable
from graph_api.shapes.pages import AFTER, BEFORE, FIRST, LAST


@extends(Practitioner)
class PractitionerHours:
    @strawberry.field(
        description="The practitioner's weekly hours, by weekday and time",
        graphql_type=list[OpeningRule] | None,
        metadata=readable(INSIDE),
    )
    async def opening_rules(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context[SettingQuestions].rules(root.id)

    @strawberry.field(
        description="Days on which the practitioner's hours are others, by day and time",
        graphql_type=list[OpeningException] | None,
        metadata=readable(INSIDE),
    )
    async def exceptions(
        root: strawberry.Parent[Any],
        info: Info,
        from_: Annotated[date, strawberry.argument(name="from", description="The first day")],
        to: Annotated[date, strawberry.argument(description="The last day, at most 366 days in all")],
    ) -> Any:
        return await info.context[SettingQuestions].exceptions_of(root.id, from_, to)


@extends(Person)
class PersonAppointments:
    @strawberry.field(
        description="The client's appointments that the viewer can see, by their start. Null if the viewer sees no "
        "appointments of the client",
        graphql_type=AppointmentConnection | None,
        metadata=readable(EVERYONE),
    )
    async def appointments(
        root: strawberry.Parent[Any],
        info: Info,
        from_: Annotated[
            datetime | None, strawberry.argument(name="from", description="Only those that start at this time or later")
        ] = None,
        to: Annotated[
            datetime | None, strawberry.argument(description="Only those that start before this time")
        ] = None,
        statuses: Annotated[
            list[AppointmentStatus] | None, strawberry.argument(description="Only those that stand there now")
        ] = None,
        first: FIRST = None,
        after: AFTER = None,
        last: LAST = None,
        before: BEFORE = None,
    ) -> Any:
        listed = Listed(from_, to, None if statuses is None else tuple(statuses))
        arguments = PageArguments(first, after, last, before)
        return await info.context[AppointmentReading].of_client(root.id, listed, arguments)
