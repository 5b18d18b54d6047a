"""One-time codes: how they are made, kept and compared."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from secrets import token_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.domain.accounts import Account
from graph_api.domain.codes import (
    ASKED_WITHIN,
    CODE_LASTS,
    MAX_TRIES,
    code_from,
    is_right,
    recently_asked,
    store_code,
    typed_digits,
)
from graph_api.domain.ids import new_id

SECRET, KEY = b"s" * 32, "sign-in|x"
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
ACCOUNT = Account(new_id("account"), new_id("person"), "lucia@example.org", NOW, NOW)
KEPT = store_code(SECRET, KEY, "1234 5678", ACCOUNT, NOW)


def test_codes_have_eight_digits_all_as_likely() -> None:
    made = [code_from(token_bytes(32)) for _ in range(2_000)]
    assert {len(typed_digits(code)) for code in made} == {8}
    digits = Counter("".join(typed_digits(code) for code in made))
    assert set(digits) == set("0123456789")
    assert max(digits.values()) < 1.2 * min(digits.values())
    assert code_from(b"\x00" * 32) == "0000 0000"


@pytest.mark.parametrize("typed", ["12345678", "1234 5678", " 1234-5678 ", "1234\u00a05678", "1 2 3 4 5 6 7 8"])
def test_a_code_may_be_typed_as_people_do(typed: str) -> None:
    assert is_right(SECRET, KEY, KEPT, 1, typed, NOW)


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "12345679", "１２３４５６７８", "1234\x005678", "x"])
def test_another_text_is_another_code(typed: str) -> None:
    assert not is_right(SECRET, KEY, KEPT, 1, typed, NOW)


@given(st.text(max_size=100))
def test_any_text_is_compared(typed: str) -> None:
    assert is_right(SECRET, KEY, KEPT, 1, typed, NOW) == (typed_digits(typed) == "12345678")


def test_it_holds_for_ten_minutes() -> None:
    last = NOW + CODE_LASTS - timedelta(microseconds=1)
    assert timedelta(minutes=10) == CODE_LASTS
    assert is_right(SECRET, KEY, KEPT, 1, "12345678", last)
    assert not is_right(SECRET, KEY, KEPT, 1, "12345678", NOW + CODE_LASTS)


def test_it_holds_for_five_tries() -> None:
    assert [is_right(SECRET, KEY, KEPT, tries, "12345678", NOW) for tries in (1, MAX_TRIES, MAX_TRIES + 1)] == [
        True,
        True,
        False,
    ]
    assert MAX_TRIES == 5


def test_it_holds_for_one_key_of_one_installation() -> None:
    assert not is_right(SECRET, "sign-in|y", KEPT, 1, "12345678", NOW)
    assert not is_right(b"t" * 32, KEY, KEPT, 1, "12345678", NOW)


def test_where_there_is_none_nothing_is_right() -> None:
    for typed in ("", "12345678", "0000 0000"):
        assert not is_right(SECRET, KEY, None, 1, typed, NOW)


def test_what_is_kept_does_not_show_the_code_and_is_salted() -> None:
    again = store_code(SECRET, KEY, "1234 5678", ACCOUNT, NOW)
    assert again.hash != KEPT.hash
    assert "12345678" not in str(KEPT)
    assert KEPT.account_since == ACCOUNT.since


def test_what_was_asked_an_hour_ago_counts_no_more() -> None:
    times = (NOW - ASKED_WITHIN, NOW - timedelta(minutes=59), NOW)
    assert recently_asked(times, NOW) == times[1:]
