"""Wall times and moments (A3)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from graph_api.acting.appointments.wall_time import fits, instant_of, local_text, passed, reached, wall_of

NEW_YORK = ZoneInfo("America/New_York")


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}Z")


@pytest.mark.parametrize(
    ("shown", "first", "reaches", "passes"),
    [
        ("2026-02-03T09:00", "2026-02-03T14:00", "2026-02-03T14:00", "2026-02-03T14:00"),
        ("2026-03-08T01:59", "2026-03-08T06:59", "2026-03-08T06:59", "2026-03-08T06:59"),
        ("2026-03-08T02:00", None, "2026-03-08T07:00", "2026-03-08T07:00"),
        ("2026-03-08T02:59", None, "2026-03-08T07:00", "2026-03-08T07:00"),
        ("2026-03-08T03:00", "2026-03-08T07:00", "2026-03-08T07:00", "2026-03-08T07:00"),
        ("2026-11-01T01:00", "2026-11-01T05:00", "2026-11-01T05:00", "2026-11-01T05:00"),
        ("2026-11-01T01:30", "2026-11-01T05:30", "2026-11-01T05:30", "2026-11-01T06:30"),
        ("2026-11-01T02:00", "2026-11-01T07:00", "2026-11-01T07:00", "2026-11-01T07:00"),
    ],
)
def test_a3_a_wall_time_is_shown_never_once_or_twice(shown: str, first: str | None, reaches: str, passes: str) -> None:
    assert instant_of(wall(shown), NEW_YORK) == (first and utc(first))
    assert reached(wall(shown), NEW_YORK) == utc(reaches)
    assert passed(wall(shown), NEW_YORK) == utc(passes)


def test_a3_a_day_that_a_country_left_out_is_a_gap() -> None:
    """Samoa went from 29 to 31 December 2011."""
    apia, change = ZoneInfo("Pacific/Apia"), utc("2011-12-30T10:00")
    assert instant_of(wall("2011-12-30T12:00"), apia) is None
    assert reached(wall("2011-12-30T12:00"), apia) == passed(wall("2011-12-31T00:00"), apia) == change


def test_a3_an_appointment_keeps_the_wall_time_that_was_agreed_on() -> None:
    """A country that drops its summer time moves what was agreed on, in UTC; it is told by the text that was kept."""
    start = utc("2026-07-01T13:00")
    agreed = local_text(wall_of(start, NEW_YORK))
    assert agreed == "2026-07-01T09:00"
    assert fits(agreed, start, "America/New_York")
    assert not fits(agreed, start, "Etc/GMT+5")
    assert not fits(agreed, start + timedelta(minutes=5), "America/New_York")
