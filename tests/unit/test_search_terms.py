"""What staff type into Find Contact, taken apart and held against a person (S5, S11)."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.people.duplicates import MatchField
from graph_api.people.model import Person
from graph_api.people.names import name_words, words
from graph_api.people.search import MAX_WORDS, SearchTerms, parse_search, score_person
from tests.unit.people import named, people, text

ANA = named(
    "Ana María",
    "García López",
    preferred_name="Anita",
    birth_date=date(1990, 2, 1),
    emails=("ana@example.org",),
    phones=("+442079460000",),
)


@pytest.mark.parametrize(("typed", "expected"), [
    ("García", {"words": ("garcia",)}),
    ("  ANA   maría ", {"words": ("ana", "maria")}),
    ("Ana@Example.ORG", {"email": "Ana@example.org"}),
    ("1990-02-01", {"birth_date": date(1990, 2, 1)}),
    ("020 7946 0000", {"phone": "+442079460000"}),
    ("+1 202 555 0143 x9", {"phone": "+12025550143;ext=9"}),
    ("ana 1990-02-01 020 7946 0000 ana@example.org garcía", {
        "words": ("ana", "garcia"), "email": "ana@example.org", "phone": "+442079460000",
        "birth_date": date(1990, 2, 1),
    }),
    ("1990-13-45 ana", {"words": ("1990", "13", "45", "ana")}),
    ("ana@", {"words": ("ana",)}),
    ("O'Neil-Smith", {"words": ("o", "neil", "smith")}),
    ("", {}), ("   ", {}), ("-- ?", {}),
])  # fmt: skip
def test_s11_a_search_is_taken_apart(typed: str, expected: dict[str, Any]) -> None:
    assert parse_search(typed, "GB") == SearchTerms(**expected)


@given(st.text(max_size=200) | st.text("0123456789 -+().@ax", max_size=200), st.sampled_from(["GB", "US", "ZZ"]))
def test_any_text_can_be_searched_for(typed: str, region: str) -> None:
    terms = parse_search(typed, region)
    assert len(terms.words) <= MAX_WORDS
    assert terms.is_empty == (terms == SearchTerms())


@given(people)
def test_s11_a_person_is_found_by_each_whole_name_and_each_beginning_of_a_word(person: Person) -> None:
    for word in name_words(person):
        found = score_person(person, SearchTerms(words=(word,)))
        begun = score_person(person, SearchTerms(words=(word[:2],)))
        assert found is not None
        assert begun is not None
        assert begun.score <= found.score


@given(people, text)
def test_a_score_is_between_0_and_1_and_says_by_what(person: Person, typed: str) -> None:
    terms = SearchTerms(words=words(typed)[:MAX_WORDS], birth_date=person.birth_date)
    found = None if terms.is_empty else score_person(person, terms)
    if found is not None:
        assert 0 < found.score <= 1
        assert found.matched_on


@pytest.mark.parametrize(("typed", "matched_on"), [
    ("garcia", {MatchField.NAME}), ("lop", {MatchField.NAME}), ("anita", {MatchField.PREFERRED_NAME}),
    ("anita garcia", {MatchField.NAME, MatchField.PREFERRED_NAME}), ("ANA@example.org", {MatchField.EMAIL}),
    ("020 7946 0000", {MatchField.PHONE}), ("1990-02-01", {MatchField.BIRTH_DATE}),
    ("ana 1990-02-01", {MatchField.NAME, MatchField.BIRTH_DATE}),
])  # fmt: skip
def test_s11_what_was_found_is_named(typed: str, matched_on: set[MatchField]) -> None:
    found = score_person(ANA, parse_search(typed, "GB"))
    assert found is not None
    assert set(found.matched_on) == matched_on


@pytest.mark.parametrize("typed", [
    "bea", "ana bea", "arcia", "ana 1990-02-02", "ana b@example.org", "ana 020 7946 0001", "ana@example.org bea",
])  # fmt: skip
def test_s11_every_part_of_a_search_must_be_found(typed: str) -> None:
    assert score_person(ANA, parse_search(typed, "GB")) is None


def test_whoever_bears_the_whole_name_comes_before_whoever_begins_with_it() -> None:
    terms = parse_search("ana garcia", "GB")
    scores = [
        score_person(named(*name), terms)
        for name in (("Ana", "García"), ("Ana", "García López"), ("Anabel", "García"), ("Anabel", "Garcíanda"))
    ]
    ranked = [found.score for found in scores if found is not None]
    assert len(ranked) == 4
    assert ranked == sorted(ranked, reverse=True)
    assert ranked[0] == 1.0
