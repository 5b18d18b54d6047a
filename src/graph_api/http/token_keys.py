"""Keys that tokens are verified with: this installation's own, or an outside issuer's by its JWKS."""

import asyncio
import json
import logging
import math
import time
from collections.abc import Callable
from typing import Any, Protocol

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from graph_api.engine.errors import Unavailable
from graph_api.outages import Outage

log = logging.getLogger(__name__)

JWKS_FRESH_FOR = 300.0
JWKS_RETRY_AFTER = 10.0
JWKS_FIRST_RETRY_AFTER = 1.0
JWKS_ANSWERS_WITHIN = 8.0
MAX_JWKS = 1_000_000
"""Bytes."""
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

    async def another_for(self, token: str, failed: Any) -> Any | None:
        """The key by which the issuer has replaced the one that does not verify the token; None where it has not."""


class LocalKeys:
    """One key of this installation's own."""

    def __init__(self, key: Ed25519PrivateKey, issuer: str, audience: str) -> None:
        self.issuer = issuer
        self.audience = audience
        self._public = key.public_key()

    async def key_for(self, token: str) -> Any:
        """The one key; its algorithm is the only one that can verify with it."""
        return self._public

    async def another_for(self, token: str, failed: Any) -> Any | None:
        """There is but one."""
        return None


class RemoteKeys:
    """An outside issuer's keys, by its JWKS address; kept, and fetched anew for a key id not seen yet, and where a
    signature does not hold: the issuer may have replaced the key under its id.

    Whoever holds no token can make it fetch once in ten seconds, no more. What is not known within that time is not
    refused but unavailable: a front end signs its user out when refused.
    """

    def __init__(self, url: str, issuer: str, audience: str, now: Callable[[], float] = time.monotonic) -> None:
        self.issuer = issuer
        self.audience = audience
        self._url = url
        self._now = now
        self._client = httpx.AsyncClient(timeout=5.0, follow_redirects=False)
        self._keys: dict[str, Any] | None = None
        self._fetched_at = float("-inf")
        self._answered_at = float("-inf")
        self._answers = 0
        self._outage = Outage(log, "the token issuer's keys could not be read", now)
        self._lock = asyncio.Lock()

    async def key_for(self, token: str) -> Any:
        """The key a token's `kid` names; asked for again at most every ten seconds.

        Raises:
            Unauthenticated: the issuer was just asked, and publishes none of that id.
            Unavailable: the issuer does not answer, or was asked too shortly before.
        """
        kid, answers = _key_id(token), self._answers
        asking = self._lock.locked()
        # Who has a key goes on with it while another asks; who has none waits for what that one hears.
        if (self._due(kid) and not asking) or (asking and not self._has(kid)):
            await self._fetch(lambda: self._due(kid))
        if self._keys is None or (self._outage.is_on and not self._has(kid)):
            raise Unavailable("The token issuer's keys can't be read right now.", retry_after=self._wait())
        if kid in self._keys:
            return self._keys[kid]
        if self._answers == answers:
            raise Unavailable("The token is signed with a key that is not known here yet.", retry_after=self._wait())
        raise Unauthenticated("The token is signed with a key that its issuer does not publish.")

    async def another_for(self, token: str, failed: Any) -> Any | None:
        """The key that has the same id since.

        Raises:
            Unavailable: the issuer does not answer, so it may have one.
        """
        await self._fetch(self._may_fetch)
        found = (self._keys or {}).get(_key_id(token))
        if found is not None and found is not failed:
            return found
        if self._outage.is_on:
            raise Unavailable("The token issuer's keys can't be read right now.", retry_after=self._wait())
        return None

    def _has(self, kid: str) -> bool:
        return self._keys is not None and kid in self._keys

    def _due(self, kid: str) -> bool:
        return self._now() - self._fetched_at > JWKS_FRESH_FOR if self._has(kid) else self._may_fetch()

    def _may_fetch(self) -> bool:
        return self._now() - self._fetched_at > JWKS_RETRY_AFTER

    def _wait(self) -> int:
        """Whole seconds until the issuer may be asked again."""
        left = self._fetched_at + JWKS_RETRY_AFTER - self._now()
        return max(1, math.ceil(left)) if math.isfinite(left) else 1

    async def _fetch(self, due: Callable[[], bool]) -> None:
        async with self._lock:
            if not due():
                return
            # Before the answer: a request that is given up meanwhile must not make the next one ask again.
            self._fetched_at = self._now()
            try:
                async with asyncio.timeout(JWKS_ANSWERS_WITHIN):
                    self._keys = _public_keys(await self._published())
            except (httpx.HTTPError, TimeoutError, ValueError, TypeError, LookupError, RecursionError) as error:
                self._outage.failed(_reason(error))
                if self._now() - self._answered_at > JWKS_KEPT_FOR:
                    self._keys = None
            else:
                self._outage.over()
                self._answers += 1
                self._answered_at = self._now()
            wait = JWKS_RETRY_AFTER - JWKS_FIRST_RETRY_AFTER if self._keys is None else 0.0
            self._fetched_at = self._now() - wait

    async def _published(self) -> Any:
        async with self._client.stream("GET", self._url) as response:
            response.raise_for_status()
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_JWKS:
                    raise _NoKeys(f"it answered with more than {MAX_JWKS} bytes")
        try:
            published = json.loads(body)
        except (ValueError, RecursionError):
            raise _NoKeys("it answered with something that is not JSON") from None
        if not isinstance(published, dict) or not isinstance(published.get("keys"), list):
            raise _NoKeys("it answered with something that is no set of keys")
        return published["keys"]


class _NoKeys(ValueError):
    """An answer that holds no keys; its text may be logged."""


def _reason(error: Exception) -> str:
    """Why the keys can't be had; nothing of what was answered but its status."""
    if isinstance(error, httpx.HTTPStatusError):
        return f"it answered {error.response.status_code}"
    if isinstance(error, _NoKeys):
        return str(error)
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return "it did not answer in time"
    return f"it can't be reached ({type(error).__name__})"


def _key_id(token: str) -> str:
    kid = token_header(token).get("kid")
    if not isinstance(kid, str):
        raise Unauthenticated("The token does not name its key (kid).")
    return kid


def _public_keys(published: list[Any]) -> dict[str, Any]:
    """The keys by their ids; one that says its algorithm verifies no other. One that is broken spoils no other."""
    found: dict[str, Any] = {}
    for data in published:
        try:
            key = jwt.PyJWK(data)
        except (jwt.PyJWTError, AttributeError, ValueError, TypeError, LookupError, ArithmeticError):
            continue  # of a kind we do not know
        kid = key.key_id
        if isinstance(kid, str) and kid and key.public_key_use in (None, "sig") and _may_verify(key.key):
            found[kid] = key if "alg" in data else key.key
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
        raise Unauthenticated("This is not a JSON Web Token.") from None
