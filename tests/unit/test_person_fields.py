"""A person's fields: omitted keeps, null clears, lists replace; what breaks a rule is named (D10)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given

from graph_api.kernel.errors import InvalidInput, Refused
from graph_api.kernel.problems import Problems
from graph_api.people.fields import PersonFields, PersonRules, apply_person_fields
from graph_api.people.model import ExternalId, Gender, Person, PostalAddress
from tests.unit.people import TODAY, named, people

RULES = PersonRules(TODAY, "GB")
WHOLE = named(
    "Ana",
    "García",
    preferred_name="Anita",
    birth_date=date(1990, 1, 1),
    gender=Gender.FEMALE,
    emails=("ana@example.org",),
    phones=("+442079460000",),
    address=PostalAddress(("1 High St",), "London"),
    external_ids=(ExternalId("import", "I1"), ExternalId("ehr", "E1")),
)


def applied(person: Person, fields: PersonFields) -> tuple[Person, list[tuple[str, tuple[str, ...]]]]:
    """The person, and reasons with paths."""
    problems = Problems()
    changed = apply_person_fields(person, fields, RULES, problems, ("person",))
    try:
        problems.refuse()
    except Refused as refusal:
        return changed, [(error.reason, error.path) for error in refusal.errors if isinstance(error, InvalidInput)]
    return changed, []


def test_what_is_omitted_is_kept() -> None:
    assert applied(WHOLE, {}) == (WHOLE, [])


@pytest.mark.parametrize(("field", "cleared"), [
    ("preferred_name", None), ("birth_date", None), ("gender", None), ("emails", ()), ("phones", ()), ("address", None),
])  # fmt: skip
def test_null_clears(field: str, cleared: Any) -> None:
    changed, problems = applied(WHOLE, {field: None})  # type: ignore[misc]  # one of the fields
    assert problems == []
    assert getattr(changed, field) == cleared


def test_lists_replace() -> None:
    changed, _ = applied(WHOLE, {"emails": ["b@example.org"], "phones": []})
    assert (changed.emails, changed.phones) == (("b@example.org",), ())


def test_d10_either_name_may_be_missing_never_both() -> None:
    assert applied(WHOLE, {"given_name": None})[1] == []
    assert applied(WHOLE, {"family_name": None})[1] == []
    missing = [("name.missing", ("person",))]
    assert applied(WHOLE, {"given_name": None, "family_name": None})[1] == missing
    assert applied(named(None, None), {"preferred_name": "Ana"})[1] == missing
    assert applied(named("Victoria", None), {"given_name": None})[1] == missing


def test_an_empty_name_is_told_once_as_empty() -> None:
    assert applied(named(None, "García"), {"given_name": " "})[1] == [("givenName.empty", ("person", "givenName"))]


@pytest.mark.parametrize("born", [date(1, 1, 1), date(15, 6, 1), date(80, 1, 2), date(1899, 12, 31)])
def test_nobody_was_born_before_1900(born: date) -> None:
    early = ("birthDate.tooEarly", ("person", "birthDate"))
    assert applied(WHOLE, {"birth_date": born})[1] == [early]
    assert applied(WHOLE, {"birth_date": date(1900, 1, 1)})[1] == []


def test_an_older_birth_date_that_is_stored_stays_valid() -> None:
    old = replace(WHOLE, birth_date=date(1819, 5, 24))
    assert applied(old, {"given_name": "Victoria"}) == (replace(old, given_name="Victoria"), [])
    assert applied(old, {"birth_date": old.birth_date, "family_name": "Saxe"})[1] == []
    assert applied(old, {"birth_date": date(1819, 5, 25)})[1] != []


def test_a_birth_date_may_be_today_and_not_tomorrow() -> None:
    assert applied(WHOLE, {"birth_date": TODAY})[1] == []
    tomorrow = applied(WHOLE, {"birth_date": TODAY + timedelta(days=1)})[1]
    assert tomorrow == [("birthDate.future", ("person", "birthDate"))]


def test_the_external_id_is_the_default_systems_and_others_stay() -> None:
    others = (ExternalId("ehr", "E1"),)
    assert applied(WHOLE, {"external_id": None})[0].external_ids == others
    assert applied(WHOLE, {"external_id": "I2"})[0].external_ids == (ExternalId("import", "I2"), *others)


def test_an_address_is_checked_line_by_line() -> None:
    address: Any = {"lines": ["1 High St", "\u202e"], "city": " ", "country_code": "GBR"}
    assert applied(WHOLE, {"address": address})[1] == [
        ("address.line.forbiddenCharacter", ("person", "address", "lines", "1")),
        ("address.countryCode", ("person", "address", "countryCode")),
        ("address.city.empty", ("person", "address", "city")),
    ]
    many = applied(WHOLE, {"address": {"lines": ["x"] * 11}})[1]
    assert many == [("address.tooManyLines", ("person", "address", "lines"))]
    assert applied(WHOLE, {"address": {"lines": [], "country_code": "gb"}})[0].address == PostalAddress(
        (), country_code="GB"
    )


def test_everything_wrong_is_told_at_once() -> None:
    fields: PersonFields = {"given_name": "\x00", "emails": ["x"], "phones": ["x"], "birth_date": date(2999, 1, 1)}
    reasons = [reason for reason, _ in applied(WHOLE, fields)[1]]
    expected = ["givenName.forbiddenCharacter", "email.invalid", "phone.impossible", "birthDate.future"]
    assert reasons == expected


@given(people)
def test_applying_what_is_stored_already_changes_nothing(person: Person) -> None:
    fields: PersonFields = {"birth_date": person.birth_date, "phones": list(person.phones)}
    if person.given_name or person.family_name:
        changed, problems = applied(person, fields)
        assert problems == []
        assert changed == person
