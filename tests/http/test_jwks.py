"""Who may ask, by an outside issuer's keys: published, renewed, gone and back."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from graph_api.bootstrap import Server
from graph_api.kernel.caller import Practice
from tests.api import Installation
from tests.http.issuer import AUDIENCE, NAME, Issuer, base64url, make_key, published, secret_key, token
from tests.http.serving import EMBEDDED, assert_refused, bearer, serving

pytestmark = EMBEDDED

MODULE = "graph_api.http.token_keys"
ALGORITHMS = ["RS256", "RS512", "ES256", "ES384", "ES512", "EdDSA"]


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    with issuer.serving():
        yield issuer


@asynccontextmanager
async def honouring(issuer: Issuer, installation: Installation) -> AsyncIterator[httpx.AsyncClient]:
    """The application that takes the issuer's tokens."""
    update = {"jwks_url": issuer.url, "jwt_issuer": NAME, "jwt_audience": AUDIENCE}
    server = Server(installation.settings.model_copy(update=update), installation.database)
    async with serving(server.app) as url, httpx.AsyncClient(base_url=url) as client:
        yield client


@pytest.fixture
async def remote(installation: Installation, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    async with honouring(issuer, installation) as client:
        yield client


@pytest.fixture
def asks_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The issuer is asked for each unknown key: nobody waits for ten seconds here."""
    monkeypatch.setattr(f"{MODULE}.JWKS_RETRY_AFTER", -1.0)


@pytest.fixture
async def practice(installation: Installation) -> Practice:
    return await installation.practice()


async def ask(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post("/graphql", json={"query": "{ viewer { role } }"}, headers=bearer(token))


async def accepted(client: httpx.AsyncClient, token: str) -> None:
    response = await ask(client, token)
    assert response.json() == {"data": {"viewer": {"role": "STAFF"}}}


async def refused(client: httpx.AsyncClient, token: str) -> str:
    response = await ask(client, token)
    assert "www-authenticate" in response.headers
    assert not any(part in f"{response.headers} {response.text}" for part in token.split(".") if len(part) > 3)
    return assert_refused(response, 401, "UNAUTHENTICATED")


@pytest.mark.parametrize("says_its_algorithm", [True, False])
async def test_every_kind_of_key(
    remote: httpx.AsyncClient, issuer: Issuer, practice: Practice, says_its_algorithm: bool
) -> None:
    keys = {algorithm: make_key(algorithm) for algorithm in ALGORITHMS}
    for algorithm, key in keys.items():
        members = {"alg": algorithm, "use": "sig"} if says_its_algorithm else {}
        issuer.keys.append(published(key, algorithm, kid=algorithm, **members))

    for algorithm, key in keys.items():
        await accepted(remote, token(key, algorithm, algorithm, practice=practice.slug))
    assert issuer.asked == 1


async def test_claims_are_checked_as_ever(remote: httpx.AsyncClient, issuer: Issuer, practice: Practice) -> None:
    key = make_key("ES256")
    issuer.keys = [published(key, "ES256", kid="k")]

    def changed(**changes: Any) -> str:
        return token(key, "ES256", "k", **{"practice": practice.slug, **changes})

    await accepted(remote, changed())
    assert "issuer" in await refused(remote, changed(iss="https://issuer.example.evil"))
    assert "issuer" in await refused(remote, changed(iss="graph-api"))
    assert "audience" in await refused(remote, changed(aud="graph-api"))
    assert "expired" in await refused(remote, changed(exp=1))
    assert "role" in await refused(remote, changed(role="portal"))
    assert "practice" in await refused(remote, changed(practice="no-such"))


async def test_our_own_tokens_are_refused_where_an_issuer_is_set(
    installation: Installation, remote: httpx.AsyncClient, issuer: Issuer, practice: Practice
) -> None:
    issuer.keys = [published(make_key("EdDSA"), "EdDSA", kid="k")]

    await refused(remote, installation.token(practice))


@pytest.mark.usefixtures("asks_each_time")
async def test_a_key_that_is_not_named_or_not_published(
    remote: httpx.AsyncClient, issuer: Issuer, practice: Practice
) -> None:
    key = make_key("EdDSA")
    issuer.keys = [published(key, "EdDSA", kid="k"), published(key, "EdDSA"), published(key, "EdDSA", kid=7)]

    await accepted(remote, token(key, "EdDSA", "k", practice=practice.slug))
    assert "kid" in await refused(remote, token(key, "EdDSA", None, practice=practice.slug))
    assert "publish" in await refused(remote, token(key, "EdDSA", "", practice=practice.slug))
    assert "publish" in await refused(remote, token(key, "EdDSA", "another", practice=practice.slug))
    assert "not valid" in await refused(remote, token(make_key("EdDSA"), "EdDSA", "k", practice=practice.slug))


async def test_a_key_verifies_its_own_algorithm_alone(
    remote: httpx.AsyncClient, issuer: Issuer, practice: Practice
) -> None:
    keys = {algorithm: make_key(algorithm) for algorithm in ("RS256", "ES256", "ES384", "EdDSA")}
    issuer.keys = [published(key, algorithm, kid=algorithm) for algorithm, key in keys.items()]
    issuer.keys.append(published(keys["RS256"], "RS256", kid="stated", alg="RS256"))

    for named in keys:
        for algorithm, key in keys.items():
            if algorithm != named:
                await refused(remote, token(key, algorithm, named, practice=practice.slug))
    await accepted(remote, token(keys["RS256"], "RS512", "RS256", practice=practice.slug))
    await refused(remote, token(keys["RS256"], "RS512", "stated", practice=practice.slug))
    await refused(remote, token(keys["RS256"], "PS256", "RS256", practice=practice.slug))


async def test_a_public_key_is_no_secret_to_sign_with(
    remote: httpx.AsyncClient, issuer: Issuer, practice: Practice
) -> None:
    key = make_key("RS256")
    issuer.keys = [published(key, "RS256", kid="k")]
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    for algorithm in ("HS256", "RS256"):
        header = {"alg": algorithm, "kid": "k"}
        body = token(b"s" * 32, "HS256", "k", practice=practice.slug).split(".")[1]
        signed = f"{base64url(json.dumps(header).encode())}.{body}"
        forged = f"{signed}.{base64url(hmac.digest(public, signed.encode(), 'sha256'))}"
        assert await refused(remote, forged)
    assert "algorithm" in await refused(remote, token(None, "none", "k", practice=practice.slug))


@pytest.mark.usefixtures("asks_each_time")
async def test_published_secrets_and_private_keys_and_small_ones_are_not_used(
    remote: httpx.AsyncClient, issuer: Issuer, practice: Practice
) -> None:
    secret = b"s" * 32
    private = make_key("ES256")
    small = rsa.generate_private_key(65_537, 1_024)  # noqa: S505 - what is to be refused
    encrypting = make_key("ES256")
    good = make_key("ES256")
    issuer.keys = [
        secret_key(secret, kid="oct"),
        secret_key(secret, kid="oct-as-rsa", alg="RS256"),
        {**jwt.get_algorithm_by_name("ES256").to_jwk(private, as_dict=True), "kid": "private"},
        published(small, "RS256", kid="small"),
        published(encrypting, "ES256", kid="encrypting", use="enc"),
        {"kty": "new", "kid": "new"},
        {"kid": "nothing"},
        "no key at all",
        published(good, "ES256", kid="good"),
    ]

    await accepted(remote, token(good, "ES256", "good", practice=practice.slug))
    hs256 = token(secret, "HS256", "oct", practice=practice.slug)
    await refused(remote, hs256)
    for kid in ("oct", "oct-as-rsa", "new", "nothing"):
        assert "publish" in await refused(remote, token(make_key("RS256"), "RS256", kid, practice=practice.slug))
    assert "publish" in await refused(remote, token(private, "ES256", "private", practice=practice.slug))
    assert "publish" in await refused(remote, token(encrypting, "ES256", "encrypting", practice=practice.slug))
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        weak = token(small, "RS256", "small", practice=practice.slug)
    assert "publish" in await refused(remote, weak)


async def test_many_at_once_ask_the_issuer_once(remote: httpx.AsyncClient, issuer: Issuer, practice: Practice) -> None:
    key = make_key("ES256")
    issuer.keys = [published(key, "ES256", kid="k")]
    good = token(key, "ES256", "k", practice=practice.slug)

    await asyncio.gather(*(accepted(remote, good) for _ in range(20)))
    others = [token(key, "ES256", f"k{n}", practice=practice.slug) for n in range(20)]
    await asyncio.gather(*(answered_503(remote, other, within=10) for other in others))
    forged = [token(make_key("ES256"), "ES256", "k", practice=practice.slug) for _ in range(20)]
    await asyncio.gather(*(refused(remote, other) for other in forged))
    assert issuer.asked == 1


async def answered_503(client: httpx.AsyncClient, token: str, within: int = 1) -> None:
    response = await ask(client, token)
    assert_refused(response, 503, "UNAVAILABLE")
    assert response.json()["errors"][0]["extensions"]["retryable"] is True
    assert 1 <= int(response.headers["retry-after"]) <= within


async def accepted_at_last(client: httpx.AsyncClient, token: str) -> None:
    async with asyncio.timeout(20):
        while (await ask(client, token)).status_code == 503:  # noqa: ASYNC110 - the server is what is waited for
            await asyncio.sleep(0.1)
    await accepted(client, token)


async def test_an_issuer_that_is_gone_is_a_retryable_503_until_it_is_back(
    installation: Installation, practice: Practice
) -> None:
    key = make_key("ES256")
    good = token(key, "ES256", "k", practice=practice.slug)
    issuer = Issuer([published(key, "ES256", kid="k")])
    with issuer.serving():
        address = issuer.url

    async with honouring(issuer, installation) as remote:
        await answered_503(remote, good)
        with issuer.serving():
            assert issuer.url == address
            await accepted_at_last(remote, good)


@pytest.mark.parametrize(
    ("status", "body"), [(500, b""), (302, b""), (200, b"<html>"), (200, b"{}"), (200, b"[]"), (200, b'{"keys": 1}')]
)
async def test_an_issuer_that_answers_otherwise_is_a_retryable_503(
    remote: httpx.AsyncClient, issuer: Issuer, practice: Practice, status: int, body: bytes
) -> None:
    key = make_key("ES256")
    good = token(key, "ES256", "k", practice=practice.slug)
    issuer.status, issuer.body = status, body
    await answered_503(remote, good)

    issuer.status, issuer.body = 200, None
    issuer.keys = [published(key, "ES256", kid="k")]
    await accepted_at_last(remote, good)
