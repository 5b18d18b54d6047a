"""Requests of somebody who means harm: each is large in another way, and is to be refused before it costs."""

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from typing import Any

import orjson

ANSWER_WITHIN = 60.0
CLIENTS = "query ($f: ClientFilter) { clients(filter: $f) { totalCount } }"
ADD = "mutation ($input: AddClientInput!) { addClient(input: $input) { errors { code } } }"


@dataclass(frozen=True, slots=True)
class Attack:
    """One request."""

    name: str
    body: bytes

    @classmethod
    def of(cls, name: str, query: str, **variables: Any) -> "Attack":
        """As JSON."""
        return cls(name, orjson.dumps({"query": query, "variables": variables}))


def numbered(text: str, count: int) -> str:
    """The text again and again, with its number for each #."""
    return " ".join(text.replace("#", str(number)) for number in range(count))


def documents() -> list[Attack]:
    """Large in what is to be parsed and validated."""
    fragments = "fragment F# on Viewer { id }"
    filtered = "{ clients(filter: {" + numbered("x#: 1", 320) + "}) { totalCount } }"
    return [
        Attack.of("22 aliases of __schema", "{ " + numbered("a#: __schema { types { name } }", 22) + " }"),
        Attack.of("900 times a field", "{ viewer { " + "id " * 900 + "} }"),
        Attack.of("320 aliases of a field", "{ viewer { " + "a:id " * 320 + "} }"),
        Attack.of("110 fragments", "{ viewer { " + numbered("...F#", 110) + " } } " + numbered(fragments, 110)),
        Attack.of("130 unused fragments", "{ viewer { id } } " + numbered(fragments, 130)),
        Attack.of("130 operations", numbered("query Q# { ...A }", 130) + " fragment A on Query { no }"),
        Attack.of("990 unknown fields", "{ " + numbered("x#", 990) + " }"),
        Attack.of("320 unknown arguments", "{ viewer(" + numbered("x#: 1", 320) + ") { id } }"),
        Attack.of("320 unknown fields of an input", filtered),
        Attack.of("240 variables", "query (" + numbered("$v#: Int", 240) + ") { viewer { id } }"),
        Attack.of("490 directives", "{ viewer { id " + "@aa" * 490 + " } }"),
        Attack.of("levels", "{ person(id: 1) { " + "contactOf { nodes { client { id } } } " * 85 + "} }"),
        Attack.of("nested without end", "{a" * 450 + "}" * 450),
        Attack.of("a long text", '{ person(id: "' + "x" * 74_000 + '") { nothing } }'),
        Attack.of("a long comment", "#" + "x" * 74_000 + "\n{ nothing }"),
        Attack.of("many lines", "{ nothing }" + "\n" * 74_000 + "}"),
        Attack.of("a number of 74,000 digits", "{ clients(first: " + "9" * 74_000 + ") { nothing } }"),
    ]  # fmt: skip


def inputs() -> list[Attack]:
    """Large in what is to be coerced."""
    keys = {f"k{n}": 1 for n in range(60_000)}
    deep: Any = []
    for _ in range(250):
        deep = [deep]
    return [
        Attack.of("60,000 unknown keys", CLIENTS, f=keys),
        Attack.of("60,000 unknown variables", "{ viewer { id } }", **keys),
        Attack.of("85,000 values in a filter", CLIENTS, f={"statuses": ["ACTIVE"] * 85_000}),
        Attack.of("150,000 address lines", ADD, input={"person": {"address": {"lines": ["x"] * 150_000}}}),
        Attack.of("9,000 address lines", ADD, input={"person": {"address": {"lines": ["x"] * 9_000}}}),
        Attack.of("600 wrong ids", "query ($v: [ID!]!) { nodes(ids: $v) { id } }", v=[{"a": "x" * 150}] * 600),
        Attack.of("a text of 140,000", ADD, input={"person": {"givenName": "x" * 140_000}}),
        Attack.of("deep lists", CLIENTS, f=deep),
        Attack("nested JSON", b'{"query": "{ viewer { id } }", "variables": ' + b"[" * 140_000),
        Attack("many empty lists", b'{"query": "{ no }", "variables": {"v": [' + b"[]," * 45_000 + b"[]]}}"),
        Attack("a number of 140,000 digits", b'{"query": "{ no }", "variables": {"v": ' + b"9" * 140_000 + b"}}"),
        Attack("no JSON", b"{" + b"x" * 140_000),
    ]


def attacks() -> list[Attack]:
    """All of them."""
    return [*documents(), *inputs()]


async def besiege(port: int, tokens: list[str], seconds: float) -> dict[str, int]:
    """Each token asks again as soon as it was answered; how many answers of each status came."""
    bodies = [attack.body for attack in attacks()]
    bodies.append(
        Attack.of("a fair question", "{ viewer { id actsFor(first: 100) { nodes { client { id } } } } }").body
    )
    statuses: dict[str, int] = {}
    until = time.monotonic() + seconds

    async def loop(number: int, token: str) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        turn = number
        while time.monotonic() < until:
            body = bodies[turn % len(bodies)]
            turn += 1
            head = (
                f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            try:
                async with asyncio.timeout(ANSWER_WITHIN):
                    writer.write(head.encode() + body)
                    answer = await reader.readuntil(b"\r\n\r\n")
                    lines = answer.lower().split(b"\r\n")
                    (length,) = (int(line[15:]) for line in lines if line.startswith(b"content-length:"))
                    await reader.readexactly(length)
                status = answer.split(b" ", 2)[1].decode()
            except (OSError, asyncio.IncompleteReadError):
                status = "closed"
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            statuses[status] = statuses.get(status, 0) + 1
        writer.close()

    async with asyncio.TaskGroup() as group:
        for number, token in enumerate(tokens):
            group.create_task(loop(number, token))
    return statuses


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(json.dumps(asyncio.run(besiege(asked["port"], asked["tokens"], asked["seconds"]))))
