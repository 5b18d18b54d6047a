"""Refresh tokens: opaque, made here, told from those that were not."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.kernel.caller import Practice
from graph_api.kernel.ids import new_id
from graph_api.portal.sessions import MAX_REFRESH_TOKEN, RefreshTokens

SECRET = b"s" * 32
PRACTICE = Practice(new_id("practice"), "elm-street", "Elm Street", "UTC", "US")
TOKENS = RefreshTokens(SECRET)


def test_a_token_names_its_session_to_us_alone() -> None:
    session_id = new_id("session")
    token, kept = TOKENS.issue(PRACTICE, session_id)
    read = TOKENS.read(token)
    assert read is not None
    assert (read.practice_slug, read.session_id, read.hash) == ("elm-street", session_id, kept)
    assert len(token) <= MAX_REFRESH_TOKEN
    assert kept not in token
    assert session_id.removeprefix("session_") not in token


def test_each_token_is_another() -> None:
    session_id = new_id("session")
    made = [TOKENS.issue(PRACTICE, session_id) for _ in range(100)]
    assert len({token for token, _ in made}) == len({kept for _, kept in made}) == 100


def test_a_token_of_another_installation_was_not_made_here() -> None:
    token, _ = RefreshTokens(b"t" * 32).issue(PRACTICE, new_id("session"))
    assert TOKENS.read(token) is None


@pytest.mark.parametrize("text", ["", "x", "=", "AAAA", "é" * 40, "A" * 107, "A" * 10_000, "..", "A\n" * 20])
def test_garbage_was_not_made_here(text: str) -> None:
    assert TOKENS.read(text) is None


@given(st.data())
def test_a_token_with_any_bit_changed_was_not_made_here(data: st.DataObject) -> None:
    token, _ = TOKENS.issue(PRACTICE, new_id("session"))
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    place = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[place // 8] ^= 1 << place % 8
    assert TOKENS.read(base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")) is None


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_failure(text: str) -> None:
    assert TOKENS.read(text) is None
