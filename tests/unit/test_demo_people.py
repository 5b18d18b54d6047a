"""The demo's people are as old in any year as in the one they were written in."""

from datetime import date

import pytest

from graph_api.demo.maple import PEOPLE, WRITTEN_IN
from graph_api.network.terms import age_on
from graph_api.people.fields import PersonFields

BORN = {person.key: person for person in PEOPLE if "birth_date" in person.fields}
CHILDREN = {"maple-ben", "maple-clara", "maple-eli"}


@pytest.mark.parametrize("year", range(WRITTEN_IN, WRITTEN_IN + 60))
def test_children_are_children_and_the_others_adults_in_any_year(year: int) -> None:
    for day in (date(year, 1, 1), date(year, 12, 31)):
        ages = {key: age_on(fields["birth_date"], day) for key, fields in _fields_on(day).items()}  # type: ignore[arg-type]
        assert {key for key, age in ages.items() if age < 18} == CHILDREN
        assert min(ages.values()) >= 0


def _fields_on(day: date) -> dict[str, PersonFields]:
    return {key: person.fields_on(day) for key, person in BORN.items()}
