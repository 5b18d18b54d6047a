"""Inputs about locations, types of appointments and hours."""

from datetime import date, time
from typing import Any, cast

import strawberry

from graph_api.acting.appointments.fields import AppointmentTypeFields, LocationFields
from graph_api.acting.appointments.model import OpeningException, OpeningRule, PortalBooking, Weekday
from graph_api.kernel.ids import new_id
from graph_api.people.api.types import PostalAddressInput
from graph_api.people.fields import AddressFields
from graph_api.shapes.inputs import EXPECTED_VERSION, KEY, given, needed, sent, taken

_NAME = "The name to show, at most 100 characters"
_LINK = "The link of telehealth, at most 2,000 characters. Clients and contacts see it at their appointments"
_ZONE = "IANA name of the location's time zone; without one, the practice's counts"
_EXCLUSIVE = "Whether only one appointment can be there at a time"
_PUBLIC_NAME = "The name that clients and contacts see, at most 100 characters"
_MINUTES = "How long an appointment is: 5 to 480, a multiple of 5"
_GRID = "How far apart the starts are that are offered: 5 to 480, a multiple of 5"
_BEFORE = "Minutes that are kept free before: 0 to 120, a multiple of 5"
_AFTER = "Minutes that are kept free after: 0 to 120, a multiple of 5"
_PORTAL = "What portal accounts may do with it"
_MIN_NOTICE = "How many hours before the start a portal account must book, at most 8,760"
_MAX_AHEAD = "How many days ahead a portal account may book, 1 to 730"
_CHANGE_NOTICE = "How many hours before the start a portal account may still cancel or move it, at most 8,760"
_PRICE = "What it costs, in the smallest units of the practice's currency"
_LATE_FEE = "What staff may charge for a late cancellation or a missed one, in the smallest units of the currency"
_LATE = "Whether a portal account may also cancel later than that, until the start"
_PRACTITIONERS = "Ids of the practitioners who offer it, at most 100"
_LOCATIONS = "Ids of the locations at which it is offered, at most 100"
_TO = "When the hours end; 00:00 is the end of the day"


@strawberry.input(description="Input of addLocation")
class AddLocationInput:
    name: str = needed(_NAME)
    is_telehealth: bool = taken("Whether appointments there are held by a link", default=False)
    address: PostalAddressInput | None = taken("Postal address")
    link: str | None = taken(_LINK)
    time_zone: str | None = taken(_ZONE)
    is_exclusive: bool = taken(_EXCLUSIVE, default=False)
    idempotency_key: str | None = taken(KEY)


@strawberry.input(
    description="Input of updateLocation. An omitted field keeps its value, and null clears it where it may be null"
)
class UpdateLocationInput:
    location_id: strawberry.ID = needed("Id of the location")
    expected_version: int = needed(EXPECTED_VERSION)
    name: str | None = taken(f"{_NAME}; can't be null")
    address: PostalAddressInput | None = taken("Postal address")
    link: str | None = taken(_LINK)
    time_zone: str | None = taken(_ZONE)
    is_exclusive: bool | None = taken(f"{_EXCLUSIVE}. What is booked there already claims no more than before")
    is_active: bool | None = taken("Whether appointments can be booked there; can't be null")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of addAppointmentType")
class AddAppointmentTypeInput:
    name: str = needed(_NAME)
    public_name: str = needed(_PUBLIC_NAME)
    minutes: int = needed(_MINUTES)
    grid_minutes: int = taken(_GRID, default=15)
    buffer_before: int = taken(_BEFORE, default=0)
    buffer_after: int = taken(_AFTER, default=0)
    portal: PortalBooking = taken(_PORTAL, default=PortalBooking.NONE)
    min_notice_hours: int = taken(_MIN_NOTICE, default=24)
    max_ahead_days: int = taken(_MAX_AHEAD, default=90)
    change_notice_hours: int = taken(_CHANGE_NOTICE, default=24)
    late_cancel: bool = taken(_LATE, default=False)
    practitioner_ids: list[strawberry.ID] = needed(_PRACTITIONERS)
    location_ids: list[strawberry.ID] = needed(_LOCATIONS)
    price: int | None = taken(_PRICE)
    late_fee: int | None = taken(_LATE_FEE)
    idempotency_key: str | None = taken(KEY)


@strawberry.input(
    description="Input of updateAppointmentType. An omitted field keeps its value; null clears a price or a fee"
)
class UpdateAppointmentTypeInput:
    type_id: strawberry.ID = needed("Id of the type")
    expected_version: int = needed(EXPECTED_VERSION)
    name: str | None = taken(_NAME)
    public_name: str | None = taken(_PUBLIC_NAME)
    minutes: int | None = taken(f"{_MINUTES}. What is booked already keeps its length")
    grid_minutes: int | None = taken(_GRID)
    buffer_before: int | None = taken(_BEFORE)
    buffer_after: int | None = taken(_AFTER)
    portal: PortalBooking | None = taken(_PORTAL)
    min_notice_hours: int | None = taken(_MIN_NOTICE)
    max_ahead_days: int | None = taken(_MAX_AHEAD)
    change_notice_hours: int | None = taken(_CHANGE_NOTICE)
    late_cancel: bool | None = taken(_LATE)
    practitioner_ids: list[strawberry.ID] | None = taken(_PRACTITIONERS)
    location_ids: list[strawberry.ID] | None = taken(_LOCATIONS)
    price: int | None = taken(_PRICE)
    late_fee: int | None = taken(_LATE_FEE)
    is_active: bool | None = taken("Whether it can be booked")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Hours of every week, or of every second to fourth week")
class OpeningRuleInput:
    weekday: Weekday = needed("The day of the week")
    from_: time = strawberry.field(name="from", description="When the hours begin, a multiple of five minutes")
    to: time = needed(_TO)
    location_id: strawberry.ID = needed("Id of the location at which the practitioner is")
    every_weeks: int = taken("1 for every week, 2 to 4 for every second to fourth", default=1)
    starts_on: date = needed("The first day; its week is the first that counts")
    ends_on: date | None = taken("The last day, inclusive")


@strawberry.input(description="Input of setOpeningHours")
class SetOpeningHoursInput:
    practitioner_id: strawberry.ID = needed("Id of the practitioner")
    expected_version: int = needed(EXPECTED_VERSION)
    rules: list[OpeningRuleInput] = needed("All weekly hours, in place of those before; at most 100")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of addOpeningException")
class AddOpeningExceptionInput:
    practitioner_id: strawberry.ID = needed("Id of the practitioner")
    day: date = needed("The day")
    from_: time | None = strawberry.field(
        name="from",
        default=strawberry.UNSET,
        description="Start of the hours; omit both times if the whole day is closed",
    )
    to: time | None = taken(_TO)
    is_open: bool = needed("Whether the practitioner is open then, beside the weekly hours; otherwise closed")
    location_id: strawberry.ID | None = taken("Id of the location; without one, every location is closed")
    note: str | None = taken("A note for staff, at most 500 characters")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of removeOpeningException")
class RemoveOpeningExceptionInput:
    exception_id: strawberry.ID = needed("Id of the exception")
    idempotency_key: str | None = taken(KEY)


def _named(source: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return sent(source, tuple(name for name in names if hasattr(source, name)))


def location_fields(source: AddLocationInput | UpdateLocationInput) -> tuple[LocationFields, AddressFields | None]:
    """The location's fields that were sent, and the address as it was sent."""
    fields = _named(source, tuple(LocationFields.__annotations__))
    address = fields.get("address")
    parts = None if address is None else sent(address, tuple(AddressFields.__annotations__))
    return cast("LocationFields", fields), cast("AddressFields | None", parts)


def type_fields(source: AddAppointmentTypeInput | UpdateAppointmentTypeInput) -> AppointmentTypeFields:
    """The type's fields that were sent."""
    fields = _named(source, tuple(AppointmentTypeFields.__annotations__))
    for name in ("practitioner_ids", "location_ids"):
        if fields.get(name) is not None:
            fields[name] = [str(one) for one in fields[name]]
    return cast("AppointmentTypeFields", fields)


def rules_of(source: SetOpeningHoursInput) -> list[OpeningRule]:
    """The weekly hours that were sent, each with a fresh id."""
    return [
        OpeningRule(
            new_id("rule"),
            str(source.practitioner_id),
            rule.weekday,
            str(rule.location_id),
            rule.starts_on,
            rule.from_,
            rule.to,
            rule.every_weeks,
            given(rule.ends_on),
        )
        for rule in source.rules
    ]


def exception_of(source: AddOpeningExceptionInput) -> OpeningException:
    """The exception that was sent, with a fresh id."""
    location = given(source.location_id)
    return OpeningException(
        new_id("exception"),
        str(source.practitioner_id),
        source.day,
        source.is_open,
        given(source.from_),
        given(source.to),
        None if location is None else str(location),
        given(source.note),
    )
