"""Changes of appointments."""

from typing import Any

import strawberry

from graph_api.acting.appointments.api.inputs import (
    BookAppointmentInput,
    CancelAppointmentInput,
    ConfirmAppointmentInput,
    DeclineAppointmentInput,
    RescheduleAppointmentInput,
    SetAppointmentAudienceInput,
    SetAppointmentOutcomeInput,
    draft_of,
    move_of,
)
from graph_api.acting.appointments.api.types import Appointment
from graph_api.acting.appointments.booking import BookingService
from graph_api.acting.appointments.ending import EndingService
from graph_api.acting.appointments.moving import MovingService
from graph_api.kernel.rules import EVERYONE, WRITERS, WRITERS_AND_ACCOUNTS
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Request
from graph_api.shapes.inputs import given
from graph_api.shapes.mutations import MUTATIONS, mutation
from graph_api.shapes.node import readable
from graph_api.shapes.payloads import Payload

_APPOINTMENT = ("appointment", Appointment)


def _first(root: strawberry.Parent[Any]) -> Any:
    return None if root.entity is None else root.entity.appointment


def _series(root: strawberry.Parent[Any]) -> Any:
    return [] if root.entity is None else root.entity.series


@strawberry.type(description="Return type of bookAppointment")
class BookAppointmentPayload(Payload):
    appointment: Appointment | None = strawberry.field(
        resolver=_first,
        description="The appointment, the first one of a series; null if the change was refused",
        graphql_type=Appointment | None,
        metadata=readable(EVERYONE),
    )
    series: list[Appointment] = strawberry.field(
        resolver=_series,
        description="All appointments of a series, by their start; empty unless one was booked",
        graphql_type=list[Appointment],
        metadata=readable(EVERYONE),
    )


@mutation(
    WRITERS_AND_ACCOUNTS,
    "Book an appointment. A portal account requests it where the type says so; its time is held until staff answer",
    payload=BookAppointmentPayload,
)
async def book_appointment(scope: Scope, request: Request, source: BookAppointmentInput) -> Any:
    return await scope[BookingService].book(request, draft_of(source))


@mutation(WRITERS, "Confirm a request for an appointment", shows=_APPOINTMENT)
async def confirm_appointment(scope: Scope, request: Request, source: ConfirmAppointmentInput) -> Any:
    return await scope[MovingService].confirm(
        request, str(source.appointment_id), source.expected_version, given(source.starts_at)
    )


@mutation(WRITERS, "Decline a request for an appointment", shows=_APPOINTMENT)
async def decline_appointment(scope: Scope, request: Request, source: DeclineAppointmentInput) -> Any:
    return await scope[EndingService].decline(
        request, str(source.appointment_id), source.expected_version, given(source.reason)
    )


@mutation(
    WRITERS_AND_ACCOUNTS,
    "Move an appointment. What a portal account moves is a request again, if accounts request its type",
    shows=_APPOINTMENT,
)
async def reschedule_appointment(scope: Scope, request: Request, source: RescheduleAppointmentInput) -> Any:
    return await scope[MovingService].reschedule(
        request, str(source.appointment_id), source.expected_version, move_of(source)
    )


@mutation(WRITERS_AND_ACCOUNTS, "Cancel an appointment or a request for one", shows=_APPOINTMENT)
async def cancel_appointment(scope: Scope, request: Request, source: CancelAppointmentInput) -> Any:
    return await scope[EndingService].cancel(
        request, str(source.appointment_id), source.expected_version, source.scope, given(source.reason)
    )


@mutation(WRITERS, "Say what came of an appointment", shows=_APPOINTMENT)
async def set_appointment_outcome(scope: Scope, request: Request, source: SetAppointmentOutcomeInput) -> Any:
    return await scope[EndingService].set_outcome(
        request, str(source.appointment_id), source.expected_version, source.outcome
    )


@mutation(WRITERS, "Hide an appointment from contacts, or show it to them", shows=_APPOINTMENT)
async def set_appointment_audience(scope: Scope, request: Request, source: SetAppointmentAudienceInput) -> Any:
    return await scope[EndingService].set_audience(
        request, str(source.appointment_id), source.expected_version, source.audience
    )


CANCEL_APPOINTMENT, SET_APPOINTMENT_OUTCOME = (
    MUTATIONS[one.__name__].payload for one in (cancel_appointment, set_appointment_outcome)
)
"""Their payloads, to which other concerns add fields."""
