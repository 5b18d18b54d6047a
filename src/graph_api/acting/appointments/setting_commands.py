"""Making and changing locations and types of appointments (A1)."""

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import datetime

from graph_api.acting.appointments.audit import audited_setting
from graph_api.acting.appointments.fields import (
    AppointmentTypeFields,
    LocationFields,
    apply_location_fields,
    apply_type_fields,
)
from graph_api.acting.appointments.graph.settings import MAX_LOCATIONS, MAX_TYPES, LocationWrites, TypeWrites
from graph_api.acting.appointments.model import AppointmentType, Location
from graph_api.audit.graph.chains import AuditWrites
from graph_api.kernel.errors import MutationError, NotFound, Refused, invalid, not_found, refuse_stale
from graph_api.kernel.happened import EventKind
from graph_api.kernel.ids import is_id, new_id
from graph_api.kernel.problems import Problems
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request
from graph_api.people.fields import AddressFields, clean_address
from graph_api.practitioners.graph import PractitionerWrites


class LocationService:
    """Mutations of locations. Each locks the practice's own chain first, and so waits for any other of them."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit

    async def add(
        self, request: Request, fields: LocationFields, address: AddressFields | None, *, is_telehealth: bool
    ) -> Outcome[Location]:
        """A new location, which is active.

        Refused for the reasons of `apply_location_fields`, and with `locations.tooMany`.
        """
        blank = Location(new_id("location"), name="", is_telehealth=is_telehealth)

        def check() -> Location:
            problems = Problems()
            sent = _with_address(fields, address, problems)
            new = apply_location_fields(blank, sent, problems)
            problems.refuse()
            return new

        async def change(tx: Transaction, new: Location, _now: datetime) -> Outcome[Location]:
            await tx[AuditWrites].lock_practice()
            if await tx[LocationWrites].total() >= MAX_LOCATIONS:
                raise Refused([invalid("locations.tooMany", f"A practice has at most {MAX_LOCATIONS} locations.")])
            await tx[LocationWrites].create(new)
            return Outcome(new, events=(audited_setting(EventKind(request.mutation), tx.practice_id, None, new),))

        return await self._unit.run(request, check, change, _reload_location)

    async def update(
        self, request: Request, location_id: str, version: int, fields: LocationFields, address: AddressFields | None
    ) -> Outcome[Location]:
        """Change the fields that were sent; where none differs, nothing is written.

        What is booked there keeps the time zone, and the calendars, that it was booked with. Refused with NotFound,
        VersionConflict, and for the reasons of `apply_location_fields`.
        """

        def check() -> LocationFields:
            if not is_id("location", location_id):
                raise not_found("locationId")
            problems = Problems()
            sent = _with_address(fields, address, problems)
            problems.refuse()
            return sent

        async def change(tx: Transaction, sent: LocationFields, _now: datetime) -> Outcome[Location]:
            await tx[AuditWrites].lock_practice()
            before = (await tx[LocationWrites].lock([location_id])).get(location_id)
            if before is None:
                raise not_found("locationId")
            refuse_stale(before, version)
            problems = Problems()
            after = apply_location_fields(before, sent, problems)
            problems.refuse()
            if after == before:
                return Outcome(before)
            after = replace(after, version=before.version + 1)
            await tx[LocationWrites].replace(after)
            return Outcome(after, events=(audited_setting(EventKind(request.mutation), tx.practice_id, before, after),))

        return await self._unit.run(request, check, change, _reload_location)


class TypeService:
    """Mutations of types of appointments. Each locks the practice's own chain first, and so waits for any other."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit

    async def add(self, request: Request, fields: AppointmentTypeFields) -> Outcome[AppointmentType]:
        """A new type, which is active.

        Refused for the reasons of `apply_type_fields`, with NotFound for practitioners and locations, and with
        `appointmentTypes.tooMany`.
        """
        blank = AppointmentType(new_id("type"), name="", public_name="", minutes=0)

        def check() -> AppointmentType:
            problems = Problems()
            new = apply_type_fields(blank, fields, problems)
            problems.refuse()
            return new

        async def change(tx: Transaction, new: AppointmentType, _now: datetime) -> Outcome[AppointmentType]:
            await tx[AuditWrites].lock_practice()
            if await tx[TypeWrites].total() >= MAX_TYPES:
                message = f"A practice has at most {MAX_TYPES} types of appointments."
                raise Refused([invalid("appointmentTypes.tooMany", message)])
            await _refuse_unknown(tx, new)
            await tx[TypeWrites].create(new)
            return Outcome(new, events=(audited_setting(EventKind(request.mutation), tx.practice_id, None, new),))

        return await self._unit.run(request, check, change, _reload_type)

    async def update(
        self, request: Request, type_id: str, version: int, fields: AppointmentTypeFields
    ) -> Outcome[AppointmentType]:
        """Change the fields that were sent; where none differs, nothing is written.

        What is booked keeps its length and its buffers. Refused with NotFound, VersionConflict, and for the reasons of
        `apply_type_fields`.
        """

        def check() -> None:
            if not is_id("type", type_id):
                raise not_found("typeId")

        async def change(tx: Transaction, _: None, _now: datetime) -> Outcome[AppointmentType]:
            await tx[AuditWrites].lock_practice()
            before = (await tx[TypeWrites].lock([type_id])).get(type_id)
            if before is None:
                raise not_found("typeId")
            refuse_stale(before, version)
            problems = Problems()
            after = apply_type_fields(before, fields, problems)
            problems.refuse()
            if after == before:
                return Outcome(before)
            await _refuse_unknown(tx, after)
            after = replace(after, version=before.version + 1)
            await tx[TypeWrites].replace(after)
            return Outcome(after, events=(audited_setting(EventKind(request.mutation), tx.practice_id, before, after),))

        return await self._unit.run(request, check, change, _reload_type)


def _with_address(fields: LocationFields, address: AddressFields | None, problems: Problems) -> LocationFields:
    """What was sent, with the address checked."""
    if "address" not in fields:
        return fields
    return {**fields, "address": clean_address(address, problems, ("address",))}


async def _refuse_unknown(tx: Transaction, kind: AppointmentType) -> None:
    """Whoever offers a type, and where, must be of the practice.

    Raises:
        Refused: NotFound, at each of the lists' places.
    """
    known = await tx[PractitionerWrites].by_ids(kind.practitioner_ids) if kind.practitioner_ids else {}
    places = await tx[LocationWrites].by_ids(kind.location_ids) if kind.location_ids else {}
    unknown: list[MutationError] = [
        *_unfound(kind.practitioner_ids, known, "practitionerIds"),
        *_unfound(kind.location_ids, places, "locationIds"),
    ]
    if unknown:
        raise Refused(unknown)


def _unfound(ids: Sequence[str], known: Container[str], field: str) -> list[MutationError]:
    return [NotFound(path=(field, str(place))) for place, one in enumerate(ids) if one not in known]


async def _reload_location(tx: Transaction, location_id: str) -> Location | None:
    """For a replay."""
    return (await tx[LocationWrites].by_ids([location_id])).get(location_id)


async def _reload_type(tx: Transaction, type_id: str) -> AppointmentType | None:
    """For a replay."""
    return (await tx[TypeWrites].by_ids([type_id])).get(type_id)
