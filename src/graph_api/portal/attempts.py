"""Attempts to sign in: requestSignInCode gives one to each caller, so that tries are counted by caller.

Nothing is kept of an attempt before it is used: a MAC says that it was made here, for which address, until when.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

from graph_api.portal.codes import ASKED_WITHIN
from graph_api.portal.model import fold_address

ID_BYTES = 16
MAX_ATTEMPT = 200
_MAC_BYTES = 16
_TIME_BYTES = 8


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a caller said of which asker they are."""

    id: str
    expires_at: datetime
    holds: bool
    """Whether it was made here for the address and is young enough. One that is not opens nothing, and is counted too,
    so that as much is done."""


class Attempts:
    """Makes and reads attempts at addresses of one practice's accounts."""

    def __init__(self, secret: bytes, slug: str) -> None:
        self._secret = secret
        self._slug = slug

    def _mac(self, address: str, payload: bytes) -> bytes:
        message = f"sign-in attempt\x00{self._slug}\x00{fold_address(address)}\x00".encode() + payload
        return hmac.digest(self._secret, message, "sha256")[:_MAC_BYTES]

    def issue(self, address: str, attempt_id: bytes, now: datetime) -> str:
        """An attempt at an address, good for an hour."""
        payload = attempt_id + int((now + ASKED_WITHIN).timestamp()).to_bytes(_TIME_BYTES)
        return base64.urlsafe_b64encode(self._mac(address, payload) + payload).rstrip(b"=").decode()

    def read(self, address: str, text: str, now: datetime) -> Attempt:
        """What was sent as an attempt."""
        payload = self._payload(address, text)
        if payload is None:
            other = hashlib.sha256(text[:MAX_ATTEMPT].encode(errors="replace")).hexdigest()
            return Attempt(other, now + ASKED_WITHIN, holds=False)
        expires_at = datetime.fromtimestamp(int.from_bytes(payload[ID_BYTES:]), UTC)
        return Attempt(payload[:ID_BYTES].hex(), max(expires_at, now), holds=now < expires_at)

    def _payload(self, address: str, text: str) -> bytes | None:
        if len(text) > MAX_ATTEMPT:
            return None
        try:
            token = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        mac, payload = token[:_MAC_BYTES], token[_MAC_BYTES:]
        made_here = hmac.compare_digest(mac, self._mac(address, payload))
        return payload if made_here and len(payload) == ID_BYTES + _TIME_BYTES else None
