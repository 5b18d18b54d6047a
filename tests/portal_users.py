"""The portal as its users' front end calls it: signing in, and the API with a portal token."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx
from starlette.applications import Starlette

from graph_api.engine.session import GraphSession
from graph_api.http.portal_tokens import PortalTokens
from graph_api.kernel.caller import Practice
from graph_api.kernel.graph import Graph
from graph_api.kernel.transaction import Transaction
from graph_api.keys.secrets import installation_secret, portal_signing_key
from graph_api.mail.model import Letter
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.model import Account
from graph_api.portal.ports import Session
from graph_api.portal.sessions import SessionOpener
from tests.api import ERRORS, Installation
from tests.stranger import ERRORS as SMALL_ERRORS

SESSION = "session { accessToken accessTokenExpiresAt refreshToken }"
SELECTED = {
    "signIn": SESSION,
    "refreshSession": SESSION,
    "acceptInvitation": SESSION,
    "requestSignInCode": "attempt",
}
CODE = re.compile(r"^([0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4})$", re.MULTILINE)
_NETWORKS = count(1)


def _somewhere() -> str:
    """An address that no other caller has, so that rate limits count each test's alone."""
    number = next(_NETWORKS)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@dataclass
class PortalUser:
    """Somebody at the portal of a practice, signed in or not."""

    app: Starlette
    practice: Practice
    address: str = ""
    access_token: str | None = None
    refresh_token: str | None = None
    attempt: str | None = field(default=None, repr=False)
    """What they got when they asked for a code; a front end that knows nothing of it leaves it out."""
    network: str = field(default_factory=_somewhere)
    bookmark: str | None = field(default=None, repr=False)

    async def post(self, query: str, variables: dict[str, Any], *, token: str | None = None) -> httpx.Response:
        """One raw request; without a token, as somebody without one."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        if token is not None and self.bookmark is not None:
            headers["Graph-API-Bookmark"] = self.bookmark
        transport = httpx.ASGITransport(self.app, client=(self.network, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            response = await client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        self.bookmark = response.headers.get("Graph-API-Bookmark", self.bookmark)
        return response

    async def mutate(self, name: str, /, *, signed_in: bool = False, **values: Any) -> dict[str, Any]:
        """A mutation's payload."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        token = self.access_token if signed_in else None
        errors = SMALL_ERRORS if token is None else ERRORS
        query = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {SELECTED.get(name, '')} {errors} }} }}"
        response = await self.post(query, {"input": values}, token=token)
        assert response.status_code == 200, response.text
        answer = response.json()
        assert "errors" not in answer, answer
        payload: dict[str, Any] = answer["data"][name]
        session = payload.get("session")
        if session is not None:
            self.access_token, self.refresh_token = session["accessToken"], session["refreshToken"]
        return payload

    async def reason(self, name: str, /, *, signed_in: bool = False, **values: Any) -> str:
        """Why a mutation is refused."""
        payload = await self.mutate(name, signed_in=signed_in, **values)
        assert payload.get("session") is None
        [error] = payload["errors"]
        return str(error.get("reason") or error["code"])

    async def done(self, name: str, /, *, signed_in: bool = False, **values: Any) -> None:
        """A mutation that must succeed."""
        payload = await self.mutate(name, signed_in=signed_in, **values)
        assert payload["errors"] == [], payload["errors"]

    async def ask_for_code(self) -> None:
        """Have a code mailed."""
        payload = await self.mutate("requestSignInCode", practice=self.practice.slug, email=self.address)
        assert payload["errors"] == [], payload["errors"]
        self.attempt = payload["attempt"]

    async def sign_in(self, code: str) -> dict[str, Any]:
        """Try a code; the payload."""
        return await self.mutate("signIn", **self.trying(code))

    def trying(self, code: str) -> dict[str, Any]:
        """The input of a try."""
        sent = {"practice": self.practice.slug, "email": self.address, "code": code}
        return sent if self.attempt is None else {**sent, "attempt": self.attempt}

    async def refresh(self, refresh_token: str | None = None) -> dict[str, Any]:
        """Go on with the session; the payload."""
        return await self.mutate("refreshSession", refreshToken=refresh_token or self.refresh_token)

    async def viewer(self, access_token: str | None = None) -> httpx.Response:
        """Who the API says they are."""
        query = "{ viewer { id role person { id } practice { id } } }"
        return await self.post(query, {}, token=access_token or self.access_token)

    async def is_signed_in(self, access_token: str | None = None) -> bool:
        """Whether the access token holds."""
        status = (await self.viewer(access_token)).status_code
        assert status in (200, 401)
        return status == 200


def portal_user(installation: Installation, practice: Practice, address: str = "") -> PortalUser:
    """Somebody at the portal, not signed in."""
    return PortalUser(installation.server.app, practice, address)


async def open_session(
    installation: Installation, practice: Practice, account: Account, now: datetime | None = None
) -> Session:
    """A session of an account, without a code."""
    settings, moment = installation.settings, now or datetime.now(UTC)
    secret = installation_secret(settings.data_dir, settings.secret_file)
    opener = SessionOpener(practice, PortalTokens(portal_signing_key(settings.data_dir)), secret)
    graph = Graph(GraphSession(installation.database), practice.id, moment.date())

    async def work(tx: Transaction) -> Session:
        await tx[AccountWrites].lock(account.person_id)
        return await opener.open(tx, account, moment)

    return await graph.write(work)


async def signed_in(installation: Installation, practice: Practice, account: Account) -> PortalUser:
    """The account's holder, signed in."""
    session = await open_session(installation, practice, account)
    user = portal_user(installation, practice, account.address)
    user.access_token, user.refresh_token = session.access_token, session.refresh_token
    return user


def code_in(letter: Letter) -> str:
    """The code that a letter brings."""
    found = CODE.search(letter.text)
    assert found is not None
    return found.group(1)
