"""What appointments claim, by 5 minutes (A4, A5, A6, A8), and the faults that others had with it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from bench.calendars import claimed_keys
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_api.acting.appointments.claims import (
    booked_of,
    calendars_of,
    claim_key,
    claimed_in,
    claimed_span,
    instants,
    is_on_step,
    span_of,
)
from graph_api.acting.appointments.deadlines import offered_to_staff
from graph_api.acting.appointments.model import Appointment, AppointmentStatus, Location
from graph_api.acting.appointments.openings import Busy, openings
from graph_api.acting.appointments.spans import Span
from graph_api.acting.appointments.windows import Hours
from tests.acting.opening_cases import CLIENT, PRACTITIONER, appointment, kind, rule
from tests.budgets import budget

TUESDAY = datetime(2026, 2, 3, tzinfo=UTC)
NOW = TUESDAY - timedelta(days=1)
PRACTICE = "practice_1"
LENGTHS = st.integers(1, 96).map(lambda number: 5 * number)
BUFFERS = st.integers(0, 24).map(lambda number: 5 * number)
STARTS = st.integers(0, 288).map(lambda number: TUESDAY + number * timedelta(minutes=5))


def at(hour: int, minute: int = 0) -> datetime:
    return TUESDAY.replace(hour=hour, minute=minute)


def keys(of: Appointment, now: datetime = NOW) -> frozenset[str]:
    return claimed_keys(PRACTICE, of, now)


def test_a5_a_claim_has_a_key_for_every_five_minutes_of_each_calendar() -> None:
    found = keys(appointment(at(10), 10, buffer_before=5, buffer_after=5, calendars=("kim", "room")))
    moments = ("09:55", "10:00", "10:05", "10:10")
    assert found == {f"practice_1|{who}|2026-02-03T{text}Z" for who, text in product(("kim", "room"), moments)}


def test_a5_a_key_is_of_the_moment_whatever_the_offset() -> None:
    elsewhere = at(10).astimezone(ZoneInfo("Asia/Kathmandu"))
    assert claim_key(PRACTICE, "kim", elsewhere) == claim_key(PRACTICE, "kim", at(10))


@given(STARTS, LENGTHS, BUFFERS, BUFFERS, STARTS, LENGTHS, BUFFERS, BUFFERS)
def test_a5_two_claims_share_a_key_if_and_only_if_their_times_overlap(
    start: datetime, minutes: int, before: int, after: int, other: datetime, length: int, lead: int, rest: int
) -> None:
    one = appointment(start, minutes, buffer_before=before, buffer_after=after)
    two = appointment(other, length, buffer_before=lead, buffer_after=rest)
    assert bool(keys(one) & keys(two)) == claimed_span(one).overlaps(claimed_span(two))


def test_a5_the_longest_appointment_with_both_buffers_has_144_keys() -> None:
    assert len(keys(appointment(at(8), 480, buffer_before=120, buffer_after=120))) == 144


def test_a5_what_is_no_multiple_of_five_minutes_can_not_be_claimed() -> None:
    assert [is_on_step(at(10, 5)), is_on_step(at(10, 7)), is_on_step(at(10) + timedelta(seconds=1))] == [
        True,
        False,
        False,
    ]
    for span in (Span(at(10, 1), at(10, 5)), Span(at(10), at(10, 7))):
        with pytest.raises(ValueError, match="5 minutes"):
            list(instants(span))


def test_a5_an_exclusive_location_is_claimed_too_and_others_are_not() -> None:
    room, hall = Location("room", "Room", is_exclusive=True), Location("hall", "Hall")
    assert calendars_of("kim", room, overbook=False) == ("kim", "room")
    assert calendars_of("kim", hall, overbook=False) == ("kim",)


def test_a6_an_overbooked_appointment_claims_nothing() -> None:
    assert calendars_of("kim", Location("room", "Room", is_exclusive=True), overbook=True) == ()
    assert keys(appointment(at(10), calendars=(), is_overbooked=True)) == frozenset()


@pytest.mark.parametrize("status", AppointmentStatus)
def test_a4_keys_are_held_as_the_table_of_statuses_says(status: AppointmentStatus) -> None:
    holding = {"REQUESTED", "BOOKED", "ARRIVED", "COMPLETED", "NO_SHOW"}
    found = keys(appointment(at(10), status=status, held_until=at(9)))
    assert bool(found) == (status.name in holding)


def test_a4_a_hold_that_has_ended_claims_nothing() -> None:
    request = appointment(at(10), status=AppointmentStatus.REQUESTED, held_until=at(8))
    assert keys(request, at(7, 59))
    assert not keys(request, at(8))
    assert claimed_in(PRACTITIONER, [request], at(8)) == []


def test_a6_the_clients_own_time_counts_without_buffers_and_also_where_it_is_overbooked() -> None:
    own = [appointment(at(10), calendars=(), buffer_after=30), appointment(at(12), client_id="ann")]
    assert booked_of(CLIENT, own, NOW) == [Span(at(10), at(11))]


def test_a8_cal_diy_2668_an_appointment_moves_by_a_quarter_of_an_hour() -> None:
    """There its own old time counted as busy."""
    old = appointment(at(10), 60)
    new = replace(old, starts_at=at(10, 15), ends_at=at(11, 15))
    assert sorted(key[-6:] for key in keys(old) - keys(new)) == ["10:00Z", "10:05Z", "10:10Z"]
    assert sorted(key[-6:] for key in keys(new) - keys(old)) == ["11:00Z", "11:05Z", "11:10Z"]
    offered = starts([old], moving=old.id)
    assert {at(10), at(10, 15)} <= set(offered)
    assert at(10, 15) not in starts([old])


def test_a4_cal_diy_10789_a_request_that_waits_is_not_open_to_others() -> None:
    """There requests were invisible, and staff confirmed two for one time."""
    request = appointment(at(10), 60, status=AppointmentStatus.REQUESTED, held_until=at(9), client_id="ann")
    assert at(10) not in starts([request])
    assert keys(request) == keys(replace(request, status=AppointmentStatus.BOOKED, held_until=None))


def test_a5_cal_diy_13397_two_bookings_of_overlapping_times_meet_in_a_key() -> None:
    """There only a check before the insert stood between them; here they can't both be written."""
    assert keys(appointment(at(10), 60)) & keys(appointment(at(10, 55), 60, id="appointment_2"))
    assert not keys(appointment(at(10), 60)) & keys(appointment(at(11), 60, id="appointment_2"))


def test_a5_cal_diy_14868_a_buffer_is_claimed_when_booking_as_it_is_when_looking() -> None:
    """There buffers were shown in the list of openings and not checked when booking."""
    booked = appointment(at(10), 60, buffer_after=30)
    assert at(11, 15) not in starts([booked])
    assert at(11, 30) in starts([booked])
    assert keys(booked) & keys(appointment(at(11, 15), 60, id="appointment_2"))


@settings(max_examples=budget(25, 1_000))
@given(st.lists(st.tuples(STARTS, LENGTHS, BUFFERS, BUFFERS), max_size=4), LENGTHS, BUFFERS, BUFFERS)
def test_a5_an_opening_can_be_claimed_and_a_start_that_is_none_can_not(
    booked: list[tuple[datetime, int, int, int]], minutes: int, before: int, after: int
) -> None:
    """Looking and booking agree: a start within the hours is open if and only if its keys are free."""
    there = [
        appointment(start, length, buffer_before=lead, buffer_after=rest, client_id="ann")
        for start, length, lead, rest in booked
    ]
    taken = {key for one in there for key in keys(one)}
    offered = set(starts(there, minutes, before, after))
    for number in range(240 - minutes // 5 + 1):
        start = at(2) + number * timedelta(minutes=5)
        if start + timedelta(minutes=minutes) <= at(22):
            own = keys(appointment(start, minutes, buffer_before=before, buffer_after=after))
            assert (start in offered) == (not own & taken)


def starts(
    booked: list[Appointment], minutes: int = 60, before: int = 0, after: int = 0, moving: str | None = None
) -> list[datetime]:
    """The openings from two until ten in the evening, every five minutes, beside what is booked."""
    wanted = kind(minutes, 5, buffer_before=before, buffer_after=after)
    hours = Hours(PRACTITIONER, (rule("TUESDAY", "02:00-22:00"),))
    busy = Busy(claimed_in(PRACTITIONER, booked, NOW, moving), client=booked_of(CLIENT, booked, NOW, moving))
    zones = {"main": ZoneInfo("UTC")}
    return [one.starts_at for one in openings(hours, wanted, zones, busy, offered_to_staff(NOW), TUESDAY.date(), 1)]


def test_a3_length_is_elapsed_minutes() -> None:
    start = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert span_of(kind(60), start) == Span(start, start + timedelta(hours=1))
