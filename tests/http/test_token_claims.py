"""Whatever an issuer signs: each claim and header of a token with values of every kind. 401, never 500.

A small part of the combinations runs each time; GRAPH_API_THOROUGH=1 runs many.
"""

import base64
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from graph_api.http.auth import MAX_TOKEN, Authenticator, Portal
from graph_api.http.token_keys import LocalKeys, Unauthenticated
from graph_api.kernel.caller import Caller, Practice
from graph_api.portal.session_ports import LiveSessions
from tests.budgets import budget

PRACTICE = Practice("practice_1", "p", "P", "UTC", "US")
CLAIMS = ("iss", "aud", "sub", "practice", "role", "exp", "nbf", "iat", "sid", "jti", "other")
HEADERS = ("alg", "kid", "typ", "crit", "b64", "jku", "x5c", "other")
DEEP = 1_500
VALUES = (
    *("null", "true", "false", "0", "-1", "1", "1.5", "1e400", "-1e400", "NaN", "Infinity", "-Infinity"),
    *("9" * 400, "-" + "9" * 400, "9" * 4_300, "9" * 4_301, "1e300", "253402300800", "1" + "0" * 18),
    *('""', '"p"', '"staff"', '"graph-api"', '"4000000000"', '"\\ud800"', '"\\u0000"', '"p\\n"', f'"{"x" * 3_000}"'),
    *("[]", '["graph-api"]', '["graph-api", 1]', "[[]]", "{}", '{"staff": 1}', '["b64"]', '["exp"]', "[null]"),
    *("[" * DEEP + "]" * DEEP, '{"a":' * DEEP + "1" + "}" * DEEP),
)
"""JSON as text: what is no JSON in other languages too, and numbers that JSON allows and few types hold."""


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


class _NoSessions(LiveSessions):
    async def holder(self, practice: Practice, session_id: str) -> Any:
        """None lives; what is asked for can be sent to a database."""
        session_id.encode()


@pytest.fixture
def authenticator(key: Ed25519PrivateKey) -> Authenticator:
    async def by_slug(slug: str) -> Practice | None:
        slug.encode()  # as sending it to a database does
        return PRACTICE if slug == "p" else None

    portal = Portal(LocalKeys(key, "graph-api-portal", "graph-api-portal"), _NoSessions())
    return Authenticator(LocalKeys(key, "graph-api", "graph-api"), by_slug, portal)


def part(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def signed(key: Ed25519PrivateKey, header: list[tuple[str, str]], claims: list[tuple[str, str]]) -> str:
    """A token; names may come twice."""
    parts = ["{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in pairs) + "}" for pairs in (header, claims)]
    body = ".".join(part(text) for text in parts)
    return f"{body}.{base64.urlsafe_b64encode(key.sign(body.encode())).rstrip(b'=').decode()}"


def good(**changes: str) -> dict[str, str]:
    """Claims that hold, as JSON, but for the changes."""
    later = datetime.now(UTC) + timedelta(hours=1)
    claims = {
        "iss": '"graph-api"',
        "aud": '"graph-api"',
        "sub": '"anna"',
        "practice": '"p"',
        "role": '"staff"',
        "exp": str(int(later.timestamp())),
    }
    return claims | changes


async def answered(authenticator: Authenticator, token: str) -> Caller | None:
    """The caller, None where the token is refused; anything else would be a 500."""
    try:
        return await authenticator.caller(f"Bearer {token}")
    except Unauthenticated:
        return None


@pytest.mark.parametrize("name", CLAIMS)
async def test_each_claim_with_each_value(authenticator: Authenticator, key: Ed25519PrivateKey, name: str) -> None:
    header = [("alg", '"EdDSA"')]
    harmless = {"jti", "other", "sid"}
    for value in VALUES:
        caller = await answered(authenticator, signed(key, header, list((good() | {name: value}).items())))
        if caller is not None:
            plain = json.loads(value)
            assert name in harmless or value == good().get(name) or _may_be(name, plain), (name, value[:80])


def _may_be(name: str, value: Any) -> bool:
    """Whether a claim may have another value than the good one."""
    if name in ("nbf", "iat"):
        return type(value) in (int, float) and 0 <= value < datetime.now(UTC).timestamp() + 60
    if name == "exp":
        return type(value) in (int, float) and datetime.now(UTC).timestamp() < value <= 253_402_300_799
    return (name == "sub" and isinstance(value, str) and value.isprintable()) or (name, value) == ("aud", ["graph-api"])


@pytest.mark.parametrize("name", HEADERS)
async def test_each_header_with_each_value(authenticator: Authenticator, key: Ed25519PrivateKey, name: str) -> None:
    for value in VALUES:
        header = {"alg": '"EdDSA"', name: value}
        caller = await answered(authenticator, signed(key, list(header.items()), list(good().items())))
        assert caller is None or name in ("kid", "typ", "b64", "jku", "x5c", "other")


async def test_portal_tokens_too(authenticator: Authenticator, key: Ed25519PrivateKey) -> None:
    portal = good(iss='"graph-api-portal"', aud='"graph-api-portal"', role='"portal"', sid='"s"')
    for name in CLAIMS:
        for value in VALUES:
            token = signed(key, [("alg", '"EdDSA"')], list((portal | {name: value}).items()))
            assert await answered(authenticator, token) is None


async def test_names_that_come_twice_count_as_the_last(authenticator: Authenticator, key: Ed25519PrivateKey) -> None:
    twice = [*good().items(), ("role", '"analyst"'), ("exp", "1"), ("exp", good()["exp"])]
    caller = await answered(authenticator, signed(key, [("alg", '"none"'), ("alg", '"EdDSA"')], twice))
    assert caller is not None
    assert caller.role.value == "analyst"


async def test_combinations(authenticator: Authenticator, key: Ed25519PrivateKey) -> None:
    seed = random.randrange(2**32)  # noqa: S311 - no secret
    chosen = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(budget(500, 20_000)):
        claims = list(good().items())
        claims += [(chosen.choice(CLAIMS), chosen.choice(VALUES)) for _ in range(chosen.randint(1, 3))]
        header = [("alg", '"EdDSA"')]
        if chosen.random() < 0.3:
            header.append((chosen.choice(HEADERS), chosen.choice(VALUES)))
        chosen.shuffle(claims)
        token = signed(key, header, claims)
        if len(token) <= MAX_TOKEN:
            try:
                await answered(authenticator, token)
            except Exception as error:
                raise AssertionError(f"seed {seed}: {type(error).__name__} for {token}") from error
