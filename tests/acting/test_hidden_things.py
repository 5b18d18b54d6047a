"""What is hidden from somebody can't be told from what never was, and what was taken back is gone (M7, M9, X5, X6)."""

from datetime import timedelta
from typing import Any

import pytest

from graph_api.kernel.ids import new_id
from graph_api.kernel.stamps import utc_now
from tests.acting.cast import Cast, new_cast
from tests.acting.clinic import Clinic, ahead, new_clinic
from tests.acting.test_appointment_notices import update
from tests.api import Installation
from tests.letters import mail_of

THREAD = """query ($id: ID!) { node(id: $id) { ... on MessageThread { subject unreadCount
  messages { nodes { id body retractedAt } } } } }"""
REASON = "query ($id: ID!) { node(id: $id) { ... on Message { body retractedAt retractionReason } } }"
WORDS = ("Pregnancy", "Wrong client")


@pytest.fixture
async def cast(installation: Installation) -> Cast:
    return await new_cast(installation)


@pytest.fixture
async def clinic(installation: Installation) -> Clinic:
    return await new_clinic(installation)


async def first_message(cast: Cast, thread: str) -> str:
    return str((await cast.ask("staff", THREAD, id=thread))["node"]["messages"]["nodes"][0]["id"])


async def test_m7_the_subject_line_is_retracted_with_the_first_message(cast: Cast) -> None:
    thread = await cast.start("staff", "You are", WORDS[0], audience="SHARED")
    assert (await cast.ask("anna", THREAD, id=thread))["node"]["subject"] == WORDS[0]
    await cast.send("staff", thread)
    message = await first_message(cast, thread)
    await cast.done("staff", "retractMessage", "message { id }", messageId=message, reason=WORDS[1])
    for who in ("anna", "ben", "staff"):
        assert (await cast.ask(who, THREAD, id=thread))["node"]["subject"] is None, who
    assert (await cast.ask("admin", THREAD, id=thread))["node"]["subject"] == WORDS[0]
    answered = await cast.done("anna", "sendMessage", "message { thread { subject } }", threadId=thread, body="Sorry?")
    assert answered["thread"]["subject"] is None


async def test_m7_why_a_message_was_retracted_is_sealed_and_shown_to_staff(cast: Cast) -> None:
    thread = await cast.start("staff", "You are", audience="SHARED")
    message = await first_message(cast, thread)
    await cast.done("staff", "retractMessage", "message { id }", messageId=message, reason=WORDS[1])
    for who, reason in (("staff", WORDS[1]), ("admin", WORDS[1]), ("anna", None), ("ben", None)):
        assert (await cast.ask(who, REASON, id=message))["node"]["retractionReason"] == reason, who
    async with cast.installation.database.session(write=False) as session:
        kept = await (
            await session.run("MATCH (m:Message {id: $id}) RETURN m.retractionReason AS r", id=message)
        ).single()
    assert kept is not None
    assert WORDS[1] not in kept["r"]


async def shares_an_address(cast: Cast) -> None:
    """Nora, who reads no messages, has the address of Ben's account."""
    query = "query ($id: ID!) { person(id: $id) { account { address } version } }"
    own = (await cast.ask("staff", query, id=cast.ids["ben"]))["person"]["account"]["address"]
    nora = (await cast.ask("staff", query, id=cast.ids["nora"]))["person"]
    await cast.done("staff", "updatePerson", "person { id }", personId=cast.ids["nora"],
                    expectedVersion=nora["version"], changes={"emails": [own]})  # fmt: skip


async def letters_about_messages(cast: Cast) -> int:
    mail = mail_of(cast.installation, cast.practice, lambda: utc_now() + timedelta(minutes=5))
    await mail.send()
    return sum("message" in letter.subject for letter in mail.box.letters)


async def test_m9_a_notice_is_not_sent_of_what_has_become_the_clients_alone(cast: Cast) -> None:
    for who in ("anna", "carl"):
        await cast.change(who, secureMessaging=False)
    await shares_an_address(cast)
    thread = await cast.start("staff", audience="SHARED")
    await cast.widen(thread, "CLIENT_ONLY")
    assert await letters_about_messages(cast) == 0


async def test_m9_a_notice_of_what_is_shared_does_not_tell_of_what_is_not(cast: Cast) -> None:
    for who in ("anna", "carl"):
        await cast.change(who, secureMessaging=False)
    await shares_an_address(cast)
    shared = await cast.start("staff", audience="SHARED")
    await cast.start("staff", audience="CLIENT_ONLY")
    await cast.done("ben", "markThreadRead", "thread { id }", threadId=shared, through=1)
    assert await letters_about_messages(cast) == 0
    await cast.send("staff", shared)
    assert await letters_about_messages(cast) == 1


async def test_x6_a_thread_that_somebody_may_not_read_is_as_one_that_never_was(cast: Cast) -> None:
    """Nora has the portal and no messages, so she might be told that she may not send."""
    hidden = await cast.start("ben", audience="CLIENT_ONLY")
    of_another = await cast.start("anna")
    for thread in (hidden, of_another, new_id("thread")):
        assert await cast.refused("nora", "sendMessage", threadId=thread, body="Hello") == "NOT_FOUND"
    await cast.api.done("setClientFeature", clientId=cast.ids["ben"], feature="MESSAGING", enabled=False)
    for thread in (hidden, of_another, new_id("thread")):
        assert await cast.refused("carl", "sendMessage", threadId=thread, body="Hello") == "NOT_FOUND"


async def test_x6_an_appointment_that_is_hidden_is_as_one_that_never_was(clinic: Clinic) -> None:
    cast = clinic.cast
    own = await clinic.book("anna", ahead(6, 12))
    hidden = await clinic.book("ben", ahead(5, 12))
    await clinic.done("staff", "setAppointmentAudience", hidden, audience="CLIENT_ONLY")
    await cast.api.done("setClientFeature", clientId=cast.ids["ben"], feature="SCHEDULING", enabled=False)
    for one in (hidden["id"], new_id("appointment")):
        for mutation, values in (
            ("cancelAppointment", {}),
            ("rescheduleAppointment", {"startsAt": ahead(7, 12).isoformat()}),
        ):
            sent: dict[str, Any] = {"appointmentId": one, "expectedVersion": 1, **values}
            assert await cast.refused("anna", mutation, **sent) == "NOT_FOUND", mutation
    query = "query ($id: ID!) { node(id: $id) { id } }"
    seen = (await cast.ask("anna", query, id=own["id"]))["node"] is not None
    refused = await cast.refused("anna", "cancelAppointment", appointmentId=own["id"], expectedVersion=own["version"])
    assert refused == ("FORBIDDEN" if seen else "NOT_FOUND")


async def test_a5_an_overbooked_appointment_claims_its_time_when_it_is_free(clinic: Clinic) -> None:
    start = ahead(5, 12)
    first = await clinic.book("staff", start)
    second = await clinic.book("staff", start, overbook=True)
    assert second["isOverbooked"]
    same = {"startsAt": start.isoformat()}
    assert await clinic.not_done("staff", "rescheduleAppointment", second, **same) == "TIME_TAKEN"
    await clinic.done("staff", "cancelAppointment", first)
    claimed = await clinic.done("staff", "rescheduleAppointment", second, **same)
    assert (claimed["isOverbooked"], claimed["version"]) == (False, second["version"] + 1)
    assert await clinic.refused("anna", start) == "TIME_TAKEN"
    await clinic.check()


async def test_openemr_8674_staff_are_told_where_nobody_reads(cast: Cast) -> None:
    """There such messages were lost silently."""
    nora = {"audience": "CONTACT_ONLY", "contactId": cast.contacts["nora"]["id"]}
    sent = {"clientId": cast.ids["ben"], "subject": "S", "body": "B"}
    for values in (nora, {"audience": "SHARED", "clientId": (await cast.api.client("Liang", "Chen"))["id"]}):
        payload = await cast.does("staff", "startThread", "thread { id }", **sent | values)
        assert [one["code"] for one in payload["warnings"]] == ["CLIENT_NOT_TOLD"], values
    thread = await cast.start("anna")
    assert (await cast.does("staff", "sendMessage", "message { id }", threadId=thread, body="B"))["warnings"] == []
    await cast.remove("anna")
    payload = await cast.does("staff", "sendMessage", "message { id }", threadId=thread, body="B")
    assert [one["code"] for one in payload["warnings"]] == ["CLIENT_NOT_TOLD"]


async def test_openemr_13047_what_was_read_is_not_counted_any_more(cast: Cast) -> None:
    """There the number of unread messages did not go down."""
    thread = await cast.start("staff", audience="SHARED")
    await cast.send("staff", thread)
    assert (await cast.ask("anna", THREAD, id=thread))["node"]["unreadCount"] == 2
    await cast.done("anna", "markThreadRead", "thread { id }", threadId=thread, through=1)
    assert (await cast.ask("anna", THREAD, id=thread))["node"]["unreadCount"] == 1
    await cast.done("anna", "markThreadRead", "thread { id }", threadId=thread, through=2)
    assert (await cast.ask("anna", THREAD, id=thread))["node"]["unreadCount"] == 0
    assert (await cast.ask("carl", THREAD, id=thread))["node"]["unreadCount"] == 2


async def test_a4_a_request_is_not_confirmed_for_somebody_who_has_left(clinic: Clinic) -> None:
    asked = await clinic.book("anna", ahead(5, 12), "request")
    query = "{ practitioners { id version } }"
    known = {one["id"]: one["version"] for one in (await clinic.cast.ask("admin", query))["practitioners"]}
    await clinic.cast.done("admin", "updatePractitioner", "practitioner { id }", practitionerId=clinic.kim,
                           expectedVersion=known[clinic.kim], isActive=False)  # fmt: skip
    assert await clinic.not_done("staff", "confirmAppointment", asked) == "practitioner.inactive"
    moved = await clinic.done("staff", "rescheduleAppointment", asked, practitionerId=clinic.lee,
                              startsAt=ahead(5, 12).isoformat())  # fmt: skip
    assert (await clinic.done("staff", "confirmAppointment", moved))["status"] == "BOOKED"


async def test_a4_a_request_is_not_moved_into_the_past(clinic: Clinic) -> None:
    asked = await clinic.book("anna", ahead(5, 12), "request")
    yesterday = {"startsAt": ahead(-1, 12).isoformat()}
    assert await clinic.not_done("staff", "rescheduleAppointment", asked, **yesterday) == "start.past"
    await update(clinic, "ben", preferredName="Benno")  # nothing else was changed
    await clinic.check()
