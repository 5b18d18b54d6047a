"""Random lives of a practice's calendar, beside a plain model of it."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from graph_api.graphql.execution import Executor, Operation
from graph_api.kernel.caller import Caller, ViewerRole
from tests.accounts import account_of
from tests.acting.booking_model import HOLD, NOTICE, Booked, Diary
from tests.acting.clinic import new_clinic
from tests.api import Installation, Now
from tests.lives import BesideLoop

SLOTS = 10
"""So few that bookings meet often."""
PASSES = [timedelta(0)] * 8 + [timedelta(minutes=1)] * 4 + [timedelta(hours=7), timedelta(hours=25)]
ACTS = ("book",) * 6 + ("move",) * 4 + ("confirm",) * 3 + ("decline",) + ("cancel",) * 3
SHOWN = """appointment { id version status startsAt isOverbooked heldUntil }
  errors { code ... on InvalidInput { reason } }"""
ASK = """query ($client: ID!, $type: ID!, $kim: [ID!], $online: [ID!], $day: Date!) {
  person(id: $client) { appointments(first: 100) { nodes { id version status startsAt isOverbooked } } }
  openings(clientId: $client, typeId: $type, practitionerIds: $kim, locationIds: $online, from: $day, days: 1,
    first: 100) { nodes { startsAt } } }"""


class Lives(BesideLoop):
    """Each step books, moves or ends an appointment, or time passes; after each, what is shown is compared."""

    installation: Installation
    executor: Executor
    clock: Now

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        """A practice that is always open, and two clients."""
        self.chance = random.Random(seed)  # noqa: S311 - so that a life can be lived again
        self.clock.moment = None
        self.clinic = self.wait(new_clinic(self.installation))
        cast = self.clinic.cast
        eva = self.wait(cast.api.client("Eva", "Lopez"))
        self.clients = {"ben": cast.ids["ben"], "eva": eva["id"]}
        self.practitioners = {"kim": self.clinic.kim, "lee": self.clinic.lee}
        self.places = {"online": self.clinic.online, "room": self.clinic.room}
        self.callers = {"staff": Caller("staff-1", cast.practice, ViewerRole.STAFF)}
        for who in ("anna", "ben"):
            account = self.wait(account_of(self.installation, cast.practice, cast.ids[who]))
            assert account is not None
            self.callers[who] = Caller(account.id, cast.practice, ViewerRole.PORTAL, cast.ids[who])
        self.diary = Diary(datetime.now(UTC))
        first = (self.diary.now + timedelta(days=3)).replace(hour=9, minute=0, second=0, microsecond=0)
        self.starts = [first + timedelta(minutes=30 * number) for number in range(SLOTS)]

    def ask(self, who: str, query: str, **variables: Any) -> dict[str, Any]:
        """The data of somebody's question."""

        async def asked() -> dict[str, Any]:
            scope = self.installation.server.services.scope(self.callers[who])
            return (await self.executor.execute(Operation(query, variables), scope)).body

        self.clock.moment = self.diary.now
        answer = self.wait(asked())
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    def mutate(self, who: str, name: str, **values: Any) -> tuple[str | None, dict[str, Any] | None]:
        """Why a change was refused, or the appointment after it."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {SHOWN} }} }}"
        payload = self.ask(who, query, input=values)[name]
        if not payload["errors"]:
            return None, payload["appointment"]
        [error] = payload["errors"]
        return str(error.get("reason") or error["code"]), None

    @rule(passes=st.sampled_from(PASSES), act=st.sampled_from(ACTS))
    def something_happens(self, passes: timedelta, act: str) -> None:
        """One rule: hypothesis leaves rules out of whole lives."""
        self.diary.now += passes + timedelta(milliseconds=1)
        if act == "book" or not self.diary.all:
            self.somebody_books()
        else:
            one = self.chance.choice(self.diary.all[-6:])
            {"move": self.somebody_moves, "confirm": self.staff_confirm, "decline": self.staff_decline}.get(
                act, self.somebody_cancels
            )(one)

    def somebody_books(self) -> None:
        """Staff for either client, accounts for Ben."""
        who = self.chance.choice(["staff", "anna", "ben"])
        client = self.chance.choice(list(self.clients)) if who == "staff" else "ben"
        kind = self.chance.choice(["book", "request"])
        practitioner = self.chance.choice(["kim", "kim", "lee"])
        place = self.chance.choice(["online", "online", "room"])
        start, overbook = self.chance.choice(self.starts), who == "staff" and self.chance.random() < 0.25
        values = {"overbook": True} if overbook else {}
        found, shown = self.mutate(
            who,
            "bookAppointment",
            clientId=self.clients[client],
            typeId=self.clinic.types[kind],
            practitionerId=self.practitioners[practitioner],
            locationId=self.places[place],
            startsAt=start.isoformat(),
            **values,
        )
        why = self.why_not(who, client, kind, practitioner, place, start, None, overbook=overbook)
        assert found == why, (who, client, kind, practitioner, place, start)
        if shown is None:
            return
        is_request = who != "staff" and kind == "request"
        self.diary.all.append(
            Booked(
                shown["id"],
                client,
                kind,
                who,
                practitioner,
                place,
                start,
                "REQUESTED" if is_request else "BOOKED",
                min(self.diary.now + HOLD, start) if is_request else None,
                claims=not (overbook and self.diary.is_claimed(practitioner, place, start)),
            )
        )

    def why_not(
        self,
        who: str,
        client: str,
        kind: str,
        practitioner: str,
        place: str,
        start: datetime,
        but: Booked | None,
        *,
        overbook: bool,
    ) -> str | None:
        """Why the model refuses a time."""
        diary = self.diary
        if who != "staff":
            refused = diary.why_not_then(start)
            if refused is None and place == "room":
                refused = "start.offGrid"  # nobody is open there
            becomes_request = but is not None and but.status == "BOOKED" and kind == "request"
            counts = but is None or becomes_request
            if refused is not None and not (becomes_request and place == "room" and diary.why_not_then(start) is None):
                return refused
            if counts and diary.too_many(who, client, kind, but):
                return "requests.tooMany" if kind == "request" else "appointments.tooMany"
            if refused is not None:
                return refused
            if diary.is_busy(client, start, but):
                return "TIME_TAKEN"
        taken = diary.is_claimed(practitioner, place, start, but)
        return "TIME_TAKEN" if taken and not overbook else None

    def somebody_moves(self, one: Booked) -> None:
        """To another time, with the same or another practitioner."""
        who = "staff" if one.client == "eva" else self.chance.choice(["staff", "anna", "ben"])
        start, practitioner = self.chance.choice(self.starts), self.chance.choice([one.practitioner, "kim", "lee"])
        found, shown = self.mutate(
            who,
            "rescheduleAppointment",
            appointmentId=one.id,
            expectedVersion=one.version,
            startsAt=start.isoformat(),
            practitionerId=self.practitioners[practitioner],
        )
        status = one.at(self.diary.now)
        stays = (start, practitioner) == (one.start, one.practitioner)
        if status not in ("REQUESTED", "BOOKED"):
            why: str | None = f"appointment.{status.lower()}"
        elif stays:
            why = None
        elif who != "staff" and self.diary.now > one.start - NOTICE:
            why = "appointment.tooLate"
        else:
            why = self.why_not(who, one.client, one.kind, practitioner, one.place, start, one, overbook=False)
        assert found == why, (who, one, practitioner, start)
        if shown is None or stays:
            return
        one.start, one.practitioner, one.claims = start, practitioner, True
        one.version += 1
        if one.held_until is not None:
            one.held_until = min(one.held_until, start)
        if who != "staff" and one.status == "BOOKED" and one.kind == "request":
            one.status, one.held_until = "REQUESTED", min(self.diary.now + HOLD, start)

    def staff_confirm(self, one: Booked) -> None:
        """A request that still holds its time."""
        found, _ = self.mutate("staff", "confirmAppointment", appointmentId=one.id, expectedVersion=one.version)
        status = one.at(self.diary.now)
        assert found == (None if status == "REQUESTED" else f"appointment.{status.lower()}"), one
        if found is None:
            one.status, one.held_until, one.version = "BOOKED", None, one.version + 1

    def staff_decline(self, one: Booked) -> None:
        """A request."""
        found, _ = self.mutate("staff", "declineAppointment", appointmentId=one.id, expectedVersion=one.version)
        status = one.at(self.diary.now)
        assert found == (None if status == "REQUESTED" else f"appointment.{status.lower()}"), one
        if found is None:
            one.status, one.held_until, one.version = "DECLINED", None, one.version + 1

    def somebody_cancels(self, one: Booked) -> None:
        """With the version they read, or an earlier one."""
        who = "staff" if one.client == "eva" else self.chance.choice(["staff", "anna", "ben"])
        version = one.version - (self.chance.random() < 0.2)
        found, _ = self.mutate(who, "cancelAppointment", appointmentId=one.id, expectedVersion=version)
        status = one.at(self.diary.now)
        if version != one.version:
            why: str | None = "VERSION_CONFLICT"
        elif status not in ("REQUESTED", "BOOKED"):
            why = f"appointment.{status.lower()}"
        else:
            why = "appointment.tooLate" if who != "staff" and self.diary.now > one.start - NOTICE else None
        assert found == why, (who, one)
        if found is None:
            one.status, one.held_until, one.version = "CANCELLED", None, one.version + 1

    @invariant()
    def everybody_is_shown_what_the_model_says(self) -> None:
        """Lists and openings; and the claimed moments, which no two appointments share."""
        if not hasattr(self, "diary"):
            return
        for who in ("staff", "anna", "ben"):
            found = self.ask(
                who,
                ASK,
                client=self.clients["ben"],
                type=self.clinic.types["book"],
                kim=[self.clinic.kim],
                online=[self.clinic.online],
                day=self.starts[0].date().isoformat(),
            )
            mine = sorted((one for one in self.diary.all if one.client == "ben"), key=lambda one: (one.start, one.id))
            shown = [
                (node["id"], node["version"], node["status"], _moment(node["startsAt"]), node["isOverbooked"])
                for node in found["person"]["appointments"]["nodes"]
            ]
            by_staff = who == "staff"
            assert shown == [
                (one.id, one.version, one.at(self.diary.now), one.start, not one.claims if by_staff else None)
                for one in mine
            ], who
            if who != "staff":
                offered = {_moment(node["startsAt"]) for node in found["openings"]["nodes"]}
                free = self.diary.openings("ben", "kim", self.starts)
                assert offered & set(self.starts) == set(free), (who, sorted(offered ^ set(free)), self.diary.all)
        self.wait(self.clinic.check(self.diary.now))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
