"""Tokens of portal accounts: an issuer, an audience and a key of their own, so that no outside issuer can mint one."""

from datetime import datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from graph_api.config import PORTAL_ISSUER
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.portal.session_model import PortalSession

PORTAL_AUDIENCE = "graph-api-portal"
TOKEN_LASTS = timedelta(minutes=15)


class PortalTokens:
    """Implements the `AccessTokens` port."""

    def __init__(self, key: Ed25519PrivateKey, lasts: timedelta = TOKEN_LASTS) -> None:
        """Only the demo's page, which can't renew its tokens, has some that last longer."""
        self._key = key
        self._lasts = lasts

    def mint(self, practice: Practice, session: PortalSession, now: datetime) -> tuple[str, datetime]:
        """A token for a session, and when it expires: in 15 minutes, or with the session."""
        expires_at = min(now + self._lasts, session.expires_at).replace(microsecond=0)
        claims = {
            "iss": PORTAL_ISSUER,
            "aud": PORTAL_AUDIENCE,
            "sub": session.account_id,
            "practice": practice.slug,
            "sid": session.id,
            "role": ViewerRole.PORTAL.value,
            "iat": now,
            "exp": expires_at,
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA"), expires_at
