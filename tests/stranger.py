"""Somebody without a token."""

import secrets
from typing import Any

import httpx

from tests.api import Installation
from tests.declared import ANONYMOUS, shown_by

ERRORS = "errors { __typename code message path ... on InvalidInput { reason } } warnings { code message path }"
"""As much as the small documents without a token may ask."""
SESSION = "session { accessToken accessTokenExpiresAt refreshToken }"
ENTERING = {
    name: " ".join([*(SESSION if shown == "session" else shown for shown in shown_by(name)), ERRORS])
    for name in ANONYMOUS
}


def elsewhere() -> str:
    """A network that has asked nothing yet: how often one may ask is bounded."""
    return ".".join(str(part) for part in (10, *secrets.token_bytes(3)))


async def ask(installation: Installation, mutation: str, **values: Any) -> dict[str, Any]:
    """The payload of a mutation that needs no token."""
    type_name = mutation[0].upper() + mutation[1:] + "Input"
    document = f"mutation ($input: {type_name}!) {{ {mutation}(input: $input) {{ {ENTERING[mutation]} }} }}"
    transport = httpx.ASGITransport(installation.server.app, client=(elsewhere(), 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        response = await client.post("/graphql", json={"query": document, "variables": {"input": values}})
    assert response.status_code == 200, response.text
    answer = response.json()
    assert "errors" not in answer, answer["errors"]
    payload: dict[str, Any] = answer["data"][mutation]
    return payload


async def refusal(installation: Installation, mutation: str, **values: Any) -> tuple[str, list[str]]:
    """Reason and path of the one error of a mutation that must be refused."""
    payload = await ask(installation, mutation, **values)
    assert payload.get("session") is None
    [error] = payload["errors"]
    assert error["__typename"] == "InvalidInput"
    return error["reason"], error["path"]
