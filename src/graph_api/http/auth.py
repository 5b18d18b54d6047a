"""Who asks: bearer JWTs (RFC 6750). Staff's are from an outside issuer, by its JWKS, or signed by this installation's
own key; a portal account's are always signed by a key of their own. The issuer decides which key and which roles hold.

Unknown is no: an issuer, algorithm, claim, role, practice or session that is not known ends in 401 with a reason.
"""

import time
import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cachetools import LRUCache
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from graph_api.config import PORTAL_ISSUER
from graph_api.http.token_keys import SEND_A_TOKEN, Keys, Unauthenticated, token_header
from graph_api.http.work import Buckets
from graph_api.kernel.caller import MAX_SUBJECT, Caller, Practice, ViewerRole
from graph_api.portal.session_ports import LiveSessions

ALGORITHMS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA")
REQUIRED_CLAIMS = ("sub", "practice", "role", "exp", "iss", "aud")
LOCAL_ISSUER = "graph-api"
LOCAL_AUDIENCE = "graph-api"
LEEWAY = 30
MAX_TOKEN = 8_192
MAX_VERIFIED = 1_000
LAST_MOMENT = 253_402_300_799
"""The end of the year 9999, as a token tells times."""
_NO_TEXT = frozenset({"Cc", "Cs"})
"""Control characters, and halves of characters, which no database stores."""
PRACTICE_FRESH_FOR = 30.0
STAFF_ROLES = {role.value: role for role in (ViewerRole.ADMIN, ViewerRole.STAFF, ViewerRole.ANALYST)}
PORTAL_ROLES = {ViewerRole.PORTAL.value: ViewerRole.PORTAL}


@dataclass(frozen=True, slots=True)
class Portal:
    """Whose portal tokens are honoured, and which of their sessions hold."""

    keys: Keys
    sessions: LiveSessions


@dataclass(frozen=True, slots=True)
class _Issuer:
    keys: Keys
    roles: Mapping[str, ViewerRole]
    claims: tuple[str, ...] = REQUIRED_CLAIMS


@dataclass(frozen=True, slots=True)
class _Known:
    practice: Practice
    until: float


@dataclass(frozen=True, slots=True)
class _Verified:
    issuer: _Issuer
    key: Any
    claims: dict[str, Any]
    until: float


class Authenticator:
    """Turns an Authorization header into a caller."""

    def __init__(
        self,
        keys: Keys,
        practice_by_slug: Callable[[str], Awaitable[Practice | None]],
        portal: Portal | None = None,
        buckets: Buckets | None = None,
    ) -> None:
        """Without `portal` no portal token is honoured, without `buckets` no work is counted."""
        self._buckets = buckets
        self._staff = _Issuer(keys, STAFF_ROLES)
        self._portal = None if portal is None else _Issuer(portal.keys, PORTAL_ROLES, (*REQUIRED_CLAIMS, "sid"))
        self._sessions = None if portal is None else portal.sessions
        self._practice_by_slug = practice_by_slug
        self._known: dict[str, _Known] = {}
        self._verified: LRUCache[str, _Verified] = LRUCache(MAX_VERIFIED)

    async def caller(self, authorization: str) -> Caller:
        """Who asks.

        Raises:
            Unauthenticated: a token that does not hold, an unknown practice or role, or a session that has ended.
            Unavailable: the practice or session can't be looked up, or the issuer's keys can't be fetched.
            Spent: who asks has had as much done as they may; before anything is looked up for them.
        """
        held = await self._held(_bearer(authorization))
        claims = held.claims
        role = held.issuer.roles.get(claims["role"]) if isinstance(claims["role"], str) else None
        if role is None:
            raise Unauthenticated("The token's role is unknown.")
        subject, slug = claims["sub"], claims["practice"]
        if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT:
            raise Unauthenticated("The token's subject (sub) is missing or too long.")
        practice = await self.practice(slug) if isinstance(slug, str) and len(slug) <= MAX_SUBJECT else None
        if practice is None:
            raise Unauthenticated("The token's practice is unknown.")
        if self._buckets is not None:
            self._buckets.admit((practice.id, subject), role)
        if role is ViewerRole.PORTAL:
            return await self._account(subject, practice, claims["sid"])
        return Caller(subject, practice, role)

    async def _account(self, account_id: str, practice: Practice, session_id: Any) -> Caller:
        """A portal account, whose session is looked up each time: signing out and disabling work at once."""
        holder = None
        if self._sessions is not None and isinstance(session_id, str) and len(session_id) <= MAX_SUBJECT:
            holder = await self._sessions.holder(practice, session_id)
        if holder is None or holder.account_id != account_id:
            raise Unauthenticated("The session has ended. Sign in again.")
        return Caller(account_id, practice, ViewerRole.PORTAL, holder.person_id, session_id)

    async def _held(self, token: str) -> _Verified:
        """A token that holds. What was verified before is verified again only with another key."""
        known = self._verified.get(token)
        if known is None or known.until <= time.time() or known.key is not await known.issuer.keys.key_for(token):
            self._verified[token] = known = await self._verify(token)
        return known

    def _issuer(self, token: str) -> _Issuer:
        """Whose token it says it is: only that issuer's key can verify it, and only its roles can be had."""
        try:
            named = jwt.decode(token, options={"verify_signature": False}).get("iss")
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            return self._staff  # verifying it says what is wrong
        if named != PORTAL_ISSUER:
            return self._staff
        if self._portal is None:
            raise Unauthenticated("The portal is not open on this server.")
        return self._portal

    async def _verify(self, token: str) -> _Verified:
        algorithm = token_header(token).get("alg")
        if algorithm not in ALGORITHMS:
            raise Unauthenticated("The token's algorithm is not allowed. Use RS, ES or EdDSA.")
        issuer = self._issuer(token)
        key = await issuer.keys.key_for(token)
        try:
            claims = _decoded(token, key, issuer)
        except _DoesNotHold:
            key = await issuer.keys.another_for(token, key)
            if key is None:
                raise
            claims = _decoded(token, key, issuer)
        return _Verified(issuer, key, claims, claims["exp"] + LEEWAY)

    async def practice(self, slug: str) -> Practice | None:
        """The practice of a slug, as it was known a moment ago."""
        now = time.monotonic()
        known = self._known.get(slug)
        if known is not None and known.until > now:
            return known.practice
        practice = await self._practice_by_slug(slug)
        if practice is not None:
            self._known[slug] = _Known(practice, now + PRACTICE_FRESH_FOR)
        return practice


class _DoesNotHold(Unauthenticated):
    """The key does not verify the token."""


def _decoded(token: str, key: Any, issuer: _Issuer) -> dict[str, Any]:
    """The claims of a token that the key verifies."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            issuer=issuer.keys.issuer,
            audience=issuer.keys.audience,
            leeway=LEEWAY,
            options={"require": list(issuer.claims)},
        )
        return _plain(claims)
    except jwt.ExpiredSignatureError:
        raise Unauthenticated("The token has expired.") from None
    except jwt.ImmatureSignatureError:
        raise Unauthenticated("The token is not valid yet.") from None
    except jwt.MissingRequiredClaimError as error:
        raise Unauthenticated(f"The token has no claim {error.claim}.") from None
    except jwt.InvalidIssuerError:
        raise Unauthenticated("The token comes from another issuer.") from None
    except jwt.InvalidAudienceError:
        raise Unauthenticated("The token is meant for another audience.") from None
    except (jwt.PyJWTError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError):
        raise _DoesNotHold("The token's signature or format is not valid.") from None


def _plain(claims: dict[str, Any]) -> dict[str, Any]:
    """Claims of the types that they must have; the library also takes a time as text, or a yes for a number."""
    for name in ("exp", "nbf", "iat"):
        time = claims.get(name)
        # No number at all fails the second comparison too, as Python's NaN does.
        if name in claims and (type(time) not in (int, float) or not 0 <= time <= LAST_MOMENT):  # type: ignore[operator]
            raise Unauthenticated(f"The token's {name} is not a time.")
    for name in ("sub", "practice", "role", "sid"):
        text = claims.get(name)
        if isinstance(text, str) and any(unicodedata.category(letter) in _NO_TEXT for letter in text):
            raise Unauthenticated(f"The token's {name} contains characters that are not text.")
    return claims


def _bearer(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated(SEND_A_TOKEN, error="invalid_request")
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
