"""PackStream, by the codec of the driver's Rust extension, and what is looked at before it may see what came in."""

from typing import Any, cast

from neo4j._codec.hydration import DehydrationHooks
from neo4j._codec.packstream import Structure
from neo4j._rust.codec.packstream.v1 import pack as _pack  # type: ignore[import-not-found]  # it is compiled
from neo4j._rust.codec.packstream.v1 import unpack as _unpack

_TUPLES = DehydrationHooks(exact_values={}, exact_types={tuple: list}, subtypes={})
DEEPEST = 64
"""Lists and maps inside one another; the codec calls itself for each."""
_LONG_LIST, _LONG_MAP = 0xD6, 0xDA


class Garbled(Exception):
    """What came over a connection is not what was agreed on; the connection can't be used any longer."""


def pack(value: object) -> bytes:
    """A value as PackStream.

    Raises:
        ValueError: it can't be sent.
        OverflowError: a number has more than 64 bits.
    """
    return cast(bytes, _pack(value, _TUPLES))


def _refuse(_: object) -> object:
    raise Garbled("a structure in a result")  # our statements return plain values


_PLAIN = {Structure: _refuse}


def unpack(buffer: bytearray, start: int, end: int) -> Any:
    """The one value between two places of the buffer.

    Raises:
        Garbled: that is no value, or not a plain one.
    """
    try:
        if buffer.find(_LONG_LIST, start, end) >= 0 or buffer.find(_LONG_MAP, start, end) >= 0:
            _walk(buffer, start, end)  # the codec makes room for as many items as a header promises, and ends of it
        value, stop = _unpack(buffer, start, _PLAIN)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the extension panics, which is no Exception
        raise Garbled(type(error).__name__) from None
    if stop != end:
        raise Garbled("more or less than one value")
    return value


_SCALARS = {0xC0: 0, 0xC1: 8, 0xC2: 0, 0xC3: 0, 0xC8: 1, 0xC9: 2, 0xCA: 4, 0xCB: 8}
_BYTES_AND_TEXTS = {0xCC: 1, 0xCD: 2, 0xCE: 4, 0xD0: 1, 0xD1: 2, 0xD2: 4}
_LISTS_AND_MAPS = {0xD4: (1, 1), 0xD5: (2, 1), 0xD6: (4, 1), 0xD8: (1, 2), 0xD9: (2, 2), 0xDA: (4, 2)}
_SHORT: dict[int, tuple[int, int]] = {0x80: (1, 0), 0x90: (0, 1), 0xA0: (0, 2)}
"""Bytes and items for each of the count in a marker's lower half."""


def _walk(buffer: bytearray, start: int, end: int) -> None:
    """See that a value is as long as its headers say.

    Raises:
        Garbled: it is not.
    """
    at, open_items = start, [1]
    while open_items:
        if not open_items[-1]:
            open_items.pop()
            continue
        open_items[-1] -= 1
        at, items = _skip(buffer, at, end)
        if items > end - at or len(open_items) > DEEPEST:
            raise Garbled("more promised than came")
        open_items.append(items)


def _skip(buffer: bytearray, at: int, end: int) -> tuple[int, int]:
    """The place after a marker and its own bytes, and how many items follow there."""

    def number(size: int) -> int:
        return int.from_bytes(buffer[at + 1 : at + 1 + size], "big")

    marker = buffer[at] if at < end else 0xFF00
    if marker < 0x80 or 0xF0 <= marker <= 0xFF:
        after, items = at + 1, 0
    elif marker in _SCALARS:
        after, items = at + 1 + _SCALARS[marker], 0
    elif marker in _BYTES_AND_TEXTS:
        size = _BYTES_AND_TEXTS[marker]
        after, items = at + 1 + size + number(size), 0
    elif marker in _LISTS_AND_MAPS:
        size, each = _LISTS_AND_MAPS[marker]
        after, items = at + 1 + size, each * number(size)
    elif marker & 0xF0 in _SHORT:
        length, each = _SHORT[marker & 0xF0]
        after, items = at + 1 + length * (marker & 0x0F), each * (marker & 0x0F)
    else:
        raise Garbled("an unknown marker")
    if after > end:
        raise Garbled("less than one value")
    return after, items
