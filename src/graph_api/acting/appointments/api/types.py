"""Appointments and openings in GraphQL."""

from datetime import datetime
from typing import Any

import strawberry

from graph_api.acting.api import Byline
from graph_api.acting.appointments import shown as shown_appointments
from graph_api.acting.appointments.api.loaders import BylineLoader
from graph_api.acting.appointments.api.settings.types import AppointmentType, Location
from graph_api.acting.appointments.deadlines import can_cancel_until
from graph_api.acting.appointments.model import AppointmentStatus, RecordAudience
from graph_api.acting.appointments.reading import AskedByline
from graph_api.kernel.rules import EVERYONE, WRITERS, WRITERS_AND_ACCOUNTS
from graph_api.people.api.types import Person
from graph_api.practitioners.api.types import Practitioner
from graph_api.shapes.context import Info
from graph_api.shapes.errors import MutationError
from graph_api.shapes.node import Node, is_a, readable, readable_by, shown
from graph_api.shapes.nodes import NodeLoader
from graph_api.shapes.pages import CURSOR, PageInfo, edges_of, nodes_of, page_info_field

_OPEN = (AppointmentStatus.REQUESTED, AppointmentStatus.BOOKED)


async def _client(root: strawberry.Parent[Any], info: Info) -> Any:
    return await info.context[NodeLoader].load(root.client_id)


async def _practitioner(root: strawberry.Parent[Any], info: Info) -> Any:
    return await info.context[NodeLoader].load(root.practitioner_id)


async def _type(root: strawberry.Parent[Any], info: Info) -> Any:
    return await info.context[NodeLoader].load(root.type_id)


async def _location(root: strawberry.Parent[Any], info: Info) -> Any:
    return await info.context[NodeLoader].load(root.location_id)


@readable_by(EVERYONE)
@strawberry.type(description="An appointment of a client with a practitioner")
class Appointment(Node):
    client: Person | None = strawberry.field(resolver=_client, description="The client", graphql_type=Person | None)
    practitioner: Practitioner | None = strawberry.field(
        resolver=_practitioner, description="The practitioner", graphql_type=Practitioner | None
    )
    type: AppointmentType | None = strawberry.field(
        resolver=_type, description="The type of appointment", graphql_type=AppointmentType | None
    )
    location: Location | None = strawberry.field(
        resolver=_location, description="Where it is", graphql_type=Location | None
    )
    starts_at: datetime = shown("When it starts")
    ends_at: datetime = shown("When it ends")
    local_start: str = shown("The time that was agreed on, as clocks show it at the location: YYYY-MM-DDTHH:MM")
    time_zone: str = shown("IANA name of the time zone that localStart is in")
    status: AppointmentStatus = shown("Where it stands now")
    audience: RecordAudience = shown("Who can see it besides staff")
    is_late: bool = shown("Whether a portal account cancelled it later than the practice asks for")
    is_overbooked: bool | None = shown("Whether staff booked it beside another one", WRITERS)
    held_until: datetime | None = shown("Of a request: when it expires unless staff confirm it")
    booking_reason: str | None = shown(
        "What was said when it was booked; only staff and the person who said it see it", WRITERS_AND_ACCOUNTS
    )
    cancel_reason: str | None = shown(
        "What was said when it was cancelled or declined; only staff and the person who said it see it",
        WRITERS_AND_ACCOUNTS,
    )
    note: str | None = shown("A note of staff", WRITERS)
    series_id: strawberry.ID | None = shown("The same for all appointments that were booked as one series")
    version: int = shown("The version to send as expectedVersion; it grows with each change")
    is_type_of = is_a(shown_appointments.ShownAppointment)

    @strawberry.field(
        description="The link of telehealth; null if there is none, and unless the appointment is booked",
        metadata=readable(WRITERS_AND_ACCOUNTS),
    )
    async def link(root: strawberry.Parent[Any], info: Info) -> str | None:
        if root.status not in (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED):
            return None
        location = await _location(root, info)
        return location.link if location is not None and location.is_telehealth else None

    @strawberry.field(
        description="Until this time a portal account can cancel or move it without being late; null unless it is "
        "requested or booked"
    )
    async def can_cancel_until(root: strawberry.Parent[Any], info: Info) -> datetime | None:
        kind = await _type(root, info) if root.status in _OPEN else None
        return None if kind is None else can_cancel_until(kind, root.appointment)

    @strawberry.field(
        description="Who booked or requested it. Portal accounts see other contacts as `another contact`",
        graphql_type=Byline | None,
        metadata=readable(WRITERS_AND_ACCOUNTS),
    )
    async def booked_by(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context[BylineLoader].load(AskedByline(root.client_id, root.appointment.booked_by))

    @strawberry.field(
        description="Who cancelled or declined it. Portal accounts see other contacts as `another contact`",
        graphql_type=Byline | None,
        metadata=readable(WRITERS_AND_ACCOUNTS),
    )
    async def cancelled_by(root: strawberry.Parent[Any], info: Info) -> Any:
        author = root.appointment.cancelled_by
        return None if author is None else await info.context[BylineLoader].load(AskedByline(root.client_id, author))


@readable_by(EVERYONE)
@strawberry.type(description="An edge in a page of appointments")
class AppointmentEdge:
    cursor: str = shown(CURSOR)
    node: Appointment = shown("The appointment")


@readable_by(EVERYONE)
@strawberry.type(description="A page of appointments")
class AppointmentConnection:
    edges: list[AppointmentEdge] = edges_of("AppointmentEdge", __name__)
    nodes: list[Appointment] = nodes_of("Appointment", __name__)
    page_info: PageInfo = page_info_field()


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="A time at which an appointment can be booked")
class Opening:
    starts_at: datetime = shown("When it starts")
    ends_at: datetime = shown("When it ends")
    local_start: str = shown("What clocks show at the location when it starts: YYYY-MM-DDTHH:MM")
    time_zone: str = shown("IANA name of the location's time zone")
    practitioner: Practitioner = shown("The practitioner")
    location: Location = shown("Where it is")
    type: AppointmentType = shown("The type of appointment")


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="An edge in a page of openings")
class OpeningEdge:
    cursor: str = shown(CURSOR)
    node: Opening = shown("The opening")


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="A page of openings, by their start")
class OpeningConnection:
    edges: list[OpeningEdge] = edges_of("OpeningEdge", __name__)
    nodes: list[Opening] = nodes_of("Opening", __name__)
    page_info: PageInfo = page_info_field()


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="The time is taken")
class TimeTaken(MutationError):
    starts_at: list[datetime] = shown("Which of the times that were asked for are taken")
    nearest: list[Opening] = shown("At most five other openings of the practitioner, the nearest first")
    is_type_of = is_a(shown_appointments.TimeTaken)
