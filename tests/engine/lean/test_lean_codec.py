"""What the lean client packs and unpacks is what the driver's own codec says; and no bytes bring the process down."""

import struct
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph_api.engine.lean.codec import Garbled, pack, unpack
from tests.engine.lean.server import packed, unpacked

NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


def whole(data: bytes) -> Any:
    return unpack(bytearray(data), 0, len(data))


@given(VALUES)
def test_values_are_packed_as_the_driver_packs_them(value: Any) -> None:
    assert pack(value) == packed(value)
    assert whole(pack(value)) == unpacked(packed(value)) == value


def test_tuples_are_lists() -> None:
    assert whole(pack({"ids": ("a", ("b",))})) == {"ids": ["a", ["b"]]}


@pytest.mark.parametrize("value", [2**63, {"a": object()}, {1: 2}, "\ud800"])
def test_what_can_not_be_sent_is_refused_before_anything_is_sent(value: object) -> None:
    with pytest.raises((ValueError, OverflowError, TypeError)):
        pack(value)


@given(VALUES, st.data())
def test_a_value_that_ends_too_soon_is_garbled(value: Any, data: st.DataObject) -> None:
    whole_value = pack(value)
    end = data.draw(st.integers(0, len(whole_value) - 1))
    with pytest.raises(Garbled):
        whole(whole_value[:end])


@pytest.mark.parametrize("data", [b"\xb1\x4e\x01", b"\x91\xb1\x4e\x01", b"\xa1\x81a\xb2\x46\x01\x02"])
def test_a_structure_is_refused(data: bytes) -> None:
    with pytest.raises(Garbled):
        whole(data)


@given(st.binary(max_size=200))
@example(b"\xd6\xff\xff\xff\xff")
@example(b"\xda\xff\xff\xff\xff")
@example(b"\x91\xd6\x7f\xff\xff\xff\x01")
@example(b"\xd2\xff\xff\xff\xff")
@example(b"\xdf")
@example(b"\x81\xff")
def test_random_bytes_are_a_value_or_garbled(data: bytes) -> None:
    try:
        value = whole(data)
    except Garbled:
        return
    assert repr(whole(pack(value))) == repr(value)  # repr: NaN is not equal to itself


@given(st.lists(VALUES, min_size=1, max_size=4), st.sampled_from([0xD6, 0xDA, 0xD2]))
def test_long_headers_are_read_where_they_are_right(values: list[Any], marker: int) -> None:
    count, data = len(values), b"".join(map(pack, values))
    named = {str(number): value for number, value in enumerate(values)}
    if marker == 0xDA:
        data = b"".join(pack(key) + pack(value) for key, value in named.items())
    if marker == 0xD2:
        count, data = 3, b"abc"
    right: Any = {0xD6: values, 0xDA: named, 0xD2: "abc"}[marker]
    assert whole(bytes([marker]) + struct.pack(">I", count) + data) == right


def test_a_header_that_promises_all_memory_does_not_end_the_process() -> None:
    """The extension would: it makes room for what is promised, and aborts."""
    text = "from graph_api.engine.lean.codec import unpack; unpack(bytearray(b'\\xd6\\xff\\xff\\xff\\xff'), 0, 5)"
    ended = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "Garbled" in ended.stderr
