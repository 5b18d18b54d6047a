"""Messages beside what forbids them, beside each other, and beside who may read them, on every engine (X1, M5, M6)."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from tests.acting.cast import Cast, Nobody, new_cast
from tests.api import Installation
from tests.budgets import budget
from tests.contract.workers import Workers, two_workers

ROUNDS = budget(20, 200)
SENDERS = 8
LOG = "query ($id: ID!) { auditLog(clientId: $id, first: 1, kinds: [%s]) { nodes { at } } }"
THREAD = """query ($id: ID!) { node(id: $id) { ... on MessageThread { unreadCount messages(last: 100) { nodes {
  sequence body sentAt author { text } } } } } }"""
Revoke = Callable[[Cast], Awaitable[Any]]


@pytest.fixture(scope="module")
async def workers(installation: Installation) -> AsyncIterator[Workers]:
    async with two_workers(installation) as workers:
        yield workers


@pytest.fixture(scope="module")
async def cast(installation: Installation, workers: Workers) -> Cast:
    """Everybody; contacts reach another worker than staff."""
    cast = await new_cast(installation)
    for user in cast.users.values():
        user.app = workers.second.app
    return cast


async def _toggle_off(cast: Cast) -> None:
    await cast.change("anna", secureMessaging=False)


async def _toggle_on(cast: Cast) -> None:
    await cast.change("anna", secureMessaging=True)


async def _archive(cast: Cast, status: str = "ARCHIVED") -> None:
    found = await cast.api.query("query ($id: ID!) { person(id: $id) { version } }", id=cast.ids["ben"])
    version = found["person"]["version"]
    await cast.api.done("setClientStatus", personId=cast.ids["ben"], expectedVersion=version, status=status)


async def _activate(cast: Cast) -> None:
    await _archive(cast, "ACTIVE")


async def _feature_off(cast: Cast) -> None:
    await cast.api.done("setClientFeature", clientId=cast.ids["ben"], feature="MESSAGING", enabled=False)


async def _feature_on(cast: Cast) -> None:
    await cast.api.done("setClientFeature", clientId=cast.ids["ben"], feature="MESSAGING", enabled=True)


async def _remove(cast: Cast) -> None:
    await cast.remove("anna")


async def _add_again(cast: Cast) -> None:
    await cast.add_again("anna")


KINDS: dict[str, tuple[Revoke, Revoke, str]] = {
    "toggle": (_toggle_off, _toggle_on, "UPDATE_CONTACT"),
    "removal": (_remove, _add_again, "REMOVE_CONTACT"),
    "archive": (_archive, _activate, "SET_CLIENT_STATUS"),
    "feature": (_feature_off, _feature_on, "SET_CLIENT_FEATURE"),
}


async def _sent(cast: Cast, thread: str) -> str | None:
    """When a message was sent; None where it was refused."""
    payload = await cast.does("anna", "sendMessage", "message { sentAt }", threadId=thread, body="Racing")
    if payload["message"] is not None:
        return str(payload["message"]["sentAt"])
    assert [error["code"] for error in payload["errors"]] in (["NOT_FOUND"], ["FORBIDDEN"])
    return None


async def _later(work: Awaitable[Any]) -> Any:
    await asyncio.sleep(random.uniform(0, 0.01))  # noqa: S311 - jitter
    return await work


@pytest.mark.parametrize("kind", KINDS)
async def test_m5_of_a_revocation_and_a_message_the_first_wins(cast: Cast, kind: str) -> None:
    revoke, restore, event = KINDS[kind]
    outcomes = set()
    for _ in range(ROUNDS):
        thread = await cast.start("staff", audience="SHARED")
        if kind == "removal":  # whoever was added again reads from the next message on
            await cast.send("staff", thread)
        sent, _ = await asyncio.gather(_later(_sent(cast, thread)), _later(revoke(cast)))
        log = await cast.ask("admin", LOG % event, id=cast.ids["ben"])
        revoked_at = log["auditLog"]["nodes"][0]["at"]
        assert sent is None or datetime.fromisoformat(sent) < datetime.fromisoformat(revoked_at)
        assert await _sent(cast, thread) is None
        outcomes.add(sent is None)
        await restore(cast)
    assert outcomes


async def test_x1_a_disabled_account_sends_nothing(cast: Cast, installation: Installation) -> None:
    for _ in range(ROUNDS // 4):
        home = await new_cast(installation)
        thread = await home.start("staff", audience="SHARED")

        async def sent(home: Cast = home, thread: str = thread) -> str | None:
            try:
                return await _sent(home, thread)
            except Nobody:
                return None

        disabling = home.api.done("disableAccount", personId=home.ids["anna"])
        when, _ = await asyncio.gather(_later(sent()), _later(disabling))
        log = await home.ask("admin", LOG % "DISABLE_ACCOUNT", id=home.ids["anna"])
        at = log["auditLog"]["nodes"][0]["at"]
        assert when is None or datetime.fromisoformat(when) < datetime.fromisoformat(at)


async def test_m1_eight_senders_leave_no_gap_and_lose_nothing(cast: Cast) -> None:
    thread = await cast.start("staff", "0", audience="SHARED")
    bodies = [f"{sender} {number}" for sender in range(SENDERS) for number in range(3)]

    async def send(sender: int) -> None:
        who = ("anna", "staff", "carl", "ben")[sender % 4]
        for number in range(3):
            await cast.send(who, thread, f"{sender} {number}")

    await asyncio.gather(*(send(sender) for sender in range(SENDERS)))
    seen = {who: (await cast.ask(who, THREAD, id=thread))["node"] for who in ("staff", "anna", "carl", "ben")}
    messages = seen["staff"]["messages"]["nodes"]
    assert [one["sequence"] for one in messages] == list(range(1, len(bodies) + 2))
    assert sorted(one["body"] for one in messages) == sorted(["0", *bodies])
    times = [datetime.fromisoformat(one["sentAt"]) for one in messages]
    assert times == sorted(set(times))
    assert seen["staff"]["unreadCount"] == len(bodies) * 3 // 4
    for who in ("anna", "carl", "ben"):
        assert seen[who]["messages"] == seen["staff"]["messages"] | {
            "nodes": [
                one | {"author": mine["author"]}
                for one, mine in zip(messages, seen[who]["messages"]["nodes"], strict=True)
            ]
        }
        assert seen[who]["unreadCount"] == len(bodies) * 3 // 4 + 1


async def test_m6_after_narrowing_no_body_is_read(cast: Cast) -> None:
    for _ in range(ROUNDS):
        thread = await cast.start("staff", "Secret", audience="SHARED")
        narrowed = asyncio.Event()

        async def read(thread: str = thread, narrowed: asyncio.Event = narrowed) -> None:
            while True:
                was_narrow = narrowed.is_set()
                node = (await cast.ask("anna", THREAD, id=thread))["node"]
                assert node is None or not was_narrow
                if was_narrow:
                    return

        async def narrow(thread: str = thread, narrowed: asyncio.Event = narrowed) -> None:
            await _later(cast.widen(thread, "CLIENT_ONLY"))
            narrowed.set()

        await asyncio.gather(read(), narrow())
