"""Enums of appointments, as the contract names and describes them."""

from graph_api.acting.appointments.model import (
    AppointmentOutcome,
    AppointmentStatus,
    PortalBooking,
    RecordAudience,
    SeriesScope,
    Weekday,
)
from graph_api.shapes.enums import show

show(
    PortalBooking,
    "PortalBooking",
    "What portal accounts may do with a type of appointment",
    NONE="Nothing; only staff book it",
    REQUEST="Request it; staff confirm or decline",
    BOOK="Book it at once",
)
show(Weekday, "Weekday", "A day of the week", **{day.name: day.name.capitalize() for day in Weekday})
show(
    AppointmentStatus,
    "AppointmentStatus",
    "Where an appointment stands",
    REQUESTED="Somebody asks for it, and staff have not answered yet; its time is held until heldUntil",
    BOOKED="It is booked",
    ARRIVED="The client has arrived",
    COMPLETED="It has taken place",
    DECLINED="Staff declined the request",
    CANCELLED="It was cancelled",
    NO_SHOW="The client did not come",
    EXPIRED="It was requested, and staff did not confirm it in time",
    ENTERED_IN_ERROR="It should never have been entered",
)
show(
    AppointmentOutcome,
    "AppointmentOutcome",
    "What came of an appointment",
    ARRIVED="The client has arrived",
    COMPLETED="It has taken place",
    NO_SHOW="The client did not come",
    ENTERED_IN_ERROR="It should never have been entered; only admins say so",
)
show(
    RecordAudience,
    "RecordAudience",
    "Who can see something besides staff",
    SHARED="The client, and every contact who may see things of its kind",
    CLIENT_ONLY="The client's own account, and no contact",
)
show(
    SeriesScope,
    "SeriesScope",
    "Which appointments of a series",
    THIS="This one alone",
    THIS_AND_FOLLOWING="This one, and those of its series that start later",
)
