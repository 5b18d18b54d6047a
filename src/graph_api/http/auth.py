"""Who asks: bearer JWTs (RFC 6750), from an outside issuer by its JWKS or signed by this installation's own key.

Unknown is no: an algorithm, claim, role or practice that is not known ends in 401 with a reason.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import jwt
from cachetools import LRUCache
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from graph_api.domain.errors import Unavailable
from graph_api.domain.model import Caller, Practice, ViewerRole

log = logging.getLogger(__name__)

ALGORITHMS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA")
REQUIRED_CLAIMS = ("sub", "practice", "role", "exp", "iss", "aud")
LOCAL_ISSUER = "graph-api"
LOCAL_AUDIENCE = "graph-api"
LEEWAY = 30
MAX_TOKEN = 8_192
MAX_VERIFIED = 1_000
MAX_SUBJECT = 200
JWKS_FRESH_FOR = 300.0
JWKS_RETRY_AFTER = 10.0
JWKS_FIRST_RETRY_AFTER = 1.0
JWKS_KEPT_FOR = 24 * 3600.0
"""Seconds that keys are honoured while the issuer does not answer: a revoked key must end."""
MIN_RSA_BITS = 2_048
PRACTICE_FRESH_FOR = 30.0
_ROLES = {role.value: role for role in (ViewerRole.ADMIN, ViewerRole.STAFF, ViewerRole.ANALYST)}


class Unauthenticated(Exception):
    """401; `reason` is for the caller and holds nothing of the token."""

    def __init__(self, reason: str, *, error: str | None = "invalid_token") -> None:
        super().__init__(reason)
        self.reason = reason
        self.error = error
        """RFC 6750's code; None when no token came at all."""


class Keys(Protocol):
    """Where the keys that tokens are verified with come from."""

    issuer: str
    audience: str

    async def key_for(self, token: str) -> Any:
        """The public key for a token's header; raises Unauthenticated when there is none."""


class LocalKeys:
    """This installation's own key."""

    issuer = LOCAL_ISSUER
    audience = LOCAL_AUDIENCE

    def __init__(self, key: Ed25519PrivateKey) -> None:
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
        kid = _header(token).get("kid")
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


def _header(token: str) -> dict[str, Any]:
    try:
        return jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise Unauthenticated("This is no JSON Web Token.") from None


@dataclass(frozen=True, slots=True)
class _Known:
    practice: Practice
    until: float


@dataclass(frozen=True, slots=True)
class _Verified:
    key: Any
    claims: dict[str, Any]
    until: float


class Authenticator:
    """Turns an Authorization header into a caller."""

    def __init__(self, keys: Keys, practice_by_slug: Callable[[str], Awaitable[Practice | None]]) -> None:
        self._keys = keys
        self._practice_by_slug = practice_by_slug
        self._known: dict[str, _Known] = {}
        self._verified: LRUCache[str, _Verified] = LRUCache(MAX_VERIFIED)

    async def caller(self, authorization: str | None) -> Caller:
        """Who asks.

        Raises:
            Unauthenticated: no token, one that does not hold, or an unknown practice or role.
            Unavailable: the practice can't be looked up, or the issuer's keys can't be fetched.
        """
        claims = await self._claims(_bearer(authorization))
        role = _ROLES.get(claims["role"]) if isinstance(claims["role"], str) else None
        if role is None:
            raise Unauthenticated("The token's role is not known here.")
        subject, slug = claims["sub"], claims["practice"]
        if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT:
            raise Unauthenticated("The token's subject (sub) is missing or too long.")
        practice = await self._practice(slug) if isinstance(slug, str) and len(slug) <= MAX_SUBJECT else None
        if practice is None:
            raise Unauthenticated("The token's practice is not known here.")
        return Caller(subject, practice, role)

    async def _claims(self, token: str) -> dict[str, Any]:
        """The claims of a token that holds. What was verified before is verified again only with another key."""
        known = self._verified.get(token)
        if known is None or known.until <= time.time() or known.key is not await self._keys.key_for(token):
            key, claims = await self._verify(token)
            self._verified[token] = known = _Verified(key, claims, float(claims["exp"]) + LEEWAY)
        return known.claims

    async def _verify(self, token: str) -> tuple[Any, dict[str, Any]]:
        algorithm = _header(token).get("alg")
        if algorithm not in ALGORITHMS:
            raise Unauthenticated("The token's algorithm is not allowed: RS, ES and EdDSA are.")
        key = await self._keys.key_for(token)
        try:
            return key, jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                issuer=self._keys.issuer,
                audience=self._keys.audience,
                leeway=LEEWAY,
                options={"require": list(REQUIRED_CLAIMS)},
            )
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("The token has expired.") from None
        except jwt.ImmatureSignatureError:
            raise Unauthenticated("The token does not hold yet.") from None
        except jwt.MissingRequiredClaimError as error:
            raise Unauthenticated(f"The token lacks a claim: {error.claim}.") from None
        except jwt.InvalidIssuerError:
            raise Unauthenticated("The token comes from another issuer.") from None
        except jwt.InvalidAudienceError:
            raise Unauthenticated("The token is meant for another audience.") from None
        except (jwt.PyJWTError, ValueError, TypeError):
            raise Unauthenticated("The token's signature or form does not hold.") from None

    async def _practice(self, slug: str) -> Practice | None:
        now = time.monotonic()
        known = self._known.get(slug)
        if known is not None and known.until > now:
            return known.practice
        practice = await self._practice_by_slug(slug)
        if practice is not None:
            self._known[slug] = _Known(practice, now + PRACTICE_FRESH_FOR)
        return practice


def _bearer(authorization: str | None) -> str:
    if authorization is None:
        raise Unauthenticated("Send a token: Authorization: Bearer <token>.", error=None)
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send a token: Authorization: Bearer <token>.", error="invalid_request")
    if len(token) > MAX_TOKEN:
        raise Unauthenticated("The token is too long.")
    return token.strip()


def mint_token(key: Ed25519PrivateKey, *, subject: str, practice: str, role: ViewerRole, lasts: timedelta) -> str:
    """A token signed with this installation's key; for the command line, tests and the demo."""
    now = datetime.now(UTC)
    claims = {
        "iss": LOCAL_ISSUER,
        "aud": LOCAL_AUDIENCE,
        "sub": subject,
        "practice": practice,
        "role": role.value,
        "iat": now,
        "exp": now + lasts,
    }
    return jwt.encode(claims, key, algorithm="EdDSA")
