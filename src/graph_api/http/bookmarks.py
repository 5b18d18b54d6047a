"""The `Graph-API-Bookmark` header: a caller sees their own writes, on whichever worker they ask next.

The header is the database's bookmarks under a MAC bound to the practice: nobody can make one up.
"""

import base64
import binascii
import hmac
import time
from collections.abc import Callable

import orjson

HEADER = "Graph-API-Bookmark"
MAX_HEADER = 4_096
LASTS = 600
"""Seconds: by then every server has the change, or the database is another one (restored, moved)."""
_MAC_BYTES = 16


class BadBookmark(ValueError):
    """The header is too long or was not made here."""


class BookmarkCodec:
    """Writes and reads the header."""

    def __init__(self, secret: bytes, now: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._now = now

    def _mac(self, practice_id: str, payload: bytes) -> bytes:
        message = b"bookmark\x00" + practice_id.encode() + b"\x00" + payload
        return hmac.digest(self._secret, message, "sha256")[:_MAC_BYTES]

    def encode(self, practice_id: str, bookmarks: frozenset[str]) -> str | None:
        """The header's value; None when there is nothing to carry, or too much."""
        if not bookmarks:
            return None
        payload = orjson.dumps([int(self._now()), sorted(bookmarks)])
        value = base64.urlsafe_b64encode(self._mac(practice_id, payload) + payload).decode()
        return value if len(value) <= MAX_HEADER else None

    def decode(self, practice_id: str, value: str | None) -> frozenset[str]:
        """The bookmarks a header carries; none when it is older than ten minutes.

        Raises:
            BadBookmark: longer than 4 KB, or not made here for this practice.
        """
        if not value:
            return frozenset()
        if len(value) > MAX_HEADER:
            raise BadBookmark
        try:
            raw = base64.b64decode(value, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise BadBookmark from None
        mac, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(practice_id, payload)):
            raise BadBookmark
        made_at, bookmarks = orjson.loads(payload)
        return frozenset(bookmarks) if self._now() - made_at <= LASTS else frozenset()
