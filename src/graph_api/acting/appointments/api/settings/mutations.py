"""Changes of locations, types of appointments and hours."""

from typing import Any

from graph_api.acting.appointments.api.settings.inputs import (
    AddAppointmentTypeInput,
    AddLocationInput,
    AddOpeningExceptionInput,
    RemoveOpeningExceptionInput,
    SetOpeningHoursInput,
    UpdateAppointmentTypeInput,
    UpdateLocationInput,
    exception_of,
    location_fields,
    rules_of,
    type_fields,
)
from graph_api.acting.appointments.api.settings.types import AppointmentType, Location
from graph_api.acting.appointments.hours_commands import HoursService
from graph_api.acting.appointments.setting_commands import LocationService, TypeService
from graph_api.kernel.rules import ADMINS, WRITERS
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Request
from graph_api.practitioners.api.types import Practitioner
from graph_api.shapes.mutations import mutation

_LOCATION, _TYPE, _PRACTITIONER = ("location", Location), ("type", AppointmentType), ("practitioner", Practitioner)


@mutation(ADMINS, "Add a place where appointments are, or telehealth", shows=_LOCATION)
async def add_location(scope: Scope, request: Request, source: AddLocationInput) -> Any:
    fields, address = location_fields(source)
    return await scope[LocationService].add(request, fields, address, is_telehealth=source.is_telehealth)


@mutation(ADMINS, "Change a location's fields", shows=_LOCATION)
async def update_location(scope: Scope, request: Request, source: UpdateLocationInput) -> Any:
    fields, address = location_fields(source)
    return await scope[LocationService].update(
        request, str(source.location_id), source.expected_version, fields, address
    )


@mutation(ADMINS, "Add a kind of appointment", shows=_TYPE)
async def add_appointment_type(scope: Scope, request: Request, source: AddAppointmentTypeInput) -> Any:
    return await scope[TypeService].add(request, type_fields(source))


@mutation(ADMINS, "Change a kind of appointment. What is booked already stays as it is", shows=_TYPE)
async def update_appointment_type(scope: Scope, request: Request, source: UpdateAppointmentTypeInput) -> Any:
    return await scope[TypeService].update(request, str(source.type_id), source.expected_version, type_fields(source))


@mutation(
    WRITERS, "Set a practitioner's weekly hours. What is booked outside of them already stays", shows=_PRACTITIONER
)
async def set_opening_hours(scope: Scope, request: Request, source: SetOpeningHoursInput) -> Any:
    return await scope[HoursService].set(
        request, str(source.practitioner_id), source.expected_version, rules_of(source)
    )


@mutation(WRITERS, "Open or close a practitioner's hours on one day", shows=_PRACTITIONER)
async def add_opening_exception(scope: Scope, request: Request, source: AddOpeningExceptionInput) -> Any:
    return await scope[HoursService].add(request, exception_of(source))


@mutation(WRITERS, "Take an exception to a practitioner's hours away", shows=_PRACTITIONER)
async def remove_opening_exception(scope: Scope, request: Request, source: RemoveOpeningExceptionInput) -> Any:
    return await scope[HoursService].remove(request, str(source.exception_id))
