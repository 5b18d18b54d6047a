"""Maple Street's locations, types, hours, and appointments of each status."""

from dataclasses import dataclass
from datetime import time, timedelta

from graph_api.acting.appointments.fields import AppointmentTypeFields, LocationFields
from graph_api.acting.appointments.model import AppointmentOutcome, PortalBooking, Weekday
from graph_api.people.fields import AddressFields

ROOM, VIDEO = "Room 1", "Video visit"
ADDRESS: AddressFields = {
    "lines": ["12 Maple Street", "2nd floor"],
    "city": "Springfield",
    "region": "MA",
    "postal_code": "01103",
    "country_code": "US",
}
IN_PERSON: LocationFields = {"name": ROOM, "is_exclusive": True}
TELEHEALTH: LocationFields = {"name": VIDEO, "link": "https://video.example.com/maple-street"}
CHECK_UP, ADVICE, HEARING = "Check-up", "Advice by video", "Hearing test"
TYPES: tuple[tuple[AppointmentTypeFields, tuple[str, ...]], ...] = (
    (
        {"name": CHECK_UP, "public_name": "Check-up", "minutes": 30, "buffer_after": 10, "portal": PortalBooking.BOOK},
        (ROOM,),
    ),
    (
        {"name": ADVICE, "public_name": "Advice by video", "minutes": 20, "portal": PortalBooking.REQUEST},
        (VIDEO,),
    ),
    ({"name": HEARING, "public_name": "Hearing test", "minutes": 45, "buffer_after": 15}, (ROOM,)),
)
"""One of each portal setting, and where it is offered."""


@dataclass(frozen=True, slots=True)
class DemoHours:
    """Hours of some days of each week."""

    practitioner: str
    location: str
    weekdays: tuple[Weekday, ...]
    from_time: time
    to_time: time


_WEEK = (Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY)
HOURS = (
    DemoHours("Dr. Ruth Okafor", ROOM, _WEEK, time(9), time(12)),
    DemoHours("Dr. Ruth Okafor", ROOM, _WEEK[:3], time(13), time(17)),
    DemoHours("Dr. Ruth Okafor", VIDEO, _WEEK[3:], time(13), time(17)),
    DemoHours("Sam Lindqvist", ROOM, _WEEK[:4:2], time(8), time(9)),
    DemoHours("Sam Lindqvist", VIDEO, _WEEK, time(10), time(14)),
)


@dataclass(frozen=True, slots=True)
class DemoAppointment:
    """An appointment of Ben's; what is to come takes one of the openings, in their order."""

    key: str
    kind: str
    by_anna: bool = False
    ago: timedelta | None = None
    """How many days ago it was, at ten; zero: it began just now; None: it is to come."""
    then: str = "stays"
    """What becomes of it: `confirmed`, `declined`, `cancelled`, or an outcome's name."""
    reason: str | None = None


APPOINTMENTS = (
    DemoAppointment("completed", CHECK_UP, ago=timedelta(days=4), then=AppointmentOutcome.COMPLETED.name),
    DemoAppointment("missed", ADVICE, ago=timedelta(days=5), then=AppointmentOutcome.NO_SHOW.name),
    DemoAppointment("here", HEARING, ago=timedelta(0), then=AppointmentOutcome.ARRIVED.name),
    DemoAppointment("mistake", CHECK_UP, ago=timedelta(days=3), then=AppointmentOutcome.ENTERED_IN_ERROR.name),
    DemoAppointment("booked", CHECK_UP, by_anna=True, reason="His cough is back."),
    DemoAppointment("cancelled", CHECK_UP, by_anna=True, then="cancelled", reason="School trip"),
    DemoAppointment("confirmed", ADVICE, by_anna=True, then="confirmed"),
    DemoAppointment("declined", ADVICE, by_anna=True, then="declined", reason="Please come in for this one."),
    DemoAppointment("requested", ADVICE, by_anna=True, reason="May he go swimming again?"),
)
"""All statuses but EXPIRED, which the request that waits becomes by itself two days later."""
