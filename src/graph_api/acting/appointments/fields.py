"""Checks what is sent of an appointment type and of a location (A1, A5)."""

from dataclasses import replace
from typing import Any, TypedDict

from graph_api.acting.appointments.model import STEP_MINUTES, AppointmentType, Location, PortalBooking
from graph_api.kernel.clock import is_time_zone
from graph_api.kernel.fields import api_name
from graph_api.kernel.problems import Problems
from graph_api.kernel.text import MAX_LABEL, clean_text
from graph_api.people.model import PostalAddress

MAX_MINUTES = 8 * 60
MAX_BUFFER = 2 * 60
MAX_NOTICE_HOURS = 24 * 365
MAX_AHEAD_DAYS = 730
MAX_AMOUNT = 100_000_000
MAX_OFFERING = 100
"""Practitioners or locations of one type."""
MAX_LINK = 2_000
_STEPPED = {"minutes": (STEP_MINUTES, MAX_MINUTES), "grid_minutes": (STEP_MINUTES, MAX_MINUTES)} | dict.fromkeys(
    ("buffer_before", "buffer_after"), (0, MAX_BUFFER)
)
"""Minutes that are multiples of 5."""
_BOUNDED = {
    **_STEPPED,
    "min_notice_hours": (0, MAX_NOTICE_HOURS),
    "change_notice_hours": (0, MAX_NOTICE_HOURS),
    "max_ahead_days": (1, MAX_AHEAD_DAYS),
    "price": (0, MAX_AMOUNT),
    "late_fee": (0, MAX_AMOUNT),
}
_MAY_BE_NULL = frozenset({"price", "late_fee"})


class AppointmentTypeFields(TypedDict, total=False):
    """What was sent of a type; what is missing is kept, lists replace, and only amounts may be None."""

    name: str | None
    public_name: str | None
    minutes: int | None
    grid_minutes: int | None
    buffer_before: int | None
    buffer_after: int | None
    portal: PortalBooking | None
    min_notice_hours: int | None
    max_ahead_days: int | None
    change_notice_hours: int | None
    late_cancel: bool | None
    practitioner_ids: list[str] | None
    location_ids: list[str] | None
    price: int | None
    late_fee: int | None
    is_active: bool | None


class LocationFields(TypedDict, total=False):
    """What was sent of a location; what is missing is kept, and None clears the address, the link or the zone."""

    name: str | None
    address: PostalAddress | None
    link: str | None
    time_zone: str | None
    is_exclusive: bool | None
    is_active: bool | None


def apply_type_fields(
    kind: AppointmentType, fields: AppointmentTypeFields, problems: Problems, *path: str
) -> AppointmentType:
    """`kind` with what was sent; what is wrong goes to `problems`.

    `<field>.null`; `<field>.outOfRange`: minutes 5 to 480, buffers 0 to 120; `<field>.offGrid`: no multiple of 5;
    `name.*` and `publicName.*` as texts have them; `practitionerIds.tooMany`, `locationIds.tooMany`.
    """
    values = _present(dict(fields), _MAY_BE_NULL, problems, *path)
    for name in ("name", "public_name"):
        _clean(values, name, MAX_LABEL, problems, *path)
    for name, (least, most) in _BOUNDED.items():
        number = values.get(name)
        if number is not None:
            spelled = api_name(name)
            if not least <= number <= most:
                problems.add(f"{spelled}.outOfRange", f"This must be between {least} and {most}.", *path, spelled)
            elif name in _STEPPED and number % STEP_MINUTES:
                message = f"This must be a multiple of {STEP_MINUTES} minutes."
                problems.add(f"{spelled}.offGrid", message, *path, spelled)
    for name in ("practitioner_ids", "location_ids"):
        if name in values:
            values[name] = tuple(dict.fromkeys(values[name]))
            if len(values[name]) > MAX_OFFERING:
                spelled = api_name(name)
                problems.add(f"{spelled}.tooMany", f"At most {MAX_OFFERING}.", *path, spelled)
    return replace(kind, **values)


def apply_location_fields(location: Location, fields: LocationFields, problems: Problems, *path: str) -> Location:
    """`location` with what was sent; what is wrong goes to `problems`: `<field>.null`, `timeZone.unknown`, and `name.*`
    and `link.*` as texts have them."""
    values = _present(dict(fields), frozenset({"address", "link", "time_zone"}), problems, *path)
    _clean(values, "name", MAX_LABEL, problems, *path)
    _clean(values, "link", MAX_LINK, problems, *path)
    time_zone = values.get("time_zone")
    if time_zone is not None and not is_time_zone(time_zone):
        problems.add("timeZone.unknown", "This is no time zone, such as America/New_York.", *path, "timeZone")
    return replace(location, **values)


def _present(values: dict[str, Any], may_be_null: frozenset[str], problems: Problems, *path: str) -> dict[str, Any]:
    """What was sent, without what can't be null and is."""
    for name in [name for name, value in values.items() if value is None and name not in may_be_null]:
        spelled = api_name(name)
        message = "This field can't be cleared. Omit it to keep the current value."
        problems.add(f"{spelled}.null", message, *path, spelled)
        del values[name]
    return values


def _clean(values: dict[str, Any], name: str, limit: int, problems: Problems, *path: str) -> None:
    if values.get(name) is not None:
        spelled = api_name(name)
        cleaned = clean_text(values[name], problems, spelled, *path, spelled, limit=limit)
        values[name] = values[name] if cleaned is None else cleaned
