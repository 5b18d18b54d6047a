"""What staff are shown about access: archived and inactive clients (D7), adult clients and other traps (D13)."""

from typing import Any

import pytest

from tests.api import Api, At, own_address

TODAY = "2026-06-10T12:00:00+00:00"
AT_MAJORITY = (
    "PARENT",
    "NATURAL_PARENT",
    "ADOPTIVE_PARENT",
    "STEP_PARENT",
    "FOSTER_PARENT",
    "GUARDIAN",
    "GUARDIAN_AD_LITEM",
)
Warnings = list[tuple[str, list[str]]]


@pytest.fixture
def at(at: At) -> At:
    """Sets the clock to a moment; it starts on `TODAY`."""
    at(TODAY)
    return at


def shown(payload: dict[str, Any]) -> Warnings:
    assert payload["errors"] == []
    assert all(warning["message"] for warning in payload["warnings"])
    return [(warning["code"], warning["path"]) for warning in payload["warnings"]]


async def set_status(api: Api, person: dict[str, Any], status: str) -> dict[str, Any]:
    sent = {"personId": person["id"], "expectedVersion": person["version"], "status": status}
    return await api.mutate("setClientStatus", **sent)


async def added(api: Api, birth_date: str | None, **terms: Any) -> dict[str, Any]:
    """A contact added to a client of that birth date; the payload."""
    client = await api.client(birthDate=birth_date)
    return await api.mutate(
        "addNewContact", clientId=client["id"], person={"givenName": "Lucía", "emails": [own_address()]}, **terms
    )


async def test_d7_an_archived_clients_network_takes_no_one_in(api: Api) -> None:
    client, other = await api.client("Ana"), await api.client("Bea")
    forward = await api.done("addExistingContact", clientId=other["id"], personId=client["id"], relationship="PARENT")
    await set_status(api, client, "ARCHIVED")
    new = {"clientId": client["id"], "person": {"givenName": "Eva"}, "relationship": "FRIEND"}
    existing = {"clientId": client["id"], "personId": other["id"], "relationship": "FRIEND"}
    for mutation, sent, path in (
        ("addNewContact", new, "clientId"),
        ("addExistingContact", existing, "clientId"),
        ("addReciprocalContact", {"contactId": forward["id"], "relationship": "CHILD"}, "contactId"),
    ):
        error = await api.refused(mutation, **sent)
        assert (error["__typename"], error["reason"], error["path"]) == ("InvalidInput", "client.archived", [path])
    assert await api.network(client["id"]) == []


async def test_d7_an_archived_clients_contacts_are_given_nothing_more(api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"], payments=True)
    await set_status(api, client, "ARCHIVED")
    sent = {"contactId": contact["id"], "expectedVersion": 1}
    error = await api.refused("updateContact", **sent, changes={"portalAccess": True, "payments": False})
    assert (error["__typename"], error["reason"]) == ("InvalidInput", "client.archived")
    less = await api.done("updateContact", **sent, changes={"payments": False, "note": "Closed"})
    assert (less["payments"], less["note"]) == (False, "Closed")
    assert (await api.done("removeContact", contactId=contact["id"], expectedVersion=2))["status"] == "REMOVED"


async def test_d7_an_archived_client_can_be_active_again(api: Api) -> None:
    client = await api.client()
    await set_status(api, client, "ARCHIVED")
    await api.done("setClientStatus", personId=client["id"], expectedVersion=2, status="ACTIVE")
    assert (await api.contact(client["id"]))["status"] == "IN_FORCE"


@pytest.mark.parametrize("toggle", ["portalAccess", "secureMessaging", "payments", "appointmentReminders"])
async def test_d7_an_inactive_clients_contact_keeps_what_is_given(api: Api, toggle: str) -> None:
    client, other = await api.client("Ana"), await api.client("Bea")
    await set_status(api, client, "INACTIVE")
    sent = {"clientId": client["id"], "personId": other["id"], "relationship": "SIBLING"}
    payload = await api.mutate("addExistingContact", **sent, **{toggle: True})
    assert shown(payload) == [("CLIENT_INACTIVE", [])]
    assert [person["id"] for person in payload["warnings"][0]["persons"]] == [other["id"]]
    changed = await api.mutate(
        "updateContact", contactId=payload["contact"]["id"], expectedVersion=1, changes={"note": "Call first"}
    )
    assert shown(changed) == [("CLIENT_INACTIVE", [])]


async def test_d7_nothing_to_keep_nothing_to_show(api: Api) -> None:
    client = await api.client()
    await set_status(api, client, "INACTIVE")
    sent = {"clientId": client["id"], "person": {"givenName": "Lucía"}, "relationship": "SIBLING"}
    assert shown(await api.mutate("addNewContact", **sent)) == []


async def test_d7_going_inactive_shows_who_keeps_access(api: Api, at: At) -> None:
    at(TODAY)
    client = await api.client()
    keeping = [
        await api.contact(client["id"], "Alba", relationship="SIBLING", portalAccess=True),
        await api.contact(client["id"], "Berta", relationship="SIBLING", appointmentReminders=True),
        await api.contact(client["id"], "Clara", relationship="SIBLING", payments=True, startsOn="2027-01-01"),
    ]
    await api.contact(client["id"], "Dora", relationship="SIBLING")
    await api.contact(client["id"], "Elsa", relationship="SIBLING", portalAccess=True, endsOn="2026-06-09")
    gone = await api.contact(client["id"], "Fina", relationship="SIBLING", portalAccess=True)
    await api.done("removeContact", contactId=gone["id"], expectedVersion=1)
    payload = await set_status(api, client, "INACTIVE")
    assert shown(payload) == [("CLIENT_INACTIVE", ["status"])]
    persons = [person["id"] for person in payload["warnings"][0]["persons"]]
    assert persons == [contact["person"]["id"] for contact in keeping]
    kept = {contact["id"]: contact for contact in await api.network(client["id"])}
    assert [kept[contact["id"]] for contact in keeping] == keeping


@pytest.mark.parametrize("status", ["ACTIVE", "ARCHIVED"])
async def test_d7_other_states_show_no_keepers(api: Api, status: str) -> None:
    client = await api.client()
    await api.contact(client["id"], relationship="SIBLING", portalAccess=True)
    assert shown(await set_status(api, client, status)) == []


@pytest.mark.parametrize("relationship", AT_MAJORITY)
@pytest.mark.parametrize(
    ("birth_date", "review"), [("2008-06-10", True), ("2008-06-11", False), ("1950-01-01", True), (None, True)]
)
async def test_d13_portal_access_of_an_adults_parent_is_reviewed(
    api: Api, at: At, relationship: str, birth_date: str | None, review: bool
) -> None:
    """Of age on the very birthday; unknown counts as of age."""
    at(TODAY)
    payload = await added(api, birth_date, relationship=relationship, portalAccess=True, endsOn="2030-01-01")
    assert shown(payload) == ([("REVIEW_ACCESS", ["portalAccess"])] if review else [])
    persons = [person["id"] for warning in payload["warnings"] for person in warning["persons"]]
    assert persons == ([payload["contact"]["person"]["id"]] if review else [])


@pytest.mark.parametrize("relationship", ["SPOUSE", "GRANDPARENT", "HEALTHCARE_POWER_OF_ATTORNEY", "CHILD"])
async def test_d13_other_relationships_are_untouched(api: Api, relationship: str) -> None:
    assert shown(await added(api, "1950-01-01", relationship=relationship, portalAccess=True)) == []


async def test_d13_other_toggles_are_untouched(api: Api) -> None:
    terms = {"secureMessaging": True, "payments": True, "appointmentReminders": True}
    assert shown(await added(api, "1950-01-01", relationship="PARENT", **terms)) == []


async def test_d13_the_birthday_is_the_practices_day(api: Api, at: At) -> None:
    """The day begins at 23:00 UTC in London's summer; 29 February falls on 1 March."""
    contact = (await added(api, "2008-06-10", relationship="PARENT"))["contact"]
    version = 1
    for moment, review in (("2026-06-09T22:59:59+00:00", False), ("2026-06-09T23:00:00+00:00", True)):
        at(moment)
        sent = {"contactId": contact["id"], "expectedVersion": version, "changes": {"portalAccess": True}}
        payload = await api.mutate("updateContact", **sent)
        assert shown(payload) == ([("REVIEW_ACCESS", ["changes", "portalAccess"])] if review else [])
        await api.done("updateContact", **sent | {"expectedVersion": version + 1, "changes": {"portalAccess": False}})
        version += 2
    at("2026-02-28T12:00:00+00:00")
    assert shown(await added(api, "2008-02-29", relationship="GUARDIAN", portalAccess=True)) == []
    at("2026-03-01T12:00:00+00:00")
    client = await api.client("Bea", birthDate="2008-02-29")
    payload = await api.mutate(
        "addNewContact",
        clientId=client["id"],
        person={"givenName": "Eva", "emails": [own_address()]},
        relationship="GUARDIAN",
        portalAccess=True,
    )
    assert shown(payload) == [("REVIEW_ACCESS", ["portalAccess"])]


async def test_d13_a_reciprocal_contact_is_reviewed_by_its_own_client(api: Api) -> None:
    child = await api.client("Ana", birthDate="2020-01-01")
    parent = await api.client("Bea", birthDate="1990-01-01")
    one = await api.done("addExistingContact", clientId=child["id"], personId=parent["id"], relationship="PARENT")
    payload = await api.mutate("addReciprocalContact", contactId=one["id"], relationship="PARENT", portalAccess=True)
    assert shown(payload) == [("REVIEW_ACCESS", ["portalAccess"])]


@pytest.mark.parametrize("toggle", ["portalAccess", "secureMessaging", "payments", "appointmentReminders"])
async def test_d4_a_former_spouse_with_access_is_shown(api: Api, toggle: str) -> None:
    payload = await added(api, "1990-01-01", relationship="FORMER_SPOUSE", **{toggle: True})
    assert shown(payload) == [("REVIEW_ACCESS", ["relationship"])]
    assert payload["warnings"][0]["persons"] == [payload["contact"]["person"]]


async def test_d4_a_former_spouse_without_access_is_not(api: Api) -> None:
    assert shown(await added(api, "1990-01-01", relationship="FORMER_SPOUSE")) == []


async def test_d4_becoming_a_former_spouse_shows_what_they_keep(api: Api) -> None:
    contact = (await added(api, "1990-01-01", relationship="SPOUSE", payments=True))["contact"]
    changed = await api.mutate(
        "updateContact", contactId=contact["id"], expectedVersion=1, changes={"relationship": "FORMER_SPOUSE"}
    )
    assert shown(changed) == [("REVIEW_ACCESS", ["changes", "relationship"])]


@pytest.mark.parametrize("relationship", ["FOSTER_PARENT", "GUARDIAN_AD_LITEM"])
async def test_d8_an_end_date_is_expected(api: Api, relationship: str) -> None:
    payload = await added(api, "2020-01-01", relationship=relationship)
    assert shown(payload) == [("END_DATE_EXPECTED", ["endsOn"])]
    contact = payload["contact"]["id"]
    ended = await api.mutate("updateContact", contactId=contact, expectedVersion=1, changes={"endsOn": "2120-01-01"})
    assert shown(ended) == []
    cleared = await api.mutate("updateContact", contactId=contact, expectedVersion=2, changes={"endsOn": None})
    assert shown(cleared) == [("END_DATE_EXPECTED", ["changes", "endsOn"])]
