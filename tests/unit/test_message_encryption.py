"""Messages at rest: what is sealed opens with its thread's key at its place, and nowhere else."""

import base64
import logging
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.acting.messages.encryption import (
    MOST_UNWRAPPED,
    UNWRAPPED_FOR,
    BodyUnreadable,
    DataKey,
    KeyUnreadable,
    MessageKeys,
    Place,
    UnknownMasterKey,
    master_of,
    seal,
    unseal,
)
from graph_api.keys.masters import MasterKey, new_master

PLACE = Place("practice_1", "thread_1", 7, "staff-1")
KEY = MessageKeys.new_data_key()
OTHER_PLACES = [
    replace(PLACE, practice="practice_2"),
    replace(PLACE, thread="thread_2"),
    replace(PLACE, sequence=8),
    replace(PLACE, author="staff-2"),
    replace(PLACE, author=""),
]
IDS = st.text(st.characters(exclude_characters="|"), max_size=40)
PLACES = st.builds(Place, IDS, IDS, st.integers(0, 10**10), st.text(max_size=40))


@given(st.text(), PLACES)
def test_what_is_sealed_opens_at_its_place(text: str, place: Place) -> None:
    sealed = seal(KEY, text, place)
    assert unseal(KEY, sealed, place) == text
    assert sealed.isascii()
    assert len(text) < 4 or text not in sealed


@given(PLACES, PLACES)
def test_no_two_places_are_authenticated_alike(one: Place, other: Place) -> None:
    assert (one.associated == other.associated) is (one == other)


@given(st.text(), PLACES, PLACES)
def test_what_is_moved_does_not_open(text: str, place: Place, other: Place) -> None:
    if place != other:
        with pytest.raises(BodyUnreadable):
            unseal(KEY, seal(KEY, text, place), other)


@pytest.mark.parametrize("other", OTHER_PLACES)
def test_each_part_of_a_place_counts(other: Place) -> None:
    with pytest.raises(BodyUnreadable):
        unseal(KEY, seal(KEY, "Hello", PLACE), other)


@pytest.mark.parametrize(("practice", "thread", "sequence"), [("a|b", "t", 1), ("a", "t|1", 1), ("a", "t", -1)])
def test_a_place_whose_parts_could_run_together_is_refused(practice: str, thread: str, sequence: int) -> None:
    with pytest.raises(ValueError, match="place"):
        Place(practice, thread, sequence, "staff-1")


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(BodyUnreadable):
        unseal(MessageKeys.new_data_key(), seal(KEY, "Hello", PLACE), PLACE)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_what_was_changed_does_not_open(position: int, bits: int) -> None:
    content = bytearray(base64.b64decode(seal(KEY, "Hello", PLACE)))
    content[position % len(content)] ^= bits
    with pytest.raises(BodyUnreadable):
        unseal(KEY, base64.b64encode(content).decode(), PLACE)


@given(st.text(max_size=60))
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(BodyUnreadable):
        unseal(KEY, text, PLACE)


def test_the_same_text_is_never_sealed_alike() -> None:
    assert len({seal(KEY, "Hello", PLACE) for _ in range(1_000)}) == 1_000


def test_the_first_master_wraps_and_all_unwrap() -> None:
    old, new = new_master(), new_master()
    before, after = MessageKeys([old]), MessageKeys([new, old])
    key = before.new_data_key()
    wrapped = before.wrap(key)
    assert master_of(wrapped) == old.id
    assert after.unwrap(wrapped).material == key.material
    again = after.wrap(after.unwrap(wrapped))
    assert master_of(again) == new.id == after.first
    assert after.unwrap(again).material == key.material
    assert unseal(after.unwrap(again), seal(key, "Hello", PLACE), PLACE) == "Hello"


def test_an_unknown_master_and_another_one_of_the_same_id_are_told_apart() -> None:
    master = new_master()
    wrapped = MessageKeys([master]).wrap(KEY)
    with pytest.raises(UnknownMasterKey):
        MessageKeys([new_master()]).unwrap(wrapped)
    with pytest.raises(KeyUnreadable):
        MessageKeys([MasterKey(master.id, new_master().material)]).unwrap(wrapped)


@pytest.mark.parametrize("damage", ["", "{id}", "{id}:", "{id}:AAAA", "{id}:é", "{id}:{half}", "{id}:{text}AAAA"])
def test_a_damaged_wrapped_key_is_unreadable(damage: str) -> None:
    master = new_master()
    keys = MessageKeys([master])
    text = keys.wrap(KEY).partition(":")[2]
    with pytest.raises(KeyUnreadable):
        keys.unwrap(damage.format(id=master.id, half=text[:28], text=text))


def test_a_changed_file_is_asked_for_before_wrapping_and_where_a_master_is_unknown() -> None:
    old, new = new_master(), new_master()
    changed: list[list[MasterKey]] = []
    keys = MessageKeys([old], lambda: changed.pop() if changed else None)
    wrapped = MessageKeys([new]).wrap(KEY)
    with pytest.raises(UnknownMasterKey):
        keys.unwrap(wrapped)
    changed.append([new, old])
    assert keys.unwrap(wrapped).material == KEY.material
    changed.append([old])
    assert master_of(keys.wrap(KEY)) == old.id
    changed.append([new, old])
    assert master_of(keys.wrap(KEY)) == new.id


def test_unwrapped_keys_are_kept_for_ten_minutes_and_a_thousand_at_most() -> None:
    moment = [0.0]
    keys = MessageKeys([new_master()], timer=lambda: moment[0])
    wrapped = keys.wrap(KEY)
    kept = keys.unwrap(wrapped)
    assert keys.unwrap(wrapped) is kept
    moment[0] = UNWRAPPED_FOR + 1
    again = keys.unwrap(wrapped)
    assert again is not kept
    for _ in range(MOST_UNWRAPPED):
        keys.unwrap(keys.wrap(keys.new_data_key()))
    assert keys.unwrap(wrapped) is not again


def test_there_must_be_a_master() -> None:
    with pytest.raises(ValueError, match="master"):
        MessageKeys([])


def test_nothing_shows_a_key_or_a_text(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    master = new_master()
    keys = MessageKeys([master])
    key: DataKey = keys.new_data_key()
    wrapped = keys.wrap(key)
    shown = [repr(one) for one in (master, keys, key, keys.unwrap(wrapped))]
    for unreadable in (lambda: unseal(key, seal(KEY, "Hello", PLACE), PLACE), lambda: keys.unwrap(f"x:{wrapped}")):
        with pytest.raises((BodyUnreadable, UnknownMasterKey)) as caught:
            unreadable()
        shown += [str(caught.value), repr(caught.value)]
    for secret in (key.material, master.material):
        for form in (repr(secret)[2:-1], secret.hex(), base64.b64encode(secret).decode()):
            assert not any(form in text for text in (*shown, caplog.text))
    assert not any("Hello" in text or wrapped in text for text in shown)
