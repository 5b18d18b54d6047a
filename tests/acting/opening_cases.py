"""The tables of cases in data/openings.yaml, read: what can be booked, and when the appointments of a series are."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from graph_api.acting.appointments import deadlines
from graph_api.acting.appointments.claims import booked_of, claimed_in
from graph_api.acting.appointments.model import (
    Appointment,
    AppointmentStatus,
    AppointmentType,
    OpeningException,
    OpeningRule,
    Weekday,
)
from graph_api.acting.appointments.openings import Bounds, Busy
from graph_api.acting.appointments.windows import Hours
from graph_api.acting.bylines import Author
from graph_api.kernel.caller import ViewerRole

TABLE = Path(__file__).parent / "data" / "openings.yaml"
PRACTITIONER, CLIENT = "kim", "ben"
LONG_AGO = date(2020, 1, 6)
"""A Monday, since when rules count that say nothing else."""
STAFF = Author("staff|1", ViewerRole.STAFF)


@dataclass(frozen=True)
class Case:
    """A row of the table."""

    name: str
    hours: Hours
    kind: AppointmentType
    zones: dict[str, ZoneInfo]
    busy: Busy
    bounds: Bounds
    first: date
    days: int
    open: list[str]
    """`2026-02-03 09:00` at the location."""
    utc: list[str] | None
    """`14:00`."""
    ends: list[str] | None


@dataclass(frozen=True)
class SeriesCase:
    """A row of the other table."""

    name: str
    zone: ZoneInfo
    first: datetime
    every: int
    count: int
    utc: list[datetime]
    refused: list[str]


def moment(text: str) -> datetime:
    """Of the tables, in UTC."""
    return datetime.fromisoformat(text)


def appointment(at: datetime, minutes: int = 60, **others: Any) -> Appointment:
    """One of Ben's with Kim, unless something else is said."""
    said: dict[str, Any] = {
        "id": "appointment_1",
        "client_id": CLIENT,
        "practitioner_id": PRACTITIONER,
        "type_id": "type_1",
        "location_id": "main",
        "local_start": f"{at:%Y-%m-%dT%H:%M}",
        "time_zone": "UTC",
        "status": AppointmentStatus.BOOKED,
        "booked_by": STAFF,
        "calendars": (PRACTITIONER,),
    }
    return Appointment(starts_at=at, ends_at=at + timedelta(minutes=minutes), **(said | others))


def kind(minutes: int = 60, grid: int = 60, **others: Any) -> AppointmentType:
    """A type of appointment."""
    return AppointmentType("type_1", "Visit", "Visit", minutes, grid, **others)


def rule(each: str, hours: str, **others: Any) -> OpeningRule:
    """Hours as the table has them."""
    begins, ends = (time.fromisoformat(text) for text in hours.split("-"))
    return OpeningRule(
        "rule_1",
        PRACTITIONER,
        Weekday[each],
        others.get("at", "main"),
        others.get("since", LONG_AGO),
        begins,
        ends,
        others.get("every", 1),
        others.get("until"),
    )


def exception(day: date, open: str | None = None, closed: str | None = None, at: str | None = None) -> OpeningException:  # noqa: A002
    """An exception as the table has it."""
    said = open or closed or ""
    begins, ends = (None, None) if said == "all" else (time.fromisoformat(text) for text in said.split("-"))
    place = at or ("main" if open else None)
    return OpeningException("exception_1", PRACTITIONER, day, open is not None, begins, ends, place)


@cache
def opening_cases() -> list[Case]:
    """Every case, in the order of the file."""
    table = _table()
    return [_case(table["base"], row) for row in table["cases"]]


@cache
def series_cases() -> list[SeriesCase]:
    """Every series, in the order of the file."""
    return [
        SeriesCase(
            row["name"],
            ZoneInfo(row["zone"]),
            moment(row["first"]),
            row["every"],
            row["count"],
            [moment(text) for text in row.get("utc", ())],
            row.get("refused", []),
        )
        for row in _table()["series"]
    ]


def _table() -> Any:
    return yaml.safe_load(TABLE.read_text(encoding="utf-8"))


def _case(base: dict[str, Any], row: dict[str, Any]) -> Case:
    unknown = row.keys() - base.keys() - {"name", "now", "from", "open", "utc", "ends"}
    assert not unknown, unknown
    said = {**base, **row, "type": {**base["type"], **row.get("type", {})}}
    now, of_type = moment(said["now"]), said["type"]
    wanted = kind(
        of_type["minutes"],
        of_type["grid"],
        buffer_before=of_type["before"],
        buffer_after=of_type["after"],
        min_notice_hours=of_type["notice"],
        max_ahead_days=of_type["ahead"],
    )
    booked = [_booked(number, one) for number, one in enumerate(said["booked"])]
    moving = None if said["moving"] is None else booked[said["moving"]].id
    of_portal = said["as"] == "portal"
    expected = said["open"] if isinstance(said["open"], dict) else {said["from"]: said["open"]}
    return Case(
        name=said["name"],
        hours=Hours(
            PRACTITIONER,
            tuple(rule(**one) for one in said["rules"]),
            tuple(exception(**one) for one in said["exceptions"]),
        ),
        kind=wanted,
        zones={name: ZoneInfo(zone or said["zone"]) for name, zone in said["locations"].items()},
        busy=Busy(
            claimed_in(PRACTITIONER, booked, now, moving),
            {name: claimed_in(name, booked, now, moving) for name in said["exclusive"]},
            booked_of(CLIENT, booked, now, moving),
        ),
        bounds=deadlines.offered_to_portal(wanted, now) if of_portal else deadlines.offered_to_staff(now),
        first=said["from"],
        days=said["days"],
        open=[f"{day} {start}" for day, starts in expected.items() for start in starts.split()],
        utc=said["utc"].split() if "utc" in said else None,
        ends=said["ends"].split() if "ends" in said else None,
    )


def _booked(number: int, said: dict[str, Any]) -> Appointment:
    with_whom = said.get("with", PRACTITIONER)
    return appointment(
        moment(said["at"]),
        said["for"],
        id=f"appointment_{number}",
        client_id=said.get("of", "somebody else"),
        practitioner_id=with_whom,
        location_id=said.get("in", "main"),
        status=AppointmentStatus[said.get("status", "BOOKED")],
        held_until=moment(said["until"]) if "until" in said else None,
        buffer_before=said.get("before", 0),
        buffer_after=said.get("after", 0),
        calendars=tuple(said.get("claims", [with_whom])),
    )
