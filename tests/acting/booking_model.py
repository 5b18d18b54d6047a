"""A plain model of bookings: a list of intervals, and who may do what with them (A4-A9). It shares no code."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.acting.hours_model import LENGTH, STEP, Hours

BUFFER = timedelta(minutes=10)
NOTICE, HOLD, BACK = timedelta(hours=24), timedelta(hours=48), timedelta(days=7)
MOST = {"request": 5, "book": 10}
STAFF = ("staff", "admin")
PLACES = ("online", "room")
OPEN = ("REQUESTED", "BOOKED")
FREE = ("DECLINED", "CANCELLED", "EXPIRED", "ENTERED_IN_ERROR")
OUTCOMES = {"ARRIVED": ("BOOKED",), "COMPLETED": ("BOOKED", "ARRIVED"), "NO_SHOW": ("BOOKED",)}
"""What may come of an appointment on its day, and of which."""
SPELLED = {"NO_SHOW": "noShow", "ENTERED_IN_ERROR": "enteredInError"}
AROUND = 7
"""Days before and after a start that is taken, of which the nearest openings are told."""


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
    series: str | None = None
    version: int = 1

    def at(self, now: datetime) -> str:
        """Where it stands."""
        if self.status == "REQUESTED" and self.held_until is not None and self.held_until <= now:
            return "EXPIRED"
        return self.status

    def calendars(self) -> set[str]:
        """In whose time it stands."""
        return calendars(self.practitioner, self.place) if self.claims else set()

    def becomes(self, status: str) -> None:
        """Something else, for good."""
        self.status, self.held_until, self.version = status, None, self.version + 1


@dataclass(frozen=True)
class Wish:
    """What somebody wants: one time, or those of a series."""

    who: str
    client: str
    kind: str
    practitioner: str
    place: str
    starts: list[datetime]
    overbook: bool = False


def calendars(practitioner: str, place: str) -> set[str]:
    """The room is for one at a time."""
    return {practitioner, "room"} if place == "room" else {practitioner}


def time_taken(starts: Iterable[datetime], nearest: Iterable[datetime]) -> str:
    """The refusal of times that somebody has, with others that are open."""
    taken, others = ([f"{one:%m-%d %H:%M}" for one in some] for some in (starts, nearest))
    return f"TIME_TAKEN {taken} open {others}"


@dataclass
class Diary:
    """All appointments and hours, and the time."""

    now: datetime
    hours: dict[str, Hours]
    all: list[Booked] = field(default_factory=list)

    def held(self, but: Booked | None = None) -> list[Booked]:
        """Those whose time is their own."""
        return [one for one in self.all if one is not but and one.at(self.now) not in FREE]

    def claims(self) -> dict[tuple[str, datetime], str]:
        """Whose each five minutes of a calendar are: nobody's time is another's."""
        found: dict[tuple[str, datetime], str] = {}
        for one in self.held():
            moments = [one.start + number * STEP for number in range((LENGTH + BUFFER) // STEP)]
            mine = {(calendar, moment): one.id for calendar in one.calendars() for moment in moments}
            assert not found.keys() & mine, one
            found |= mine
        return found

    def is_claimed(self, practitioner: str, place: str, start: datetime, but: Booked | None = None) -> bool:
        """Whether somebody else has claimed some of the time."""
        return any(
            abs(one.start - start) < LENGTH + BUFFER and one.calendars() & calendars(practitioner, place)
            for one in self.held(but)
        )

    def is_busy(self, client: str, start: datetime, but: Booked | None = None) -> bool:
        """Whether the client has another appointment then."""
        return any(one.client == client and abs(one.start - start) < LENGTH for one in self.held(but))

    def too_many(self, wish: Wish, but: Booked | None = None) -> str | None:
        """Why an account may not have one more ahead."""
        status = "REQUESTED" if wish.kind == "request" else "BOOKED"
        ahead = [
            one
            for one in self.all
            if one is not but
            and (one.by, one.client, one.at(self.now)) == (wish.who, wish.client, status)
            and one.start > self.now
        ]
        if len(ahead) < MOST[wish.kind]:
            return None
        return "requests.tooMany" if wish.kind == "request" else "appointments.tooMany"

    def why_not_then(self, start: datetime) -> str | None:
        """Why an account may not have a start."""
        if start < self.now:
            return "start.past"
        return "appointment.tooSoon" if start < self.now + NOTICE else None

    def why_not(self, wish: Wish, but: Booked | None = None) -> str | None:
        """Why somebody may not have what they want, for a new appointment or for one that is there."""
        if wish.who in STAFF:
            is_long_ago = any(start < self.now - BACK for start in wish.starts)
            return "start.past" if is_long_ago else self.why_taken(wish, but)
        (start,) = wish.starts
        is_offered = start in self.hours[wish.practitioner].starts(wish.place, start.date())
        not_offered = None if is_offered else "start.offGrid"
        if but is None:
            reasons = [not_offered, self.too_many(wish)]
        elif wish.kind == "request" and but.status == "BOOKED":  # which becomes a request again
            reasons = [self.too_many(wish, but), not_offered]
        else:
            reasons = [not_offered]
        return next(filter(None, [self.why_not_then(start), *reasons, self.why_taken(wish, but)]), None)

    def why_not_moved(self, one: Booked, wish: Wish, *, stays: bool) -> str | None:
        """Why an appointment is not moved; what stays where it is changes nothing."""
        status = one.at(self.now)
        if status not in OPEN:
            return standing(status)
        if stays:
            return None
        if status == "REQUESTED" and wish.starts[0] <= self.now:
            return "start.past"
        return self.why_too_late(wish.who, one) or self.why_not(wish, one)

    def why_not_cancelled(self, who: str, one: Booked) -> str | None:
        """Why an appointment is not cancelled."""
        status = one.at(self.now)
        return self.why_too_late(who, one) if status in OPEN else standing(status)

    def why_too_late(self, who: str, one: Booked) -> str | None:
        """Accounts change nothing on short notice."""
        return "appointment.tooLate" if who not in STAFF and self.now > one.start - NOTICE else None

    def why_taken(self, wish: Wish, but: Booked | None = None) -> str | None:
        """All times that are somebody's; an account is not told of the client's own."""
        taken = [
            start
            for start in wish.starts
            if (self.is_claimed(wish.practitioner, wish.place, start, but) and not wish.overbook)
            or (self.is_busy(wish.client, start, but) and wish.who not in STAFF)
        ]
        return time_taken(taken, self.nearest(wish, taken[0])) if taken else None

    def warnings(self, wish: Wish, but: Booked | None = None) -> set[str]:
        """Of what staff are warned, and what accounts may not do."""
        hours, found = self.hours[wish.practitioner], set[str]()
        for start in wish.starts:
            found |= set() if hours.is_open(wish.place, start) else {"OUTSIDE_OPENINGS"}
            found |= {"IN_PAST"} if start < self.now else set()
            found |= {"CLIENT_BUSY"} if self.is_busy(wish.client, start, but) else set()
        return found

    def openings(self, wish: Wish, day: date) -> list[datetime]:
        """The starts of a day that somebody is offered."""
        earliest = self.now + (timedelta() if wish.who in STAFF else NOTICE)
        return [
            start
            for start in self.hours[wish.practitioner].starts(wish.place, day)
            if start >= earliest
            and not self.is_claimed(wish.practitioner, wish.place, start)
            and not self.is_busy(wish.client, start)
        ]

    def nearest(self, wish: Wish, taken: datetime) -> list[datetime]:
        """The five openings of the practitioner that are nearest to a time that is taken, wherever."""
        found = [
            start
            for place in PLACES
            for number in range(-AROUND, AROUND + 1)
            for start in self.openings(
                Wish(wish.who, wish.client, wish.kind, wish.practitioner, place, []),
                (taken + timedelta(days=number)).date(),
            )
        ]
        return sorted(found, key=lambda start: (abs(start - taken), start))[:5]

    def why_not_outcome(self, who: str, one: Booked, outcome: str) -> str | None:
        """Why somebody may not say what came of an appointment."""
        status, is_error = one.at(self.now), outcome == "ENTERED_IN_ERROR"
        if is_error and who != "admin":
            return "FORBIDDEN"
        if status == outcome or (not is_error and status not in OUTCOMES[outcome]):
            return standing(status)
        return "appointment.notYet" if not is_error and self.now.date() < one.start.date() else None

    def cancelled_with(self, one: Booked) -> list[Booked]:
        """Those of its series that come later, and itself."""
        later = [other for other in self.all if other.series == one.series and other.start > one.start]
        return [one, *(other for other in later if one.series and other.at(self.now) in OPEN)]


def standing(status: str) -> str:
    """The refusal of what can't be done with an appointment that stands there."""
    return f"appointment.{SPELLED.get(status, status.lower())}"


def why_not_repeat(who: str, weeks: int, count: int) -> str | None:
    """Why nobody has such a series."""
    if who not in STAFF:
        return "FORBIDDEN"
    bad = {"count.outOfRange": not 1 <= count <= 52, "everyWeeks.outOfRange": not 1 <= weeks <= 12}
    return " ".join(reason for reason, is_so in bad.items() if is_so) or None
