"""How many statements messages take; each is a flight to the database and back."""

import pytest

from tests.acting.cast import Cast, new_cast
from tests.api import Installation

INBOX = "{ messageInbox(first: 50) { nodes { id subject lastMessageAt awaitsReply client { displayName } } } }"
THREADS = """query ($id: ID!) { person(id: $id) { messageThreads(first: 50) { nodes {
  id subject status audience lastMessageAt } } } }"""
SEND = """mutation ($input: SendMessageInput!) { sendMessage(input: $input) {
  message { id sequence body sentAt author { text } } errors { code } } }"""
SESSION = ("portal/sessions/holder", "practices/by_slug")
"""Who asks: before anything else, and remembered for a while."""
DECISION = "access/of_person"


@pytest.fixture(scope="module")
async def cast(installation: Installation) -> Cast:
    return await new_cast(installation)


async def sent(cast: Cast, who: str, query: str, **variables: object) -> list[str]:
    """The statements of one request, without those that say who asks.

    It is asked before: what was changed just now has a date ahead of the clock, and is read again until it has passed.
    """
    await cast.ask(who, query, **variables)
    with cast.installation.statements() as names:
        await cast.ask(who, query, **variables)
    return [name for name in names if name not in SESSION]


def run_once(names: list[str]) -> list[str]:
    """Without the runs of a transaction that were undone: it was too slow for the time it was dated by."""
    begins = "kernel/idempotency/claim" if "kernel/idempotency/claim" in names else "people/lock"
    runs = [place for place, name in enumerate(names) if name == begins]
    return names[: runs[0]] + names[runs[-1] :]


async def test_a_message_takes_nine_statements(cast: Cast) -> None:
    thread = await cast.start("staff", audience="SHARED")
    names = await sent(cast, "anna", SEND, input={"threadId": thread, "body": "Hi"})
    assert run_once(names) == [
        "acting/threads/by_ids",
        "people/lock",
        "access/lock",
        "access/pair",
        "access/of_client",
        "acting/threads/lock",
        "acting/messages/append",
        "acting/messages/notify",
        "audit/append",
    ]
    keyed = {"threadId": thread, "body": "Hi", "idempotencyKey": "k"}
    names = await sent(cast, "anna", SEND, input=keyed)
    assert len([name for name in run_once(names) if name != "kernel/idempotency/expired"]) <= 11
    by_staff = await sent(cast, "staff", SEND, input={"threadId": thread, "body": "Hi"})
    assert len(run_once(by_staff)) <= 7


async def test_a_page_of_messages_takes_two(cast: Cast) -> None:
    thread = await cast.start("anna", audience="SHARED")
    for who in ("staff", "ben", "anna"):
        await cast.send(who, thread)
    query = """query ($id: ID!) { node(id: $id) { ... on MessageThread { messages(first: 50) { nodes {
      id sequence body sentAt isOwn author { text contactVersion } } } } } }"""
    assert await sent(cast, "staff", query, id=thread) == ["acting/threads/by_ids", "acting/messages/page"]
    assert await sent(cast, "anna", query, id=thread) == ["acting/threads/by_ids", DECISION, "acting/messages/page"]


async def test_the_inbox_takes_two(cast: Cast) -> None:
    await cast.start("anna")
    assert await sent(cast, "staff", INBOX) == ["acting/threads/inbox", "people/by_ids"]


async def test_a_clients_threads_take_two(cast: Cast) -> None:
    await cast.start("anna")
    assert await sent(cast, "staff", THREADS, id=cast.ids["ben"]) == ["people/by_ids", "acting/threads/of_client"]
    names = await sent(cast, "anna", THREADS, id=cast.ids["ben"])
    assert [name for name in names if name != DECISION] == ["people/by_ids", "acting/threads/of_client"]


async def test_unread_numbers_of_a_page_take_one_more(cast: Cast) -> None:
    for _ in range(3):
        await cast.start("ben", audience="SHARED")
    query = "query ($id: ID!) { person(id: $id) { messageThreads { nodes { unreadCount } } } }"
    names = await sent(cast, "staff", query, id=cast.ids["ben"])
    assert names == ["people/by_ids", "acting/threads/of_client", "acting/messages/unread"]
