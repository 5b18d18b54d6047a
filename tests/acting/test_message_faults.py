"""What stays readable, and what is said, when something of a conversation was damaged, erased, or has ended."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph_api.acting.messages.erasing import Erasing
from graph_api.acting.messages.unreadable import UnreadableBodies, UnreadableCount
from graph_api.audit.model import Actor
from graph_api.engine.session import GraphSession
from graph_api.kernel.graph import Graph
from graph_api.opening import make_auditor
from tests.acting.cast import Cast, new_cast
from tests.acting.waiting import told_of_messages
from tests.api import Installation
from tests.letters import mail_of

THREAD = """query ($id: ID!, $client: ID!) {
  viewer { unreadThreads }
  person(id: $client) { messageThreads { nodes { id } } }
  node(id: $id) { ... on MessageThread { subject isErased unreadCount readers { id } assignedTo { displayName isActive }
    messages { totalCount nodes { id sequence body author { text practitioner { id } } } } } } }"""


@pytest.fixture
async def cast(installation: Installation) -> Cast:
    """Everybody, in a fresh practice."""
    return await new_cast(installation)


async def read(cast: Cast, thread: str, who: str = "anna") -> dict[str, Any]:
    """A thread, which is listed as well."""
    found = await cast.ask(who, THREAD, id=thread, client=cast.ids["ben"])
    assert thread in [one["id"] for one in found["person"]["messageThreads"]["nodes"]]
    node: dict[str, Any] = found["node"]
    return node


def bodies(thread: dict[str, Any]) -> list[str | None]:
    """Of its messages, oldest first."""
    return [one["body"] for one in thread["messages"]["nodes"]]


async def damage(cast: Cast, text: str, **params: Any) -> None:
    """Change something by hand, past all services."""
    async with cast.installation.database.session(write=True) as session:
        await (await session.run(text, params)).consume()


def unreadable(cast: Cast) -> UnreadableCount:
    """What doctor counts."""
    return UnreadableBodies(cast.installation.settings.data_dir).count(datetime.now(UTC))


DAMAGES = {
    "changed": "SET m.body = CASE WHEN m.body STARTS WITH 'A' THEN 'B' ELSE 'A' END + substring(m.body, 1)",
    "cut short": "SET m.body = substring(m.body, 0, 8)",
    "no base64": "SET m.body = 'é?'",
    "emptied": "SET m.body = ''",
    "taken away": "REMOVE m.body",
    "given another author": "SET m.authorSubject = 'somebody'",
}


@pytest.mark.parametrize("damaged", DAMAGES)
async def test_x8_a_body_that_was_damaged_is_null_and_counted(
    cast: Cast, damaged: str, caplog: pytest.LogCaptureFixture
) -> None:
    thread = await cast.start("anna", "First", audience="SHARED")
    message = await cast.send("anna", thread, "Second")
    await cast.send("staff", thread, "Third")
    await damage(cast, f"MATCH (m:Message {{id: $id}}) {DAMAGES[damaged]}", id=message)
    before = unreadable(cast)
    with caplog.at_level(logging.ERROR):
        found = await read(cast, thread)
    assert bodies(found) == ["First", None, "Third"]
    assert (found["subject"], found["isErased"], found["messages"]["totalCount"]) == ("Question", False, 3)
    assert unreadable(cast).times == before.times + 1
    [told] = [record.getMessage() for record in caplog.records if "unreadable message" in record.getMessage()]
    assert f"{thread}, 2" in told
    assert "Second" not in caplog.text
    await cast.send("anna", thread, "Fourth")
    assert bodies(await read(cast, thread, "staff")) == ["First", None, "Third", "Fourth"]


async def test_a_body_that_was_moved_to_another_place_does_not_verify(cast: Cast) -> None:
    thread = await cast.start("anna", "First")
    await cast.send("anna", thread, "Second")
    swap = """MATCH (a:Message {threadId: $id, sequence: 1}), (b:Message {threadId: $id, sequence: 2})
      WITH a, b, a.body AS one, b.body AS two SET a.body = two, b.body = one"""
    await damage(cast, swap, id=thread)
    assert bodies(await read(cast, thread)) == [None, None]


@pytest.mark.parametrize("wrapped", ["x", "unknown:AAAA", ":", "é"])
async def test_a_thread_whose_key_was_damaged_is_there_without_its_words(cast: Cast, wrapped: str) -> None:
    thread, other = await cast.start("anna", "First"), await cast.start("anna", "Elsewhere")
    await damage(cast, "MATCH (t:Thread {id: $id}) SET t.wrappedKey = $wrapped", id=thread, wrapped=wrapped)
    before = unreadable(cast)
    found = await read(cast, thread)
    assert (bodies(found), found["subject"], found["isErased"]) == ([None], None, False)
    assert unreadable(cast).times > before.times
    for who in ("anna", "staff"):
        assert await cast.refused(who, "sendMessage", threadId=thread, body="B") == "thread.unreadable"
    assert bodies(await read(cast, other)) == ["Elsewhere"]
    await cast.send("staff", other)


async def erase(cast: Cast, thread: str) -> None:
    """As `graph-api messages erase --thread` does."""
    installation = cast.installation
    graph = Graph(GraphSession(installation.database), cast.practice.id, datetime.now(UTC).date())
    erasing = Erasing(graph, make_auditor(installation.settings), Actor("root", "admin"))
    assert await erasing.thread(thread) == 1


async def test_m12_an_erased_thread_stays_without_its_words(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    thread, other = await cast.start("staff", "First", audience="SHARED"), await cast.start("anna", "Elsewhere")
    await cast.send("carl", thread, "Second")
    await erase(cast, thread)
    before = unreadable(cast)
    for who, unread in (("anna", 2), ("ben", 2), ("carl", 1), ("staff", 1), ("admin", 1)):
        found = await read(cast, thread, who)
        assert (found["subject"], found["isErased"], bodies(found)) == (None, True, [None, None]), who
        assert found["unreadCount"] == unread, who
        texts = [one["author"]["text"].split(" ")[0] for one in found["messages"]["nodes"]]
        assert texts == ["Test", "Carl"], who
    assert unreadable(cast) == before, "what was erased on purpose is no fault"
    assert "unreadable" not in caplog.text
    for who in ("anna", "staff"):
        assert await cast.refused(who, "sendMessage", threadId=thread, body="B") == "thread.erased"
    await cast.done("anna", "markThreadRead", "thread { id }", threadId=thread, through=2)
    assert (await read(cast, thread))["unreadCount"] == 0
    await cast.widen(thread, "CLIENT_ONLY")
    query = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await cast.ask("anna", query, id=thread))["node"] is None
    assert bodies(await read(cast, other)) == ["Elsewhere"]


async def test_m9_a_practitioner_who_is_no_longer_active_keeps_threads_and_is_told_nothing(cast: Cast) -> None:
    await cast.done("admin", "setMessaging", "practice { id }", staffNoticeEmail="desk@practice.example")
    made = await cast.done(
        "admin",
        "addPractitioner",
        "practitioner { id version }",
        displayName="Dr. Okafor",
        subject="staff-1",
        noticeEmail="okafor@practice.example",
    )
    thread, other = await cast.start("staff", audience="SHARED"), await cast.start("carl")
    sent = {"threadId": thread, "expectedVersion": 1, "practitionerId": made["id"]}
    await cast.done("staff", "assignThread", "thread { id }", **sent)
    values = {"practitionerId": made["id"], "expectedVersion": made["version"], "isActive": False}
    await cast.done("admin", "updatePractitioner", "practitioner { id }", **values)
    found = await read(cast, thread, "staff")
    assert found["assignedTo"] == {"displayName": "Dr. Okafor", "isActive": False}
    assert found["messages"]["nodes"][0]["author"] == {"text": "Dr. Okafor", "practitioner": {"id": made["id"]}}
    await mail_of(cast.installation, cast.practice).send()
    await cast.send("anna", thread)
    assert made["id"] not in await told_of_messages(cast)
    assert "practice" in await told_of_messages(cast)
    sent = {"threadId": other, "expectedVersion": 1, "practitionerId": made["id"]}
    assert await cast.refused("staff", "assignThread", **sent) == "practitioner.inactive"
    sent = {"threadId": thread, "expectedVersion": 2, "practitionerId": None}
    await cast.done("staff", "assignThread", "thread { id }", **sent)


async def dies(cast: Cast, who: str) -> None:
    """Staff record that somebody has died."""
    query = "query ($id: ID!) { person(id: $id) { version } }"
    version = (await cast.api.query(query, id=cast.ids[who]))["person"]["version"]
    day = datetime.now(UTC).date().replace(day=1).isoformat()
    await cast.api.done("setDeceased", personId=cast.ids[who], expectedVersion=version, deceasedOn=day)


async def test_d14_a_personal_representative_writes_for_a_client_who_has_died(cast: Cast) -> None:
    thread = await cast.start("staff", "First", audience="SHARED")
    await dies(cast, "ben")
    for who in ("anna", "carl"):
        assert await cast.refused(who, "sendMessage", threadId=thread, body="B") == "NOT_FOUND"
    await cast.change("anna", authority={"kind": "PERSONAL_REPRESENTATIVE"})
    await cast.send("anna", thread, "Second")
    found = await read(cast, thread)
    assert bodies(found) == ["First", "Second"]
    shown = await read(cast, thread, "staff")
    assert shown["messages"]["nodes"][1]["author"]["text"] == "Anna Moreno (unrelated friend) for Ben Moreno"
    assert [person["id"] for person in shown["readers"]] == [cast.ids["anna"]]
    assert await cast.refused("carl", "sendMessage", threadId=thread, body="B") == "NOT_FOUND"
    await cast.send("staff", await cast.start("anna"))


async def test_d14_a_contact_who_has_died_is_told_nothing(cast: Cast) -> None:
    await cast.start("staff", audience="SHARED")
    assert cast.ids["carl"] in await told_of_messages(cast)
    await dies(cast, "carl")
    thread = await cast.start("staff", audience="SHARED")
    assert {person["id"] for person in (await read(cast, thread, "staff"))["readers"]} == {
        cast.ids["ben"],
        cast.ids["anna"],
    }
    later = mail_of(cast.installation, cast.practice, lambda: datetime.now(UTC) + timedelta(minutes=3))
    await later.send()
    addresses = [letter.address for letter in later.box.letters if "new message" in letter.subject]
    assert len(addresses) == 2
    assert not [one for one in addresses if one.startswith(cast.ids["carl"].removeprefix("person_"))]
