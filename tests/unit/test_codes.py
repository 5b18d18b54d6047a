"""One-time codes: how they are made, kept, compared, and how often they are mailed."""

import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from secrets import token_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.kernel.ids import new_id
from graph_api.mail.model import Drop, Send, Wait
from graph_api.portal.codes import (
    ALPHABET,
    APART,
    ASKED_WITHIN,
    CODE_LASTS,
    CODE_LETTERS,
    FURTHER_APART,
    MAX_KEPT,
    MAX_NOTED,
    MAX_TRIES,
    KeptCodes,
    StoredCode,
    answer_to,
    code_from,
    next_letter_at,
    recent,
    right_code,
    store_code,
    typed_code,
    with_code,
)
from graph_api.portal.model import Account

SECRET, KEY = b"s" * 32, "sign-in|x"
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
ACCOUNT = Account(new_id("account"), new_id("person"), "lucia@example.org", NOW, NOW)
CODE = "7KQF 2M9X 10HA"
KEPT = store_code(SECRET, KEY, CODE, ACCOUNT, NOW)
STRANGERS_TRIES_A_DAY = 10_000 * 120 * 6 * 24
"""Of 10,000 networks, each as often as one may, on one worker."""


def is_right(typed: str, *, tries: int = 1, at: datetime = NOW, key: str = KEY, secret: bytes = SECRET) -> bool:
    """Whether it is the code that is kept."""
    return right_code(secret, key, (KEPT,), tries, typed, at) is not None


def test_codes_have_twelve_letters_all_as_likely() -> None:
    made = [code_from(token_bytes(32)) for _ in range(4_000)]
    assert {len(typed_code(code)) for code in made} == {CODE_LETTERS}
    letters = Counter("".join(typed_code(code) for code in made))
    assert set(letters) == set(ALPHABET)
    assert max(letters.values()) < 1.3 * min(letters.values())
    assert code_from(b"\x00" * 32) == "0000 0000 0000"
    assert code_from(b"\xff" * 32) == "ZZZZ ZZZZ ZZZZ"


def test_ten_thousand_strangers_guess_one_address_in_a_day_less_than_once_in_a_million() -> None:
    guessed = STRANGERS_TRIES_A_DAY * MAX_KEPT / len(ALPHABET) ** CODE_LETTERS
    assert guessed < 1e-6 / 500, "also where hundreds of workers count for themselves"


def arabic(text: str) -> str:
    """The same in Arabic-Indic digits."""
    return "".join(chr(0x660 + int(letter)) if letter.isdecimal() else letter for letter in text)


@pytest.mark.parametrize("typed", [
    CODE, CODE.lower(), CODE.replace(" ", ""), f" {CODE}\n", CODE.replace(" ", "-"), CODE.replace(" ", "\u00a0"),
    CODE.replace(" ", "\t"), CODE.replace(" ", "\r\n"), f"{CODE}.", f"\u201c{CODE}\u201d", f"<{CODE}>", f"*{CODE}*",
    " ".join(CODE), arabic(CODE), CODE.replace("10", "lo"), CODE.replace("10", "IO"), f"\ufeff{CODE}\u200b",
    CODE.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}), CODE.replace(" ", "\u3000"),
    CODE.replace(" ", " \u2013 "), CODE.replace("2", "\U0001d7d0"),
])  # fmt: skip
def test_a_code_may_be_typed_as_people_do(typed: str) -> None:
    assert is_right(typed)


@pytest.mark.parametrize("typed", ["", CODE[:-1], f"{CODE}0", CODE.replace("7", "8"), "x", "\x00", "7KQF2M9X1\u00bdHA"])
def test_another_text_is_another_code(typed: str) -> None:
    assert not is_right(typed)


def test_digits_of_every_script_are_read() -> None:
    scripts = [chr(code) for code in range(0x110000) if unicodedata.decimal(chr(code), None) == 7]
    assert len(scripts) > 50
    assert {typed_code(digit) for digit in scripts} == {"7"}


@given(st.text(max_size=200))
def test_any_text_is_compared(typed: str) -> None:
    assert is_right(typed) == (typed_code(typed) == typed_code(CODE))


def test_it_holds_for_ten_minutes() -> None:
    assert timedelta(minutes=10) == CODE_LASTS
    assert is_right(CODE, at=NOW + CODE_LASTS - timedelta(microseconds=1))
    assert not is_right(CODE, at=NOW + CODE_LASTS)


def test_it_holds_for_five_tries() -> None:
    assert [is_right(CODE, tries=tries) for tries in (1, MAX_TRIES, MAX_TRIES + 1)] == [True, True, False]
    assert MAX_TRIES == 5


def test_it_holds_for_one_key_of_one_installation() -> None:
    assert not is_right(CODE, key="sign-in|y")
    assert not is_right(CODE, secret=b"t" * 32)


def test_where_there_is_none_nothing_is_right() -> None:
    for typed in ("", CODE, "0000 0000 0000"):
        assert right_code(SECRET, KEY, (), 1, typed, NOW) is None


def test_each_of_several_is_right_and_no_more_are_kept_than_are_looked_at() -> None:
    made = [code_from(token_bytes(32)) for _ in range(MAX_KEPT + 3)]
    kept: tuple[StoredCode, ...] = ()
    for code in made:
        kept = with_code(kept, store_code(SECRET, KEY, code, ACCOUNT, NOW), NOW)
    assert len(kept) == MAX_KEPT
    found = [right_code(SECRET, KEY, kept, 1, code, NOW) for code in made]
    assert [code is not None for code in found] == [False] * 3 + [True] * MAX_KEPT
    assert with_code(kept, KEPT, NOW + CODE_LASTS) == (KEPT,)


def test_what_is_kept_does_not_show_the_code_and_is_salted() -> None:
    again = store_code(SECRET, KEY, CODE, ACCOUNT, NOW)
    assert again.hash != KEPT.hash
    assert typed_code(CODE) not in str(KEPT)
    assert KEPT.account_since == ACCOUNT.since


def test_what_was_asked_an_hour_ago_counts_no_more() -> None:
    times = (NOW - ASKED_WITHIN, NOW - timedelta(minutes=59), NOW)
    assert recent(times, NOW) == times[1:]
    assert len(recent((NOW,) * (MAX_NOTED + 5), NOW)) == MAX_NOTED


def mailed(asked: list[int]) -> tuple[list[datetime], list[datetime]]:
    """When letters are written for askings at those seconds, by a sender that always looks; and when each was asked."""
    kept, letters = KeptCodes(), []
    times = [NOW + timedelta(seconds=second) for second in asked]
    due = dict(enumerate(times))
    while due:
        number = min(due, key=lambda one: (due[one], one))
        now, asking = due[number], str(number)
        answer = answer_to(kept, asking, times[number], now)
        if isinstance(answer, Wait):
            due[number] = answer.until
            kept = replace(kept, next_at=answer.until, next_for=asking)
            continue
        del due[number]
        if isinstance(answer, Send):
            letters.append(now)
            kept = replace(kept, mailed_at=(*kept.mailed_at, now), mailed_for=asking, next_at=None, next_for=None)
    return letters, times


@given(st.lists(st.integers(0, 1_800), min_size=1, max_size=40))
def test_every_asking_is_answered_by_a_letter_soon_and_letters_are_few(asked: list[int]) -> None:
    """Whoever asked them: a stranger's askings keep nobody from a letter, and fill no mailbox."""
    asked.sort()
    letters, times = mailed(asked)
    for at in times:
        assert any(at <= letter <= at + FURTHER_APART for letter in letters)
    assert all(after - before >= APART for before, after in pairwise(letters))
    assert letters[0] == times[0], "the first comes at once"


def test_a_flood_of_askings_makes_sixteen_letters_in_the_first_hour_and_twelve_in_each_other() -> None:
    letters = [letter for letter in mailed(list(range(0, 7_200, 20)))[0] if letter < NOW + timedelta(hours=2)]
    hours = Counter(int((letter - NOW).total_seconds()) // 3_600 for letter in letters)
    assert hours == {0: 16, 1: 12}
    assert FURTHER_APART < CODE_LASTS, "the newest code is still good when the next letter comes"
    good_at_once = max(sum(timedelta() <= at - one < CODE_LASTS for one in letters) for at in letters)
    assert good_at_once <= MAX_KEPT


def test_a_letter_that_could_not_be_handed_over_is_written_again_and_a_later_one_answers_it_too() -> None:
    kept = KeptCodes(mailed_at=(NOW,), mailed_for="one")
    later = NOW + timedelta(seconds=30)
    assert isinstance(answer_to(kept, "one", NOW - timedelta(seconds=1), later), Send)
    assert isinstance(answer_to(kept, "other", NOW - timedelta(seconds=1), later), Drop)
    assert answer_to(kept, "other", later, later) == Wait(NOW + APART)
    assert next_letter_at((), NOW) == NOW
