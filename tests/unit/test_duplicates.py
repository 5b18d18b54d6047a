"""D9: who "already exists", who may, and who only shares a phone with the family."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.network.candidates import NetworkCandidate
from graph_api.network.model import Contact, ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.people.duplicates import DuplicateGrade, Match, MatchField, judge, match_keys
from graph_api.people.model import Person
from graph_api.people.names import compatible_names, full_name
from tests.unit.people import TODAY, named, people

EMAIL: dict[str, Any] = {"emails": ("ana@example.org",)}
PHONE: dict[str, Any] = {"phones": ("+442079460000",)}
BORN: dict[str, Any] = {"birth_date": date(1990, 1, 1)}
LATER: dict[str, Any] = {"birth_date": date(2015, 1, 1)}
MATCH, POSSIBLE, SHARING, NOTHING = "MATCH", "POSSIBLE", "SHARING", "NOTHING"

# What both have in common, what they are called, when they were born: what D9 says.
TABLE = [
    ("a phone", PHONE, PHONE, ("Ana", "García"), MATCH),
    ("an e-mail", EMAIL, EMAIL, ("Ana", "García"), MATCH),
    ("an e-mail in another case", EMAIL, {"emails": ("ANA@EXAMPLE.ORG",)}, ("Ana", "García"), MATCH),
    ("a phone, one birth date unknown", PHONE | BORN, PHONE, ("Ana", "García"), MATCH),
    ("a phone and the birth date", PHONE | BORN, PHONE | BORN, ("Ana", "García"), MATCH),
    ("a phone, birth dates differ: father and son", PHONE | BORN, PHONE | LATER, ("Ana", "García"), POSSIBLE),
    ("an e-mail, birth dates differ", EMAIL | BORN, EMAIL | LATER, ("Ana", "García"), POSSIBLE),
    ("a phone and a compatible name", PHONE, PHONE, ("A.", "García López"), MATCH),
    ("a compatible name, birth dates differ", PHONE | BORN, PHONE | LATER, ("A.", "García"), POSSIBLE),
    ("a phone, another name: family", PHONE, PHONE, ("Bea", "García"), SHARING),
    ("a phone and birth date, another name: twins", PHONE | BORN, PHONE | BORN, ("Bea", "García"), SHARING),
    ("the full name and birth date", BORN, BORN, ("ANA", "garcia"), MATCH),
    ("a compatible name and birth date only", BORN, BORN, ("A.", "García"), NOTHING),
    ("the full name only: namesakes", {}, {}, ("Ana", "García"), NOTHING),
    ("the full name, birth dates differ", BORN, LATER, ("Ana", "García"), NOTHING),
    ("the birth date only", BORN, BORN, ("Bea", "López"), NOTHING),
    ("nothing", PHONE, EMAIL, ("Bea", "López"), NOTHING),
]


@pytest.mark.parametrize(("new", "known", "name", "verdict"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_d9_table(new: dict[str, Any], known: dict[str, Any], name: tuple[str, str], verdict: str) -> None:
    one = replace(named("Ana", "García", **new), id="person_1")
    other = replace(named(*name, **known), id="person_2")
    for found, person in ((judge(one, [other]), other), (judge(other, [one]), one)):
        expected = [person.id]
        assert [match.person.id for match in found.matches] == (expected if verdict in (MATCH, POSSIBLE) else [])
        assert [match.grade.value for match in found.matches] == ([verdict] if verdict in (MATCH, POSSIBLE) else [])
        assert [shared.id for shared in found.sharing] == (expected if verdict == SHARING else [])


@given(people, people)
def test_d9_the_verdict_is_mutual(one: Person, other: Person) -> None:
    one, other = replace(one, id="person_1"), replace(other, id="person_2")
    there, back = judge(one, [other]), judge(other, [one])
    assert [(match.grade, match.evidence) for match in there.matches] == [
        (match.grade, match.evidence) for match in back.matches
    ]
    assert len(there.sharing) == len(back.sharing)


@given(people, people)
def test_d9_a_shared_contact_point_alone_never_refuses(one: Person, other: Person) -> None:
    one, other = replace(one, id="person_1"), replace(other, id="person_2")
    same_name_and_birth_date = (
        one.birth_date is not None and one.birth_date == other.birth_date and full_name(one) == full_name(other)
    )
    if not compatible_names(one, other) and not same_name_and_birth_date:
        assert judge(one, [other]).matches == ()


@given(people, people)
def test_d9_whoever_refuses_or_warns_shares_a_match_key(one: Person, other: Person) -> None:
    one, other = replace(one, id="person_1"), replace(other, id="person_2")
    verdict = judge(one, [other])
    if verdict.matches or verdict.sharing:
        assert set(match_keys(one)) & set(match_keys(other))


@given(people, st.lists(people, max_size=6, unique_by=lambda person: person.id))
def test_d9_candidates_are_ranked_scored_and_whole(new: Person, known: list[Person]) -> None:
    verdict = judge(new, known)
    ranks = [(-match.score, match.person.id) for match in verdict.matches]
    assert ranks == sorted(ranks)
    assert judge(new, reversed(known)) == verdict
    assert new.id not in {match.person.id for match in verdict.matches}
    for match in verdict.matches:
        assert 0 < match.score <= 1
        assert match.evidence
        assert all(0 < item.weight < 1 for item in match.evidence)
        assert len({item.field for item in match.evidence}) == len(match.evidence)


@given(people, st.lists(people, max_size=4, unique_by=lambda person: person.id), st.data())
def test_d9_who_was_rejected_neither_refuses_nor_warns_and_the_others_still_do(
    new: Person, known: list[Person], data: st.DataObject
) -> None:
    rejected = frozenset(
        data.draw(st.lists(st.sampled_from([person.id for person in known])) if known else st.just([]))
    )
    before, after = judge(new, known), judge(new, known, rejected=rejected)
    assert after.matches == tuple(match for match in before.matches if match.person.id not in rejected)
    assert after.sharing == tuple(person for person in before.sharing if person.id not in rejected)


def test_d9_a_possible_match_ranks_below_the_same_evidence_as_a_match() -> None:
    new = replace(named("Ana", "García", **PHONE, **BORN), id="person_1")
    son = replace(named("Ana", "García", **PHONE, **LATER), id="person_2")
    same = replace(named("Ana", "García", **PHONE), id="person_3")
    verdict = judge(new, [son, same])
    assert [(match.person.id, match.grade) for match in verdict.matches] == [
        ("person_3", DuplicateGrade.MATCH),
        ("person_2", DuplicateGrade.POSSIBLE),
    ]


def test_d9_more_evidence_scores_higher_and_is_named() -> None:
    new = named("Ana", "García", **EMAIL, **PHONE, **BORN)
    whole = replace(new, id="person_2")
    partly = replace(named("A.", "García", **PHONE), id="person_3")
    verdict = judge(new, [partly, whole])
    assert [match.person.id for match in verdict.matches] == ["person_2", "person_3"]
    assert [item.field for item in verdict.matches[0].evidence] == [
        MatchField.EMAIL,
        MatchField.PHONE,
        MatchField.NAME,
        MatchField.BIRTH_DATE,
    ]


@given(people)
def test_match_keys_are_sorted_and_each_once_so_that_they_are_locked_in_one_order(person: Person) -> None:
    keys = match_keys(person)
    assert list(keys) == sorted(set(keys))


def test_s18_a_candidate_can_be_added_unless_they_are_there_or_are_the_client() -> None:
    person = named("Ana", "García")
    match = Match(person, DuplicateGrade.MATCH, ())
    terms = ContactTerms(Relationship.FRIEND)
    existing = Contact("contact_1", named("Bea", None), person, terms, TODAY)
    assert NetworkCandidate(match, "person_9", None, terms).can_be_added
    assert not NetworkCandidate(match, "person_9", existing, terms).can_be_added
    assert not NetworkCandidate(match, person.id, None, terms).can_be_added
