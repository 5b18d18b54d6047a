"""Questions about appointments."""

from datetime import date
from typing import Annotated, Any

import strawberry

from graph_api.acting.appointments.api.settings.types import AppointmentType, Location
from graph_api.acting.appointments.api.types import AppointmentConnection, OpeningConnection
from graph_api.acting.appointments.opening_questions import OpeningQuestions, Wanted
from graph_api.acting.appointments.questions import SettingQuestions
from graph_api.acting.appointments.reading import AppointmentReading, agenda_of
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.rules import EVERYONE, INSIDE, WRITERS, WRITERS_AND_ACCOUNTS
from graph_api.shapes.context import Info
from graph_api.shapes.node import readable
from graph_api.shapes.pages import AFTER, FIRST

IDS = list[strawberry.ID] | None


def _ids(given: Any) -> tuple[str, ...] | None:
    return None if given is None else tuple(dict.fromkeys(str(one) for one in given))


@strawberry.type(description="Questions about appointments")
class AppointmentQueries:
    @strawberry.field(
        description="The practice's locations, by name, those that are not active among them; at most 200",
        graphql_type=list[Location] | None,
        metadata=readable(INSIDE),
    )
    async def locations(self, info: Info) -> Any:
        return await info.context[SettingQuestions].locations()

    @strawberry.field(
        description="The practice's kinds of appointments, by name; at most 500. A portal account must name a client, "
        "and sees what it may book or request for the client",
        graphql_type=list[AppointmentType] | None,
        metadata=readable(EVERYONE),
    )
    async def appointment_types(
        self,
        info: Info,
        for_client_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Id of a client: only what can be booked for the client now"),
        ] = None,
    ) -> Any:
        client_id = None if for_client_id is None else str(for_client_id)
        return await info.context[SettingQuestions].types(client_id)

    @strawberry.field(
        description="Times at which an appointment can be booked for a client, by their start. Null if the viewer "
        "can't book one of this type for the client",
        graphql_type=OpeningConnection | None,
        metadata=readable(WRITERS_AND_ACCOUNTS),
    )
    async def openings(
        self,
        info: Info,
        client_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the client")],
        type_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the type of appointment")],
        from_: Annotated[date, strawberry.argument(name="from", description="The first day, at each location")],
        practitioner_ids: Annotated[
            IDS, strawberry.argument(description="Ids of practitioners, at most 20; by default all who offer the type")
        ] = None,
        location_ids: Annotated[
            IDS, strawberry.argument(description="Ids of locations; by default all at which the type is offered")
        ] = None,
        days: Annotated[int, strawberry.argument(description="How many days, 1 to 31")] = 14,
        first: FIRST = None,
        after: AFTER = None,
    ) -> Any:
        wanted = Wanted(str(client_id), str(type_id), from_, days, _ids(practitioner_ids), _ids(location_ids))
        return await info.context[OpeningQuestions].page(wanted, PageArguments(first, after))

    @strawberry.field(
        description="Requests for appointments that wait for staff, soonest to expire first",
        graphql_type=AppointmentConnection | None,
        metadata=readable(WRITERS),
    )
    async def appointment_requests(self, info: Info, first: FIRST = None, after: AFTER = None) -> Any:
        return await info.context[AppointmentReading].requests(PageArguments(first, after))

    @strawberry.field(
        description="The practice's appointments of some days, by their start, in the practice's time zone",
        graphql_type=AppointmentConnection | None,
        metadata=readable(WRITERS),
    )
    async def agenda(
        self,
        info: Info,
        from_: Annotated[date, strawberry.argument(name="from", description="The first day")],
        practitioner_ids: Annotated[
            IDS, strawberry.argument(description="Only those with these practitioners, at most 100")
        ] = None,
        location_ids: Annotated[
            IDS, strawberry.argument(description="Only those at these locations, at most 100")
        ] = None,
        days: Annotated[int, strawberry.argument(description="How many days, 1 to 31")] = 7,
        first: FIRST = None,
        after: AFTER = None,
    ) -> Any:
        wanted = agenda_of(info.context.clock.zone, from_, days, _ids(practitioner_ids), _ids(location_ids))
        return await info.context[AppointmentReading].agenda(wanted, PageArguments(first, after))
