"""What text may hold: everything but what hides or reorders what is shown, and not too much of it."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.kernel.errors import InvalidInput, Refused
from graph_api.kernel.problems import Problems
from graph_api.kernel.text import MAX_NAME, clean_text, is_one_line, one_line

DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Bidirectional embeddings, overrides and isolates, and what ends them."""


def cleaned(value: str | None, *, limit: int = MAX_NAME, prose: bool = False) -> tuple[str | None, list[InvalidInput]]:
    """The text and what is wrong with it."""
    problems = Problems()
    result = clean_text(value, problems, "name", "person", "name", limit=limit, prose=prose)
    try:
        problems.refuse()
    except Refused as refusal:
        return result, [error for error in refusal.errors if isinstance(error, InvalidInput)]
    return result, []


def reason(value: str, **options: bool) -> str | None:
    """Why a text is refused."""
    result, errors = cleaned(value, **options)
    assert (result is None) == bool(errors)
    assert all(error.path == ("person", "name") for error in errors)
    return errors[0].reason if errors else None


@pytest.mark.parametrize("prose", [False, True])
def test_d10_of_all_characters_control_and_direction_characters_are_refused_and_no_others(prose: bool) -> None:
    allowed_in_prose = {"\t", "\n", "\r", "\u2028", "\u2029"} if prose else set()
    wrong = []
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        category = unicodedata.category(character)
        forbidden = category in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(character) in DIRECTIONS
        expected = forbidden and character not in allowed_in_prose
        problems = Problems()
        text = clean_text(f"a{character}b", problems, "name", prose=prose)
        if (text is None) != expected or (text is not None and text != f"a{character}b"):
            wrong.append(hex(code))
    assert wrong == []


@pytest.mark.parametrize(
    "name", ["علی\u200cرضا", "ශ්\u200dරී", "👩\u200d⚕️ Ann", "Ann\u00a0Lee", "O\u2019Neil", "e\u0301", "é"]
)
def test_d10_joiners_and_all_other_unicode_stay_as_given(name: str) -> None:
    assert cleaned(name) == (name, [])


BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"
SEEN = st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp"], exclude_characters=BLANK_LETTERS)


@given(st.text(SEEN, min_size=1, max_size=MAX_NAME))
def test_d10_a_name_is_stored_as_typed_without_outer_spaces(name: str) -> None:
    assert cleaned(f" \u00a0{name}\u2003 ") == (name, [])


@pytest.mark.parametrize("value", ["", " ", "\u00a0\u2003", "\u200d", "\u200b \ufeff", *BLANK_LETTERS])
def test_a_text_without_anything_to_see_is_empty(value: str) -> None:
    assert reason(value) == "name.empty"


@pytest.mark.parametrize(
    "character", ["\x00", "\n", "\t", "\x0b", "\x0c", "\x7f", "\x85", "\u2028", "\u2029", "\u202e", "\u2066"]
)
def test_a_forbidden_character_is_refused_at_the_ends_too(character: str) -> None:
    for value in (character, f"{character}Ann", f"Ann{character}", f" {character} "):
        assert reason(value) == "name.forbiddenCharacter"


def test_length_counts_characters_without_outer_spaces() -> None:
    assert reason("é" * MAX_NAME) is None
    assert reason("  " + "🙂" * MAX_NAME + "  ") is None
    assert reason("a" * (MAX_NAME + 1)) == "name.tooLong"
    assert reason("a" * 10_000) == "name.tooLong"


def test_nothing_stays_nothing() -> None:
    assert cleaned(None) == (None, [])


def test_prose_has_lines_and_still_no_other_control_characters() -> None:
    assert reason("one\r\n\ttwo", prose=True) is None
    assert reason("one\x0btwo", prose=True) == "name.forbiddenCharacter"
    assert reason("one\u202etwo", prose=True) == "name.forbiddenCharacter"


@given(st.text())
def test_one_line_is_what_is_taken_as_a_name_and_what_python_reads_as_one_line(text: str) -> None:
    line = one_line(text)
    assert is_one_line(line)
    assert len(line.splitlines()) <= 1
    assert not is_one_line(text) or line == text.strip()


def test_every_line_break_that_python_knows_is_refused_in_one_line() -> None:
    breaks = [chr(code) for code in range(sys.maxunicode + 1) if len(f"a{chr(code)}b".splitlines()) > 1]
    assert len(breaks) >= 10
    assert [one for one in breaks if is_one_line(f"a{one}b")] == []
