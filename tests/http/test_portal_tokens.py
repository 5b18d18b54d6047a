"""Portal accounts' tokens: an issuer, a key and a role of their own, and a session that is looked up each time."""

import hmac
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from graph_api.bootstrap import Server
from graph_api.http.auth import mint_token
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.keys.files import KEY_FILES, Key, KeyPlace
from graph_api.keys.secrets import portal_signing_key, signing_key
from graph_api.portal.model import Account
from tests.accounts import give_account
from tests.api import Installation
from tests.http.issuer import AUDIENCE, Issuer, make_key, published, token
from tests.http.serving import EMBEDDED, assert_refused, bearer, serving
from tests.http.test_tokens import ask, part, refused
from tests.portal_users import PortalUser, signed_in

pytestmark = EMBEDDED

LATER = 4_000_000_000
Sign = Callable[..., str]


@pytest.fixture
async def practice(installation: Installation) -> Practice:
    return await installation.practice()


@pytest.fixture
async def account(installation: Installation, practice: Practice) -> Account:
    person = await installation.api(practice).client("Lucía")
    return await give_account(installation, practice, person["id"])


@pytest.fixture
async def user(installation: Installation, practice: Practice, account: Account) -> PortalUser:
    return await signed_in(installation, practice, account)


@pytest.fixture
def key(installation: Installation) -> Ed25519PrivateKey:
    return portal_signing_key(installation.settings.data_dir)


def claims_of(user: PortalUser, /, **changes: Any) -> dict[str, Any]:
    """The claims of the user's token, but for the changes; None leaves one out."""
    claims = jwt.decode(user.access_token or "", options={"verify_signature": False}) | changes
    return {name: value for name, value in claims.items() if value is not None}


@pytest.fixture
def sign(user: PortalUser, key: Ed25519PrivateKey) -> Sign:
    """Makes a token of the portal's key, its claims changed."""
    return lambda **changes: jwt.encode(claims_of(user, **changes), key, algorithm="EdDSA")


async def test_a_portal_token_says_whose_account_asks(user: PortalUser, account: Account) -> None:
    viewer = (await user.viewer()).json()["data"]["viewer"]
    assert viewer["role"] == "PORTAL"
    assert viewer["person"] == {"id": account.person_id}
    assert viewer["practice"] == {"id": user.practice.id}


def test_a_portal_token_lasts_fifteen_minutes(user: PortalUser) -> None:
    claims = claims_of(user)
    lasts = claims["exp"] - datetime.now(UTC).timestamp()
    assert 14 * 60 < lasts <= 15 * 60
    assert (claims["iss"], claims["aud"], claims["role"]) == ("graph-api-portal", "graph-api-portal", "portal")
    assert "lucia" not in str(claims).casefold()


def test_its_key_is_a_file_of_its_own(installation: Installation, key: Ed25519PrivateKey) -> None:
    folder = installation.settings.data_dir
    place = KeyPlace(KEY_FILES[Key.PORTAL], folder)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (place.path, place.draft) if path.exists()] == [0o600]
    staff = signing_key(folder).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    assert key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw) != staff


async def test_an_expired_portal_token(anyone: httpx.AsyncClient, sign: Sign) -> None:
    assert "expired" in await refused(anyone, sign(exp=datetime.now(UTC) - timedelta(minutes=1)))


@pytest.mark.parametrize("claim", ["sub", "practice", "role", "exp", "aud", "sid"])
async def test_a_missing_claim(anyone: httpx.AsyncClient, sign: Sign, claim: str) -> None:
    assert claim in await refused(anyone, sign(**{claim: None}))


@pytest.mark.parametrize("role", ["staff", "admin", "analyst", "PORTAL", "", 1, ["portal"], "portal ", "owner"])
async def test_the_portals_key_signs_for_no_other_role(anyone: httpx.AsyncClient, sign: Sign, role: Any) -> None:
    assert "role" in await refused(anyone, sign(role=role))


@pytest.mark.parametrize("role", ["portal", "PORTAL", "Portal"])
async def test_the_staffs_key_signs_for_no_portal_account(
    anyone: httpx.AsyncClient, installation: Installation, user: PortalUser, role: str
) -> None:
    staff = signing_key(installation.settings.data_dir)
    claims = claims_of(user, iss="graph-api", aud="graph-api", role=role)
    assert "role" in await refused(anyone, jwt.encode(claims, staff, algorithm="EdDSA"))
    minted = mint_token(
        staff, subject="anna", practice=user.practice.slug, role=ViewerRole.PORTAL, lasts=timedelta(hours=1)
    )
    assert "role" in await refused(anyone, minted)


async def test_keys_are_not_swapped(
    anyone: httpx.AsyncClient, installation: Installation, user: PortalUser, key: Ed25519PrivateKey
) -> None:
    staff = signing_key(installation.settings.data_dir)
    await refused(anyone, jwt.encode(claims_of(user), staff, algorithm="EdDSA"))
    await refused(anyone, jwt.encode(claims_of(user), Ed25519PrivateKey.generate(), algorithm="EdDSA"))
    for role in ("staff", "admin", "portal"):
        claims = claims_of(user, iss="graph-api", aud="graph-api", role=role)
        await refused(anyone, jwt.encode(claims, key, algorithm="EdDSA"))
    for names in (
        {"aud": "graph-api"},
        {"iss": "graph-api"},
        {"iss": "GRAPH-API-PORTAL"},
    ):
        await refused(anyone, jwt.encode(claims_of(user, **names), key, algorithm="EdDSA"))


@pytest.mark.parametrize("algorithm", ["none", "None", "", None, "HS256", "RS256", "ES256"])
async def test_another_algorithm(
    anyone: httpx.AsyncClient, user: PortalUser, key: Ed25519PrivateKey, algorithm: str | None
) -> None:
    header = {"typ": "JWT"} if algorithm is None else {"typ": "JWT", "alg": algorithm}
    body = f"{part(header)}.{part(claims_of(user, exp=LATER))}"
    await refused(anyone, f"{body}.")
    await refused(anyone, f"{body}.{part(key.sign(body.encode()))}")
    public = key.public_key()
    for secret in (
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.Raw, PublicFormat.Raw),
    ):
        await refused(anyone, f"{body}.{part(hmac.digest(secret, body.encode(), 'sha256'))}")


async def test_a_token_of_another_practice(anyone: httpx.AsyncClient, installation: Installation, sign: Sign) -> None:
    """The session is of one practice: named with another it is none."""
    other = await installation.practice()
    assert "session" in await refused(anyone, sign(practice=other.slug))
    assert "practice" in await refused(anyone, sign(practice="no-such-practice"))


async def test_a_session_of_another_account(anyone: httpx.AsyncClient, installation: Installation, sign: Sign) -> None:
    assert "session" in await refused(anyone, sign(sub=new_id("account")))
    assert "session" in await refused(anyone, sign(sid=new_id("session")))
    for wrong in ("", 1, ["x"], None, "x" * 5_000):
        await refused(anyone, sign(sid=wrong))


async def test_a_portal_token_is_none_of_staff(user: PortalUser) -> None:
    query = (
        "mutation { setClientStatus(input: {personId: %s, expectedVersion: 1, status: ARCHIVED}) { errors { code } } }"
    )
    response = await user.post(query % '"x"', {}, token=user.access_token)
    assert response.json()["data"]["setClientStatus"]["errors"] == [{"code": "FORBIDDEN"}]
    response = await user.post("{ clients { totalCount } auditLog { totalCount } }", {}, token=user.access_token)
    assert response.json()["data"] == {"clients": None, "auditLog": None}


async def test_an_outside_issuer_mints_no_portal_token(
    installation: Installation, user: PortalUser, practice: Practice
) -> None:
    """Neither in its own name, nor in the portal's; and while it issues staff's, the portal's own are honoured."""
    issuer, outside = Issuer(), make_key("EdDSA")
    issuer.keys = [published(outside, "EdDSA", kid="one")]
    with issuer.serving():
        update = {"jwks_url": issuer.url, "jwt_issuer": "https://issuer.example", "jwt_audience": AUDIENCE}
        server = Server(installation.settings.model_copy(update=update), installation.database)
        async with serving(server.app) as url, httpx.AsyncClient(base_url=url) as client:
            staff = await ask(client, bearer(token(outside, "EdDSA", "one", practice=practice.slug)))
            assert staff.json() == {"data": {"viewer": {"role": "STAFF"}}}
            own = {"sub": claims_of(user)["sub"], "sid": claims_of(user)["sid"], "practice": practice.slug}
            await refused(client, token(outside, "EdDSA", "one", **own, role="portal"))
            for audience in (AUDIENCE, "graph-api-portal", [AUDIENCE, "graph-api-portal"]):
                named = {"iss": "graph-api-portal", "aud": audience, "role": "portal"}
                await refused(client, token(outside, "EdDSA", "one", **own | named))
                await refused(client, token(outside, "EdDSA", "one", **own | named | {"role": "staff"}))
            viewer = await ask(client, bearer(user.access_token or ""))
            assert viewer.json() == {"data": {"viewer": {"role": "PORTAL"}}}


async def test_without_mail_the_portal_is_closed_to_others_than_this_machine(
    installation: Installation, user: PortalUser, practice: Practice
) -> None:
    settings = installation.settings.model_copy(update={"on_loopback": False})
    server = Server(settings, installation.database)
    outside = PortalUser(server.app, practice, user.address, user.access_token, user.refresh_token)

    assert "not open" in assert_refused(await outside.viewer(), 401, "UNAUTHENTICATED")
    assert await outside.reason("requestSignInCode", practice=practice.slug, email=user.address) == "portal.closed"
    assert await outside.reason("signIn", practice=practice.slug, email=user.address, code="1") == "portal.closed"
    assert await outside.reason("refreshSession", refreshToken=user.refresh_token) == "portal.closed"
    assert await user.is_signed_in()


async def test_one_statement_says_whether_a_session_holds(installation: Installation, user: PortalUser) -> None:
    await user.viewer()
    with installation.statements() as names:
        await user.viewer()
        await user.viewer()
    assert names.count("portal/sessions/holder") == 2
