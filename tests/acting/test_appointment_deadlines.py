"""How early and how late somebody may book, move and cancel (A6, A9), and which starts nobody can book (A3, A5)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from graph_api.acting.appointments.deadlines import (
    MAX_BOOKINGS,
    MAX_REQUESTS,
    STAFF_AHEAD,
    can_cancel_until,
    is_late,
    offered_to_portal,
    refuse_portal_cancel,
    refuse_portal_move,
    refuse_portal_start,
    refuse_staff_start,
    refuse_start,
    refuse_too_many,
)
from graph_api.acting.appointments.model import AppointmentStatus, PortalBooking
from tests.acting.opening_cases import appointment, kind
from tests.acting.refusals import reasons

NOW = datetime(2026, 2, 2, 12, tzinfo=UTC)
TYPE = kind(min_notice_hours=24, max_ahead_days=90, change_notice_hours=12, portal=PortalBooking.BOOK)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
NEW_YORK, LONDON = ZoneInfo("America/New_York"), ZoneInfo("Europe/London")


def test_a9_a_portal_account_books_between_notice_and_how_far_ahead() -> None:
    for fine in (NOW + DAY, NOW + 90 * DAY):
        refuse_portal_start(TYPE, fine, NOW)
    assert reasons(lambda: refuse_portal_start(TYPE, NOW + DAY - SECOND, NOW)) == ["appointment.tooSoon"]
    assert reasons(lambda: refuse_portal_start(TYPE, NOW + 90 * DAY + SECOND, NOW)) == ["appointment.tooFarAhead"]
    assert reasons(lambda: refuse_portal_start(TYPE, NOW - SECOND, NOW)) == ["start.past"]


def test_a9_what_is_offered_is_what_may_be_booked() -> None:
    bounds = offered_to_portal(TYPE, NOW)
    assert bounds.latest is not None
    for moment in (bounds.earliest, bounds.latest):
        refuse_portal_start(TYPE, moment, NOW)
    for moment in (bounds.earliest - SECOND, bounds.latest + SECOND):
        assert reasons(partial(refuse_portal_start, TYPE, moment, NOW))


def test_a9_cancelling_is_possible_until_the_notice() -> None:
    there = appointment(NOW + 12 * HOUR)
    assert can_cancel_until(TYPE, there) == NOW
    refuse_portal_cancel(TYPE, there, NOW)
    assert not is_late(TYPE, there, NOW)
    assert reasons(lambda: refuse_portal_cancel(TYPE, there, NOW + SECOND)) == ["appointment.tooLate"]


def test_a9_where_the_practice_allows_it_a_late_cancellation_is_late_and_ends_at_the_start() -> None:
    lenient, there = replace(TYPE, late_cancel=True), appointment(NOW + HOUR)
    refuse_portal_cancel(lenient, there, NOW)
    assert is_late(lenient, there, NOW)
    assert reasons(lambda: refuse_portal_cancel(lenient, there, NOW + HOUR)) == ["appointment.tooLate"]
    assert reasons(lambda: refuse_portal_move(lenient, there, NOW + 30 * DAY, NOW)) == ["appointment.tooLate"]


def test_a9_no_notice_at_all_ends_at_the_start() -> None:
    free, there = replace(TYPE, change_notice_hours=0), appointment(NOW)
    refuse_portal_cancel(free, there, NOW - SECOND)
    assert reasons(lambda: refuse_portal_cancel(free, there, NOW)) == ["appointment.tooLate"]


def test_a9_moving_checks_the_old_start_and_the_new_one() -> None:
    there = appointment(NOW + 13 * HOUR)
    refuse_portal_move(TYPE, there, NOW + 2 * DAY, NOW)
    assert reasons(lambda: refuse_portal_move(TYPE, there, NOW + 2 * DAY, NOW + 2 * HOUR)) == ["appointment.tooLate"]
    assert reasons(lambda: refuse_portal_move(TYPE, there, NOW + HOUR, NOW)) == ["appointment.tooSoon"]
    assert reasons(lambda: refuse_portal_move(TYPE, there, NOW + 91 * DAY, NOW)) == ["appointment.tooFarAhead"]


def test_a6_staff_book_up_to_seven_days_back() -> None:
    refuse_staff_start(NOW - 7 * DAY, NOW)
    refuse_staff_start(NOW + STAFF_AHEAD, NOW)
    assert reasons(lambda: refuse_staff_start(NOW - 7 * DAY - SECOND, NOW)) == ["start.past"]
    assert reasons(lambda: refuse_staff_start(datetime.max.replace(tzinfo=UTC), NOW)) == ["appointment.tooFarAhead"]


@pytest.mark.parametrize("sent", ["2026-02-03T10:07:00-05:00", "2026-02-03T10:05:01Z", "2026-02-03T10:05:00.5Z"])
def test_a5_a_start_is_a_multiple_of_five_minutes(sent: str) -> None:
    assert reasons(lambda: refuse_start(datetime.fromisoformat(sent), NEW_YORK)) == ["start.offGrid"]


@pytest.mark.parametrize(
    "sent", ["2026-03-08T02:30:00-05:00", "2026-03-08T02:30:00-04:00", "2026-03-08T02:00:00-05:00"]
)
def test_a3_a_wall_time_that_clocks_leave_out_is_no_start(sent: str) -> None:
    assert reasons(lambda: refuse_start(datetime.fromisoformat(sent), NEW_YORK)) == ["start.inGap"]


@pytest.mark.parametrize(
    "sent",
    [
        "2026-03-08T07:30:00Z",  # a moment, at which clocks show 03:30
        "2026-03-08T03:00:00-04:00",
        "2026-03-08T02:30:00+05:45",  # another place's wall time
        "2026-03-07T02:30:00-05:00",
        "2026-11-01T01:30:00-04:00",
        "2026-11-01T01:30:00-05:00",  # the second, which staff may choose
    ],
)
def test_a3_a_moment_that_there_is_can_be_a_start(sent: str) -> None:
    refuse_start(datetime.fromisoformat(sent), NEW_YORK)


def test_a3_what_is_sent_in_utc_is_a_moment_also_where_winter_time_is_utc() -> None:
    refuse_start(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), LONDON)


def test_a9_five_requests_and_ten_bookings_ahead() -> None:
    request = replace(TYPE, portal=PortalBooking.REQUEST)
    waiting = [
        appointment(NOW + DAY, status=AppointmentStatus.REQUESTED, held_until=NOW + HOUR) for _ in range(MAX_REQUESTS)
    ]
    booked = [appointment(NOW + DAY) for _ in range(MAX_BOOKINGS)]
    assert (MAX_REQUESTS, MAX_BOOKINGS) == (5, 10)
    assert reasons(lambda: refuse_too_many(request, waiting, NOW)) == ["requests.tooMany"]
    assert reasons(lambda: refuse_too_many(TYPE, booked, NOW)) == ["appointments.tooMany"]
    refuse_too_many(request, [*waiting[1:], *booked], NOW)
    refuse_too_many(TYPE, [*booked[1:], *waiting], NOW)
    refuse_too_many(request, waiting, NOW + HOUR)  # they have expired
    refuse_too_many(TYPE, booked, NOW + DAY)  # they are no longer ahead
