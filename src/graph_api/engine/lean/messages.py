"""Bolt's client messages, ready to be written. Versions 5.4 to 5.8 have them in common.

Source: the Bolt protocol's specification, "Handshake", "Message" and "Chunking".
"""

from collections.abc import Mapping
from typing import Any

from neo4j._meta import BOLT_AGENT_DICT

from graph_api.engine.lean.codec import pack

HANDSHAKE = bytes.fromhex("6060b017 00040805 00000000 00000000 00000000")
"""Bolt 5.8 and the four versions before it; nothing else."""
OLDEST, NEWEST = (5, 4), (5, 8)
TELLS_STATUS = (5, 7)
"""From here on failures have a GQL status, and the code under another name."""

SUCCESS, RECORD, IGNORED, FAILURE = 0x70, 0x71, 0x7E, 0x7F
LONGEST_CHUNK = 0xFFFF


def framed(message: bytes) -> bytes:
    """A message in its chunks."""
    if len(message) <= LONGEST_CHUNK:
        return len(message).to_bytes(2, "big") + message + b"\x00\x00"
    parts = []
    for at in range(0, len(message), LONGEST_CHUNK):
        chunk = message[at : at + LONGEST_CHUNK]
        parts += [len(chunk).to_bytes(2, "big"), chunk]
    return b"".join([*parts, b"\x00\x00"])


PULL = framed(b"\xb1\x3f" + pack({"n": -1}))
COMMIT = framed(b"\xb0\x12")
RESET = framed(b"\xb0\x0f")
GOODBYE = framed(b"\xb0\x02")
_NOTHING = pack({})


def hello() -> bytes:
    """Who we are."""
    about = {"user_agent": "graph-api", "bolt_agent": BOLT_AGENT_DICT, "notifications_minimum_severity": "OFF"}
    return framed(b"\xb1\x01" + pack(about))


def logon(user: str | None, password: str | None) -> bytes:
    """Who signs in; without a user, nobody."""
    if user is None:
        return framed(b"\xb1\x6a" + pack({"scheme": "none"}))
    return framed(b"\xb1\x6a" + pack({"scheme": "basic", "principal": user, "credentials": password or ""}))


def terms(timeout: float, database: str | None, bookmarks: frozenset[str], *, newest: bool) -> bytes:
    """What a transaction begins with, packed."""
    said: dict[str, Any] = {"tx_timeout": int(timeout * 1000)}
    if database is not None:
        said["db"] = database
    if bookmarks:
        said["bookmarks"] = list(bookmarks)
    if not newest:
        said["mode"] = "r"
    return pack(said)


def begin(packed_terms: bytes) -> bytes:
    """A transaction of several statements."""
    return framed(b"\xb1\x11" + packed_terms)


class Texts:
    """Statements' texts, each packed once; there are as many as files in cypher/."""

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}

    def run(self, text: str, params: Mapping[str, Any], packed_terms: bytes = _NOTHING) -> bytes:
        """A statement and the wish for all of its rows; with terms it is a transaction of its own.

        Raises:
            ValueError: a parameter can't be sent.
            OverflowError: a number has more than 64 bits.
        """
        packed = self._packed.get(text)
        if packed is None:
            packed = self._packed[text] = b"\xb3\x10" + pack(text)
        return framed(packed + pack(params) + packed_terms) + PULL
