"""Days and moments are read as they are written here, and in none of the other forms that Python reads."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.engine.errors import BadRequest
from graph_api.kernel.written import in_utc, read_day, read_moment

NO_DAYS = [
    "1980-W01-2", "1980W012", "1980-W01", "19800101", "1980-1-1", "80-01-01", "1980-001", "1980-01-01 ", "1980/01/01",
    "1980-02-30", "0000-01-01", "10000-01-01", "\u0661\u0669\u0668\u0660-01-01", "", "1980-01-01T00:00:00Z",
    19800101, None,
]  # fmt: skip


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_no_day_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"YYYY-MM-DD|no such day"):
        read_day(text)


@given(st.dates())
def test_a_day_is_read_as_it_was_written(day: date) -> None:
    assert read_day(day.isoformat()) == day


@pytest.mark.parametrize("text", [
    "1980-W01-2T00:00:00Z", "19800101T000000Z", "1980-01-01T000000Z", "1980-01-01", "1980-01-01T00:00:00",
    "1980-01-01T24:00:00Z", "1980-01-01T00:00:00+25:00", "1980-01-01T00Z", "1980-01-01T00:00:00,5Z",
    "1980-01-01T00:00:00+0100", "", None, 0,
])  # fmt: skip
def test_what_is_no_moment_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="time"):
        read_moment(text)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_is_read_as_it_was_written(moment: datetime) -> None:
    assert read_moment(moment.isoformat()) == moment == in_utc(read_moment(moment.isoformat().replace("T", "t")))


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_out_of_all_time_is_named(text: str) -> None:
    with pytest.raises(BadRequest) as refused:
        in_utc(read_moment(text))
    assert refused.value.code == "INVALID_TIME"
