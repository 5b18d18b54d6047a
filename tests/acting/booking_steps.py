"""Steps of a calendar's life that want time: booking, series, and moving."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.acting.booking_model import HOLD, STAFF, Booked, Wish, why_not_repeat
from tests.acting.calendar_scene import Answer, Scene, read_moment

BOOKED = "id startsAt seriesId isOverbooked"
REPEATS = [(1, 2)] * 3 + [(1, 3)] * 6 + [(1, 4), (2, 2), (2, 2)] + [(1, 1), (13, 2), (1, 0), (0, 53)]
"""Every how many weeks, and how often."""


class BookingSteps(Scene):
    """Each is predicted, made and compared."""

    def somebody_books(self, *, series: bool = False) -> None:
        """Staff for either client, accounts for Ben; a series is staff's."""
        who = self.chance.choice(["staff"] * 9 + ["ben"] if series else ["staff", "anna", "ben", *[self.eager] * 4])
        wish = self.some_wish(who)
        weeks, count = self.chance.choice(REPEATS) if series else (1, 1)
        (first,) = wish.starts
        wish = replace(wish, starts=[first + number * timedelta(weeks=weeks) for number in range(count)])
        values: dict[str, Any] = {"overbook": True} if wish.overbook else {}
        if series:
            values["repeat"] = {"everyWeeks": weeks, "count": count}
        answer = self.mutate(
            who,
            "bookAppointment",
            f"appointment {{ {BOOKED} }} series {{ {BOOKED} }}",
            clientId=self.clients[wish.client],
            typeId=self.clinic.types[wish.kind],
            practitionerId=self.practitioners[wish.practitioner],
            locationId=self.places[wish.place],
            startsAt=first.isoformat(),
            **values,
        )
        why = (why_not_repeat(who, weeks, count) if series else None) or self.diary.why_not(wish)
        self.compare(answer, why, wish)
        if why is None:
            self.note_booked(answer, wish, is_series=series)

    def some_wish(self, who: str) -> Wish:
        """Of accounts, which may not do as much, often what they are offered."""
        client = self.chance.choice(list(self.clients)) if who in STAFF else "ben"
        kind, start = self.chance.choice(["book", "request"]) if who != self.eager else "request", self.some_start()
        overbook = who in STAFF and self.chance.random() < 0.25
        wish = Wish(who, client, kind, self.some_practitioner(), self.some_place(), [start], overbook)
        if who in STAFF or self.chance.random() < 0.3:
            return wish
        wish = replace(wish, place="online") if self.chance.random() < 0.7 else wish
        offered = [one for day in self.days for one in self.diary.openings(wish, day) if 9 <= one.hour < 12]
        return replace(wish, starts=[self.chance.choice(offered or [start])])

    def compare(self, answer: Answer, why: str | None, wish: Wish, but: Booked | None = None) -> None:
        """With what the model says."""
        warnings = self.diary.warnings(wish, but) if why is None else set()
        assert (answer.why, answer.warnings) == (why, warnings), (wish, but, self.diary)

    def note_booked(self, answer: Answer, wish: Wish, *, is_series: bool) -> None:
        """All of a series, by their starts, or the one appointment."""
        first, series = answer.shown["appointment"], answer.shown["series"]
        assert bool(series) is is_series
        shown = series or [first]
        assert shown[0] == first
        assert [read_moment(one["startsAt"]) for one in shown] == wish.starts
        assert len({one["seriesId"] for one in shown}) == 1
        assert (first["seriesId"] is not None) is is_series
        is_request = wish.who not in STAFF and wish.kind == "request"
        for one, start in zip(shown, wish.starts, strict=True):
            is_beside = wish.overbook and self.diary.is_claimed(wish.practitioner, wish.place, start)
            assert one["isOverbooked"] == (is_beside if wish.who in STAFF else None)
            booked = Booked(one["id"], wish.client, wish.kind, wish.who, wish.practitioner, wish.place, start, "BOOKED")
            if is_request:
                booked.status, booked.held_until = "REQUESTED", min(self.diary.now + HOLD, start)
            booked.claims, booked.series = not is_beside, one["seriesId"]
            self.diary.all.append(booked)

    def somebody_moves(self, one: Booked) -> None:
        """To another time, practitioner or place; sometimes to where it is."""
        who = "staff" if one.client == "eva" else self.chance.choice(["staff", "anna", "ben"])
        there = one.start if self.chance.random() < 0.1 else self.some_start()
        practitioner = self.chance.choice([one.practitioner] * 2 + ["kim", "lee"])
        place = self.chance.choice([one.place] * 5 + ["online", "room"])
        overbook = who in STAFF and self.chance.random() < 0.1
        wish = Wish(who, one.client, one.kind, practitioner, place, [there], overbook)
        version = self.version_sent(one)
        answer = self.mutate(
            who,
            "rescheduleAppointment",
            "appointment { version }",
            appointmentId=one.id,
            expectedVersion=version,
            startsAt=there.isoformat(),
            practitionerId=self.practitioners[practitioner],
            locationId=self.places[place],
            overbook=overbook,
        )
        stays = (there, practitioner, place) == (one.start, one.practitioner, one.place) and (overbook or one.claims)
        why = "VERSION_CONFLICT" if version != one.version else self.diary.why_not_moved(one, wish, stays=stays)
        if stays:
            assert (answer.why, answer.warnings) == (why, set()), (wish, one, self.diary)
            return
        self.compare(answer, why, wish, one)
        if why is None:
            self.note_moved(one, wish)

    def note_moved(self, one: Booked, wish: Wish) -> None:
        """What an account moves, of a type that accounts request, is a request again."""
        (start,) = wish.starts
        one.claims = not (wish.overbook and self.diary.is_claimed(wish.practitioner, wish.place, start, one))
        one.start, one.practitioner, one.place = start, wish.practitioner, wish.place
        one.version += 1
        if one.held_until is not None:
            one.held_until = min(one.held_until, start)
        if wish.who not in STAFF and one.status == "BOOKED" and one.kind == "request":
            one.status, one.held_until = "REQUESTED", min(self.diary.now + HOLD, start)
