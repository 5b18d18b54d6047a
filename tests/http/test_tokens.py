"""Who may ask, by this installation's own tokens: what does not hold is 401 with a reason and comes back in no part."""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from graph_api.http.auth import MAX_TOKEN, mint_token
from graph_api.kernel.caller import MAX_SUBJECT, Practice, ViewerRole
from graph_api.keys.secrets import signing_key
from tests.api import Installation
from tests.http.serving import EMBEDDED, assert_refused, bearer

pytestmark = EMBEDDED

SUBJECT = "secret-subject"
LATER = 4_000_000_000
Claims = dict[str, Any]


def claims_of(practice: Practice, /, **changes: Any) -> Claims:
    """Claims that hold, but for the changes; None leaves one out."""
    now = datetime.now(UTC)
    claims = {
        "iss": "graph-api",
        "aud": "graph-api",
        "sub": SUBJECT,
        "practice": practice.slug,
        "role": "staff",
        "exp": now + timedelta(hours=1),
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def part(value: object) -> str:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


async def ask(client: httpx.AsyncClient, headers: dict[str, str]) -> httpx.Response:
    return await client.post("/graphql", json={"query": "{ viewer { role } }"}, headers=headers)


async def refused(client: httpx.AsyncClient, token: str) -> str:
    """The reason for which a token is refused; nothing of the token comes back."""
    response = await ask(client, bearer(token))
    reason = assert_refused(response, 401, "UNAUTHENTICATED")
    challenge = response.headers["www-authenticate"]
    assert challenge == f'Bearer realm="graph-api", error="invalid_token", error_description="{reason}"'
    shown = f"{response.headers} {response.text}"
    assert SUBJECT not in shown
    assert not any(len(segment) > 3 and segment in shown for segment in token.split("."))
    return reason


@pytest.fixture
async def practice(installation: Installation) -> Practice:
    return await installation.practice()


@pytest.fixture
def key(installation: Installation) -> Ed25519PrivateKey:
    return signing_key(installation.settings.data_dir)


@pytest.fixture
def sign(practice: Practice, key: Ed25519PrivateKey) -> Callable[..., str]:
    """Makes a token of this installation's key, its claims changed."""
    return lambda **changes: jwt.encode(claims_of(practice, **changes), key, algorithm="EdDSA")


@pytest.mark.parametrize("role", [ViewerRole.STAFF, ViewerRole.ANALYST, ViewerRole.ADMIN])
async def test_a_minted_token_says_who_asks(
    anyone: httpx.AsyncClient, practice: Practice, key: Ed25519PrivateKey, role: ViewerRole
) -> None:
    token = mint_token(key, subject="anna", practice=practice.slug, role=role, lasts=timedelta(minutes=1))

    for scheme in ("Bearer", "bearer", "BEARER"):
        response = await ask(anyone, {"Authorization": f"{scheme} {token}"})
        assert response.json() == {"data": {"viewer": {"role": role.name}}}


async def test_no_token_is_asked_for(anyone: httpx.AsyncClient) -> None:
    response = await ask(anyone, {})

    assert_refused(response, 401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == 'Bearer realm="graph-api"'


@pytest.mark.parametrize("value", ["", "Bearer", "Basic c2VjcmV0", "secret", "Token secret"])
async def test_another_scheme_is_no_token(anyone: httpx.AsyncClient, value: str) -> None:
    response = await ask(anyone, {"Authorization": value})

    assert_refused(response, 401, "UNAUTHENTICATED")
    assert "invalid_request" in response.headers["www-authenticate"]
    assert "ecret" not in response.text


@pytest.mark.parametrize(
    "token",
    [
        "garbage",
        "a.b.c",
        "..",
        "a b c",
        "e30.e30.e30",
        f"{part([])}.{part({})}.{part(b'x')}",
        f"{part(b'[' * 5_000)}.{part({})}.{part(b'x')}",
        f"{part(b'1' * 5_000)}.{part({})}.{part(b'x')}",
        f"{part({'alg': ['EdDSA']})}.{part({})}.{part(b'x')}",
        f"{part({'alg': 'EdDSA'})}.{part(b'[' * 5_000)}.{part(b'x' * 64)}",
        f"{part({'alg': 'EdDSA', 'kid': 1})}.{part({})}.{part(b'x' * 64)}",
        f"{part({'alg': 'EdDSA', 'crit': ['exp']})}.{part({})}.{part(b'x' * 64)}",
        f"{part({'alg': 'EdDSA', 'b64': False, 'crit': ['b64']})}..{part(b'x' * 64)}",
    ],
    ids=lambda token: token[:40],
)
async def test_garbage(anyone: httpx.AsyncClient, token: str) -> None:
    await refused(anyone, token)


async def test_a_token_beyond_ascii(anyone: httpx.AsyncClient) -> None:
    response = await anyone.post("/graphql", headers=[(b"Authorization", b"Bearer \xe9\xff.\xe9.\xe9")])

    assert_refused(response, 401, "UNAUTHENTICATED")


async def test_a_token_that_is_too_long(anyone: httpx.AsyncClient, sign: Callable[..., str]) -> None:
    assert "too long" in await refused(anyone, sign(padding="x" * MAX_TOKEN))
    assert "too long" in await refused(anyone, "x" * 60_000)


async def test_an_expired_token(anyone: httpx.AsyncClient, sign: Callable[..., str]) -> None:
    assert "expired" in await refused(anyone, sign(exp=datetime.now(UTC) - timedelta(minutes=1)))
    assert "expired" in await refused(anyone, sign(exp=0))
    assert "not valid yet" in await refused(anyone, sign(nbf=datetime.now(UTC) + timedelta(hours=1)))


@pytest.mark.parametrize("claim", ["sub", "practice", "role", "exp", "iss", "aud"])
async def test_a_missing_claim(anyone: httpx.AsyncClient, sign: Callable[..., str], claim: str) -> None:
    assert claim in await refused(anyone, sign(**{claim: None}))


async def test_a_claim_of_another_type(anyone: httpx.AsyncClient, practice: Practice, key: Ed25519PrivateKey) -> None:
    wrong: dict[str, list[object]] = {
        "role": [1, True, ["staff"], {"staff": 1}, "", "STAFF", " staff", "PORTAL", "portal", "owner", "x" * 3_000],
        "practice": [1, True, [practice.slug], {}, "", "no-such", practice.slug.upper(), f" {practice.slug}"],
        "sub": ["", 1, ["x"], "x" * (MAX_SUBJECT + 1)],
        "exp": ["x", [], {}, "9" * 5_000],
        "iss": ["other", ["graph-api"], 1, ""],
        "aud": ["other", ["other"], 1, "", {}],
    }
    wrong["practice"] += [f"{practice.slug}\x00", "x" * 3_000, practice.id]
    for claim, values in wrong.items():
        for value in values:
            body = f"{part({'alg': 'EdDSA'})}.{part({**claims_of(practice), 'exp': LATER, claim: value})}"
            assert await refused(anyone, f"{body}.{part(key.sign(body.encode()))}")


async def test_a_signature_of_another_key(
    anyone: httpx.AsyncClient, practice: Practice, sign: Callable[..., str]
) -> None:
    claims = claims_of(practice)
    await refused(anyone, jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA"))
    await refused(anyone, jwt.encode(claims, rsa.generate_private_key(65537, 2048), algorithm="RS256"))
    await refused(anyone, jwt.encode(claims, ec.generate_private_key(ec.SECP256R1()), algorithm="ES256"))
    header, _, signature = sign().split(".")
    later = part({**claims_of(practice), "exp": LATER, "role": "admin"})
    await refused(anyone, f"{header}.{later}.{signature}")
    await refused(anyone, f"{header}.{later}.")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, "HS256", "PS256", "ES256K", "eddsa"])
async def test_an_algorithm_that_is_not_allowed(
    anyone: httpx.AsyncClient, practice: Practice, key: Ed25519PrivateKey, algorithm: str | None
) -> None:
    header = {"typ": "JWT"} if algorithm is None else {"typ": "JWT", "alg": algorithm}
    body = f"{part(header)}.{part({**claims_of(practice), 'exp': LATER})}"

    assert "algorithm" in await refused(anyone, f"{body}.")
    assert "algorithm" in await refused(anyone, f"{body}.{part(key.sign(body.encode()))}")


@pytest.mark.parametrize("algorithm", ["HS256", "RS256", "ES256", "EdDSA"])
async def test_the_public_key_is_no_secret_to_sign_with(
    anyone: httpx.AsyncClient, practice: Practice, key: Ed25519PrivateKey, algorithm: str
) -> None:
    public = key.public_key()
    body = f"{part({'alg': algorithm})}.{part({**claims_of(practice), 'exp': LATER})}"
    for secret in (
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.Raw, PublicFormat.Raw),
    ):
        await refused(anyone, f"{body}.{part(hmac.digest(secret, body.encode(), 'sha256'))}")


@pytest.mark.parametrize("algorithm", ["RS256", "RS512", "ES256", "ES512"])
async def test_the_key_is_not_used_for_another_algorithm(
    anyone: httpx.AsyncClient, practice: Practice, key: Ed25519PrivateKey, algorithm: str
) -> None:
    body = f"{part({'alg': algorithm})}.{part({**claims_of(practice), 'exp': LATER})}"

    await refused(anyone, f"{body}.{part(key.sign(body.encode()))}")


async def test_a_token_shows_another_practice_nothing(installation: Installation, anyone: httpx.AsyncClient) -> None:
    mine, theirs = await installation.practice(), await installation.practice()
    person = await installation.api(theirs).client("Marta", "Okonkwo")
    body = {"query": "query ($id: ID!) { node(id: $id) { id } }", "variables": {"id": person["id"]}}

    response = await anyone.post("/graphql", json=body, headers=bearer(installation.token(mine)))
    assert response.json() == {"data": {"node": None}}
