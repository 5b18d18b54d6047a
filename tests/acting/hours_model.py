"""A plain model of a practitioner's hours: intervals of a day, and those that are closed (A2). It shares no code."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

LENGTH, GRID, STEP = timedelta(minutes=50), timedelta(minutes=15), timedelta(minutes=5)
DAY_ENDS = 24 * 60
WEEKS = 13
"""After so many, rules of every first to fourth week have met if they ever do."""


@dataclass(frozen=True)
class Rule:
    """Hours of a weekday, as minutes of the day."""

    weekday: int
    begins: int
    ends: int
    place: str
    every: int
    since: date
    until: date | None = None

    def counts_on(self, day: date) -> bool:
        """Weeks begin on Monday, and the week of the first day is the first that counts."""
        weeks = (day - self.since + timedelta(days=self.since.weekday())).days // 7
        is_within = self.since <= day <= (self.until or date.max)
        return day.weekday() == self.weekday and is_within and weeks % self.every == 0


@dataclass(frozen=True)
class Exceptional:
    """A day that is open beside its hours, or closed; without a place, everywhere."""

    day: date
    is_open: bool
    begins: int | None = None
    ends: int | None = None
    place: str | None = None


@dataclass
class Hours:
    """When one practitioner can be booked."""

    rules: list[Rule]
    exceptions: dict[str, Exceptional] = field(default_factory=dict)
    version: int = 2

    def opened(self, place: str, day: date) -> Iterator[tuple[datetime, datetime]]:
        """What is said to be open."""
        for rule in self.rules:
            if rule.place == place and rule.counts_on(day):
                yield moment(day, rule.begins), moment(day, rule.ends)
        for one in self.exceptions.values():
            if one.is_open and (one.day, one.place) == (day, place):
                yield moment(day, one.begins or 0), moment(day, one.ends or DAY_ENDS)

    def closed(self, place: str, day: date) -> list[tuple[datetime, datetime]]:
        """What is closed all the same."""
        return [
            (moment(day, one.begins or 0), moment(day, one.ends or DAY_ENDS))
            for one in self.exceptions.values()
            if not one.is_open and one.day == day and one.place in (None, place)
        ]

    def starts(self, place: str, day: date) -> list[datetime]:
        """The starts of the grid at which a whole appointment is open."""
        found, closed = set(), self.closed(place, day)
        for begins, ends in self.opened(place, day):
            for number in range((ends - LENGTH - begins) // GRID + 1):
                start = begins + number * GRID
                if not any(start < until and since < start + LENGTH for since, until in closed):
                    found.add(start)
        return sorted(found)

    def is_open(self, place: str, start: datetime) -> bool:
        """Whether all of an appointment is open, on whatever grid."""
        day = start.date()
        opened, closed = list(self.opened(place, day)), self.closed(place, day)
        return all(
            any(since <= at < until for since, until in opened)
            and not any(since <= at < until for since, until in closed)
            for at in (start + number * STEP for number in range(LENGTH // STEP))
        )


def moment(day: date, minute: int) -> datetime:
    """All locations have UTC's clocks."""
    return datetime.combine(day, time(), UTC) + timedelta(minutes=minute)


def why_not_rules(rules: list[Rule]) -> set[str]:
    """Why hours of every week are refused."""
    found = set[str]()
    for number, rule in enumerate(rules):
        found |= _why_not_times(rule.begins, rule.ends)
        if not 1 <= rule.every <= 4:
            found.add("everyWeeks.outOfRange")
        if rule.until is not None and rule.until < rule.since:
            found.add("endsOn.beforeStartsOn")
        if any(_meet(rule, other) for other in rules[:number]):
            found.add("rules.overlap")
    return found


def why_not_exception(one: Exceptional) -> set[str]:
    """Why an exception is refused."""
    found = set[str]()
    if one.is_open and one.place is None:
        found.add("location.missing")
    if one.is_open or (one.begins, one.ends) != (None, None):  # no whole day that is closed
        found |= {"from.missing"} if one.begins is None else set()
        found |= {"to.missing"} if one.ends is None else set()
    if one.begins is not None and one.ends is not None:
        found |= _why_not_times(one.begins, one.ends)
    return found


def _why_not_times(begins: int, ends: int) -> set[str]:
    found = {f"{name}.offGrid" for name, at in (("from", begins), ("to", ends)) if at % 5}
    return found | ({"to.notAfterFrom"} if ends <= begins else set())


def _meet(one: Rule, other: Rule) -> bool:
    """Whether two rules are open at one time; nobody is at two places."""
    if not all(1 <= rule.every <= 4 for rule in (one, other)):
        return False
    if not (one.begins < other.ends and other.begins < one.ends):
        return False
    first = max(one.since, other.since)
    days = [first + timedelta(days=number) for number in range(7 * WEEKS)]
    return any(one.counts_on(day) and other.counts_on(day) for day in days)
