"""Starting threads and sending messages: what is refused, shown and noted (M1-M10, X3-X5, X8)."""

from typing import Any

import pytest

from graph_api.acting.messages.checks import MAX_BODY, MOST_IN_A_DAY, MOST_IN_AN_HOUR
from tests.acting.cast import Cast, new_cast
from tests.api import Installation, Now

MESSAGES = """query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  node(id: $id) { ... on MessageThread { id subject audience status awaitsReply withContact { id } assignedTo { id }
    isErased lastMessageAt version messages(first: $first, after: $after, last: $last, before: $before) {
      totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      nodes { id sequence body sentAt isOwn retractedAt
        author { text person { id } practitioner { id } contact { id } contactVersion } } } } } }"""
LOG = """query ($id: ID!) { auditLog(clientId: $id, first: 100) { nodes {
  action reason contactVersion contact { id } changes { field before after } } } }"""


@pytest.fixture
async def cast(installation: Installation) -> Cast:
    """Everybody, in a fresh practice."""
    return await new_cast(installation)


async def read(cast: Cast, who: str, thread: str, **arguments: Any) -> dict[str, Any]:
    """A thread as somebody sees it."""
    found: dict[str, Any] = (await cast.ask(who, MESSAGES, id=thread, **arguments))["node"]
    return found


async def test_x4_bylines_name_the_contact_the_client_and_the_practice(cast: Cast) -> None:
    thread = await cast.start("anna", "How is he?", audience="SHARED")
    await cast.send("ben", thread)
    await cast.send("staff", thread)
    to_staff = (await read(cast, "staff", thread))["messages"]["nodes"]
    assert [one["author"]["text"] for one in to_staff] == [
        "Anna Moreno (unrelated friend) for Ben Moreno",
        "Ben Moreno",
        "Test practice",
    ]
    assert to_staff[0]["author"]["contact"]["id"] == cast.contacts["anna"]["id"]
    assert to_staff[0]["author"]["contactVersion"] == cast.contacts["anna"]["version"]
    assert [one["isOwn"] for one in to_staff] == [False, False, True]
    to_ben = (await read(cast, "ben", thread))["messages"]["nodes"]
    assert [one["author"]["text"] for one in to_ben] == ["Anna Moreno for Ben Moreno", "Ben Moreno", "Test practice"]
    assert to_ben[0]["author"]["person"] is None, "a portal account does not see other contacts as people"
    assert to_ben[0]["author"]["contact"] is None
    own = (await read(cast, "anna", thread))["messages"]["nodes"][0]["author"]
    assert own["contact"]["id"] == cast.contacts["anna"]["id"]
    assert own["contactVersion"] == cast.contacts["anna"]["version"]


async def test_x4_staff_who_are_a_practitioner_sign_with_their_name(cast: Cast) -> None:
    made = await cast.does(
        "admin", "addPractitioner", "practitioner { id }", displayName="Dr. Ruth Okafor", subject="staff-1"
    )
    thread = await cast.start("staff", audience="SHARED")
    sent = await cast.done(
        "staff", "sendMessage", "message { author { text practitioner { id } } }", threadId=thread, body="Hi"
    )
    assert sent["author"] == {"text": "Dr. Ruth Okafor", "practitioner": {"id": made["practitioner"]["id"]}}
    [first, _] = (await read(cast, "anna", thread))["messages"]["nodes"]
    assert first["author"]["text"] == "Dr. Ruth Okafor"


async def test_what_was_sent_shows_its_conversation_as_a_question_does(cast: Cast) -> None:
    shown = "message { thread { subject } }"
    thread = await cast.start("anna", subject="How he is", audience="CONTACT_ONLY")
    for who in ("anna", "staff"):
        sent = await cast.done(who, "sendMessage", shown, threadId=thread, body="More")
        assert sent["thread"]["subject"] == "How he is"
    await cast.widen(thread, "SHARED")
    await cast.send("staff", thread)
    sent = await cast.done("ben", "sendMessage", shown, threadId=thread, body="I am well")
    assert sent["thread"]["subject"] is None, "he was let in after the first message"


async def test_m7_staff_retract_their_own_and_admins_still_read_it(cast: Cast) -> None:
    thread = await cast.start("staff", "Wrong person's result", audience="SHARED")
    [message] = (await read(cast, "staff", thread))["messages"]["nodes"]
    assert await cast.refused("colleague", "retractMessage", messageId=message["id"]) == "FORBIDDEN"
    assert await cast.refused("ben", "retractMessage", messageId=message["id"]) == "FORBIDDEN"
    await cast.done("staff", "retractMessage", "message { retractedAt }", messageId=message["id"], reason="Mistake")
    for who, body in {"ben": None, "staff": None, "admin": "Wrong person's result"}.items():
        [seen] = (await read(cast, who, thread))["messages"]["nodes"]
        assert seen["body"] == body, who
        assert seen["retractedAt"] is not None
    again = await cast.does("staff", "retractMessage", "message { retractedAt }", messageId=message["id"])
    assert again["errors"] == []
    by_ben = await cast.send("ben", thread)
    assert await cast.refused("staff", "retractMessage", messageId=by_ben) == "FORBIDDEN"
    log = (await cast.ask("admin", LOG, id=cast.ids["ben"]))["auditLog"]["nodes"]
    assert [one["action"] for one in log].count("retractMessage") == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "body.empty"),
        (" \u200b\n", "body.empty"),
        ("x" * (MAX_BODY + 1), "body.tooLong"),
        ("bell \x07", "body.forbiddenCharacter"),
        ("turn \u202e", "body.forbiddenCharacter"),
    ],
)
async def test_m10_what_a_body_may_not_be(cast: Cast, body: str, reason: str) -> None:
    assert await cast.refused("anna", "startThread", clientId=cast.ids["ben"], subject="S", body=body) == reason
    thread = await cast.start("anna")
    assert await cast.refused("anna", "sendMessage", threadId=thread, body=body) == reason
    assert len((await read(cast, "staff", thread))["messages"]["nodes"]) == 1


async def test_m10_a_body_of_ten_thousand_characters_goes_through_unchanged(cast: Cast) -> None:
    body = "🜁é\t\n" * (MAX_BODY // 4 - 1) + "end."
    thread = await cast.start("anna", body)
    assert (await read(cast, "anna", thread))["messages"]["nodes"][0]["body"] == body


async def test_m10_an_account_sends_thirty_messages_an_hour(cast: Cast, now: Now) -> None:
    thread = await cast.start("anna")
    for _ in range(MOST_IN_AN_HOUR - 1):
        await cast.send("anna", thread)
    assert await cast.refused("anna", "sendMessage", threadId=thread, body="One more") == "messages.tooMany"
    assert (
        await cast.refused("anna", "startThread", clientId=cast.ids["ben"], subject="S", body="B") == "messages.tooMany"
    )
    await cast.send("staff", thread)
    await cast.send("carl", await cast.start("carl"))


async def test_m10_an_account_starts_ten_threads_a_day(cast: Cast) -> None:
    for _ in range(MOST_IN_A_DAY):
        thread = await cast.start("anna")
    assert (
        await cast.refused("anna", "startThread", clientId=cast.ids["ben"], subject="S", body="B") == "messages.tooMany"
    )
    await cast.send("anna", thread)
    await cast.start("ben")


@pytest.mark.parametrize(
    ("who", "values", "reason"),
    [
        ("staff", {}, "audience.missing"),
        ("staff", {"audience": "CONTACT_ONLY"}, "contactId.missing"),
        ("staff", {"audience": "SHARED", "contactId": "anna"}, "contactId.unexpected"),
        ("staff", {"audience": "CONTACT_ONLY", "contactId": "dora"}, "NOT_FOUND"),
        ("staff", {"audience": "CONTACT_ONLY", "contactId": "nobody"}, "NOT_FOUND"),
        ("anna", {"audience": "CLIENT_ONLY"}, "audience.notYours"),
        ("anna", {"contactId": "anna"}, "contactId.unexpected"),
        ("ben", {"audience": "CONTACT_ONLY"}, "audience.notYours"),
        ("nora", {}, "FORBIDDEN"),
        ("dora", {}, "NOT_FOUND"),
        ("analyst", {}, "FORBIDDEN"),
        ("elsewhere", {"audience": "SHARED"}, "NOT_FOUND"),
    ],
)
async def test_x5_who_may_not_is_told_so_and_who_may_not_know_finds_nothing(
    cast: Cast, who: str, values: dict[str, Any], reason: str
) -> None:
    if "contactId" in values:
        known = cast.contacts.get(values["contactId"])
        values = values | {"contactId": f"contact_{'0' * 32}" if known is None else known["id"]}
    sent = {"clientId": cast.ids["ben"], "subject": "S", "body": "B", **values}
    assert await cast.refused(who, "startThread", **sent) == reason


async def test_m3_a_child_below_the_age_may_not_be_alone(installation: Installation) -> None:
    cast = await new_cast(installation, age=10)
    sent = {"clientId": cast.ids["ben"], "subject": "S", "body": "B", "audience": "CLIENT_ONLY"}
    assert await cast.refused("ben", "startThread", **sent) == "audience.tooYoung"
    await cast.done("admin", "setMessaging", "practice { messagePrivacyAge }", messagePrivacyAge=9)
    await cast.start("ben", audience="CLIENT_ONLY")


async def test_x6_a_hidden_thread_is_one_that_never_was(cast: Cast) -> None:
    hidden = await cast.start("ben")
    for thread in (hidden, f"thread_{'0' * 32}", "thread_1", cast.ids["ben"]):
        assert await cast.refused("anna", "sendMessage", threadId=thread, body="B") == "NOT_FOUND"
        assert await cast.refused("anna", "markThreadRead", threadId=thread, through=1) == "NOT_FOUND"
        assert await cast.refused("elsewhere", "sendMessage", threadId=thread, body="B") == "NOT_FOUND"
    assert await cast.refused("analyst", "markThreadRead", threadId=hidden, through=1) == "FORBIDDEN"


async def test_x1_staff_cannot_write_where_nobody_could_read(cast: Cast) -> None:
    thread = await cast.start("staff", audience="SHARED")
    await cast.api.done("setClientFeature", clientId=cast.ids["ben"], feature="MESSAGING", enabled=False)
    assert await cast.refused("staff", "sendMessage", threadId=thread, body="B") == "feature.off"
    sent = {"clientId": cast.ids["ben"], "subject": "S", "body": "B", "audience": "SHARED"}
    assert await cast.refused("staff", "startThread", **sent) == "feature.off"
    await cast.api.done("setClientFeature", clientId=cast.ids["ben"], feature="MESSAGING", enabled=True)
    person = await cast.api.query("query ($id: ID!) { person(id: $id) { version } }", id=cast.ids["ben"])
    await cast.api.done(
        "setClientStatus", personId=cast.ids["ben"], expectedVersion=person["person"]["version"], status="ARCHIVED"
    )
    assert await cast.refused("staff", "sendMessage", threadId=thread, body="B") == "client.archived"
    assert await cast.refused("anna", "sendMessage", threadId=thread, body="B") == "NOT_FOUND"


async def test_m8_a_mark_stays_within_the_thread(cast: Cast) -> None:
    thread = await cast.start("staff", audience="SHARED")
    for through in (0, -1, 2):
        assert await cast.refused("anna", "markThreadRead", threadId=thread, through=through) == "through.outOfRange"


async def test_m6_staff_are_told_who_reads_what_they_share(cast: Cast) -> None:
    sent = {"clientId": cast.ids["ben"], "subject": "S", "body": "B", "audience": "SHARED"}
    payload = await cast.does("staff", "startThread", "thread { id readers { id } }", **sent)
    [warning] = payload["warnings"]
    assert warning["code"] == "AUDIENCE"
    readers = {cast.ids["ben"], cast.ids["anna"], cast.ids["carl"]}
    assert {person["id"] for person in warning["persons"]} == readers
    assert {person["id"] for person in payload["thread"]["readers"]} == readers
    own = await cast.start("anna")
    widened = await cast.widen(own, "SHARED")
    assert {person["id"] for person in widened["warnings"][0]["persons"]} == readers


async def test_a_stale_version_changes_nothing(cast: Cast) -> None:
    thread = await cast.start("anna")
    version = await cast.version(thread)
    await cast.widen(thread, "SHARED")
    changes: dict[str, dict[str, Any]] = {
        "setThreadAudience": {"audience": "CLIENT_ONLY"},
        "setThreadStatus": {"status": "DONE"},
        "assignThread": {"practitionerId": None},
    }
    for mutation, values in changes.items():
        sent = {"threadId": thread, "expectedVersion": version, **values}
        assert await cast.refused("staff", mutation, **sent) == "VERSION_CONFLICT"
        assert await cast.refused("anna", mutation, **sent) == "FORBIDDEN"
    assert await cast.version(thread) == version + 1


async def test_m1_the_inbox_is_for_staff_and_the_newest_message_first(cast: Cast) -> None:
    first, second = await cast.start("anna"), await cast.start("carl")
    made = await cast.does("admin", "addPractitioner", "practitioner { id }", displayName="Dr. Okafor")
    practitioner = made["practitioner"]["id"]

    async def inbox(**narrow: Any) -> list[str]:
        query = """query ($filter: InboxFilter) { messageInbox(filter: $filter) { nodes { id client { id } } } }"""
        return [one["id"] for one in (await cast.ask("staff", query, filter=narrow))["messageInbox"]["nodes"]]

    assert await inbox() == [second, first]
    await cast.send("anna", first)
    assert await inbox() == [first, second]
    await cast.send("staff", first)
    assert await inbox(awaitsReply=True) == [second]
    assert await inbox(awaitsReply=False) == [first]
    await cast.done(
        "staff", "assignThread", "thread { id }", threadId=second, expectedVersion=1, practitionerId=practitioner
    )
    assert await inbox(assignedToId=practitioner) == [second]
    await cast.done("staff", "setThreadStatus", "thread { id }", threadId=second, expectedVersion=2, status="DONE")
    assert await inbox() == [first]
    assert await inbox(status="DONE") == [second]
    assert await inbox(assignedToId=practitioner, status="DONE") == [second]
    await cast.send("carl", second)
    assert await inbox(assignedToId=practitioner) == [second]
    query = "{ messageInbox { nodes { id } } }"
    assert (await cast.ask("analyst", query))["messageInbox"] is None
    assert (await cast.ask("anna", query))["messageInbox"] is None


async def test_pages_of_messages_go_both_ways(cast: Cast) -> None:
    thread = await cast.start("anna", "1", audience="SHARED")
    for number in range(2, 8):
        await cast.send("anna" if number % 2 else "staff", thread, str(number))
    page = (await read(cast, "staff", thread, first=3))["messages"]
    assert [one["body"] for one in page["nodes"]] == ["1", "2", "3"]
    assert page["totalCount"] == 7
    assert (page["pageInfo"]["hasPreviousPage"], page["pageInfo"]["hasNextPage"]) == (False, True)
    page = (await read(cast, "staff", thread, first=3, after=page["pageInfo"]["endCursor"]))["messages"]
    assert [one["body"] for one in page["nodes"]] == ["4", "5", "6"]
    back = (await read(cast, "staff", thread, last=2, before=page["pageInfo"]["startCursor"]))["messages"]
    assert [one["body"] for one in back["nodes"]] == ["2", "3"]
    assert (back["pageInfo"]["hasPreviousPage"], back["pageInfo"]["hasNextPage"]) == (True, True)
    last = (await read(cast, "staff", thread, last=2))["messages"]
    assert [one["body"] for one in last["nodes"]] == ["6", "7"]
    assert (last["pageInfo"]["hasPreviousPage"], last["pageInfo"]["hasNextPage"]) == (True, False)
    await cast.change("carl", messagesFrom=page["nodes"][1]["sentAt"])
    hidden = (await read(cast, "carl", thread, first=2))["messages"]
    assert [one["body"] for one in hidden["nodes"]] == ["5", "6"]
    assert hidden["totalCount"] == 3
    before = (await read(cast, "carl", thread, last=5, before=hidden["pageInfo"]["endCursor"]))["messages"]
    assert [one["body"] for one in before["nodes"]] == ["5"]
    assert not before["pageInfo"]["hasPreviousPage"]


async def test_x3_the_audit_log_tells_who_for_whom_by_which_edge_and_no_word(cast: Cast) -> None:
    thread = await cast.start("anna", "A secret word", "A secret subject")
    await cast.send("ben", await cast.start("ben"))
    log = (await cast.ask("admin", LOG, id=cast.ids["ben"]))["auditLog"]["nodes"]
    [started] = [one for one in log if one["action"] == "startThread" and one["reason"] == "contact"]
    assert started["contact"]["id"] == cast.contacts["anna"]["id"]
    assert started["contactVersion"] == cast.contacts["anna"]["version"]
    assert {one["field"]: one["after"] for one in started["changes"]} == {
        "thread": thread,
        "threadAudience": "CONTACT_ONLY",
        "sequence": "1",
        "size": "13",
        "withPerson": cast.ids["anna"],
    }
    assert [one["reason"] for one in log if one["action"] == "sendMessage"] == ["account"]
    assert "secret" not in str(log)


async def test_a_key_sends_once(cast: Cast) -> None:
    thread = await cast.start("anna")
    sent = {"threadId": thread, "body": "Once", "idempotencyKey": "k-1"}
    first = await cast.done("anna", "sendMessage", "message { id body author { text } }", **sent)
    again = await cast.done("anna", "sendMessage", "message { id body author { text } }", **sent)
    assert first == again
    assert len((await read(cast, "anna", thread))["messages"]["nodes"]) == 2


async def test_settings_of_messages_are_checked(cast: Cast) -> None:
    shown = "practice { messagePrivacyAge staffNoticeEmail messagingNotice }"
    refusals: tuple[tuple[dict[str, Any], str], ...] = (
        ({"messagePrivacyAge": -1}, "messagePrivacyAge.outOfRange"),
        ({"messagePrivacyAge": 19}, "messagePrivacyAge.outOfRange"),
        ({"staffNoticeEmail": "nowhere"}, "staffNoticeEmail.invalid"),
        ({"messagingNotice": "\x00"}, "messagingNotice.forbiddenCharacter"),
    )
    for values, reason in refusals:
        assert await cast.refused("admin", "setMessaging", **values) == reason
    assert await cast.refused("staff", "setMessaging", messagePrivacyAge=3) == "FORBIDDEN"
    values = {
        "messagePrivacyAge": 16,
        "staffNoticeEmail": "desk@practice.example",
        "messagingNotice": "Not for emergencies.",
    }
    assert await cast.done("admin", "setMessaging", shown, **values) == values
    assert await cast.done("admin", "setMessaging", shown, messagePrivacyAge=None) == values | {"messagePrivacyAge": 13}
    query = "{ viewer { practice { messagingNotice messagePrivacyAge staffNoticeEmail } } }"
    assert (await cast.ask("anna", query))["viewer"]["practice"] == {
        "messagingNotice": "Not for emergencies.",
        "messagePrivacyAge": None,
        "staffNoticeEmail": None,
    }
