"""What `python -m bench.messages` measures on is read as what people wrote."""

import pytest
from bench.talks import BUSY, LONG, Size, Talks

from graph_api.custody.masters_in_use import message_texts
from graph_api.kernel.caller import Caller, ViewerRole
from tests.api import Api, Installation

READ = """query ($busy: ID!, $other: ID!, $long: ID!) {
  messageInbox(first: 100) { nodes { subject } }
  busy: person(id: $busy) { messageThreads(first: 100) { pageInfo { hasNextPage } nodes { subject } } }
  other: person(id: $other) { messageThreads { nodes { unreadCount messages(last: 100) { totalCount nodes {
    sequence body isOwn author { text } } } } } }
  node(id: $long) { ... on MessageThread { messages(last: 50) { totalCount nodes { body } } } } }"""


async def test_talks_of_the_bench_are_read_as_all_others(installation: Installation, api: Api) -> None:
    clients = [str((await api.client(name, "Moreno"))["id"]) for name in ("Ana", "Bea")]
    scope = installation.server.services.scope(Caller("staff-1", api.practice, ViewerRole.STAFF))
    talks = Talks(installation.database, api.practice, clients, message_texts(installation.settings)(scope))
    await talks.grow(Size(BUSY + 1, LONG + BUSY + 4))
    await talks.grow(Size(BUSY + 3, LONG + BUSY + 9))
    assert talks.busy_client == clients[0]
    found = await api.query(READ, busy=clients[0], other=clients[1], long=talks.long_thread)
    assert {one["subject"] for one in found["messageInbox"]["nodes"]} == {"About the knee"}
    assert found["busy"]["messageThreads"]["pageInfo"]["hasNextPage"]
    others = found["other"]["messageThreads"]["nodes"]
    assert [one["messages"]["totalCount"] for one in others] == [2, 3, 5]
    assert [one["unreadCount"] for one in others] == [1, 2, 3]
    last = others[0]["messages"]["nodes"]
    assert [(one["sequence"], one["isOwn"], one["author"]["text"]) for one in last] == [
        (1, False, "Bea Moreno"),
        (2, True, "Test practice"),
    ]
    assert all(one["body"].startswith(f"{one['sequence']}: The knee") for one in last)
    page = found["node"]["messages"]
    assert (page["totalCount"], len(page["nodes"])) == (LONG, 50)
    assert None not in [one["body"] for one in page["nodes"]]


async def test_too_few_messages_are_refused(installation: Installation, api: Api) -> None:
    scope = installation.server.services.scope(Caller("staff-1", api.practice, ViewerRole.STAFF))
    talks = Talks(installation.database, api.practice, ["a", "b"], message_texts(installation.settings)(scope))
    for size in (Size(BUSY, LONG + BUSY), Size(BUSY + 9, LONG + BUSY)):
        with pytest.raises(ValueError, match="too few"):
            await talks.grow(size)
