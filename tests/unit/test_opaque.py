"""Ids, cursors and bookmarks: opaque, and worth nothing once altered or taken elsewhere."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graph_api.engine.errors import BadRequest
from graph_api.http.bookmarks import LASTS, MAX_HEADER, BadBookmark, BookmarkCodec
from graph_api.kernel.ids import is_id, kind_of, new_id
from graph_api.kernel.paging import MAX_CURSOR, Cursors, Position

KINDS = ("person", "contact", "practice", "version")
SECRET = b"s" * 32
hexadecimal = st.text("0123456789abcdef", min_size=32, max_size=32)
keys = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
positions = st.builds(Position, keys, st.just("") | hexadecimal.map("contact_{}".format))
bookmarks = st.frozensets(st.text(max_size=50), min_size=1, max_size=4)
anything = st.text(max_size=300) | st.binary(max_size=80).map(lambda raw: base64.urlsafe_b64encode(raw).decode())


@pytest.mark.parametrize("kind", KINDS)
def test_an_id_tells_its_kind_and_nothing_else(kind: str) -> None:
    made = {new_id(kind) for _ in range(1_000)}
    assert len(made) == 1_000
    for one in made:
        assert kind_of(one) == kind
        assert [other for other in KINDS if is_id(other, one)] == [kind]


def test_there_are_no_ids_of_another_kind() -> None:
    with pytest.raises(ValueError, match="viewer"):
        new_id("viewer")


@given(anything)
def test_any_text_is_an_id_or_it_is_not(text: str) -> None:
    kind = kind_of(text)
    assert kind is None or text.startswith(f"{kind}_")


@pytest.mark.parametrize("damaged", [
    "", "person_", "person_" + "g" * 32, "person_" + "a" * 31, "person_" + "a" * 33, "person_" + "A" * 32,
    "person_" + "a" * 32 + "\n", " person_" + "a" * 32, "viewer_" + "a" * 32, "person-" + "a" * 32,
])  # fmt: skip
def test_a_malformed_id_is_none(damaged: str) -> None:
    assert kind_of(damaged) is None


@given(positions)
def test_a_cursor_is_read_as_the_position_it_was_made_of(position: Position) -> None:
    cursors = Cursors(SECRET, "practice_1", "clients")
    assert cursors.decode(cursors.encode(position)) == position


@given(positions, st.data())
def test_an_altered_cursor_never_stands_for_another_position(position: Position, data: st.DataObject) -> None:
    cursors = Cursors(SECRET, "practice_1", "clients")
    cursor = cursors.encode(position)
    place = data.draw(st.integers(0, len(cursor)))
    instead = data.draw(st.text(max_size=3) | st.text("abcAB01-_=", max_size=3))
    altered = cursor[:place] + instead + cursor[place + data.draw(st.integers(0, 3)) :]
    assume(altered != cursor)
    try:
        found = cursors.decode(altered)
    except BadRequest:
        return
    assert found == position  # the last character of base64 has bits without meaning


def test_a_cursor_of_a_version_before_is_refused() -> None:
    """It held ids under a MAC, and told where their row stands now."""
    scope, payload = b"practice_1\x00clients", f"person_{'0' * 32} ".encode()
    key = hashlib.sha256(SECRET + b"\x00cursor\x00" + scope).digest()
    old = base64.urlsafe_b64encode(hmac.digest(key, payload, "sha256")[:12] + payload).decode().rstrip("=")
    with pytest.raises(BadRequest, match="does not belong"):
        Cursors(SECRET, "practice_1", "clients").decode(old)


@given(positions)
def test_a_cursors_length_tells_little(position: Position) -> None:
    size = len(Cursors(SECRET, "practice_1", "clients").encode(position))
    assert size in range(192, MAX_CURSOR, 256)


@given(anything)
def test_a_made_up_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadRequest) as refused:
        Cursors(SECRET, "practice_1", "clients").decode(text)
    assert refused.value.code == "INVALID_CURSOR"


@pytest.mark.parametrize("other", [
    Cursors(SECRET, "practice_2", "clients"), Cursors(SECRET, "practice_1", "network"),
    Cursors(b"t" * 32, "practice_1", "clients"), Cursors(SECRET, "practice_1\x00clients", ""),
])  # fmt: skip
@given(positions)
def test_a_cursor_of_another_practice_list_or_installation_is_refused(other: Cursors, position: Position) -> None:
    cursor = Cursors(SECRET, "practice_1", "clients").encode(position)
    with pytest.raises(BadRequest):
        other.decode(cursor)


@given(bookmarks)
def test_a_bookmark_is_read_as_it_was_written(carried: frozenset[str]) -> None:
    codec = BookmarkCodec(SECRET)
    header = codec.encode("practice_1", carried)
    assert header is not None
    assert header.isascii()
    assert codec.decode("practice_1", header) == carried


@given(bookmarks, st.data())
def test_an_altered_bookmark_never_carries_others(carried: frozenset[str], data: st.DataObject) -> None:
    codec = BookmarkCodec(SECRET)
    header = codec.encode("practice_1", carried)
    assert header is not None
    place = data.draw(st.integers(0, len(header) - 1))
    altered = header[:place] + data.draw(st.text("abcAB01-_=\x00é", max_size=2)) + header[place + 1 :]
    assume(altered != header)
    try:
        found = codec.decode("practice_1", altered)
    except BadBookmark:
        return
    assert found == carried  # the last character of base64 has bits without meaning


@given(anything.filter(bool))
def test_a_made_up_bookmark_is_refused(text: str) -> None:
    with pytest.raises(BadBookmark):
        BookmarkCodec(SECRET).decode("practice_1", text)


@given(bookmarks)
def test_a_bookmark_is_worth_nothing_to_another_practice_or_installation(carried: frozenset[str]) -> None:
    header = BookmarkCodec(SECRET).encode("practice_1", carried)
    for codec, practice in ((BookmarkCodec(SECRET), "practice_2"), (BookmarkCodec(b"t" * 32), "practice_1")):
        with pytest.raises(BadBookmark):
            codec.decode(practice, header)


def test_a_bookmark_lasts_ten_minutes() -> None:
    header = BookmarkCodec(SECRET, lambda: 1_000.0).encode("practice_1", frozenset({"x"}))
    assert BookmarkCodec(SECRET, lambda: 1_000.0 + LASTS).decode("practice_1", header) == {"x"}
    assert BookmarkCodec(SECRET, lambda: 1_001.0 + LASTS).decode("practice_1", header) == frozenset()
    assert LASTS == 600


@given(st.integers(1, 6_000))
def test_a_header_is_never_over_4_kb(size: int) -> None:
    header = BookmarkCodec(SECRET).encode("practice_1", frozenset({"x" * size}))
    assert header is None or len(header) <= MAX_HEADER


def test_nothing_to_carry_is_no_header_and_no_header_carries_nothing() -> None:
    codec = BookmarkCodec(SECRET)
    assert codec.encode("practice_1", frozenset()) is None
    assert codec.decode("practice_1", None) == codec.decode("practice_1", "") == frozenset()
