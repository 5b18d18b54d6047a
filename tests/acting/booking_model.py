"""A plain model of bookings: a list of intervals, and who may do what with them (A4-A9). It shares no code."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

LENGTH, BUFFER = timedelta(minutes=50), timedelta(minutes=10)
NOTICE, HOLD = timedelta(hours=24), timedelta(hours=48)
MOST = {"request": 5, "book": 10}
FREE = ("DECLINED", "CANCELLED", "EXPIRED")


@dataclass
class Booked:
    """One appointment."""

    id: str
    client: str
    kind: str
    by: str
    practitioner: str
    place: str
    start: datetime
    status: str
    held_until: datetime | None = None
    claims: bool = True
    version: int = 1

    def at(self, now: datetime) -> str:
        """Where it stands."""
        if self.status == "REQUESTED" and self.held_until is not None and self.held_until <= now:
            return "EXPIRED"
        return self.status

    def calendars(self) -> set[str]:
        """In whose time it stands."""
        return calendars(self.practitioner, self.place) if self.claims else set()


def calendars(practitioner: str, place: str) -> set[str]:
    """The room is for one at a time."""
    return {practitioner, "room"} if place == "room" else {practitioner}


@dataclass
class Diary:
    """All appointments, and the time."""

    now: datetime
    all: list[Booked] = field(default_factory=list)

    def held(self, but: Booked | None = None) -> list[Booked]:
        """Those whose time is their own."""
        return [one for one in self.all if one is not but and one.at(self.now) not in FREE]

    def is_claimed(self, practitioner: str, place: str, start: datetime, but: Booked | None = None) -> bool:
        """Whether somebody else has claimed some of the time."""
        return any(
            one.calendars() & calendars(practitioner, place)
            and abs((one.start - start).total_seconds()) < (LENGTH + BUFFER).total_seconds()
            for one in self.held(but)
        )

    def is_busy(self, client: str, start: datetime, but: Booked | None = None) -> bool:
        """Whether the client has another appointment then."""
        return any(
            one.client == client and abs((one.start - start).total_seconds()) < LENGTH.total_seconds()
            for one in self.held(but)
        )

    def too_many(self, who: str, client: str, kind: str, but: Booked | None = None) -> bool:
        """Whether an account has as many ahead as it may."""
        status = "REQUESTED" if kind == "request" else "BOOKED"
        ahead = [
            one
            for one in self.all
            if one is not but
            and (one.by, one.client, one.at(self.now)) == (who, client, status)
            and one.start > self.now
        ]
        return len(ahead) >= MOST[kind]

    def why_not_then(self, start: datetime) -> str | None:
        """Why an account may not have a start."""
        if start < self.now:
            return "start.past"
        return "appointment.tooSoon" if start < self.now + NOTICE else None

    def openings(self, client: str, practitioner: str, starts: list[datetime]) -> list[datetime]:
        """Which of some starts an account is offered online."""
        return [
            start
            for start in starts
            if self.why_not_then(start) is None
            and not self.is_claimed(practitioner, "online", start)
            and not self.is_busy(client, start)
        ]
