"""Steps of a calendar's life that change when a practitioner can be booked."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from tests.acting.booking_model import STAFF
from tests.acting.calendar_scene import LONG_AGO, Answer, Scene
from tests.acting.clinic import WEEKDAYS
from tests.acting.hours_model import DAY_ENDS, Exceptional, Hours, Rule, why_not_exception, why_not_rules

TIMES = (0, 8 * 60, 9 * 60, 9 * 60 + 5, 10 * 60, 11 * 60, 12 * 60 + 20, DAY_ENDS)
"""Hours touch, and appointments stand across them."""
AS_KEPT = """version openingRules { weekday from to location { id } everyWeeks startsOn endsOn }
  exceptions(from: $from, to: $to) { id day from to isOpen location { id } }"""
SETS, ADDS, REMOVES = "setOpeningHours", "addOpeningException", "removeOpeningException"


class HoursSteps(Scene):
    """Each is predicted, made and compared. What is booked stays."""

    def hours_change(self) -> None:
        """Those of every week, or an exception."""
        hours = self.diary.hours[practitioner := self.some_practitioner()]
        does = self.chance.choice([SETS] * 3 + [ADDS] * 4 + [REMOVES] * len(hours.exceptions))
        who = self.chance.choice(["staff"] * 8 + ["admin", "ben"])
        if does == SETS:
            self.somebody_sets_hours(who, practitioner, hours)
        elif does == ADDS:
            self.somebody_adds_an_exception(who, practitioner, hours)
        else:
            self.somebody_removes_an_exception(who, hours)

    def somebody_sets_hours(self, who: str, practitioner: str, hours: Hours) -> None:
        """Whoever changes a week that somebody else has changed meanwhile is told."""
        rules, version = self.some_rules(hours), self.version_sent(hours)
        answer = self.mutate(
            who,
            SETS,
            "practitioner { version }",
            practitionerId=self.practitioners[practitioner],
            expectedVersion=version,
            rules=[self.sent_rule(rule) for rule in rules],
        )
        stale = "VERSION_CONFLICT" if version != hours.version else None
        self.compare_change(who, answer, " ".join(sorted(why_not_rules(rules))) or stale)
        if answer.why is None and sorted(rules, key=repr) != sorted(hours.rules, key=repr):
            hours.rules, hours.version = rules, hours.version + 1
            self.changed = (practitioner, rules[0].place, self.chance.choice(self.days[1:3]))

    def somebody_adds_an_exception(self, who: str, practitioner: str, hours: Hours) -> None:
        """The week's own version stays."""
        one, known = self.some_exception(), set(hours.exceptions)
        values = {"from": one.begins, "to": one.ends}
        sent: dict[str, Any] = {name: clock(at) for name, at in values.items() if at is not None}
        if one.place is not None:
            sent["locationId"] = self.places[one.place]
        sent |= {"practitionerId": self.practitioners[practitioner], "day": one.day.isoformat(), "isOpen": one.is_open}
        shown = f'practitioner {{ exceptions(from: "{one.day}", to: "{one.day}") {{ id }} }}'
        answer = self.mutate(who, ADDS, shown, **sent)
        self.compare_change(who, answer, " ".join(sorted(why_not_exception(one))) or None)
        if answer.why is None:
            (new,) = {said["id"] for said in answer.shown["practitioner"]["exceptions"]} - known
            hours.exceptions[new] = one
            self.changed = (practitioner, one.place or "online", one.day)

    def somebody_removes_an_exception(self, who: str, hours: Hours) -> None:
        """Once."""
        gone = self.chance.choice(list(hours.exceptions))
        answer = self.mutate(who, REMOVES, "practitioner { version }", exceptionId=gone)
        self.compare_change(who, answer, None)
        if answer.why is None:
            del hours.exceptions[gone]
            assert self.mutate(who, REMOVES, "practitioner { version }", exceptionId=gone).why == "NOT_FOUND"

    def compare_change(self, who: str, answer: Answer, why: str | None) -> None:
        """With what the model says. Accounts change no hours."""
        assert answer.why == (why if who in STAFF else "FORBIDDEN"), (who, self.diary.hours)

    def some_rules(self, hours: Hours) -> list[Rule]:
        """Mostly always open, else hours of the weekday that matters, one after the other; sometimes they are wrong."""
        if self.chance.random() < 0.1:
            return hours.rules
        weekday = self.days[0].weekday()
        if self.chance.random() < 0.4:
            return [Rule(weekday, 0, DAY_ENDS, self.some_place(), 1, LONG_AGO)]
        times = sorted(self.chance.sample(TIMES, self.chance.randint(2, 4)))
        every, since = self.chance.choice([1, 2]), self.chance.choice([LONG_AGO, *self.days[:3]])
        until = self.chance.choice([None, *(day for day in self.days[1:3] if day >= since)])
        places = [self.some_place()] * 2 + [self.some_place()]
        rules = [Rule(weekday, *span, self.chance.choice(places), every, since, until) for span in pairwise(times)]
        return self.spoilt(rules) if self.chance.random() < 0.25 else rules

    def spoilt(self, rules: list[Rule]) -> list[Rule]:
        """With one that is refused, or may be."""
        one = rules[0]
        wrong = [
            replace(one, begins=one.begins + 3),
            replace(one, begins=11 * 60, ends=10 * 60 + 1),
            replace(one, every=self.chance.choice([0, 5])),
            replace(one, until=one.since - timedelta(days=1)),
            replace(one, place="room", every=2),
        ]
        return [*rules, self.chance.choice(wrong)]

    def some_exception(self) -> Exceptional:
        """Of a day that matters; sometimes it lacks something."""
        day, is_open = self.chance.choice([*self.days[:3], *self.days[1:3]]), self.chance.random() < 0.4
        place = self.some_place() if is_open or self.chance.random() < 0.6 else None
        if not is_open and self.chance.random() < 0.3:
            return Exceptional(day, is_open, place=place)
        begins, ends = sorted(self.chance.sample(TIMES, 2))
        one = Exceptional(day, is_open, begins, ends, place)
        if self.chance.random() < 0.8:
            return one
        wrong = [replace(one, place=None), replace(one, begins=None), replace(one, ends=None)]
        return self.chance.choice([*wrong, replace(one, begins=10 * 60, ends=9 * 60 + 59)])

    def sent_rule(self, rule: Rule) -> dict[str, Any]:
        """As an input."""
        values = {"weekday": WEEKDAYS[rule.weekday], "from": clock(rule.begins), "to": clock(rule.ends)}
        days = {"startsOn": rule.since.isoformat(), "endsOn": rule.until and rule.until.isoformat()}
        return values | days | {"locationId": self.places[rule.place], "everyWeeks": rule.every}

    def read_hours(self, shown: dict[str, Any]) -> Hours:
        """As the model would keep them."""
        places = {place: name for name, place in self.places.items()} | {None: None}
        rules = [
            Rule(
                WEEKDAYS.index(one["weekday"]),
                minute(one["from"]),
                minute(one["to"]) or DAY_ENDS,
                str(places[one["location"]["id"]]),
                one["everyWeeks"],
                date.fromisoformat(one["startsOn"]),
                one["endsOn"] and date.fromisoformat(one["endsOn"]),
            )
            for one in shown["openingRules"]
        ]
        exceptions = {
            one["id"]: Exceptional(
                date.fromisoformat(one["day"]),
                one["isOpen"],
                None if one["from"] is None else minute(one["from"]),
                None if one["to"] is None else minute(one["to"]) or DAY_ENDS,
                places[one["location"] and one["location"]["id"]],
            )
            for one in shown["exceptions"]
        }
        return Hours(sorted(rules, key=repr), exceptions, shown["version"])


def clock(minutes: int) -> str:
    """What clocks show; the day ends as it begins."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def minute(text: str) -> int:
    """Of the day."""
    return int(text[:2]) * 60 + int(text[3:])
