"""Inputs about appointments."""

from datetime import datetime
from typing import Any

import strawberry

from graph_api.acting.appointments.checks import Draft, Move
from graph_api.acting.appointments.model import AppointmentOutcome, RecordAudience, SeriesScope
from graph_api.acting.appointments.series import Repeat
from graph_api.shapes.inputs import EXPECTED_VERSION, KEY, given, needed, taken

_APPOINTMENT = "Id of the appointment"
_OVERBOOK = "Whether to book it beside what is there already; only for staff"
_REASON = "What is said with it, at most 500 characters. Only staff and the person who says it see it"


@strawberry.input(description="How often an appointment is repeated")
class RepeatInput:
    every_weeks: int = needed("How many weeks apart, 1 to 12")
    count: int = needed("How many appointments in all, 1 to 52")


@strawberry.input(description="Input of bookAppointment")
class BookAppointmentInput:
    client_id: strawberry.ID = needed("Id of the client")
    type_id: strawberry.ID = needed("Id of the type of appointment")
    practitioner_id: strawberry.ID = needed("Id of the practitioner")
    location_id: strawberry.ID = needed("Id of the location")
    starts_at: datetime = needed("When it starts, a multiple of five minutes")
    audience: RecordAudience = taken(
        "Who can see it besides staff. CLIENT_ONLY is chosen by staff, or by the client from the practice's "
        "messagePrivacyAge on",
        default=RecordAudience.SHARED,
    )
    reason: str | None = taken(_REASON)
    note: str | None = taken("A note for staff, at most 2,000 characters; only for staff")
    overbook: bool = taken(_OVERBOOK, default=False)
    repeat: RepeatInput | None = taken("Books a series, all of it or none; only for staff")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of confirmAppointment")
class ConfirmAppointmentInput:
    appointment_id: strawberry.ID = needed(_APPOINTMENT)
    expected_version: int = needed(EXPECTED_VERSION)
    starts_at: datetime | None = taken("Another time at which it is confirmed; its own by default")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of declineAppointment")
class DeclineAppointmentInput:
    appointment_id: strawberry.ID = needed(_APPOINTMENT)
    expected_version: int = needed(EXPECTED_VERSION)
    reason: str | None = taken(_REASON)
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of rescheduleAppointment")
class RescheduleAppointmentInput:
    appointment_id: strawberry.ID = needed(_APPOINTMENT)
    expected_version: int = needed(EXPECTED_VERSION)
    starts_at: datetime = needed("When it is to start, a multiple of five minutes")
    practitioner_id: strawberry.ID | None = taken("Id of the practitioner; the same one by default")
    location_id: strawberry.ID | None = taken("Id of the location; the same one by default")
    overbook: bool = taken(_OVERBOOK, default=False)
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of cancelAppointment")
class CancelAppointmentInput:
    appointment_id: strawberry.ID = needed(_APPOINTMENT)
    expected_version: int = needed(EXPECTED_VERSION)
    scope: SeriesScope = taken("Which appointments of a series; more than this one only for staff", SeriesScope.THIS)
    reason: str | None = taken(_REASON)
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of setAppointmentOutcome")
class SetAppointmentOutcomeInput:
    appointment_id: strawberry.ID = needed(_APPOINTMENT)
    expected_version: int = needed(EXPECTED_VERSION)
    outcome: AppointmentOutcome = needed("What came of it; not before its day")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of setAppointmentAudience")
class SetAppointmentAudienceInput:
    appointment_id: strawberry.ID = needed(_APPOINTMENT)
    expected_version: int = needed(EXPECTED_VERSION)
    audience: RecordAudience = needed("Who can see it besides staff")
    idempotency_key: str | None = taken(KEY)


def id_of(value: Any) -> str | None:
    """An id that may be left out."""
    found = given(value)
    return None if found is None else str(found)


def draft_of(source: BookAppointmentInput) -> Draft:
    """An appointment as it was asked for."""
    repeat = given(source.repeat)
    return Draft(
        str(source.client_id),
        str(source.type_id),
        str(source.practitioner_id),
        str(source.location_id),
        source.starts_at,
        source.audience,
        given(source.reason),
        given(source.note),
        source.overbook,
        None if repeat is None else Repeat(repeat.every_weeks, repeat.count),
    )


def move_of(source: RescheduleAppointmentInput) -> Move:
    """Where an appointment is to be."""
    return Move(source.starts_at, id_of(source.practitioner_id), id_of(source.location_id), source.overbook)
