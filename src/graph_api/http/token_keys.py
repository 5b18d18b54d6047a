"""Keys that tokens are verified with: this installation's own, or an outside issuer's by its JWKS."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Protocol

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from graph_api.domain.errors import Unavailable

log = logging.getLogger(__name__)

JWKS_FRESH_FOR = 300.0
JWKS_RETRY_AFTER = 10.0
JWKS_FIRST_RETRY_AFTER = 1.0
JWKS_KEPT_FOR = 24 * 3600.0
"""Seconds that keys are honoured while the issuer does not answer: a revoked key must end."""
MIN_RSA_BITS = 2_048
SEND_A_TOKEN = "Send a token: Authorization: Bearer <token>."  # noqa: S105 - what is said without one


class Unauthenticated(Exception):
    """401; `reason` is for the caller and holds nothing of the token."""

    def __init__(self, reason: str, *, error: str | None = "invalid_token") -> None:
        super().__init__(reason)
        self.reason = reason
        self.error = error
        """RFC 6750's code; None when no token came at all."""


NO_TOKEN = Unauthenticated(SEND_A_TOKEN, error=None)


class Keys(Protocol):
    """Where the keys that tokens are verified with come from."""

    issuer: str
    audience: str

    async def key_for(self, token: str) -> Any:
        """The public key for a token's header; raises Unauthenticated when there is none."""


class LocalKeys:
    """One key of this installation's own."""

    def __init__(self, key: Ed25519PrivateKey, issuer: str, audience: str) -> None:
        self.issuer = issuer
        self.audience = audience
        self._public = key.public_key()

    async def key_for(self, token: str) -> Any:
        """The one key; its algorithm is the only one that can verify with it."""
        return self._public


class RemoteKeys:
    """An outside issuer's keys, by its JWKS address; kept, and fetched anew for a key id not seen yet."""

    def __init__(self, url: str, issuer: str, audience: str, now: Callable[[], float] = time.monotonic) -> None:
        self.issuer = issuer
        self.audience = audience
        self._url = url
        self._now = now
        self._client = httpx.AsyncClient(timeout=5.0, follow_redirects=False)
        self._keys: dict[str, Any] | None = None
        self._fetched_at = float("-inf")
        self._answered_at = float("-inf")
        self._lock = asyncio.Lock()

    async def key_for(self, token: str) -> Any:
        """The key a token's `kid` names; asked for again at most every ten seconds."""
        kid = token_header(token).get("kid")
        if not isinstance(kid, str):
            raise Unauthenticated("The token names no key (kid).")
        if self._due(kid) and not (self._has(kid) and self._lock.locked()):
            await self._fetch(kid)
        if self._keys is None:
            raise Unavailable("The token issuer's keys can't be read right now.")
        if kid not in self._keys:
            raise Unauthenticated("The token is signed with a key the issuer does not publish.")
        return self._keys[kid]

    def _has(self, kid: str) -> bool:
        return self._keys is not None and kid in self._keys

    def _due(self, kid: str) -> bool:
        return self._now() - self._fetched_at > (JWKS_FRESH_FOR if self._has(kid) else JWKS_RETRY_AFTER)

    async def _fetch(self, kid: str) -> None:
        async with self._lock:
            if not self._due(kid):
                return
            wait = 0.0
            try:
                response = await self._client.get(self._url)
                response.raise_for_status()
                self._keys = _public_keys(response.json()["keys"])
                self._answered_at = self._now()
            except (httpx.HTTPError, ValueError, TypeError, KeyError):
                log.warning("the token issuer's keys could not be read")
                if self._now() - self._answered_at > JWKS_KEPT_FOR:
                    self._keys = None
                wait = JWKS_RETRY_AFTER - JWKS_FIRST_RETRY_AFTER if self._keys is None else 0.0
            self._fetched_at = self._now() - wait


def _public_keys(published: list[Any]) -> dict[str, Any]:
    """The keys by their ids; one that says its algorithm verifies no other."""
    found: dict[str, Any] = {}
    for data in published:
        try:
            key = jwt.PyJWK(data)
        except (jwt.PyJWTError, AttributeError):
            continue  # of a kind we do not know
        if key.key_id and key.public_key_use in (None, "sig") and _may_verify(key.key):
            found[key.key_id] = key if "alg" in data else key.key
    return found


def _may_verify(key: Any) -> bool:
    """A published secret or private key would let anyone sign."""
    if isinstance(key, RSAPublicKey):
        return key.key_size >= MIN_RSA_BITS
    return isinstance(key, EllipticCurvePublicKey | Ed25519PublicKey | Ed448PublicKey)


def token_header(token: str) -> dict[str, Any]:
    """A token's header, which nothing vouches for yet.

    Raises:
        Unauthenticated: it has none.
    """
    try:
        return jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise Unauthenticated("This is no JSON Web Token.") from None
