"""When what a contact may do will end: the first day after which a decision of today is another (D4, D8, D13)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.access.decision import allowed_actions
from graph_api.access.facts import AccessFacts, AccountFacts, PracticeFacts, facts_of_client, facts_of_edge
from graph_api.access.model import AccountStatus, PortalAction
from graph_api.access.upcoming import Majority, Window, access_ends_on
from graph_api.network.model import AuthorityKind, Contact, ContactAuthority, ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.people.model import ClientStatus, Person
from graph_api.practices.model import ALL_FEATURES

TODAY = date(2026, 2, 20)
ZONE = "Europe/Madrid"
MAJORITY = Majority(18, ZONE)
WINDOW = Window(TODAY, TODAY + timedelta(days=40))
DAYS = st.none() | st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=45))
LEAP_DAY = date(2008, 2, 29)
"""Comes of age on 1 March 2026."""


def contact(terms: ContactTerms, born: date | None = None, consent: datetime | None = None) -> Contact:
    client = Person("person_a", birth_date=born, client_status=ClientStatus.ACTIVE)
    return Contact("contact_a", client, Person("person_b"), terms, TODAY, adult_consent_at=consent)


def facts_of(found: Contact, age: int | None = 18) -> AccessFacts:
    """Nothing but the edge's own terms stands in the way."""
    practice = PracticeFacts(ZONE, ALL_FEATURES, age)
    account = AccountFacts(AccountStatus.ACTIVE)
    return AccessFacts(practice, facts_of_client(found.client), facts_of_edge(found), account)


def ends_on(found: Contact, majority: Majority = MAJORITY) -> date | None:
    return access_ends_on(found, facts_of(found, majority.age), majority, WINDOW)


def ends(terms: ContactTerms, born: date | None = None, consent: datetime | None = None) -> date | None:
    return ends_on(contact(terms, born, consent))


PARENT = ContactTerms(Relationship.PARENT, portal_access=True)
FRIEND = ContactTerms(Relationship.FRIEND, portal_access=True)
IN_TEN = TODAY + timedelta(days=10)


def order(ends_on: date | None) -> ContactAuthority:
    return ContactAuthority(AuthorityKind.COURT_ORDER, ends_on=ends_on)


@pytest.mark.parametrize(
    ("terms", "day"),
    [
        (replace(FRIEND, ends_on=TODAY), TODAY),
        (replace(FRIEND, ends_on=TODAY - timedelta(days=1)), None),
        (replace(FRIEND, ends_on=WINDOW.last), WINDOW.last),
        (replace(FRIEND, ends_on=WINDOW.last + timedelta(days=1)), None),
        (replace(FRIEND, starts_on=TODAY + timedelta(days=1), ends_on=IN_TEN), None),
        (replace(FRIEND, portal_access=False, ends_on=IN_TEN), None),
        (replace(FRIEND, portal_access=False, secure_messaging=True, payments=True, ends_on=IN_TEN), None),
        (replace(FRIEND, portal_access=False, appointment_reminders=True, ends_on=IN_TEN), IN_TEN),
        (FRIEND, None),
    ],
)
def test_d8_the_edges_own_last_day_counts_where_it_does_something(terms: ContactTerms, day: date | None) -> None:
    assert ends(terms) == day


@pytest.mark.parametrize(
    ("terms", "born", "day"),
    [
        (PARENT, LEAP_DAY, date(2026, 2, 28)),
        (PARENT, date(2008, 3, 1), date(2026, 2, 28)),
        (PARENT, date(2008, 2, 28), date(2026, 2, 27)),
        (PARENT, TODAY.replace(year=2008), None),
        (PARENT, date(2008, 2, 21), TODAY),
        (FRIEND, LEAP_DAY, None),
        (replace(PARENT, portal_access=False, appointment_reminders=True), LEAP_DAY, None),
        (replace(PARENT, ends_on=date(2026, 2, 25)), LEAP_DAY, date(2026, 2, 25)),
        (replace(PARENT, ends_on=date(2026, 3, 20)), LEAP_DAY, date(2026, 2, 28)),
        (replace(PARENT, authority=order(None)), LEAP_DAY, None),
        (replace(PARENT, authority=order(date(2026, 3, 5))), LEAP_DAY, date(2026, 3, 5)),
        (replace(PARENT, authority=order(date(2026, 2, 22))), LEAP_DAY, date(2026, 2, 28)),
        (replace(PARENT, authority=order(IN_TEN)), date(1980, 1, 1), IN_TEN),
        (replace(PARENT, authority=order(IN_TEN)), None, IN_TEN),
        (replace(FRIEND, authority=order(IN_TEN)), date(1980, 1, 1), None),
        (replace(PARENT, ends_on=IN_TEN), date(1980, 1, 1), None),
        (replace(PARENT, ends_on=IN_TEN, appointment_reminders=True), date(1980, 1, 1), IN_TEN),
    ],
)
def test_d13_a_parents_access_ends_at_majority_or_with_the_authority(
    terms: ContactTerms, born: date | None, day: date | None
) -> None:
    assert ends(terms, born) == day


def test_d13_consent_as_an_adult_keeps_the_access() -> None:
    terms = replace(PARENT, authority=order(IN_TEN))
    assert ends(terms, date(1980, 1, 1), datetime(2020, 1, 1, tzinfo=UTC)) is None
    assert ends(replace(terms, ends_on=TODAY), date(1980, 1, 1), datetime(2020, 1, 1, tzinfo=UTC)) == TODAY


def test_d13_without_an_age_of_majority_only_dates_are_known() -> None:
    majority = Majority(None, ZONE)
    assert ends_on(contact(replace(FRIEND, ends_on=IN_TEN)), majority) == IN_TEN
    assert ends_on(contact(PARENT, LEAP_DAY), majority) is None


@pytest.mark.parametrize(("status", "day"), [(ClientStatus.INACTIVE, IN_TEN), (ClientStatus.ARCHIVED, None)])
def test_d7_an_archived_clients_contacts_have_nothing_that_could_end(status: ClientStatus, day: date | None) -> None:
    found = contact(replace(FRIEND, ends_on=IN_TEN))
    assert ends_on(replace(found, client=replace(found.client, client_status=status))) == day


def test_d5_nothing_ends_for_who_may_do_nothing_today() -> None:
    found = contact(replace(FRIEND, ends_on=IN_TEN))
    facts = facts_of(found)
    for held_back in (
        replace(facts, account=None),
        replace(facts, account=AccountFacts(AccountStatus.DISABLED)),
        replace(facts, practice=replace(facts.practice, features=frozenset())),
    ):
        assert access_ends_on(found, held_back, MAJORITY, WINDOW) is None


@given(
    relationship=st.sampled_from([Relationship.PARENT, Relationship.GUARDIAN, Relationship.SPOUSE]),
    toggles=st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans()),
    dates=st.tuples(DAYS, DAYS),
    authority=st.none() | st.builds(ContactAuthority, st.just(AuthorityKind.LEGAL_GUARDIAN), st.none(), DAYS),
    born=st.none()
    | st.just(LEAP_DAY)
    | st.dates(date(2008, 2, 15), date(2008, 4, 10))
    | st.dates(date(1950, 1, 1), date(2026, 1, 1)),
    consent=st.none() | st.datetimes(datetime(2010, 1, 1), datetime(2026, 2, 20), timezones=st.just(UTC)),
)
def test_d13_it_is_the_first_day_after_which_something_allowed_today_is_not(
    relationship: Relationship,
    toggles: tuple[bool, bool, bool, bool],
    dates: tuple[date | None, date | None],
    authority: ContactAuthority | None,
    born: date | None,
    consent: datetime | None,
) -> None:
    terms = ContactTerms(relationship, None, (), *toggles, *dates, authority=authority)
    found = contact(terms, born, consent)

    def allowed(day: date) -> set[PortalAction]:
        return set(allowed_actions(facts_of(found), datetime.combine(day, time(12), ZoneInfo(ZONE))))

    today = allowed(TODAY)
    days = [TODAY + timedelta(days=number) for number in range((WINDOW.last - TODAY).days + 1)]
    expected = next((day for day in days if today - allowed(day + timedelta(days=1))), None)
    assert ends_on(found) == expected
