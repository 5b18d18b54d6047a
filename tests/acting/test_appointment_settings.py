"""Locations, types of appointments and hours: who makes them, who reads them, and what is refused (A1-A3)."""

from typing import Any

import pytest

from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.ids import new_id
from tests.acting.cast import Cast, new_cast
from tests.api import Api, Installation

LOCATION = "location { id name isTelehealth link timeZone isExclusive isActive version address { lines city } }"
TYPE = "type { id name publicName minutes portal version practitioners { id } locations { id } }"
HOURS = """practitioner { id version openingRules { weekday from to everyWeeks startsOn endsOn location { id } }
  exceptions(from: "2026-12-01", to: "2026-12-31") { id day from to isOpen note location { id } } }"""


@pytest.fixture(scope="module")
async def cast(installation: Installation) -> Cast:
    return await new_cast(installation)


async def place(cast: Cast, **fields: Any) -> dict[str, Any]:
    return await cast.done("admin", "addLocation", LOCATION, **{"name": "Room 1", **fields})


async def worker(cast: Cast) -> dict[str, Any]:
    return await cast.done("admin", "addPractitioner", "practitioner { id version }", displayName="Kim Lee")


async def test_a1_an_admin_makes_and_changes_a_location(cast: Cast) -> None:
    made = await place(
        cast, address={"lines": ["1 High Street"], "city": "Leeds"}, timeZone="Asia/Kathmandu", isExclusive=True
    )
    assert (made["timeZone"], made["isExclusive"], made["address"]["city"]) == ("Asia/Kathmandu", True, "Leeds")
    changed = await cast.done(
        "admin", "updateLocation", LOCATION, locationId=made["id"], expectedVersion=1, address=None, timeZone=None
    )
    assert (changed["version"], changed["address"], changed["timeZone"]) == (2, None, "Europe/London")
    same = await cast.done("admin", "updateLocation", LOCATION, locationId=made["id"], expectedVersion=2, name="Room 1")
    assert same["version"] == 2
    stale = await cast.refused("admin", "updateLocation", locationId=made["id"], expectedVersion=1, name="Two")
    assert stale == "VERSION_CONFLICT"


async def test_a1_a_type_names_practitioners_and_locations_of_the_practice(cast: Cast) -> None:
    room, kim = await place(cast), await worker(cast)
    fields = {"name": "First", "publicName": "Visit", "minutes": 50}
    made = await cast.done(
        "admin", "addAppointmentType", TYPE, **fields, practitionerIds=[kim["id"]], locationIds=[room["id"]]
    )
    assert (made["practitioners"], made["locations"]) == ([{"id": kim["id"]}], [{"id": room["id"]}])
    foreign = (await cast.others["elsewhere"].query("{ viewer { practice { id } } }"))["viewer"]["practice"]["id"]
    for bad in (foreign, new_id("practitioner"), "nobody"):
        payload = await cast.does(
            "admin", "addAppointmentType", TYPE, **fields, practitionerIds=[bad], locationIds=[room["id"]]
        )
        assert [(error["code"], error["path"]) for error in payload["errors"]] == [
            ("NOT_FOUND", ["practitionerIds", "0"])
        ]
    short = await cast.refused(
        "admin", "addAppointmentType", **fields | {"minutes": 7}, practitionerIds=[], locationIds=[]
    )
    assert short == "minutes.offGrid"


async def test_a1_portal_accounts_see_the_types_that_they_may_book(cast: Cast) -> None:
    for portal in ("NONE", "REQUEST", "BOOK"):
        await cast.done(
            "admin",
            "addAppointmentType",
            TYPE,
            name=portal,
            publicName=portal,
            minutes=30,
            portal=portal,
            practitionerIds=[],
            locationIds=[],
        )
    query = "query ($id: ID) { appointmentTypes(forClientId: $id) { name publicName } }"
    seen = (await cast.ask("anna", query, id=cast.ids["ben"]))["appointmentTypes"]
    assert {kind["publicName"] for kind in seen} >= {"REQUEST", "BOOK"}
    assert "NONE" not in {kind["publicName"] for kind in seen}
    assert {kind["name"] for kind in seen} == {None}
    assert (await cast.ask("anna", query))["appointmentTypes"] is None
    assert (await cast.ask("anna", query, id=cast.ids["carl"]))["appointmentTypes"] is None
    assert (await cast.ask("anna", "{ locations { id } }"))["locations"] is None
    assert "NONE" in {kind["publicName"] for kind in (await cast.ask("staff", query))["appointmentTypes"]}


async def test_a2_staff_set_hours_and_exceptions(cast: Cast) -> None:
    room, kim = await place(cast), await worker(cast)
    rule = {"weekday": "MONDAY", "from": "09:00", "to": "00:00", "locationId": room["id"], "startsOn": "2026-01-05"}
    found = await cast.done(
        "staff", "setOpeningHours", HOURS, practitionerId=kim["id"], expectedVersion=1, rules=[rule]
    )
    shown = rule | {"everyWeeks": 1, "endsOn": None, "location": {"id": room["id"]}}
    shown.pop("locationId")
    assert (found["openingRules"], found["version"]) == ([shown], 2)
    same = await cast.done("staff", "setOpeningHours", HOURS, practitionerId=kim["id"], expectedVersion=2, rules=[rule])
    assert same["version"] == 2
    closed = {"practitionerId": kim["id"], "day": "2026-12-25", "isOpen": False, "note": "Holiday"}
    found = await cast.done("staff", "addOpeningException", HOURS, **closed)
    (exception,) = found["exceptions"]
    assert (exception["day"], exception["from"], exception["isOpen"]) == ("2026-12-25", None, False)
    node = "query ($id: ID!) { node(id: $id) { id ... on OpeningException { note } } }"
    assert (await cast.ask("analyst", node, id=exception["id"]))["node"] == {"id": exception["id"], "note": None}
    assert (await cast.ask("anna", node, id=exception["id"]))["node"] is None
    open_then = closed | {"isOpen": True, "from": "09:05", "to": "00:00", "locationId": room["id"], "note": None}
    found = await cast.done("staff", "addOpeningException", HOURS, **open_then)
    assert [one["from"] for one in found["exceptions"]] == [None, "09:05"]
    await cast.done("staff", "removeOpeningException", HOURS, exceptionId=found["exceptions"][1]["id"])
    found = await cast.done("staff", "removeOpeningException", HOURS, exceptionId=exception["id"])
    assert found["exceptions"] == []
    assert await cast.refused("staff", "removeOpeningException", exceptionId=exception["id"]) == "NOT_FOUND"


async def test_a2_hours_that_overlap_or_end_before_they_begin_are_refused(cast: Cast) -> None:
    room, kim = await place(cast), await worker(cast)
    rule = {"weekday": "MONDAY", "from": "09:00", "to": "12:00", "locationId": room["id"], "startsOn": "2026-01-05"}
    sent = {"practitionerId": kim["id"], "expectedVersion": 1}
    for rules, reason in (
        ([rule, rule | {"from": "11:00", "to": "13:00"}], "rules.overlap"),
        ([rule | {"to": "08:00"}], "to.notAfterFrom"),
        ([rule | {"locationId": new_id("location")}], "NOT_FOUND"),
    ):
        assert await cast.refused("staff", "setOpeningHours", **sent, rules=rules) == reason


async def test_only_admins_make_locations_and_types(cast: Cast, installation: Installation) -> None:
    staff: Api = installation.api(cast.practice, ViewerRole.STAFF)
    document = """mutation { addLocation(input: {name: "x"}) { errors { code } }
      addAppointmentType(input: {name: "x", publicName: "x", minutes: 5, practitionerIds: [], locationIds: []}) {
        errors { code } } }"""
    found = await staff.query(document)
    assert {error["code"] for payload in found.values() for error in payload["errors"]} == {"FORBIDDEN"}
