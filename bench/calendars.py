"""A practice's calendars as the graph has them, and what is wrong with them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations, count

from graph_api.acting.appointments.claims import claimed_span, keys_of
from graph_api.acting.appointments.model import Appointment
from graph_api.acting.appointments.records import APPOINTMENT
from graph_api.acting.appointments.statuses import holds_time
from graph_api.engine.bolt import Database
from graph_api.kernel.caller import Practice

KEPT = "MATCH (a:Appointment) WHERE a.practice = $practice RETURN [k IN $names | a[k]] AS record"
KEYS = "MATCH (b:BookedTime) WHERE b.practice = $practice RETURN b.key AS key, b.appointmentId AS id"


def claimed_keys(practice_id: str, appointment: Appointment, at: datetime) -> frozenset[str]:
    """The keys that an appointment must have at a moment, and no others: none where it does not hold its time (A4)."""
    return keys_of(practice_id, appointment) if holds_time(appointment, at) else frozenset()


async def kept_appointments(database: Database, practice_id: str) -> list[Appointment]:
    """All of a practice, as the graph has them."""
    async with database.session(write=False) as session:
        result = await session.run(KEPT, practice=practice_id, names=list(APPOINTMENT.names))
        return [APPOINTMENT.of(record["record"]) async for record in result]


async def faults_of(database: Database, practice_id: str, at: datetime, client_id: str | None = None) -> list[str]:
    """Claims that overlap, and claimed moments that are not those that the appointments say.

    Moments of requests that have expired may still be there: whoever wants them clears them.

    Args:
        database: where to look.
        practice_id: in whose calendar.
        at: the moment.
        client_id: whose appointments alone, where others are changing theirs: it is read in two statements.
    """
    kept = await kept_appointments(database, practice_id)
    async with database.session(write=False) as session:
        result = await session.run(KEYS, practice=practice_id)
        stored = {record["key"]: record["id"] async for record in result}
    if client_id is not None:
        kept = [one for one in kept if one.client_id == client_id]
        own = {one.id for one in kept}
        stored = {key: holder for key, holder in stored.items() if holder in own}
    expired = {one.id for one in kept if one.status.value == "REQUESTED" and not holds_time(one, at)}
    said = {key: one.id for one in kept for key in claimed_keys(practice_id, one, at)}
    found = []
    if {key: holder for key, holder in stored.items() if holder not in expired} != said:
        found.append("what is claimed is not what appointments say")
    held = [one for one in kept if holds_time(one, at)]
    found += [
        f"{one.id} and {other.id} have the same time"
        for one, other in combinations(held, 2)
        if set(one.calendars) & set(other.calendars) and claimed_span(one).overlaps(claimed_span(other))
    ]
    return found


@dataclass(slots=True)
class Clinic:
    """A practice with a practitioner who is always open, and types that accounts book and request."""

    practice: Practice
    practitioner: str
    location: str
    booked: str
    requested: str
    days: "count[int]" = field(default_factory=lambda: count(3))

    def day(self) -> datetime:
        """The morning of a day that no other round has."""
        day = datetime.now(UTC) + timedelta(days=next(self.days))
        return day.replace(hour=9, minute=0, second=0, microsecond=0)
