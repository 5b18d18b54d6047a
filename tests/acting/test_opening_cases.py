"""Openings and series on every case of the tables (A2, A3, A4, A6, A7, A9)."""

import pytest

from graph_api.acting.appointments.openings import openings
from graph_api.acting.appointments.series import Repeat, occurrences
from graph_api.acting.appointments.wall_time import instant_of
from graph_api.kernel.errors import InvalidInput, Refused
from tests.acting.opening_cases import Case, SeriesCase, opening_cases, series_cases


@pytest.mark.parametrize("case", opening_cases(), ids=lambda case: case.name.replace(" ", "_"))
def test_a2_what_can_be_booked_is_as_the_table_says(case: Case) -> None:
    found = openings(case.hours, case.kind, case.zones, case.busy, case.bounds, case.first, case.days)
    assert [f"{opening.local_start:%Y-%m-%d %H:%M}" for opening in found] == case.open
    if case.utc is not None:
        assert [f"{opening.starts_at:%H:%M}" for opening in found] == case.utc
    if case.ends is not None:
        assert [f"{opening.ends_at:%H:%M}" for opening in found] == case.ends


@pytest.mark.parametrize("case", series_cases(), ids=lambda case: case.name.replace(" ", "_"))
def test_a7_a_series_keeps_its_wall_time(case: SeriesCase) -> None:
    first, repeat = instant_of(case.first, case.zone), Repeat(case.every, case.count)
    assert first is not None
    if case.refused:
        with pytest.raises(Refused) as refused:
            occurrences(first, case.zone, repeat)
        errors = [error for error in refused.value.errors if isinstance(error, InvalidInput)]
        assert [error.reason for error in errors] == ["start.inGap"] * len(case.refused)
        assert all(wall in error.message for wall, error in zip(case.refused, errors, strict=True))
    else:
        found = occurrences(first, case.zone, repeat)
        assert [one.starts_at for one in found] == case.utc
        assert {one.local_start.time() for one in found} == {case.first.time()}


def test_the_tables_are_large_enough_and_their_names_differ() -> None:
    names = [case.name for case in opening_cases()] + [case.name for case in series_cases()]
    assert len(opening_cases()) >= 40
    assert len(set(names)) == len(names)
