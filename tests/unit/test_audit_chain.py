"""Events and their chain: whatever is done to one is found; every field of a person and an edge is told of."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.audit.chain import ChainCheck, Draft, Fault, Finding, StoredEvent, link, stamp_after
from graph_api.audit.model import NO_EVENTS, Actor, AuditEvent, Head
from graph_api.kernel.happened import EventKind, FieldChange, Happened
from graph_api.network.audit import contact_changes, contact_values
from graph_api.network.model import AuthorityKind, Contact, ContactAuthority, ContactRole, ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.people.audit import PERSON_FIELDS, person_changes
from graph_api.people.model import ClientStatus, ExternalId, Person, PostalAddress

KEY, PRACTICE, SUBJECT = b"k" * 32, "practice_1", "person_1"
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
NOT_FIELDS = {"id", "version", "created_at", "updated_at", "access_since"}
"""Of a person: the event's own, or told by others."""


def chain(length: int, subject: str = SUBJECT, key: bytes = KEY) -> list[AuditEvent]:
    """Events that follow each other."""
    drafts = [
        Draft(
            f"event_{n}",
            Happened(EventKind.UPDATE_PERSON, subject, changes=(FieldChange("givenName", str(n), "x"),)),
            ("00",),
        )
        for n in range(length)
    ]
    return link(key, PRACTICE, Actor("staff-1", "staff", "r"), drafts, {}, NOW)


def stored(events: list[AuditEvent]) -> list[StoredEvent]:
    """As they are found, by what they say."""
    return [StoredEvent(event, event.subject_id, event.sequence, True) for event in events]


def faults(events: list[StoredEvent], *known: Head, sealed: Head = NO_EVENTS) -> list[Finding]:
    """What is wrong with them."""
    check = ChainCheck(KEY, PRACTICE, SUBJECT)
    found = [finding for event in events for finding in check.take(event, sealed)]
    return [*found, *check.end(NO_EVENTS, sealed, *known)]


def test_a_chain_is_whole() -> None:
    assert faults(stored(chain(9))) == []


def test_a_chain_goes_on_where_it_ended() -> None:
    first = chain(3)
    head = Head(3, first[-1].mac, first[-1].at)
    draft = Draft("event_x", Happened(EventKind.REMOVE_CONTACT, SUBJECT), ())
    [event] = link(KEY, PRACTICE, Actor("staff-1", "staff"), [draft], {SUBJECT: head}, NOW)
    assert event.sequence == 4
    assert event.at > head.at
    assert faults(stored([*first, event])) == []


def test_events_of_several_subjects_go_into_chains_of_their_own() -> None:
    drafts = [
        Draft(f"event_{n}", Happened(EventKind.UPDATE_PERSON, subject), ()) for n, subject in enumerate(("b", "a", "b"))
    ]
    events = link(KEY, PRACTICE, Actor("s", "staff"), drafts, {}, NOW)
    assert [(event.subject_id, event.sequence, event.id) for event in events] == [
        ("a", 1, "event_1"),
        ("b", 1, "event_0"),
        ("b", 2, "event_2"),
    ]


COVERED = sorted({field.name for field in fields(AuditEvent)} - {"mac", "changes"})


@given(st.integers(1, 7), st.data())
def test_any_one_change_is_found_where_it_is(length: int, data: st.DataObject) -> None:
    events = chain(length)
    place = data.draw(st.integers(0, length - 1))
    name = data.draw(st.sampled_from(COVERED))
    kept = stored(events)
    changes: dict[str, Any] = {name: 99 if name in ("sequence", "contact_version") else "another"}
    kept[place] = replace(kept[place], event=replace(events[place], **changes))
    assert faults(kept)[0] == Finding(Fault.CHANGED, SUBJECT, place + 1, place + 1, kept[place].event.id)
    assert len(faults(kept)) == 1


@given(st.integers(2, 7), st.data())
def test_any_gap_is_found(length: int, data: st.DataObject) -> None:
    events = chain(length)
    first = data.draw(st.integers(1, length - 1))
    last = data.draw(st.integers(first, length - 1))
    kept = stored(events[: first - 1] + events[last:])
    assert faults(kept) == [Finding(Fault.MISSING, SUBJECT, first, last)]


@given(st.integers(2, 7), st.data())
def test_renumbered_events_are_found(length: int, data: st.DataObject) -> None:
    """Who takes an event out and closes the gap has changed those behind it."""
    events = chain(length)
    gone = data.draw(st.integers(0, length - 2))
    closed = events[:gone] + [replace(event, sequence=event.sequence - 1) for event in events[gone + 1 :]]
    assert {finding.fault for finding in faults(stored(closed))} == {Fault.CHANGED}


def test_a_cut_is_found_by_a_head() -> None:
    events = chain(5)
    head = Head(5, events[-1].mac)
    assert faults(stored(events[:3]), sealed=head) == [Finding(Fault.CUT_OFF, SUBJECT, 4, 5)]
    assert faults([], head) == [Finding(Fault.CUT_OFF, SUBJECT, 1, 5)]


def test_another_key_makes_another_chain() -> None:
    assert {finding.fault for finding in faults(stored(chain(3, key=b"x" * 32)))} == {Fault.CHANGED}


def test_an_erased_copy_is_no_fault_and_half_of_one_is() -> None:
    [event] = chain(1)
    [change] = event.changes
    erased = replace(event, changes=(replace(change, before=None, after=None, salt=None),))
    assert faults(stored([erased])) == []
    for half in (replace(change, salt=None), replace(change, before=None), replace(change, salt="zz")):
        assert [finding.fault for finding in faults(stored([replace(event, changes=(half,))]))] == [Fault.COPY_CHANGED]


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-10, 10))
def test_times_of_a_chain_rise_though_clocks_differ(before: datetime, seconds: int) -> None:
    if not timedelta(seconds=20) < before - datetime.min.replace(tzinfo=UTC) < timedelta(days=3_000_000):
        return
    last = stamp_after(before, "")
    now = before + timedelta(seconds=seconds)
    text = stamp_after(now, last)
    assert text > last
    assert datetime.fromisoformat(text) >= now


def test_every_field_of_a_person_is_told_of() -> None:
    told = {"deceased_on" if field.name == "death" else field.name for field in fields(Person)}
    assert set(PERSON_FIELDS.values()) == told - NOT_FIELDS


def test_every_field_of_an_edge_is_told_of() -> None:
    person = Person("person_1")
    told = contact_values(Contact("contact_1", person, person, ContactTerms(Relationship.PARENT), NOW.date()))
    assert len(told) == len(fields(ContactTerms)) + 5  # whom it leads to, status, why it was removed, consent, messages


@pytest.mark.parametrize(
    ("changes", "field", "before", "after"),
    [
        ({"given_name": "Ana"}, "givenName", None, "Ana"),
        ({"birth_date": date(1990, 1, 2)}, "birthDate", None, "1990-01-02"),
        ({"emails": ("a@example.org", "b@example.org")}, "emails", None, '["a@example.org","b@example.org"]'),
        ({"client_status": ClientStatus.ACTIVE}, "clientStatus", None, "ACTIVE"),
        ({"external_ids": (ExternalId("emr", "7"),)}, "externalIds", None, '[{"system":"emr","value":"7"}]'),
        (
            {"address": PostalAddress(("1 Straße",), postal_code="X")},
            "address",
            None,
            '{"lines":["1 Straße"],"postalCode":"X"}',
        ),
    ],
)
def test_a_persons_change_is_told_in_the_apis_words(
    changes: dict[str, Any], field: str, before: str | None, after: str
) -> None:
    person = Person("person_1")
    changed = replace(person, **changes)
    assert person_changes(person, changed) == (FieldChange(field, before, after),)
    assert person_changes(changed, person) == (FieldChange(field, after, before),)
    assert person_changes(person, person) == ()


def test_an_edges_change_is_told_in_the_apis_words() -> None:
    person = Person("person_1")
    before = Contact("contact_1", person, person, ContactTerms(Relationship.PARENT), NOW.date())
    authority = ContactAuthority(AuthorityKind.LEGAL_GUARDIAN, None, date(2030, 1, 2))
    terms = replace(before.terms, payments=True, roles=(ContactRole.NEXT_OF_KIN,), authority=authority)
    assert set(contact_changes(before, replace(before, terms=terms, adult_consent_at=NOW))) == {
        FieldChange("payments", "false", "true"),
        FieldChange("roles", None, '["NEXT_OF_KIN"]'),
        FieldChange("authority", None, '{"kind":"LEGAL_GUARDIAN","endsOn":"2030-01-02"}'),
        FieldChange("adultConsentAt", None, NOW.isoformat()),
    }
