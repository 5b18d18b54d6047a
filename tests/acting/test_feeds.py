"""Calendar feeds: what they show, to whom, and for how long (A11, X6, X8)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import icalendar
import pytest

from graph_api.acting.feeds import reading
from graph_api.acting.feeds.addresses import FOLDER, address_of, new_address
from graph_api.acting.feeds.calendar import calendar_of
from graph_api.engine.errors import Unavailable
from graph_api.kernel.unit import Unit
from tests.acting.clinic import Clinic, ahead, new_clinic
from tests.api import Installation, Now

CREATED = "feed { id name showsFirstNames createdAt lastReadOn } url"


@pytest.fixture
async def clinic(installation: Installation) -> Clinic:
    return await new_clinic(installation)


async def created(clinic: Clinic, who: str = "anna", **values: Any) -> dict[str, Any]:
    """The payload of a new feed."""
    return await clinic.cast.does(who, "createCalendarFeed", CREATED, **{"name": "Phone"} | values)


async def url_of(clinic: Clinic, who: str = "anna", **values: Any) -> str:
    """The address of a new feed."""
    payload = await created(clinic, who, **values)
    assert payload["errors"] == [], payload
    return str(payload["url"])


async def fetched(clinic: Clinic, url: str, method: str = "GET", **headers: str) -> httpx.Response:
    """What a calendar application gets."""
    transport = httpx.ASGITransport(app=clinic.cast.installation.server.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        return await client.request(method, httpx.URL(url).path, headers=headers)


async def events(clinic: Clinic, url: str) -> dict[str, Any]:
    """Those of a feed, by their UID."""
    response = await fetched(clinic, url)
    assert response.status_code == 200, response.text
    found = icalendar.Calendar.from_ical(response.content)
    return {str(event["UID"]): event for event in found.walk("VEVENT")}


async def status(clinic: Clinic, url: str) -> int:
    return (await fetched(clinic, url)).status_code


async def test_a11_a_feed_shows_what_its_owner_sees_and_no_more(clinic: Clinic) -> None:
    mine = await clinic.book("anna", ahead(3, 9), reason="Cough")
    asked = await clinic.book("anna", ahead(4, 9), "request")
    hidden = await clinic.book("staff", ahead(5, 9), audience="CLIENT_ONLY", note="Secret")
    url = await url_of(clinic)
    response = await fetched(clinic, url)
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert response.headers["cache-control"] == "private, no-cache"
    for word in ("Ben", "Anna", "Moreno", "Kim", "Visit", "Cough", "Secret", "meet.example", "Online", hidden["id"]):
        assert word not in response.text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT30M\r\nX-PUBLISHED-TTL:PT30M" in response.text
    found = await events(clinic, url)
    assert set(found) == {mine["id"], asked["id"]}
    event = found[mine["id"]]
    assert event["DTSTART"].dt == datetime.fromisoformat(mine["startsAt"])
    assert event["DTEND"].dt == datetime.fromisoformat(mine["endsAt"])
    assert event["DTSTART"].to_ical().endswith(b"Z")
    assert (str(event["SUMMARY"]), str(event["STATUS"]), str(event["CLASS"]), event["SEQUENCE"]) == (
        "Test practice",
        "CONFIRMED",
        "PRIVATE",
        1,
    )
    assert str(found[asked["id"]]["STATUS"]) == "TENTATIVE"
    own = await events(clinic, await url_of(clinic, "ben"))
    assert set(own) == {mine["id"], asked["id"], hidden["id"]}


async def test_a11_it_agrees_with_the_api(clinic: Clinic) -> None:
    for day in range(3, 6):
        await clinic.book("staff", ahead(day, 9))
    query = "query ($id: ID!) { person(id: $id) { appointments(first: 50) { nodes { id startsAt endsAt version } } } }"
    listed = (await clinic.cast.ask("carl", query, id=clinic.cast.ids["ben"]))["person"]["appointments"]["nodes"]
    found = await events(clinic, await url_of(clinic, "carl"))
    assert {
        one["id"]: (datetime.fromisoformat(one["startsAt"]), datetime.fromisoformat(one["endsAt"]), one["version"])
        for one in listed
    } == {uid: (event["DTSTART"].dt, event["DTEND"].dt, event["SEQUENCE"]) for uid, event in found.items()}


async def test_a11_a_cancellation_takes_the_event_away(clinic: Clinic) -> None:
    """A calendar goes by the UID, a higher SEQUENCE and the status."""
    booked = await clinic.book("anna", ahead(3, 9))
    url = await url_of(clinic)
    before = (await events(clinic, url))[booked["id"]]
    await clinic.done("staff", "cancelAppointment", booked)
    after = (await events(clinic, url))[booked["id"]]
    assert (str(after["STATUS"]), after["SEQUENCE"] > before["SEQUENCE"]) == ("CANCELLED", True)


async def test_a11_a_request_that_was_not_answered_is_taken_away(clinic: Clinic, now: Now) -> None:
    asked = await clinic.book("anna", ahead(9, 9), "request")
    url = await url_of(clinic)
    now.moment = datetime.now(UTC) + timedelta(hours=49)
    try:
        event = (await events(clinic, url))[asked["id"]]
        assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", asked["version"] + 1)
        now.moment += timedelta(days=31)
        assert asked["id"] not in await events(clinic, url)
    finally:
        now.moment = None


async def test_a11_first_names_only_where_the_owner_chose_them(clinic: Clinic) -> None:
    booked = await clinic.book("anna", ahead(3, 9))
    found = await events(clinic, await url_of(clinic, showsFirstNames=True))
    assert str(found[booked["id"]]["SUMMARY"]) == "Ben: Test practice"


@pytest.mark.parametrize("ending", ["portal", "removed", "feature", "archived"])
async def test_x6_access_that_ends_empties_the_feed_at_once(clinic: Clinic, ending: str) -> None:
    await clinic.book("anna", ahead(3, 9))
    url, cast = await url_of(clinic), clinic.cast
    assert len(await events(clinic, url)) == 1
    if ending == "portal":
        await cast.change("anna", portalAccess=False)
    elif ending == "removed":
        await cast.remove("anna")
    elif ending == "feature":
        await cast.api.done("setClientFeature", clientId=cast.ids["ben"], feature="SCHEDULING", enabled=False)
    else:
        query = "query ($id: ID!) { person(id: $id) { version } }"
        version = (await cast.api.query(query, id=cast.ids["ben"]))["person"]["version"]
        sent = {"personId": cast.ids["ben"], "expectedVersion": version, "status": "ARCHIVED"}
        await cast.api.done("setClientStatus", **sent)
    assert await events(clinic, url) == {}


async def test_a11_nothing_changed_is_told_by_304(clinic: Clinic) -> None:
    booked = await clinic.book("anna", ahead(3, 9))
    url = await url_of(clinic)
    first = await fetched(clinic, url)
    tag = first.headers["etag"]
    for sent in (tag, f'"x", W/{tag}', "*"):
        again = await fetched(clinic, url, **{"If-None-Match": sent})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    await clinic.done("staff", "rescheduleAppointment", booked, startsAt=ahead(3, 12).isoformat())
    changed = await fetched(clinic, url, **{"If-None-Match": tag})
    assert (changed.status_code, changed.headers["etag"] != tag) == (200, True)


async def test_a11_what_is_no_feed_is_not_found_alike(clinic: Clinic, installation: Installation) -> None:
    """Cut short, of another practice, revoked, never made, of an account that was disabled."""
    url, cast = await url_of(clinic), clinic.cast
    assert await status(clinic, url) == 200
    token = httpx.URL(url).path.removeprefix(f"{FOLDER}{cast.practice.slug}.").removesuffix(".ics")
    other = await installation.practice()
    bad = [
        url.replace(token, token[:-1]),
        url.replace(token, token[::-1]),
        url.replace(cast.practice.slug, other.slug),
        url.replace(cast.practice.slug, "no-such-practice"),
        url.removesuffix(".ics"),
        f"http://x{FOLDER}",
    ]
    answers = {(response.status_code, response.text) for response in [await fetched(clinic, one) for one in bad]}
    assert answers == {(404, "There is no such calendar.\n")}
    feeds = (await cast.ask("anna", "{ viewer { calendarFeeds { id lastReadOn } } }"))["viewer"]["calendarFeeds"]
    assert [feed["lastReadOn"] is not None for feed in feeds] == [True]
    assert await cast.refused("ben", "revokeCalendarFeed", feedId=feeds[0]["id"]) == "NOT_FOUND"
    await cast.done("anna", "revokeCalendarFeed", "feed { id }", feedId=feeds[0]["id"])
    assert (await fetched(clinic, url)).text == "There is no such calendar.\n"
    second = await url_of(clinic, "carl")
    await cast.api.done("disableAccount", personId=cast.ids["carl"])
    assert (await fetched(clinic, second)).text == "There is no such calendar.\n"


async def test_a11_inputs_that_are_refused(clinic: Clinic) -> None:
    cast = clinic.cast
    assert await cast.refused("anna", "createCalendarFeed", name=" ") == "name.empty"
    assert await cast.refused("anna", "createCalendarFeed", name="x" * 61) == "name.tooLong"
    assert await cast.refused("anna", "createCalendarFeed", name="a\u0007") == "name.forbiddenCharacter"
    assert await cast.refused("staff", "createCalendarFeed", name="Phone") == "FORBIDDEN"
    assert await cast.refused("anna", "revokeCalendarFeed", feedId="feed_x") == "NOT_FOUND"
    await url_of(clinic)
    assert await cast.refused("anna", "createCalendarFeed", name="PHONE") == "name.taken"
    for number in range(9):
        await url_of(clinic, name=f"Feed {number}")
    assert await cast.refused("anna", "createCalendarFeed", name="One more") == "calendarFeeds.tooMany"
    found = (await cast.ask("anna", "{ viewer { calendarFeeds { id name } } }"))["viewer"]["calendarFeeds"]
    assert [feed["name"] for feed in found][:2] == ["Phone", "Feed 0"]
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await cast.ask("anna", node, id=found[0]["id"]))["node"] is not None
    for who in ("ben", "staff", "admin", "elsewhere"):
        assert (await cast.ask(who, node, id=found[0]["id"]))["node"] is None
    assert (await cast.ask("staff", "{ viewer { calendarFeeds { id } } }"))["viewer"]["calendarFeeds"] is None


async def test_a11_the_address_is_shown_once(clinic: Clinic) -> None:
    first = await created(clinic, idempotencyKey="k-1")
    again = await created(clinic, idempotencyKey="k-1")
    assert (again["feed"]["id"], again["url"]) == (first["feed"]["id"], None)
    assert await status(clinic, first["url"]) == 200


async def test_x8_its_secret_is_nowhere(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    """Neither in the database, nor in a log, nor in the audit log."""
    url = await url_of(clinic)
    token = httpx.URL(url).path.rpartition(".")[0].rpartition(".")[2]
    assert len(token) == 43
    await fetched(clinic, url)
    await fetched(clinic, url.replace(token, token[::-1]))
    assert token not in caplog.text
    assert token[::-1] not in caplog.text
    query = "MATCH (n) WHERE n.practice = $practice UNWIND keys(n) AS k RETURN collect(n[k]) AS found"
    async with clinic.cast.installation.database.session(write=False) as session:
        result = await session.run(query, practice=clinic.cast.practice.id)
        record = await result.single(strict=True)
    assert not any(token in str(value) for value in record["found"])


async def test_a11_reads_are_told_once_a_day(clinic: Clinic, now: Now) -> None:
    url = await url_of(clinic)
    now.moment = datetime.now(UTC) + timedelta(seconds=5)  # no day ends meanwhile
    try:
        for _ in range(3):
            await fetched(clinic, url)
    finally:
        now.moment = None
    query = """query ($id: ID!) { auditLog(clientId: $id, first: 20) {
      nodes { action actor reason contact { id } changes { field before after } } } }"""
    found = await clinic.cast.ask("admin", query, id=clinic.cast.ids["anna"])
    told = [event["action"] for event in found["auditLog"]["nodes"] if "alendarFeed" in event["action"]]
    assert told == ["calendarFeed.read", "createCalendarFeed"]


async def test_a11_other_methods_and_too_many_reads(clinic: Clinic) -> None:
    url = await url_of(clinic)
    assert (await fetched(clinic, url, "HEAD")).status_code == 200
    refused = await fetched(clinic, url, "POST")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    for _ in range(59):
        assert await status(clinic, url) == 200
    over = await fetched(clinic, url)
    assert (over.status_code, over.headers["retry-after"]) == (429, "600")


async def test_a11_a_feed_takes_three_statements(clinic: Clinic) -> None:
    url = await url_of(clinic)
    await fetched(clinic, url)
    with clinic.cast.installation.statements() as names:
        await fetched(clinic, url)
    assert names == ["acting/feeds/by_token", "access/of_person", "acting/feeds/appointments"]


async def test_a11_what_is_long_gone_takes_nobodys_place(
    clinic: Clinic, now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = await clinic.book("anna", ahead(40, 9))
    await clinic.done("anna", "cancelAppointment", gone)
    coming = await clinic.book("staff", ahead(41, 9))
    url = await url_of(clinic)
    monkeypatch.setattr(reading, "MOST_EVENTS", 1)
    assert set(await events(clinic, url)) == {gone["id"]}
    now.moment = datetime.now(UTC) + timedelta(days=31)
    try:
        assert set(await events(clinic, url)) == {coming["id"]}
    finally:
        now.moment = None


async def test_a11_it_is_read_although_nothing_can_be_written(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    url = await url_of(clinic)

    async def full(_unit: Unit, _work: Any) -> None:
        raise Unavailable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Unit, "note", full)
        assert await status(clinic, url) == 200
    query = "{ viewer { calendarFeeds { lastReadOn } } }"
    [feed] = (await clinic.cast.ask("anna", query))["viewer"]["calendarFeeds"]
    assert feed["lastReadOn"] is None


def test_a_calendar_is_whole_and_escaped_whatever_the_practice_is_called() -> None:
    content = calendar_of([], "Smith\\nSons; Ltd, Co\nX-EVIL:1")
    assert b"NAME:Smith\\\\nSons\\; Ltd\\, Co\\nX-EVIL:1\r\n" in content
    assert len(icalendar.Calendar.from_ical(content).subcomponents) == 1, "RFC 5545 asks for one at least"


@pytest.mark.parametrize("slug", ["maple", "-maple", "a", "a" * 63, "7-"])
def test_every_practices_address_is_understood(slug: str) -> None:
    made = new_address(slug)
    assert address_of(made.path) == made
