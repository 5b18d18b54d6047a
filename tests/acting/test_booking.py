"""Booking, moving and cancelling through the API (A3-A10): by staff, by the client and by contacts."""

from datetime import timedelta
from typing import Any

import pytest

from graph_api.kernel.ids import new_id
from tests.acting.clinic import APPOINTMENT_SHOWN, SHOWN, TAKEN, Clinic, ahead, new_clinic
from tests.api import Installation

WARNINGS = "warnings { code }"


@pytest.fixture(scope="module")
async def clinic(installation: Installation) -> Clinic:
    return await new_clinic(installation)


def codes(payload: dict[str, Any]) -> list[str]:
    return [warning["code"] for warning in payload["warnings"]]


async def test_a9_a_contact_books_at_once_where_the_type_says_so(clinic: Clinic) -> None:
    found = await clinic.book("anna", ahead(3, 9), reason="Cough")
    assert (found["status"], found["heldUntil"], found["link"]) == ("BOOKED", None, "https://meet.example/kim")
    assert found["bookedBy"]["text"] == "Anna Moreno for Ben Moreno"
    assert found["bookingReason"] == "Cough"
    node = f"query ($id: ID!) {{ node(id: $id) {{ ... on Appointment {{ {SHOWN} }} }} }}"
    by_staff = (await clinic.cast.ask("staff", node, id=found["id"]))["node"]
    assert by_staff["bookedBy"]["text"] == "Anna Moreno (unrelated friend) for Ben Moreno"
    assert by_staff["bookedBy"]["contactVersion"] == clinic.cast.contacts["anna"]["version"]
    by_other = (await clinic.cast.ask("carl", node, id=found["id"]))["node"]
    assert by_other["bookedBy"] == {"text": "another contact", "contactVersion": None, "person": None, "contact": None}
    assert by_other["bookingReason"] is None
    by_client = (await clinic.cast.ask("ben", node, id=found["id"]))["node"]
    assert by_client["bookedBy"]["text"] == "another contact"
    for who in ("elsewhere",):
        assert (await clinic.cast.ask(who, node, id=found["id"]))["node"] is None
    by_analyst = (await clinic.cast.ask("analyst", node, id=found["id"]))["node"]
    assert (by_analyst["status"], by_analyst["bookedBy"], by_analyst["link"]) == ("BOOKED", None, None)


async def test_x3_what_a_contact_booked_is_told_with_the_appointment(clinic: Clinic) -> None:
    found = await clinic.book("carl", ahead(3, 10))
    await clinic.done("carl", "cancelAppointment", found)
    query = """query ($id: ID!) { person(id: $id) { actingHistory(first: 2) {
      nodes { action node { __typename id } by { text } } } } }"""
    told = (await clinic.cast.ask("staff", query, id=clinic.cast.ids["ben"]))["person"]["actingHistory"]["nodes"]
    by = {"text": "Carl Moreno (unrelated friend) for Ben Moreno"}
    assert told == [
        {"action": action, "node": {"__typename": "Appointment", "id": found["id"]}, "by": by}
        for action in ("cancelAppointment", "bookAppointment")
    ]


async def test_a4_a_request_holds_its_time_until_staff_answer(clinic: Clinic) -> None:
    start = ahead(4, 9)
    found = await clinic.book("ben", start, "request")
    assert (found["status"], found["bookedBy"]["text"]) == ("REQUESTED", "Ben Moreno")
    assert found["heldUntil"] is not None
    assert await clinic.refused("staff", start + timedelta(minutes=30)) == "TIME_TAKEN"
    query = "{ appointmentRequests { nodes { id } } }"
    waiting = (await clinic.cast.ask("staff", query))["appointmentRequests"]["nodes"]
    assert {"id": found["id"]} in waiting
    assert (await clinic.cast.ask("ben", query))["appointmentRequests"] is None
    confirmed = await clinic.done("staff", "confirmAppointment", found)
    assert (confirmed["status"], confirmed["heldUntil"], confirmed["version"]) == ("BOOKED", None, 2)
    assert await clinic.not_done("staff", "confirmAppointment", confirmed) == "appointment.booked"
    waiting = (await clinic.cast.ask("staff", query))["appointmentRequests"]["nodes"]
    assert {"id": found["id"]} not in waiting
    await clinic.check()


async def test_a4_a_declined_request_gives_its_time_up(clinic: Clinic) -> None:
    start = ahead(5, 9)
    found = await clinic.book("anna", start, "request")
    declined = await clinic.done("staff", "declineAppointment", found, reason="We are closed")
    assert (declined["status"], declined["cancelReason"]) == ("DECLINED", "We are closed")
    again = await clinic.book("ben", start, "request")
    await clinic.done("staff", "confirmAppointment", again, startsAt=(start + timedelta(hours=1)).isoformat())
    await clinic.check()


async def test_a5_time_taken_names_others_that_are_open(clinic: Clinic) -> None:
    start = ahead(6, 9)
    await clinic.book("staff", start)
    found = (await clinic.cast.ask("anna", TAKEN, input=clinic.sent(start + timedelta(minutes=15))))["bookAppointment"]
    assert found["appointment"] is None
    (error,) = found["errors"]
    assert error["code"] == "TIME_TAKEN"
    assert len(error["startsAt"]) == 1
    assert len(error["nearest"]) == 5
    assert {opening["practitioner"]["id"] for opening in error["nearest"]} == {clinic.kim}
    free = error["nearest"][0]["startsAt"]
    await clinic.cast.done("anna", "bookAppointment", APPOINTMENT_SHOWN, **clinic.sent(start) | {"startsAt": free})
    await clinic.check()


async def test_a5_buffers_and_exclusive_rooms_are_claimed(clinic: Clinic) -> None:
    start = ahead(7, 9)
    await clinic.book("staff", start, locationId=clinic.room)
    assert await clinic.refused("staff", start + timedelta(minutes=55)) == "TIME_TAKEN"  # the buffer after
    same_room = {"locationId": clinic.room, "practitionerId": clinic.lee}
    assert await clinic.refused("staff", start + timedelta(minutes=30), **same_room) == "TIME_TAKEN"
    await clinic.book("staff", start + timedelta(minutes=60))
    await clinic.check()


async def test_a6_staff_are_warned_and_may_overbook(clinic: Clinic) -> None:
    start = ahead(8, 9)
    await clinic.book("staff", start, locationId=clinic.room)
    beside = await clinic.cast.does("staff", "bookAppointment", APPOINTMENT_SHOWN, **clinic.sent(start, overbook=True))
    assert beside["appointment"]["isOverbooked"] is True
    assert codes(beside) == ["CLIENT_BUSY"]
    free = await clinic.book("staff", start + timedelta(hours=2), overbook=True)
    assert free["isOverbooked"] is False  # there is nothing beside which it stands
    outside = await clinic.cast.does(
        "staff", "bookAppointment", APPOINTMENT_SHOWN, **clinic.sent(start + timedelta(hours=4), locationId=clinic.room)
    )
    assert codes(outside) == ["OUTSIDE_OPENINGS"]
    past = await clinic.cast.does("staff", "bookAppointment", APPOINTMENT_SHOWN, **clinic.sent(ahead(-2, 9)))
    assert codes(past) == ["IN_PAST"]
    assert await clinic.refused("staff", ahead(-9)) == "start.past"
    await clinic.check()


async def test_a6_a_portal_account_may_none_of_it(clinic: Clinic) -> None:
    start = ahead(9, 9)
    assert await clinic.refused("anna", start, overbook=True) == "FORBIDDEN"
    assert await clinic.refused("anna", start, note="x") == "FORBIDDEN"
    assert await clinic.refused("anna", start, repeat={"everyWeeks": 1, "count": 2}) == "FORBIDDEN"
    assert await clinic.refused("anna", start, locationId=clinic.room) == "start.offGrid"  # nobody is open there
    assert await clinic.refused("anna", start + timedelta(minutes=5)) == "start.offGrid"
    assert await clinic.refused("anna", ahead(0, 23)) in ("appointment.tooSoon", "start.past")
    assert await clinic.refused("anna", ahead(200)) == "appointment.tooFarAhead"
    assert await clinic.refused("anna", start, "none") == "NOT_FOUND"
    assert await clinic.refused("anna", start, clientId=clinic.cast.ids["carl"]) == "NOT_FOUND"


async def test_a3_starts_that_nobody_can_book(clinic: Clinic) -> None:
    start = ahead(9, 13)
    assert await clinic.refused("staff", start + timedelta(minutes=2)) == "start.offGrid"
    other = (await clinic.cast.done("admin", "addPractitioner", "practitioner { id }", displayName="Oz"))["id"]
    assert await clinic.refused("staff", start, practitionerId=other) == "practitioner.notOffered"


async def test_a8_a_move_by_a_quarter_of_an_hour_does_not_meet_its_own_time(clinic: Clinic) -> None:
    start = ahead(10, 9)
    found = await clinic.book("anna", start)
    moved = await clinic.done(
        "anna", "rescheduleAppointment", found, startsAt=(start + timedelta(minutes=15)).isoformat()
    )
    assert (moved["id"], moved["version"], moved["status"]) == (found["id"], 2, "BOOKED")
    await clinic.check()
    same = await clinic.done("anna", "rescheduleAppointment", moved, startsAt=moved["startsAt"])
    assert same["version"] == 2
    assert await clinic.not_done("anna", "rescheduleAppointment", found, startsAt=found["startsAt"]) == (
        "VERSION_CONFLICT"
    )
    with_lee = await clinic.done(
        "staff", "rescheduleAppointment", moved, startsAt=moved["startsAt"], practitionerId=clinic.lee
    )
    assert with_lee["practitioner"] == {"id": clinic.lee}
    await clinic.book("staff", start)
    await clinic.check()


async def test_a8_what_an_account_moves_is_a_request_again(clinic: Clinic) -> None:
    start = ahead(11, 9)
    found = await clinic.done("staff", "confirmAppointment", await clinic.book("anna", start, "request"))
    moved = await clinic.done("anna", "rescheduleAppointment", found, startsAt=(start + timedelta(hours=2)).isoformat())
    assert moved["status"] == "REQUESTED"
    assert moved["heldUntil"] is not None
    by_staff = await clinic.done(
        "staff", "rescheduleAppointment", moved, startsAt=(start + timedelta(hours=3)).isoformat()
    )
    assert by_staff["status"] == "REQUESTED"
    await clinic.done("anna", "cancelAppointment", by_staff)
    await clinic.check()


async def test_a7_a_series_is_booked_all_or_none_and_cancelled_from_one_on(clinic: Clinic) -> None:
    start = ahead(12, 9)
    payload = await clinic.cast.does(
        "staff",
        "bookAppointment",
        f"appointment {{ {SHOWN} }} series {{ {SHOWN} }}",
        **clinic.sent(start, repeat={"everyWeeks": 1, "count": 4}),
    )
    assert payload["errors"] == []
    series = payload["series"]
    assert len(series) == 4
    assert len({one["seriesId"] for one in series}) == 1
    taken = (await clinic.cast.ask("staff", TAKEN, input=clinic.sent(start, repeat={"everyWeeks": 2, "count": 3})))[
        "bookAppointment"
    ]
    assert len(taken["errors"][0]["startsAt"]) == 2
    await clinic.check()
    assert await clinic.not_done("ben", "cancelAppointment", series[1], scope="THIS_AND_FOLLOWING") == "FORBIDDEN"
    await clinic.done("staff", "cancelAppointment", series[1], scope="THIS_AND_FOLLOWING", reason="Moved away")
    query = """query ($id: ID!, $from: DateTime!) { person(id: $id) { appointments(from: $from, first: 100) { nodes {
      id status seriesId } } } }"""
    nodes = (await clinic.cast.ask("staff", query, id=clinic.cast.ids["ben"], **{"from": start.isoformat()}))["person"]
    found = [node["status"] for node in nodes["appointments"]["nodes"] if node["seriesId"] == series[0]["seriesId"]]
    assert found == ["BOOKED", "CANCELLED", "CANCELLED", "CANCELLED"]
    await clinic.check()


async def test_a9_a_late_cancellation_is_refused_or_marked(clinic: Clinic) -> None:
    soon = await clinic.book("staff", ahead(0, 0) + timedelta(days=1), "book", practitionerId=clinic.lee)
    assert await clinic.not_done("anna", "cancelAppointment", soon) == "appointment.tooLate"
    kind = {"typeId": clinic.types["book"], "lateCancel": True}
    await clinic.cast.done("admin", "updateAppointmentType", "type { id }", expectedVersion=1, **kind)
    payload = await clinic.does("anna", "cancelAppointment", soon, reason="Ill")
    assert (payload["appointment"]["isLate"], payload["appointment"]["status"]) == (True, "CANCELLED")
    assert codes(payload) == ["LATE"]
    assert payload["appointment"]["cancelledBy"]["text"] == "Anna Moreno for Ben Moreno"
    assert await clinic.not_done("anna", "cancelAppointment", payload["appointment"]) == "appointment.cancelled"
    await clinic.check()


async def test_a9_an_account_has_at_most_five_requests_ahead(installation: Installation) -> None:
    clinic = await new_clinic(installation)
    for number in range(5):
        await clinic.book("anna", ahead(3 + number), "request")
    assert await clinic.refused("anna", ahead(12), "request") == "requests.tooMany"
    await clinic.book("carl", ahead(12), "request")


async def test_a10_a_hidden_appointment_does_not_exist_for_contacts(installation: Installation) -> None:
    clinic = await new_clinic(installation)
    cast, start = clinic.cast, ahead(3)
    hidden = await clinic.book("ben", start, audience="CLIENT_ONLY", practitionerId=clinic.lee)
    assert await clinic.refused("anna", ahead(4), audience="CLIENT_ONLY") == "FORBIDDEN"
    query = """query ($id: ID!, $node: ID!) { node(id: $node) { id }
      person(id: $id) { appointments { nodes { id } edges { cursor } } } }"""

    async def sees(who: str) -> tuple[bool, bool]:
        found = await cast.ask(who, query, id=cast.ids["ben"], node=hidden["id"])
        person = found["person"] or {}
        nodes = (person.get("appointments") or {"nodes": []})["nodes"]
        return found["node"] is not None, {"id": hidden["id"]} in nodes

    assert [await sees(who) for who in ("staff", "ben")] == [(True, True)] * 2
    assert [await sees(who) for who in ("anna", "carl", "nora", "analyst", "elsewhere")] == [(False, False)] * 5
    assert await clinic.not_done("anna", "cancelAppointment", hidden) == "NOT_FOUND"
    # The time is simply not open, with anybody, and booking there is as if somebody else had it.
    offered = await clinic.openings("anna", start)
    assert offered == await clinic.openings("staff", start)
    assert offered is not None
    assert "10:00" not in offered
    assert "11:00" in offered
    assert await clinic.refused("anna", start) == "TIME_TAKEN"
    shared = await clinic.done("staff", "setAppointmentAudience", hidden, audience="SHARED")
    assert await sees("anna") == (True, True)
    same = await clinic.done("staff", "setAppointmentAudience", shared, audience="SHARED")
    assert same["version"] == shared["version"]


async def test_a10_a_young_client_asks_the_practice_to_hide_one(installation: Installation) -> None:
    clinic = await new_clinic(installation, age=12)
    assert await clinic.refused("ben", ahead(3), audience="CLIENT_ONLY") == "audience.tooYoung"


async def test_staff_say_what_came_of_an_appointment(clinic: Clinic) -> None:
    past = await clinic.book("staff", ahead(-1, 20))
    arrived = await clinic.done("staff", "setAppointmentOutcome", past, outcome="ARRIVED")
    done = await clinic.done("staff", "setAppointmentOutcome", arrived, outcome="COMPLETED")
    assert done["status"] == "COMPLETED"
    assert await clinic.not_done("staff", "setAppointmentOutcome", done, outcome="ENTERED_IN_ERROR") == "FORBIDDEN"
    await clinic.done("admin", "setAppointmentOutcome", done, outcome="ENTERED_IN_ERROR")
    later = await clinic.book("staff", ahead(20, 9))
    assert await clinic.not_done("staff", "setAppointmentOutcome", later, outcome="NO_SHOW") == "appointment.notYet"
    await clinic.check()


async def test_x1_nothing_new_for_an_archived_client(installation: Installation) -> None:
    clinic = await new_clinic(installation)
    kept = await clinic.book("staff", ahead(3))
    await clinic.cast.api.done("setClientStatus", personId=clinic.cast.ids["ben"], expectedVersion=1, status="ARCHIVED")
    assert await clinic.refused("staff", ahead(4)) == "client.archived"
    assert await clinic.refused("anna", ahead(4)) == "NOT_FOUND"
    later = (ahead(5)).isoformat()
    assert await clinic.not_done("staff", "rescheduleAppointment", kept, startsAt=later) == "client.archived"
    assert (await clinic.done("staff", "cancelAppointment", kept))["status"] == "CANCELLED"


async def test_x5_who_may_see_the_portal_and_not_this_is_told_forbidden(installation: Installation) -> None:
    clinic = await new_clinic(installation)
    found = await clinic.book("anna", ahead(3))
    await clinic.cast.api.done("setClientFeature", clientId=clinic.cast.ids["ben"], feature="SCHEDULING", enabled=False)
    assert await clinic.refused("anna", ahead(4)) == "FORBIDDEN"
    assert await clinic.not_done("anna", "cancelAppointment", found) == "NOT_FOUND", "it is hidden from her now"
    assert await clinic.openings("anna", ahead(4)) is None
    assert await clinic.not_done("dora", "cancelAppointment", found) == "NOT_FOUND"
    await clinic.book("staff", ahead(4))


EVENTS = """MATCH (e:AuditEvent) WHERE e.practice = $practice AND e.action CONTAINS 'Appointment'
  RETURN e.action AS action, e.reason AS reason, e.contactId AS contact, properties(e) AS all ORDER BY e.key"""


async def test_x8_the_log_says_who_did_what_by_which_edge_and_no_words(installation: Installation) -> None:
    clinic = await new_clinic(installation)
    cast = clinic.cast
    word = "Rumpelstiltskin"
    asked = await clinic.book("anna", ahead(3), "request", reason=word)
    booked = await clinic.done("staff", "confirmAppointment", asked)
    other = await clinic.book("ben", ahead(4), "request", reason=word)
    await clinic.done("staff", "declineAppointment", other, reason=word)
    moved = await clinic.done("anna", "rescheduleAppointment", booked, startsAt=ahead(5).isoformat())
    await clinic.done("anna", "cancelAppointment", moved, reason=word)
    await clinic.book("staff", ahead(6), note=word)
    async with installation.database.session(write=False) as session:
        result = await session.run(EVENTS, practice=cast.practice.id)
        events = [dict(record) async for record in result if record["action"] != "addAppointmentType"]
    assert [(one["action"], one["reason"], one["contact"]) for one in events] == [
        ("bookAppointment", "contact", cast.contacts["anna"]["id"]),
        ("confirmAppointment", "role", None),
        ("bookAppointment", "account", None),
        ("declineAppointment", "role", None),
        ("rescheduleAppointment", "contact", cast.contacts["anna"]["id"]),
        ("cancelAppointment", "contact", cast.contacts["anna"]["id"]),
        ("bookAppointment", "role", None),
    ]
    assert word not in repr(events)


async def test_a13_the_agenda_is_the_practices_days(clinic: Clinic) -> None:
    start = ahead(25, 9)
    found = await clinic.book("staff", start)
    query = """query ($d: Date!, $p: [ID!]) { agenda(from: $d, days: 1, practitionerIds: $p) { nodes {
      id client { displayName } } } }"""
    day = {"d": start.date().isoformat()}
    nodes = (await clinic.cast.ask("staff", query, **day))["agenda"]["nodes"]
    assert nodes == [{"id": found["id"], "client": {"displayName": "Ben Moreno"}}]
    assert (await clinic.cast.ask("staff", query, **day, p=[clinic.lee]))["agenda"]["nodes"] == []
    assert (await clinic.cast.ask("anna", query, **day))["agenda"] is None


async def test_a9_of_what_is_not_offered_an_account_is_told_nothing_else(clinic: Clinic) -> None:
    """A start that is off the grid must not show that a location was once the type's, nor a practitioner's absence."""
    cast = clinic.cast
    place = await cast.done("admin", "addLocation", "location { id version }", name="Old", timeZone="UTC")
    kind = {"name": "Old", "publicName": "Visit", "minutes": 50, "portal": "BOOK", "practitionerIds": [clinic.kim]}
    kind |= {"locationIds": [clinic.online, place["id"]]}
    clinic.types["old"] = (await cast.done("admin", "addAppointmentType", "type { id }", **kind))["id"]
    left = {"locationId": place["id"], "expectedVersion": place["version"], "isActive": False}
    await cast.done("admin", "updateLocation", "location { id }", **left)
    for start in (ahead(3), ahead(3, minute=2)):
        for values in (
            {"locationId": place["id"]},
            {"locationId": new_id("location")},
            {"locationId": clinic.room},
            {"practitionerId": new_id("practitioner")},
        ):
            assert await clinic.refused("ben", start, "old", **values) == "NOT_FOUND", (start, values)
    assert await clinic.refused("ben", ahead(3, minute=2), "old") == "start.offGrid"
