"""Removing ends the edge and nothing else (D6)."""

from typing import Any

from tests.api import CONTACT, Api

NODE = f"query ($id: ID!) {{ node(id: $id) {{ __typename ... on Contact {{ {CONTACT} }} }} }}"
REMOVED = "(filter: {statuses: [REMOVED]})"
ALL = "(filter: {statuses: [UPCOMING, IN_FORCE, EXPIRED, REMOVED]})"


async def removed(api: Api, contact: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
    return await api.done("removeContact", contactId=contact["id"], expectedVersion=contact["version"], reason=reason)


async def test_d6_removing_answers_with_the_removed_contact(api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"], portalAccess=True)
    payload = await api.mutate("removeContact", contactId=contact["id"], expectedVersion=1, reason="Moved away")
    assert payload["errors"] == []
    assert payload["removedContactId"] == contact["id"]
    ended = payload["contact"]
    assert (ended["id"], ended["status"], ended["removalReason"]) == (contact["id"], "REMOVED", "Moved away")
    assert (ended["version"], ended["isInForce"]) == (2, False)
    assert ended["removedAt"] is not None
    assert await api.network(client["id"]) == []


async def test_d6_the_person_stays(api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"], person={"emails": ["lucia@example.org"]})
    await removed(api, contact)
    document = "query ($id: ID!) { person(id: $id) { displayName emails version } }"
    person = (await api.query(document, id=contact["person"]["id"]))["person"]
    assert person == {"displayName": "Lucía García", "emails": ["lucia@example.org"], "version": 1}


async def test_d6_a_removed_contact_stays_readable(api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"], note="Speaks Galician.", roles=["NEXT_OF_KIN"], startsOn="2020-01-01")
    ended = await removed(api, contact)
    node = (await api.query(NODE, id=contact["id"]))["node"]
    assert node.pop("__typename") == "Contact"
    assert node == ended
    changed = {"version", "status", "isInForce", "removedAt", "removalReason"}
    assert {name for name in contact if contact[name] != ended[name]} <= changed


async def test_d6_networks_show_removed_contacts_when_asked(api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"], "Lucía")
    kept = await api.contact(client["id"], "Mateo")
    ended = await removed(api, contact)
    assert await api.network(client["id"]) == [kept]
    assert await api.network(client["id"], REMOVED) == [ended]
    assert await api.network(client["id"], ALL) == [ended, kept]
    person = contact["person"]["id"]
    assert await api.network(person, side="contactOf") == []
    assert await api.network(person, REMOVED, side="contactOf") == [ended]
    assert await api.network(person, "(last: 1, filter: {statuses: [REMOVED]})", side="contactOf") == [ended]


async def test_d6_adding_again_makes_a_new_contact(api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"], payments=True)
    await removed(api, contact)
    again = await api.done(
        "addExistingContact", clientId=client["id"], personId=contact["person"]["id"], relationship="FRIEND"
    )
    assert again["id"] != contact["id"]
    assert (again["version"], again["relationship"], again["payments"]) == (1, "FRIEND", False)
    old = (await api.query(NODE, id=contact["id"]))["node"]
    assert (old["status"], old["relationship"], old["payments"]) == ("REMOVED", "PARENT", True)
    statuses = {found["id"]: found["status"] for found in await api.network(client["id"], ALL)}
    assert statuses == {contact["id"]: "REMOVED", again["id"]: "IN_FORCE"}
    total = "query ($id: ID!) { person(id: $id) { contactNetwork" + ALL + " { totalCount } } }"
    assert (await api.query(total, id=client["id"]))["person"]["contactNetwork"] == {"totalCount": 2}


async def test_d6_removed_and_added_again_twice(api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"])
    person, ids = contact["person"]["id"], [contact["id"]]
    for _ in range(2):
        await removed(api, contact)
        contact = await api.done("addExistingContact", clientId=client["id"], personId=person, relationship="PARENT")
        ids.append(contact["id"])
    assert len(set(ids)) == 3
    assert {found["id"] for found in await api.network(client["id"], REMOVED)} == set(ids[:2])


async def test_d6_a_removed_contact_can_not_be_changed(api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"])
    ended = await removed(api, contact)
    sent = {"contactId": contact["id"], "expectedVersion": ended["version"]}
    for error in (
        await api.refused("updateContact", **sent, changes={"payments": True}),
        await api.refused("removeContact", **sent),
        await api.refused("addReciprocalContact", contactId=contact["id"], relationship="CHILD"),
    ):
        assert (error["__typename"], error["reason"]) == ("InvalidInput", "contact.removed")
        assert error["path"] == ["contactId"]


async def test_d6_the_removed_edge_shows_the_person_as_they_are_now(api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"])
    await removed(api, contact)
    person = contact["person"]["id"]
    await api.done("updatePerson", personId=person, expectedVersion=1, changes={"familyName": "Vidal"})
    node = (await api.query(NODE, id=contact["id"]))["node"]
    assert node["person"] == {"id": person, "displayName": "Lucía Vidal"}
