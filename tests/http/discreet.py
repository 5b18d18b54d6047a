"""A caller who types people's data and sees that no answer repeats it where it does not belong."""

from collections.abc import Iterator
from typing import Any

import httpx

from tests.api import ENTITY, ERRORS
from tests.http.serving import RESPONSE, bearer

GIVEN, FAMILY = "Wilhelmina", "Quetzalson"
PHONE, EMAIL, NOTE = "+447700900123", "wilhelmina@quetzal.example", "allergic to penicillin"
TYPED = (GIVEN, FAMILY, "7700900123", "7700 900123", "quetzal", "penicillin")
"""What must not come back; of any case."""


def leaks(text: str) -> list[str]:
    """What of it a text holds."""
    return [value for value in TYPED if value.casefold() in text.casefold()]


def messages(value: Any) -> Iterator[str]:
    """Every error's and warning's text in an answer."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("message", "explanation", "reason", "path", "extensions"):
                yield str(inner)
            yield from messages(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from messages(inner)


def assert_discreet(response: httpx.Response) -> None:
    """No header and no message repeats what was typed."""
    assert not leaks(str(response.headers)), response.headers
    if response.content and response.headers["content-type"].startswith("application/"):
        for message in messages(response.json()):
            assert not leaks(message), message
    else:
        assert not leaks(response.text)


class Caller:
    """Staff of one practice, whose every answer is checked."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self._client = client
        self._headers = bearer(token)

    async def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """One request."""
        headers = {**self._headers, **request.pop("headers", {})}
        response = await self._client.request(method, path, headers=headers, **request)
        assert_discreet(response)
        return response

    async def ask(self, query: str, **variables: Any) -> httpx.Response:
        """An operation, by GET and by POST; the answer to the latter."""
        body = {"query": query, "variables": variables}
        await self.send("GET", "/graphql", params={"query": query})
        return await self.send("POST", "/graphql", json=body, headers={"Accept": RESPONSE})

    async def mutate(self, name: str, **values: Any) -> dict[str, Any]:
        """A mutation's payload; empty when it was not run."""
        kind = name[0].upper() + name[1:]
        query = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {ENTITY[name]} {ERRORS} }} }}"
        response = await self.ask(query, input=values)
        payload: dict[str, Any] = (response.json().get("data") or {}).get(name) or {}
        return payload
