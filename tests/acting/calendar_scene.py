"""A practice whose calendar is lived, and everybody who asks about it or changes it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bench.calendars import KEYS
from hypothesis import strategies as st
from hypothesis.stateful import initialize

from graph_api.graphql.execution import Executor, Operation
from graph_api.kernel.caller import Caller, ViewerRole
from tests.accounts import account_of
from tests.acting.booking_model import Booked, Diary, time_taken
from tests.acting.clinic_lives import ClinicLives
from tests.acting.hours_model import DAY_ENDS, Hours, Rule, moment

LONG_AGO = date(2020, 1, 6)
WARNINGS = {"OUTSIDE_OPENINGS", "IN_PAST", "CLIENT_BUSY"}
"""Others are about letters."""
ANSWERED = """errors { code ... on InvalidInput { reason } ... on TimeTaken { startsAt nearest { startsAt } } }
  warnings { code }"""


@dataclass(frozen=True)
class Answer:
    """What somebody was told of a change."""

    why: str | None
    """Why it was refused: all reasons."""
    warnings: set[str]
    shown: dict[str, Any]
    """What the payload shows besides."""


class Scene(ClinicLives):
    """Kim and Lee work online and in a room; Ben is a client with an account, Anna his contact, and Eva a client."""

    executor: Executor

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        """Both are always open online. All days that matter are of one weekday: one past, and three to come."""
        self.open(seed)
        cast = self.clinic.cast
        eva = self.wait(cast.api.client("Eva", "Lopez"))
        self.clients = {"ben": cast.ids["ben"], "eva": eva["id"]}
        self.practitioners = {"kim": self.clinic.kim, "lee": self.clinic.lee}
        self.places = {"online": self.clinic.online, "room": self.clinic.room}
        self.callers = {
            "staff": Caller("staff-1", cast.practice, ViewerRole.STAFF),
            "admin": Caller("admin-1", cast.practice, ViewerRole.ADMIN),
        }
        for who in ("anna", "ben"):
            account = self.wait(account_of(self.installation, cast.practice, cast.ids[who]))
            assert account is not None
            self.callers[who] = Caller(account.id, cast.practice, ViewerRole.PORTAL, cast.ids[who])
        always = [Rule(weekday, 0, DAY_ENDS, "online", 1, LONG_AGO) for weekday in range(7)]
        self.diary = Diary(datetime.now(UTC), {who: Hours(list(always)) for who in self.practitioners})
        soon = self.diary.now.date() + timedelta(days=2)
        self.days = [soon + timedelta(weeks=number) for number in range(-1, 3)]
        self.changed = ("kim", "online", self.days[1])  # with whom, where and when hours were changed last
        self.eager = self.chance.choice(["staff", "anna", "ben"])  # who requests most of all
        self.is_rush = self.chance.random() < 0.2  # in which time hardly passes

    def some_start(self) -> datetime:
        """So few that bookings meet often; mostly of the next day that matters, seldom of one that is long ago."""
        today = self.diary.now.date()
        likely = dict(zip([day for day in self.days if day > today], (6, 3, 1), strict=False))
        weights = [likely.get(day, 2 if (today - day).days < 7 else 0.5) for day in self.days]
        (day,) = self.chance.choices(self.days, weights)
        minute = self.chance.randrange(9 * 60, 12 * 60, 30) + (5 if self.chance.random() < 0.1 else 0)
        return moment(day, minute)

    def some_practitioner(self) -> str:
        """Mostly Kim, about whom more has happened."""
        return self.chance.choice(["kim", "kim", "lee"])

    def some_place(self) -> str:
        """Mostly where more is open."""
        return self.chance.choice(["online", "online", "room"])

    def version_sent(self, one: Booked | Hours) -> int:
        """The one that they read, or an earlier one."""
        return one.version - (self.chance.random() < 0.1)

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

    def mutate(self, who: str, name: str, shown: str, **values: Any) -> Answer:
        """What somebody is told of a change."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {shown} {ANSWERED} }} }}"
        payload = self.ask(who, query, input=values)[name]
        why = " ".join(sorted({_reason(error) for error in payload.pop("errors")})) or None
        warnings = {warning["code"] for warning in payload.pop("warnings")} & WARNINGS
        return Answer(why, warnings, payload)

    def claimed(self) -> dict[str, str]:
        """Which appointment has each key of the practice's time."""

        async def read() -> dict[str, str]:
            async with self.installation.database.session(write=False) as session:
                result = await session.run(KEYS, practice=self.clinic.cast.practice.id)
                return {record["key"]: record["id"] async for record in result}

        return self.wait(read())


def read_moment(text: str) -> datetime:
    """As the API writes it."""
    return datetime.fromisoformat(text)


def _reason(error: dict[str, Any]) -> str:
    if "nearest" in error:
        starts = [read_moment(start) for start in error["startsAt"]]
        return time_taken(starts, [read_moment(opening["startsAt"]) for opening in error["nearest"]])
    return str(error.get("reason") or error["code"])
