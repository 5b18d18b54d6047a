"""Locations, types of appointments and hours in GraphQL."""

from datetime import date, time
from typing import Any

import strawberry

from graph_api.acting.appointments import model as appointments_model
from graph_api.acting.appointments.api import enums as _enums  # noqa: F401 - makes them part of the schema
from graph_api.acting.appointments.model import PortalBooking, Weekday
from graph_api.kernel.rules import EVERYONE, INSIDE, WRITERS
from graph_api.people.api.types import PostalAddress
from graph_api.practitioners.api.types import Practitioner
from graph_api.shapes.context import Info
from graph_api.shapes.node import VERSION, Node, is_a, readable, readable_by, shown
from graph_api.shapes.nodes import NodeLoader


async def _location(root: strawberry.Parent[Any], info: Info) -> Any:
    return None if root.location_id is None else await info.context[NodeLoader].load(root.location_id)


async def _all_of(info: Info, ids: tuple[str, ...]) -> list[Any]:
    found = await info.context[NodeLoader].load_many(list(ids))
    return [one for one in found if one is not None]


@readable_by(EVERYONE)
@strawberry.type(description="A place where appointments are, or telehealth")
class Location(Node):
    name: str = shown("The name to show")
    is_telehealth: bool = shown("Whether appointments there are held by a link")
    address: PostalAddress | None = shown("The postal address")
    link: str | None = shown("The link of telehealth; anyone who has it can come in", WRITERS)
    is_exclusive: bool = shown("Whether only one appointment can be there at a time, as in one room")
    is_active: bool = shown("Whether appointments can be booked there")
    version: int | None = shown(VERSION, WRITERS)
    is_type_of = is_a(appointments_model.Location)

    @strawberry.field(
        description="IANA name of the location's time zone; the practice's if it has none of its own",
        metadata=readable(EVERYONE),
    )
    def time_zone(root: strawberry.Parent[Any], info: Info) -> str:
        own: str | None = root.time_zone
        return own or info.context.caller.practice.time_zone


@readable_by(EVERYONE)
@strawberry.type(description="A kind of appointment")
class AppointmentType(Node):
    name: str | None = shown("The name that staff see", INSIDE)
    public_name: str = shown("The name that clients and contacts see")
    minutes: int = shown("How long an appointment is")
    grid_minutes: int | None = shown("How far apart the starts are that are offered", INSIDE)
    buffer_before: int | None = shown("Minutes that are kept free before", INSIDE)
    buffer_after: int | None = shown("Minutes that are kept free after", INSIDE)
    portal: PortalBooking = shown("What portal accounts may do with it")
    min_notice_hours: int = shown("How many hours before the start a portal account must have booked")
    max_ahead_days: int = shown("How many days ahead a portal account may book")
    change_notice_hours: int = shown("How many hours before the start a portal account may still cancel or move it")
    late_cancel: bool = shown("Whether a portal account may also cancel later than that, until the start")
    is_active: bool = shown("Whether it can be booked")
    version: int | None = shown(VERSION, WRITERS)
    is_type_of = is_a(appointments_model.AppointmentType)

    @strawberry.field(description="The practitioners who offer it", graphql_type=list[Practitioner])
    async def practitioners(root: strawberry.Parent[Any], info: Info) -> Any:
        return await _all_of(info, root.practitioner_ids)

    @strawberry.field(description="The locations at which it is offered", graphql_type=list[Location])
    async def locations(root: strawberry.Parent[Any], info: Info) -> Any:
        return await _all_of(info, root.location_ids)


@readable_by(INSIDE)
@strawberry.type(description="Hours of every week, or of every second to fourth week")
class OpeningRule:
    weekday: Weekday = shown("The day of the week")
    from_: time = strawberry.field(
        name="from", resolver=lambda root: root.from_time, graphql_type=time, description="When the hours begin"
    )
    to: time = strawberry.field(
        resolver=lambda root: root.to_time,
        graphql_type=time,
        description="When the hours end; 00:00 is the end of the day",
    )
    location: Location | None = strawberry.field(
        resolver=_location, description="Where the practitioner is", graphql_type=Location | None
    )
    every_weeks: int = shown("1 for every week, 2 for every second one")
    starts_on: date = shown("The first day; its week is the first that counts")
    ends_on: date | None = shown("The last day, inclusive")


@readable_by(INSIDE)
@strawberry.type(description="A day on which a practitioner's hours are others")
class OpeningException(Node):
    day: date = shown("The day")
    from_: time | None = strawberry.field(
        name="from",
        resolver=lambda root: root.from_time,
        graphql_type=time | None,
        description="Start of the hours; null if the whole day is closed",
    )
    to: time | None = strawberry.field(
        resolver=lambda root: root.to_time,
        graphql_type=time | None,
        description="End of the hours; 00:00 is the end of the day, and null means that the whole day is closed",
    )
    is_open: bool = shown("Whether the practitioner is open then, beside the weekly hours; otherwise closed")
    location: Location | None = strawberry.field(
        resolver=_location,
        description="Where it is open or closed; without one, every location is closed",
        graphql_type=Location | None,
    )
    note: str | None = shown("A note of staff", WRITERS)
    is_type_of = is_a(appointments_model.OpeningException)
