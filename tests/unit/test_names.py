"""Names are compared and ordered without case and accents, in any script (D10), and never contradict (D9)."""

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from graph_api.people.model import Person
from graph_api.people.names import FIELD_END, MAX_FOLDED, compatible_names, fold, full_name, name_words, sort_key, words
from tests.unit.people import named, people, text

letters = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Zs"], max_codepoint=0x24F), max_size=20)
"""Latin letters and spaces, accents included."""


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("José  MUÑOZ", "jose munoz"),
        ("Zoë", "zoe"),
        ("Østergård", "ostergard"),
        ("Łukasz", "lukasz"),
        ("Æthel", "aethel"),
        ("Straße", "strasse"),
        ("İpek", "ipek"),
        ("ılgaz", "ilgaz"),
        ("ﬁona", "fiona"),
        ("Ａｎｎ", "ann"),
        ("Έλλη", "ελλη"),
        ("Ёлкин", "елкин"),
        ("مُحَمَّد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("李", "李"),
        ("\u00a0Ann \u2003Lee ", "ann lee"),
        (None, ""),
        ("", ""),
        ("  ", ""),
    ],
)
def test_d10_folding_ignores_case_accents_and_spacing(written: str | None, folded: str) -> None:
    assert fold(written) == folded


@given(text)
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(letters)
def test_d10_case_accents_and_composition_make_no_difference(name: str) -> None:
    assume("\u0149" not in name)  # its capital is two characters
    for other in (name.upper(), name.lower(), unicodedata.normalize("NFD", name), f" {name} "):
        assert fold(other) == fold(name)


@given(text)
@example("\ufdfa" * 200)
def test_a_folded_name_is_bounded_and_holds_nothing_that_ends_a_key(name: str) -> None:
    assert len(fold(name * 20)) <= MAX_FOLDED
    assert FIELD_END not in fold(name)
    assert fold(name) == fold(name).strip()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Ana-María O'Neil", ("ana", "maria", "o", "neil")),
        ("de la Cruz", ("de", "la", "cruz")),
        ("J.R.R.", ("j", "r", "r")),
        ("कमला", ("कमला",)),
        ("सीता राम", ("सीता", "राम")),
        ("กิตติ", ("กิตติ",)),
        ("علی\u200cرضا", ("علیرضا",)),
        ("ශ්\u200dරී", ("ශ්රී",)),
        ("🙂", ("🙂",)),
        ("李 明", ("李", "明")),
        ("_x_", ("x",)),
        ("Henry VIII", ("henry", "viii")),
        ("?", ()),
    ],
)
def test_d10_words_are_what_people_would_call_words_in_any_script(written: str, expected: tuple[str, ...]) -> None:
    assert words(written) == expected


def test_d10_vowel_signs_tell_names_apart() -> None:
    assert full_name(named("सीता", None)) != full_name(named("सुत", None))


@given(text)
def test_words_hold_no_spaces_and_are_folded(name: str) -> None:
    for word in words(name):
        assert word
        assert " " not in word
        assert words(word) == (word,)


@given(people)
def test_all_words_of_all_names_are_searched_by(person: Person) -> None:
    every = {*words(person.given_name), *words(person.family_name), *words(person.preferred_name)}
    assert name_words(person) == every


@given(people, people)
def test_the_order_is_family_name_given_name_and_id(one: Person, other: Person) -> None:
    parts = [(fold(person.family_name), fold(person.given_name), person.id) for person in (one, other)]
    assert (sort_key(one) < sort_key(other)) == (parts[0] < parts[1])


def test_a_shorter_family_name_comes_before_a_longer_one_that_starts_with_it() -> None:
    ordered = [named("Zoe", "De"), named("Ana", "de la"), named("Ana", "De-la"), named("Ana", "Dea")]
    assert sorted(ordered, key=sort_key) == ordered


@given(people, people)
def test_d9_compatibility_is_mutual(one: Person, other: Person) -> None:
    assert compatible_names(one, other) == compatible_names(other, one)


@given(people)
def test_d9_everyone_is_compatible_with_themselves_however_written(person: Person) -> None:
    assert compatible_names(person, person)


@given(people, people)
def test_d9_the_same_full_name_is_compatible(one: Person, other: Person) -> None:
    if full_name(one) == full_name(other):
        assert compatible_names(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Ana", "García"), ("ANA", "garcia")),
        (("Ana", "García"), ("A.", "García")),
        (("Ana María", "García"), ("Ana", "García")),
        (("Ana", "García López"), ("Ana", "López")),
        (("Ana", "García"), (None, "García")),
        (("Victoria", None), ("Victoria", None)),
        (("Ana", "García"), ("García", "Ana")),
        (("Ana", "García"), ("Ana", None)),
    ],
)
def test_d9_names_that_may_be_one_persons(
    one: tuple[str | None, str | None], other: tuple[str | None, str | None]
) -> None:
    assert compatible_names(named(*one), named(*other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Ana", "García"), ("Bea", "García")),
        (("Ana", "García"), ("Ana", "López")),
        (("Ana", "García"), ("An", "García")),
        (("Ana", None), (None, "García")),
        (("?", None), ("!", None)),
        (("🙂", None), ("🎉", None)),
        (("सीता", None), ("सुत", None)),
    ],
)
def test_d9_names_that_contradict_or_have_nothing_in_common(
    one: tuple[str | None, str | None], other: tuple[str | None, str | None]
) -> None:
    assert not compatible_names(named(*one), named(*other))


def test_d9_a_preferred_name_stands_for_the_given_name() -> None:
    assert compatible_names(named("Elizabeth", "Bowes", preferred_name="Lilibet"), named("Lilibet", "Bowes"))
    assert not compatible_names(named("Elizabeth", "Bowes", preferred_name="Lilibet"), named("Margaret", "Bowes"))
