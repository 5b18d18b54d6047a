"""Opening sessions of portal accounts and moving them on: access tokens of 15 minutes, refresh tokens good once."""

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from graph_api.kernel.caller import Practice
from graph_api.kernel.ids import new_id
from graph_api.kernel.transaction import Transaction
from graph_api.portal.graph.sessions import SessionWrites
from graph_api.portal.model import Account
from graph_api.portal.ports import Session
from graph_api.portal.session_model import SESSION_LASTS, PortalSession
from graph_api.portal.session_ports import AccessTokens

MAX_REFRESH_TOKEN = 400
_MAC_BYTES = _ID_BYTES = 16
_RANDOM_BYTES = 32
_KIND = "session"


@dataclass(frozen=True, slots=True)
class Presented:
    """A refresh token that was made here: of which session, and what it is kept as."""

    practice_slug: str
    session_id: str
    hash: str


class RefreshTokens:
    """Makes and reads refresh tokens. One that reads was made here, so if it isn't its session's newest, it is old."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def _mac(self, payload: bytes) -> bytes:
        return hmac.digest(self._secret, b"refresh token\x00" + payload, "sha256")[:_MAC_BYTES]

    def _hash(self, token: bytes) -> str:
        return hmac.new(self._secret, b"refresh token hash\x00" + token, "sha256").hexdigest()

    def issue(self, practice: Practice, session_id: str) -> tuple[str, str]:
        """A fresh token, and what it is kept as."""
        payload = bytes.fromhex(session_id.removeprefix(f"{_KIND}_")) + secrets.token_bytes(_RANDOM_BYTES)
        payload += practice.slug.encode()
        token = self._mac(payload) + payload
        return base64.urlsafe_b64encode(token).rstrip(b"=").decode(), self._hash(token)

    def read(self, text: str) -> Presented | None:
        """A token; None when it was not made here."""
        if len(text) > MAX_REFRESH_TOKEN:
            return None
        try:
            token = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        mac, payload = token[:_MAC_BYTES], token[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(payload)):
            return None
        session_id = f"{_KIND}_{payload[:_ID_BYTES].hex()}"
        return Presented(payload[_ID_BYTES + _RANDOM_BYTES :].decode(), session_id, self._hash(token))


class SessionOpener:
    """Implements the `Sessions` port for one practice."""

    def __init__(self, practice: Practice, tokens: AccessTokens, secret: bytes) -> None:
        self._practice = practice
        self._tokens = tokens
        self._refresh_tokens = RefreshTokens(secret)

    async def open(self, tx: Transaction, account: Account, now: datetime) -> Session:
        """A new session of an active account that is locked."""
        session_id = new_id(_KIND)
        refresh_token, refresh_hash = self._refresh_tokens.issue(self._practice, session_id)
        session = PortalSession(
            id=session_id,
            account_id=account.id,
            person_id=account.person_id,
            refresh_hash=refresh_hash,
            created_at=now,
            refreshed_at=now,
            expires_at=now + SESSION_LASTS,
        )
        await tx[SessionWrites].create(account, session)
        return self._shown(session, refresh_token, now)

    async def refresh(self, tx: Transaction, session: PortalSession, now: datetime) -> Session:
        """The next tokens of a session that is locked; the refresh token before is old from now on."""
        refresh_token, refresh_hash = self._refresh_tokens.issue(self._practice, session.id)
        await tx[SessionWrites].refresh(session.id, refresh_hash, now)
        return self._shown(session, refresh_token, now)

    def _shown(self, session: PortalSession, refresh_token: str, now: datetime) -> Session:
        access_token, expires_at = self._tokens.mint(self._practice, session, now)
        return Session(session.id, access_token, expires_at, refresh_token)
