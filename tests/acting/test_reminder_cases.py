"""The plan of reminders is what the table says; and quiet hours are quiet, whatever the zone and the day (R1-R9)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.acting.reminders.model import QuietHours, SuppressionReason
from graph_api.acting.reminders.planning import messages, plan
from graph_api.acting.reminders.quiet_hours import AHEAD_AFTERWARDS, allowed_moment
from tests.acting.reminder_cases import CASES, Case, moment, said_of, situation_of

ZONES = ("UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")
OF_THE_WORKER = {SuppressionReason.REFUSED}
"""What only a mail server or a gateway says."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_r6_the_plan_is_what_the_table_says(case: Case) -> None:
    lines = plan(situation_of(case), moment(case["now"]))
    assert said_of(lines, case) == case["says"]
    if "sent" in case:
        assert sum(message.reason is None for message in messages(lines)) == case["sent"]


def test_every_reason_is_in_the_table() -> None:
    said = {value for case in CASES for value in case["says"].values()}
    assert {reason.value for reason in set(SuppressionReason) - OF_THE_WORKER} <= said
    assert len(CASES) >= 80
    assert len({case["name"] for case in CASES}) == len(CASES)


@given(
    due=st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),
    late=st.integers(-600, 600),
    ahead=st.integers(30, 5_000),
    zone=st.sampled_from(ZONES),
    hours=st.tuples(st.times(), st.times()),
)
def test_r5_nothing_is_sent_in_quiet_hours(
    due: datetime, late: int, ahead: int, zone: str, hours: tuple[time, time]
) -> None:
    begins, ends = (one.replace(second=0, microsecond=0, tzinfo=None) for one in hours)
    due = due.replace(tzinfo=UTC)
    now, starts_at, here = due + timedelta(minutes=late), due + timedelta(minutes=ahead), ZoneInfo(zone)
    sent = allowed_moment(due, now, starts_at, here, QuietHours(begins, ends))
    if begins == ends:
        assert sent == max(due, now)
        return
    if sent is None:
        return
    wall = sent.astimezone(here).time()
    is_quiet = begins <= wall < ends if begins < ends else wall >= begins or wall < ends
    shifts = sent.astimezone(here).utcoffset() != (sent - timedelta(hours=13)).astimezone(here).utcoffset()
    assert not is_quiet or shifts, "but where clocks changed within the hours, a wall time tells nothing"
    assert sent >= now
    assert sent <= max(due, now) or sent <= starts_at - AHEAD_AFTERWARDS
