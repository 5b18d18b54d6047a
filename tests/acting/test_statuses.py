"""Where an appointment stands and what it may become (A4 and the table of statuses)."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from graph_api.acting.appointments.model import AppointmentOutcome
from graph_api.acting.appointments.model import AppointmentStatus as Status
from graph_api.acting.appointments.statuses import (
    TRANSITIONS,
    WORDS,
    held_until,
    refuse_moving,
    refuse_transition,
    status_at,
)
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.errors import Forbidden
from tests.acting.opening_cases import appointment
from tests.acting.refusals import reasons, refused

START = datetime(2026, 2, 3, 15, tzinfo=UTC)
BEFORE, AFTER = START - timedelta(days=3), START + timedelta(hours=2)
ALLOWED = {
    (Status.REQUESTED, Status.BOOKED): "staff admin",
    (Status.REQUESTED, Status.DECLINED): "staff admin",
    (Status.REQUESTED, Status.CANCELLED): "staff admin portal",
    (Status.BOOKED, Status.CANCELLED): "staff admin portal",
    (Status.BOOKED, Status.ARRIVED): "staff admin",
    (Status.BOOKED, Status.COMPLETED): "staff admin",
    (Status.BOOKED, Status.NO_SHOW): "staff admin",
    (Status.ARRIVED, Status.COMPLETED): "staff admin",
} | {(status, Status.ENTERED_IN_ERROR): "admin" for status in Status if status is not Status.ENTERED_IN_ERROR}
"""The whole table, written out once more."""


@pytest.mark.parametrize("before", Status)
@pytest.mark.parametrize("after", Status)
def test_a4_a_status_is_reached_as_the_table_says_and_no_other_way(before: Status, after: Status) -> None:
    held = START + timedelta(days=1)  # later than a hold may last, so that the day alone does not decide
    there = appointment(START, status=before, held_until=held if before is Status.REQUESTED else None)
    for role in ViewerRole:
        roles = ALLOWED.get((before, after), "").split()
        if role.value in roles:
            refuse_transition(there, after, role, AFTER)
        elif role not in (TRANSITIONS[after].roles if after in TRANSITIONS else ()):
            (error,) = refused(partial(refuse_transition, there, after, role, AFTER))
            assert isinstance(error, Forbidden)
        else:
            found = reasons(partial(refuse_transition, there, after, role, AFTER))
            assert found == [f"appointment.{WORDS[before][0]}"]


@pytest.mark.parametrize("status", [Status.ARRIVED, Status.COMPLETED, Status.NO_SHOW])
def test_a4_what_came_of_it_is_said_from_its_day_on(status: Status) -> None:
    there = appointment(START, time_zone="America/New_York")
    day = datetime(2026, 2, 3, 5, tzinfo=UTC)
    refuse_transition(there, status, ViewerRole.STAFF, day)
    early = day - timedelta(seconds=1)
    assert reasons(lambda: refuse_transition(there, status, ViewerRole.STAFF, early)) == ["appointment.notYet"]


def test_a4_a_request_expires_by_the_clock() -> None:
    there = appointment(START, status=Status.REQUESTED, held_until=BEFORE)
    assert status_at(there, BEFORE - timedelta(microseconds=1)) is Status.REQUESTED
    assert status_at(there, BEFORE) is Status.EXPIRED
    for after in (Status.BOOKED, Status.DECLINED, Status.CANCELLED):
        assert reasons(partial(refuse_transition, there, after, ViewerRole.STAFF, BEFORE)) == ["appointment.expired"]


def test_a4_a_request_without_a_hold_holds_nothing() -> None:
    assert status_at(appointment(START, status=Status.REQUESTED), BEFORE) is Status.EXPIRED


def test_a4_only_a_request_expires() -> None:
    assert status_at(appointment(START, held_until=BEFORE), AFTER) is Status.BOOKED


def test_a4_a_hold_lasts_48_hours_or_until_the_start() -> None:
    assert held_until(BEFORE, START) == BEFORE + timedelta(hours=48)
    assert held_until(START - timedelta(hours=5), START) == START
    assert held_until(BEFORE, START, hours=1) == BEFORE + timedelta(hours=1)


def test_a4_cancelling_twice_says_that_it_was_cancelled() -> None:
    there = appointment(START, status=Status.CANCELLED)
    assert reasons(lambda: refuse_transition(there, Status.CANCELLED, ViewerRole.PORTAL, BEFORE)) == [
        "appointment.cancelled"
    ]


def test_a8_only_what_is_requested_or_booked_can_be_moved() -> None:
    for status in Status:
        there = appointment(START, status=status, held_until=START)
        if status in (Status.REQUESTED, Status.BOOKED):
            refuse_moving(there, BEFORE)
        else:
            assert reasons(partial(refuse_moving, there, BEFORE)) == [f"appointment.{WORDS[status][0]}"]


def test_every_outcome_is_a_status_and_every_status_has_its_words() -> None:
    assert {outcome.value for outcome in AppointmentOutcome} <= {status.value for status in Status}
    assert list(WORDS) == list(Status)
    assert len({reason for reason, _ in WORDS.values()}) == len(Status)
