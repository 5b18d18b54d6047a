"""The terms of an edge: dates, toggles, labels, and what staff are shown about them (D4, D8, D12, D13)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.access.facts import PracticeFacts
from graph_api.access.reactions import edge_warnings
from graph_api.kernel.errors import InvalidInput, Refused
from graph_api.kernel.problems import Problems
from graph_api.network.model import Contact, ContactRole, ContactStatus, ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.network.terms import TermsFields, age_on, apply_terms, keeps_access
from graph_api.people.model import ClientStatus
from tests.unit.people import TODAY, named

TOGGLES = ("portal_access", "secure_messaging", "payments", "appointment_reminders")
WHOLE = ContactTerms(
    Relationship.PARENT,
    "Mum",
    (ContactRole.NEXT_OF_KIN,),
    portal_access=True,
    starts_on=date(2026, 1, 1),
    ends_on=date(2026, 12, 31),
    note="calls on Mondays",
)
days = st.dates(date(1900, 1, 1), date(2100, 1, 1))


def applied(terms: ContactTerms | None, fields: TermsFields) -> tuple[ContactTerms, list[tuple[str, tuple[str, ...]]]]:
    """The terms, and reasons with paths."""
    problems = Problems()
    changed = apply_terms(terms, fields, problems, "changes")
    try:
        problems.refuse()
    except Refused as refusal:
        return changed, [(error.reason, error.path) for error in refusal.errors if isinstance(error, InvalidInput)]
    return changed, []


def test_d4_a_new_edge_allows_nothing_unless_it_is_said() -> None:
    terms, problems = applied(None, {"relationship": Relationship.SPOUSE})
    assert problems == []
    assert terms == ContactTerms(Relationship.SPOUSE)
    assert not terms.grants_anything


@pytest.mark.parametrize("toggle", TOGGLES)
def test_d4_each_toggle_is_stored_by_itself_without_portal_access(toggle: str) -> None:
    fields: Any = {"relationship": Relationship.SPOUSE, toggle: True}
    terms, _ = applied(None, fields)
    assert [name for name in TOGGLES if getattr(terms, name)] == [toggle]
    assert terms.grants_anything


def test_what_is_omitted_is_kept_and_null_clears() -> None:
    assert applied(WHOLE, {}) == (WHOLE, [])
    cleared = applied(
        WHOLE, {"relationship_label": None, "roles": None, "starts_on": None, "ends_on": None, "note": None}
    )
    assert cleared == (ContactTerms(Relationship.PARENT, portal_access=True), [])


@pytest.mark.parametrize(("field", "spelled"), [
    ("relationship", "relationship"), ("portal_access", "portalAccess"), ("secure_messaging", "secureMessaging"),
    ("payments", "payments"), ("appointment_reminders", "appointmentReminders"),
])  # fmt: skip
def test_a_toggle_and_the_relationship_can_not_be_cleared(field: str, spelled: str) -> None:
    fields: Any = {field: None}
    assert applied(WHOLE, fields) == (WHOLE, [(f"{spelled}.null", ("changes", spelled))])


def test_other_needs_a_label_and_keeps_it() -> None:
    missing = [("relationshipLabel.missing", ("changes", "relationshipLabel"))]
    assert applied(None, {"relationship": Relationship.OTHER})[1] == missing
    labelled, problems = applied(None, {"relationship": Relationship.OTHER, "relationship_label": "Coach"})
    assert problems == []
    assert applied(labelled, {"relationship_label": None})[1] == missing
    assert applied(labelled, {"payments": True})[1] == []
    assert applied(ContactTerms(Relationship.FRIEND), {"relationship": Relationship.OTHER})[1] == missing
    empty = applied(labelled, {"relationship_label": " "})[1]
    assert empty == [("relationshipLabel.empty", ("changes", "relationshipLabel"))]


def test_d12_roles_are_any_of_the_four_each_once() -> None:
    roles = [ContactRole.BILLING_CONTACT, ContactRole.NEXT_OF_KIN, ContactRole.BILLING_CONTACT]
    assert applied(WHOLE, {"roles": roles})[0].roles == (ContactRole.BILLING_CONTACT, ContactRole.NEXT_OF_KIN)
    assert applied(WHOLE, {"roles": list(ContactRole)})[0].roles == tuple(ContactRole)
    assert applied(WHOLE, {"roles": list(ContactRole) * 3})[1] == [("roles.tooMany", ("changes", "roles"))]


def test_text_is_bounded_and_a_note_may_have_lines() -> None:
    assert applied(WHOLE, {"note": "one\ntwo"})[0].note == "one\ntwo"
    assert applied(WHOLE, {"note": "x" * 2_001})[1] == [("note.tooLong", ("changes", "note"))]
    long_label = applied(WHOLE, {"relationship_label": "x" * 101})[1]
    assert long_label == [("relationshipLabel.tooLong", ("changes", "relationshipLabel"))]


@given(st.none() | days, st.none() | days)
def test_the_end_may_be_the_start_and_not_before(starts_on: date | None, ends_on: date | None) -> None:
    _, problems = applied(None, {"relationship": Relationship.FRIEND, "starts_on": starts_on, "ends_on": ends_on})
    wrong = starts_on is not None and ends_on is not None and ends_on < starts_on
    assert problems == ([("endsOn.beforeStartsOn", ("changes", "endsOn"))] if wrong else [])


def test_a_change_of_one_date_is_held_against_the_other_that_is_kept() -> None:
    assert applied(WHOLE, {"ends_on": date(2025, 1, 1)})[1] == [("endsOn.beforeStartsOn", ("changes", "endsOn"))]
    assert applied(WHOLE, {"starts_on": date(2027, 1, 1)})[1] == [("endsOn.beforeStartsOn", ("changes", "endsOn"))]


@given(st.none() | days, st.none() | days, days)
def test_d8_both_dates_count_and_decide_on_the_day(starts_on: date | None, ends_on: date | None, today: date) -> None:
    terms = ContactTerms(Relationship.FRIEND, starts_on=starts_on, ends_on=ends_on)
    if starts_on is not None and today < starts_on:
        assert terms.status_on(today) is ContactStatus.UPCOMING
    elif ends_on is not None and ends_on < today:
        assert terms.status_on(today) is ContactStatus.EXPIRED
    else:
        assert terms.status_on(today) is ContactStatus.IN_FORCE


@pytest.mark.parametrize(("born", "day", "age"), [
    (date(2004, 2, 29), date(2022, 2, 28), 17), (date(2004, 2, 29), date(2022, 3, 1), 18),
    (date(2004, 2, 29), date(2024, 2, 28), 19), (date(2004, 2, 29), date(2024, 2, 29), 20),
    (date(2008, 3, 1), date(2026, 2, 28), 17), (date(2008, 3, 1), date(2026, 3, 1), 18),
    (date(2008, 12, 31), date(2026, 12, 30), 17), (date(2026, 3, 1), date(2026, 3, 1), 0),
])  # fmt: skip
def test_d13_age_on_a_day_with_29_february_born_of_age_on_1_march(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@given(days, days)
def test_d13_age_never_falls_and_grows_by_one_a_year(born: date, day: date) -> None:
    assert age_on(born, day + timedelta(days=1)) - age_on(born, day) in (0, 1)
    assert age_on(born, born) == 0
    if (born.month, born.day) != (2, 29):
        majority = born.replace(year=born.year + 18)
        assert (age_on(born, majority), age_on(born, majority - timedelta(days=1))) == (18, 17)


def codes(client_born: date | None, terms: ContactTerms, status: ClientStatus = ClientStatus.ACTIVE) -> list[str]:
    """Warnings about an edge, by code and path."""
    client = named("Ana", "García", birth_date=client_born, client_status=status)
    contact = Contact("contact_1", client, named("Bea", "García"), terms, TODAY)
    found = edge_warnings(contact, PracticeFacts("UTC", age_of_majority=18), datetime.combine(TODAY, time.min, UTC))
    return [f"{warning.code.value} {'.'.join(warning.path)}".strip() for warning in found]


PARENTS = {Relationship[name] for name in (
    "PARENT", "NATURAL_PARENT", "ADOPTIVE_PARENT", "FOSTER_PARENT", "STEP_PARENT", "GUARDIAN", "GUARDIAN_AD_LITEM"
)}  # fmt: skip


@pytest.mark.parametrize("relationship", Relationship)
def test_d13_portal_access_of_a_parent_or_guardian_is_shown_once_the_client_is_of_age_or_unknown(
    relationship: Relationship,
) -> None:
    review = "REVIEW_ACCESS portalAccess"
    label = "Coach" if relationship is Relationship.OTHER else None
    for born, shown in ((date(2008, 3, 1), True), (date(2008, 3, 2), False), (None, True)):
        terms = ContactTerms(relationship, label, portal_access=True)
        assert (review in codes(born, terms)) == (shown and relationship in PARENTS)
        without = ContactTerms(relationship, label, secure_messaging=True)
        assert review not in codes(born, without)


def test_what_usually_ends_and_what_outlived_its_reason_is_shown() -> None:
    born = date(2015, 1, 1)
    foster = ContactTerms(Relationship.FOSTER_PARENT)
    assert codes(born, foster) == ["END_DATE_EXPECTED endsOn"]
    assert codes(born, ContactTerms(Relationship.FOSTER_PARENT, ends_on=TODAY)) == []
    assert codes(born, ContactTerms(Relationship.FORMER_SPOUSE, payments=True)) == ["REVIEW_ACCESS relationship"]
    assert codes(born, ContactTerms(Relationship.FORMER_SPOUSE)) == []


def test_d7_what_contacts_of_an_inactive_client_keep_is_shown() -> None:
    granting = ContactTerms(Relationship.SPOUSE, payments=True)
    assert codes(None, granting, ClientStatus.INACTIVE) == ["CLIENT_INACTIVE"]
    assert codes(None, ContactTerms(Relationship.SPOUSE), ClientStatus.INACTIVE) == []


@pytest.mark.parametrize(("terms", "keeps"), [
    (ContactTerms(Relationship.SPOUSE, payments=True), True),
    (ContactTerms(Relationship.SPOUSE), False),
    (ContactTerms(Relationship.SPOUSE, payments=True, ends_on=TODAY), True),
    (ContactTerms(Relationship.SPOUSE, payments=True, ends_on=TODAY - timedelta(days=1)), False),
    (ContactTerms(Relationship.SPOUSE, payments=True, starts_on=TODAY + timedelta(days=1)), True),
])  # fmt: skip
def test_d7_only_an_edge_that_grants_now_or_later_keeps_something(terms: ContactTerms, keeps: bool) -> None:
    contact = Contact("contact_1", named("Ana", None), named("Bea", None), terms, TODAY)
    assert keeps_access(contact) is keeps
