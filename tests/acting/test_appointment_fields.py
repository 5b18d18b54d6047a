"""What is sent of types and locations (A1, A5), and how all of it is kept."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from graph_api.acting.appointments.fields import (
    MAX_OFFERING,
    AppointmentTypeFields,
    LocationFields,
    apply_location_fields,
    apply_type_fields,
)
from graph_api.acting.appointments.model import (
    Appointment,
    AppointmentStatus,
    AppointmentType,
    Location,
    OpeningException,
    OpeningRule,
    PortalBooking,
    RecordAudience,
    Weekday,
)
from graph_api.acting.appointments.records import (
    APPOINTMENT,
    APPOINTMENT_TYPE,
    LOCATION,
    OPENING_EXCEPTION,
    OPENING_RULE,
)
from graph_api.acting.bylines import Author
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.fields import Codec, logged_fields
from graph_api.network.relationships import Relationship
from graph_api.people.model import PostalAddress
from tests.acting.opening_cases import kind
from tests.acting.refusals import noted

DAY, MOMENT = date(2026, 2, 3), datetime(2026, 2, 3, 14, tzinfo=UTC)
ACTOR = Author("portal|1", ViewerRole.PORTAL, "person_1", "contact_1", 3, Relationship.PARENT)
ADDRESS = PostalAddress(("1 High Street",), "Leeds", "Yorkshire", "LS1", "GB")
SAMPLES: list[tuple[Codec[Any], Any]] = [
    (LOCATION, Location("location_1", "Room 1", True, ADDRESS, "https://example.org", "Asia/Kathmandu", True, True, 2)),
    (
        APPOINTMENT_TYPE,
        AppointmentType(
            "type_1",
            "First visit",
            "Visit",
            50,
            25,
            5,
            10,
            PortalBooking.REQUEST,
            48,
            60,
            72,
            True,
            ("practitioner_1",),
            ("location_1",),
            12_000,
            5_000,
            True,
            3,
        ),
    ),
    (OPENING_RULE, OpeningRule("rule_1", "p", Weekday.FRIDAY, "location_1", DAY, time(9, 5), time(0), 2, DAY)),
    (OPENING_EXCEPTION, OpeningException("exception_1", "p", DAY, True, time(9), time(10), "location_1", "Fair")),
    (
        APPOINTMENT,
        Appointment(
            id="appointment_1",
            client_id="person_2",
            practitioner_id="p",
            type_id="type_1",
            location_id="location_1",
            starts_at=MOMENT,
            ends_at=MOMENT,
            local_start="2026-02-03T09:00",
            time_zone="America/New_York",
            status=AppointmentStatus.CANCELLED,
            booked_by=ACTOR,
            audience=RecordAudience.CLIENT_ONLY,
            buffer_before=5,
            buffer_after=10,
            calendars=("p", "location_1"),
            is_overbooked=True,
            is_late=True,
            held_until=MOMENT,
            cancelled_by=replace(ACTOR, subject="staff|1"),
            cancelled_at=MOMENT,
            series_id="series_1",
            booking_reason="a",
            cancel_reason="b",
            note="c",
            told=("person_2",),
            version=2,
            created_at=MOMENT,
            updated_at=MOMENT,
        ),
    ),
]


@pytest.mark.parametrize(("codec", "value"), SAMPLES, ids=lambda value: type(value).__name__)
def test_the_graph_keeps_every_field(codec: Codec[Any], value: Any) -> None:
    unset = {part.name for part in fields(value) if getattr(value, part.name) in (None, False, ())}
    assert unset == set()  # a field that is left out of the sample could be lost without a word
    row = codec.row(value)
    assert codec.read(row) == value
    assert set(codec.names) == set(row)
    assert all(isinstance(kept, str | int | bool | list) for kept in row.values())


def test_hours_are_kept_as_the_contract_shows_them() -> None:
    row = OPENING_RULE.row(SAMPLES[2][1])
    assert (row["from"], row["to"], row["weekday"], row["startsOn"]) == ("09:05", "00:00", "FRIDAY", "2026-02-03")


def test_a_closed_day_and_a_plain_appointment_are_read_back() -> None:
    closed = OpeningException("exception_1", "p", DAY, False)
    assert OPENING_EXCEPTION.read(OPENING_EXCEPTION.row(closed)) == closed
    actor = Author("staff|1", ViewerRole.STAFF)
    plain = Appointment("a", "c", "p", "t", "l", MOMENT, MOMENT, "", "UTC", AppointmentStatus.BOOKED, actor)
    assert APPOINTMENT.read(APPOINTMENT.row(plain)) == plain


def test_x8_no_free_text_of_an_appointment_reaches_the_audit_log() -> None:
    assert not {"bookingReason", "cancelReason", "note"} & logged_fields(Appointment).keys()
    assert "link" not in logged_fields(Location)
    assert "note" not in logged_fields(OpeningException)


def of_type(sent: AppointmentTypeFields) -> list[tuple[str, str]]:
    return noted(lambda problems: apply_type_fields(kind(), sent, problems))


@pytest.mark.parametrize(
    ("name", "least", "most", "off"),
    [
        ("minutes", 5, 480, 7),
        ("gridMinutes", 5, 480, 12),
        ("bufferBefore", 0, 120, 3),
        ("bufferAfter", 0, 120, 119),
        ("minNoticeHours", 0, 8_760, None),
        ("changeNoticeHours", 0, 8_760, None),
        ("maxAheadDays", 1, 730, None),
        ("price", 0, 100_000_000, None),
        ("lateFee", 0, 100_000_000, None),
    ],
)
def test_a5_numbers_of_a_type_have_bounds(name: str, least: int, most: int, off: int | None) -> None:
    own = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)

    def sent(number: int) -> Any:
        return of_type({own: number})  # type: ignore[misc]

    assert sent(least) == sent(most) == []
    assert sent(least - 1) == sent(most + 1) == [(f"{name}.outOfRange", name)]
    if off is not None:
        assert sent(off) == [(f"{name}.offGrid", name)]


def test_a1_what_is_sent_of_a_type_replaces_and_what_is_not_stays() -> None:
    changes: AppointmentTypeFields = {"public_name": " Visit ", "location_ids": ["a", "b", "a"], "late_fee": None}
    before = kind(price=5, late_fee=5, practitioner_ids=("p",))
    result: list[AppointmentType] = []
    assert noted(lambda problems: result.append(apply_type_fields(before, changes, problems))) == []
    assert result == [replace(before, public_name="Visit", location_ids=("a", "b"), late_fee=None)]


def test_a1_what_is_wrong_with_a_type_is_said_at_once() -> None:
    many = [str(number) for number in range(MAX_OFFERING + 1)]
    assert of_type({"name": " ", "minutes": None, "grid_minutes": 1, "location_ids": many}) == [
        ("minutes.null", "minutes"),
        ("name.empty", "name"),
        ("gridMinutes.outOfRange", "gridMinutes"),
        ("locationIds.tooMany", "locationIds"),
    ]


def of_location(sent: LocationFields) -> list[tuple[str, str]]:
    return noted(lambda problems: apply_location_fields(Location("location_1", "Room"), sent, problems))


@pytest.mark.parametrize(
    "zone", ["Nowhere/City", "", "../etc/passwd", "America", "/etc/localtime", "a\x00b", "x" * 5_000]
)
def test_a3_a_location_has_a_time_zone_that_is_known(zone: str) -> None:
    assert of_location({"time_zone": zone}) == [("timeZone.unknown", "timeZone")]


def test_a1_a_location_takes_what_is_sent() -> None:
    assert of_location({"time_zone": "Asia/Kathmandu", "link": None, "address": None}) == []
    assert of_location({"time_zone": None}) == []
    assert of_location({"name": None, "is_active": None, "link": "a\nb"}) == [
        ("name.null", "name"),
        ("isActive.null", "isActive"),
        ("link.forbiddenCharacter", "link"),
    ]
