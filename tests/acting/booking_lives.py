"""Random lives of a practice's calendar, beside a plain model of it."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from tests.acting.booking_model import OPEN, STAFF, Booked, Wish
from tests.acting.booking_steps import BookingSteps
from tests.acting.calendar_scene import read_moment
from tests.acting.ending_steps import EndingSteps
from tests.acting.hours_model import Hours, moment
from tests.acting.hours_steps import AS_KEPT, HoursSteps

AT_ONCE = [timedelta(0), timedelta(minutes=1)]
PASSES = AT_ONCE * 5 + [timedelta(hours=7)] * 3 + [timedelta(hours=25)] * 2
ACTS = {"book": 8, "series": 4, "hours": 7, "move": 4, "confirm": 2, "decline": 1, "cancel": 4, "outcome": 6}
"""What happens, and how often."""
IN_A_RUSH = ACTS | {"book": 20}
"""So that somebody has as many ahead as they may."""
FITTING: dict[str, tuple[str, ...]] = {"move": OPEN, "cancel": OPEN, "outcome": ("BOOKED", "ARRIVED")}
FITTING |= {"confirm": ("REQUESTED",), "decline": ("REQUESTED",)}
"""With what it can be done."""
ASK = f"""query ($client: ID!, $type: ID!, $with: [ID!], $at: [ID!], $day: Date!, $from: Date!, $to: Date!,
    $isStaff: Boolean!) {{
  person(id: $client) {{ appointments(first: 100) {{ nodes {{
    id version status startsAt seriesId heldUntil isOverbooked }} }} }}
  openings(clientId: $client, typeId: $type, practitionerIds: $with, locationIds: $at, from: $day, days: 1,
    first: 100) {{ nodes {{ startsAt }} }}
  agenda(from: $day, days: 1, practitionerIds: $with, first: 100) @include(if: $isStaff) {{ nodes {{ id }} }}
  appointmentRequests(first: 100) @include(if: $isStaff) {{ nodes {{ id }} }}
  practitioners @include(if: $isStaff) {{ id {AS_KEPT} }} }}"""
NOON = 12 * 60
"""Later openings are left out: a page does not hold all of a day."""


class Lives(BookingSteps, EndingSteps, HoursSteps):
    """Each step changes appointments or hours, or time passes; after each, what is shown is compared."""

    @rule(drawn=st.integers(0, 2**32))
    def something_happens(self, drawn: int) -> None:
        """One rule: hypothesis leaves rules out of whole lives, and draws one thing for all steps of some."""
        self.chance.seed(f"{self.chance.random()} {drawn}")
        acts, passes = (IN_A_RUSH, AT_ONCE) if self.is_rush else (ACTS, PASSES)
        self.diary.now += self.chance.choice(passes) + timedelta(milliseconds=1)
        (act,) = self.chance.choices(list(acts), list(acts.values()))
        if act == "hours":
            self.hours_change()
        elif act in ("book", "series") or not self.diary.all:
            self.somebody_books(series=act == "series")
        else:
            {
                "move": self.somebody_moves,
                "confirm": self.staff_confirm,
                "decline": self.staff_decline,
                "cancel": self.somebody_cancels,
                "outcome": self.somebody_says_what_came,
            }[act](self.some_booked(act))

    def some_booked(self, act: str) -> Booked:
        """Mostly one with which this can be done; else one that stands anywhere."""
        now = self.diary.now
        fitting = [one for one in self.diary.all if one.at(now) in FITTING[act]]
        if act == "outcome":
            fitting = [one for one in fitting if one.start.date() <= now.date()]
            fitting.sort(key=lambda one: one.status == "ARRIVED")  # of which the last are taken
        elif act == "cancel" and self.chance.random() < 0.7:
            fitting = [one for one in fitting if len(self.diary.cancelled_with(one)) > 1] or fitting
        if fitting and self.chance.random() < 0.7:
            return self.chance.choice(fitting[-6:])
        stands = self.chance.choice(sorted({one.at(now) for one in self.diary.all}))
        return self.chance.choice([one for one in self.diary.all if one.at(now) == stands])

    @invariant()
    def everybody_is_shown_what_the_model_says(self) -> None:
        """Lists, hours and openings; and the claimed moments, which no two appointments share."""
        if not hasattr(self, "diary"):
            return
        for who in ("staff", "anna", "ben"):
            practitioner, place, day = self.some_practitioner(), self.some_place(), self.chance.choice(self.days[1:3])
            if self.chance.random() < 0.5:
                practitioner, place, day = self.changed
            client = self.chance.choice(list(self.clients)) if who in STAFF else "ben"
            wish = Wish(who, client, "book", practitioner, place, [])
            found = self.ask(
                who,
                ASK,
                client=self.clients[client],
                type=self.clinic.types["book"],
                at=[self.places[place]],
                day=day.isoformat(),
                isStaff=who in STAFF,
                **{"with": [self.practitioners[practitioner]]},
                **{"from": self.days[0].isoformat(), "to": self.days[-1].isoformat()},
            )
            self.compare_list(wish, found["person"]["appointments"]["nodes"])
            self.compare_openings(wish, day, found["openings"]["nodes"])
            if who in STAFF:
                self.compare_staffs_lists(practitioner, day, found)
                self.compare_hours(found["practitioners"])
        self.compare_claims()

    def compare_list(self, wish: Wish, nodes: list[dict[str, Any]]) -> None:
        """A client's appointments, by their start."""
        now, by_staff = self.diary.now, wish.who in STAFF
        mine = [one for one in self.diary.all if one.client == wish.client]
        shown = [
            (
                *(node[name] for name in ("id", "version", "status", "seriesId", "isOverbooked")),
                read_moment(node["startsAt"]),
                node["heldUntil"] and read_moment(node["heldUntil"]),
            )
            for node in nodes
        ]
        assert shown == [
            (
                *(one.id, one.version, one.at(now), one.series, not one.claims if by_staff else None),
                one.start,
                one.held_until,
            )
            for one in sorted(mine, key=lambda one: (one.start, one.id))
        ], wish

    def compare_openings(self, wish: Wish, day: date, nodes: list[dict[str, Any]]) -> None:
        """Until noon, of one practitioner and place."""
        noon = moment(day, NOON)
        offered = [start for start in map(read_moment, (node["startsAt"] for node in nodes)) if start <= noon]
        expected = [start for start in self.diary.openings(wish, day) if start <= noon]
        assert offered == expected, (wish, day, self.diary)

    def compare_staffs_lists(self, practitioner: str, day: date, found: dict[str, Any]) -> None:
        """A practitioner's day by the start, and what waits for staff by when it expires."""
        every, now = sorted(self.diary.all, key=lambda one: one.id), self.diary.now
        agenda = [one for one in every if (one.practitioner, one.start.date()) == (practitioner, day)]
        agenda.sort(key=lambda one: one.start)
        assert [node["id"] for node in found["agenda"]["nodes"]] == [one.id for one in agenda]
        waiting = [(one.held_until, one.id) for one in every if one.at(now) == "REQUESTED" and one.held_until]
        assert [node["id"] for node in found["appointmentRequests"]["nodes"]] == [one for _, one in sorted(waiting)]

    def compare_hours(self, nodes: list[dict[str, Any]]) -> None:
        """As staff are shown them."""
        kept = {
            self.practitioners[who]: Hours(sorted(hours.rules, key=repr), hours.exceptions, hours.version)
            for who, hours in self.diary.hours.items()
        }
        assert {node["id"]: self.read_hours(node) for node in nodes} == kept

    def compare_claims(self) -> None:
        """Moments of requests that have expired may still be there: whoever wants them clears them."""
        calendars = self.practitioners | self.places
        practice, now = self.clinic.cast.practice.id, self.diary.now
        expired = {one.id for one in self.diary.all if one.at(now) == "EXPIRED"}
        claimed = {key: holder for key, holder in self.claimed().items() if holder not in expired}
        assert claimed == {
            f"{practice}|{calendars[calendar]}|{at:%Y-%m-%dT%H:%MZ}": holder
            for (calendar, at), holder in self.diary.claims().items()
        }, self.diary
