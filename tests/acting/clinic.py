"""A practice that books: a practitioner who is always open, a room, and types of each kind."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.calendars import faults_of, kept_appointments

from graph_api.acting.appointments.model import Appointment
from tests.acting.cast import Cast, new_cast
from tests.api import Installation

SHOWN = """id status startsAt endsAt localStart timeZone audience isLate isOverbooked heldUntil version seriesId link
  bookingReason cancelReason note canCancelUntil practitioner { id } location { id } type { publicName }
  bookedBy { text contactVersion person { id } contact { id } }
  cancelledBy { text contactVersion person { id } contact { id } }"""
APPOINTMENT_SHOWN = f"appointment {{ {SHOWN} }}"
TAKEN = """mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) {
  appointment { id } errors { code path
  ... on TimeTaken { startsAt nearest { startsAt practitioner { id } location { name } } } } } }"""
WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def ahead(days: int = 3, hour: int = 10, minute: int = 0) -> datetime:
    """A moment to come, on the grid."""
    day = datetime.now(UTC) + timedelta(days=days)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


@dataclass
class Clinic:
    """Kim works in a room for one at a time, and by telehealth; types are `book`, `request` and `none`."""

    cast: Cast
    kim: str = ""
    lee: str = ""
    room: str = ""
    online: str = ""
    types: dict[str, str] = field(default_factory=dict)

    def sent(self, starts_at: datetime, kind: str = "book", **values: Any) -> dict[str, Any]:
        """An input of bookAppointment."""
        return {
            "clientId": self.cast.ids["ben"],
            "typeId": self.types[kind],
            "practitionerId": self.kim,
            "locationId": self.online,
            "startsAt": starts_at.isoformat(),
            **values,
        }

    async def book(self, who: str, starts_at: datetime, kind: str = "book", **values: Any) -> dict[str, Any]:
        """A new appointment."""
        return await self.cast.done(who, "bookAppointment", APPOINTMENT_SHOWN, **self.sent(starts_at, kind, **values))

    async def refused(self, who: str, starts_at: datetime, kind: str = "book", **values: Any) -> str:
        """Why it is refused."""
        return await self.cast.refused(who, "bookAppointment", **self.sent(starts_at, kind, **values))

    async def does(self, who: str, mutation: str, one: dict[str, Any], **values: Any) -> dict[str, Any]:
        """The payload of a change of an appointment, as somebody read it."""
        version = values.pop("expectedVersion", one["version"])
        return await self.cast.does(
            who, mutation, APPOINTMENT_SHOWN, appointmentId=one["id"], expectedVersion=version, **values
        )

    async def done(self, who: str, mutation: str, one: dict[str, Any], **values: Any) -> dict[str, Any]:
        """The appointment after a change that must succeed."""
        payload = await self.does(who, mutation, one, **values)
        assert payload["errors"] == [], payload
        found: dict[str, Any] = payload["appointment"]
        return found

    async def not_done(self, who: str, mutation: str, one: dict[str, Any], **values: Any) -> str:
        """Why a change is refused."""
        [error] = (await self.does(who, mutation, one, **values))["errors"]
        return str(error.get("reason") or error["code"])

    async def openings(self, who: str, day: datetime, kind: str = "book", **values: Any) -> list[str] | None:
        """The starts of a day that somebody is offered with Kim online, as `10:15`; None where nothing is."""
        query = """query ($c: ID!, $t: ID!, $p: [ID!], $l: [ID!], $d: Date!, $after: String) {
          openings(clientId: $c, typeId: $t, practitionerIds: $p, locationIds: $l, from: $d, days: 1, first: 100,
            after: $after) { nodes { startsAt localStart } pageInfo { endCursor hasNextPage } } }"""
        variables = {
            "c": self.cast.ids["ben"],
            "t": self.types[kind],
            "p": [self.kim],
            "l": [self.online],
            "d": day.date().isoformat(),
            **values,
        }
        found = (await self.cast.ask(who, query, **variables))["openings"]
        return None if found is None else [node["localStart"][11:] for node in found["nodes"]]

    async def kept(self) -> list[Appointment]:
        """All appointments, as the graph has them."""
        return await kept_appointments(self.cast.installation.database, self.cast.practice.id)

    async def check(self, at: datetime | None = None) -> None:
        """No two claims overlap, and the claimed moments are those that the appointments say.

        Moments of requests that have expired may still be there: whoever wants them clears them.
        """
        now = at or datetime.now(UTC)
        assert await faults_of(self.cast.installation.database, self.cast.practice.id, now) == []


async def new_clinic(installation: Installation, age: int = 30) -> Clinic:
    """A clinic in a fresh practice."""
    clinic = Clinic(await new_cast(installation, age))
    cast = clinic.cast
    clinic.kim = (await cast.done("admin", "addPractitioner", "practitioner { id }", displayName="Kim Lee"))["id"]
    clinic.lee = (await cast.done("admin", "addPractitioner", "practitioner { id }", displayName="Lee Kim"))["id"]
    place = {"timeZone": "UTC"}
    room = await cast.done("admin", "addLocation", "location { id }", name="Room 1", isExclusive=True, **place)
    online = await cast.done(
        "admin",
        "addLocation",
        "location { id }",
        name="Online",
        isTelehealth=True,
        link="https://meet.example/kim",
        **place,
    )
    clinic.room, clinic.online = room["id"], online["id"]
    for practitioner in (clinic.kim, clinic.lee):
        rules = [
            {"weekday": day, "from": "00:00", "to": "00:00", "locationId": clinic.online, "startsOn": "2020-01-06"}
            for day in WEEKDAYS
        ]
        await cast.done(
            "staff",
            "setOpeningHours",
            "practitioner { id }",
            practitionerId=practitioner,
            expectedVersion=1,
            rules=rules,
        )
    for kind in ("book", "request", "none"):
        made = await cast.done(
            "admin",
            "addAppointmentType",
            "type { id }",
            name=kind,
            publicName="Visit",
            minutes=50,
            bufferAfter=10,
            portal=kind.upper(),
            practitionerIds=[clinic.kim, clinic.lee],
            locationIds=[clinic.room, clinic.online],
        )
        clinic.types[kind] = made["id"]
    return clinic
