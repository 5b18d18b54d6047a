"""Adding contacts to a client's network and reading it back, as the source document tells it."""

from typing import Any

from graph_api.kernel.caller import ViewerRole
from tests.api import CONTACT, Api, Installation, born

PROFILE = f"""query ($id: ID!) {{ client(id: $id) {{ displayName contactNetwork {{ totalCount nodes {{ {CONTACT}
  relationshipType {{ code display }} person {{ emails phones birthDate gender
    address {{ lines city region postalCode countryCode }} }} }} }} }} }}"""
ADDRESS = {"lines": ["1 High Street"], "city": "Leeds", "region": None, "postalCode": "LS1 1AA", "countryCode": "GB"}


def others(contacts: list[dict[str, Any]]) -> list[str]:
    return [contact["person"]["displayName"] for contact in contacts]


async def test_s1_contacts_belong_to_a_clients_network(api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"], "Lucía")
    assert contact["client"]["id"] == client["id"]
    assert [found["id"] for found in await api.network(client["id"])] == [contact["id"]]


async def test_s1_only_a_client_has_contacts_added(api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"])
    error = await api.refused(
        "addNewContact", clientId=contact["person"]["id"], person={"givenName": "Eva"}, relationship="FRIEND"
    )
    assert (error["__typename"], error["path"]) == ("NotFound", ["clientId"])


async def test_s2_profile_shows_contact_information_and_relationship(api: Api) -> None:
    client = await api.client()
    details = {
        "emails": ["lucia@example.org"],
        "phones": ["+442079460958"],
        "birthDate": "1970-02-28",
        "gender": "FEMALE",
        "address": ADDRESS,
    }
    await api.contact(client["id"], "Lucía", person=details, relationship="NATURAL_PARENT")
    network = (await api.query(PROFILE, id=client["id"]))["client"]["contactNetwork"]
    assert network["totalCount"] == 1
    shown = network["nodes"][0]
    assert shown["relationship"] == "NATURAL_PARENT"
    assert shown["relationshipType"] == {"code": "NPRN", "display": "natural parent"}
    assert {name: shown["person"][name] for name in details} == details


async def test_s3_several_contacts(api: Api) -> None:
    client = await api.client()
    for given in ("Lucía", "Mateo", "Eva"):
        await api.contact(client["id"], given)
    assert sorted(others(await api.network(client["id"]))) == ["Eva García", "Lucía García", "Mateo García"]


async def test_s4_family_with_payments_messages_and_portal(api: Api) -> None:
    """What a spouse, a parent and a guardian are given is stored for each of them, on their own edge."""
    client = await api.client(birthDate=born(6))
    for given, relationship in (("Luis", "SPOUSE"), ("Lucía", "PARENT"), ("Eva", "GUARDIAN")):
        await api.contact(
            client["id"], given, relationship=relationship, portalAccess=True, payments=True, secureMessaging=True
        )
    await api.contact(client["id"], "Max", relationship="FRIEND")
    network = {found["relationship"]: found for found in await api.network(client["id"])}
    for relationship in ("SPOUSE", "PARENT", "GUARDIAN"):
        given_to = network[relationship]
        assert given_to["portalAccess"]
        assert given_to["payments"]
        assert given_to["secureMessaging"]
    assert not any(network["FRIEND"][name] for name in ("portalAccess", "payments", "secureMessaging"))


async def test_s7_adding_is_one_way(api: Api) -> None:
    a, b = await api.client("Ana"), await api.client("Bea")
    contact = await api.done("addExistingContact", clientId=a["id"], personId=b["id"], relationship="SPOUSE")
    assert contact["isReciprocated"] is False
    assert others(await api.network(a["id"])) == ["Bea García"]
    assert await api.network(b["id"]) == []


async def test_s7_both_directions_can_be_read(api: Api) -> None:
    a, b = await api.client("Ana"), await api.client("Bea")
    await api.done("addExistingContact", clientId=a["id"], personId=b["id"], relationship="SPOUSE")
    assert [found["client"]["id"] for found in await api.network(b["id"], side="contactOf")] == [a["id"]]
    assert await api.network(a["id"], side="contactOf") == []


async def test_s8_the_other_way_is_added_by_hand(api: Api) -> None:
    a, b = await api.client("Ana"), await api.client("Bea")
    one = await api.done("addExistingContact", clientId=a["id"], personId=b["id"], relationship="PARENT", payments=True)
    back = await api.done("addExistingContact", clientId=b["id"], personId=a["id"], relationship="CHILD")
    assert back["id"] != one["id"]
    assert (back["relationship"], back["payments"]) == ("CHILD", False)
    for client in (a, b):
        assert [found["isReciprocated"] for found in await api.network(client["id"])] == [True]


async def test_s9_locate_the_client_and_open_the_network(api: Api) -> None:
    client = await api.client("Ana", "García")
    await api.client("Bea", "Alonso")
    await api.contact(client["id"], "Lucía")
    listed = (await api.query("{ clients { nodes { id displayName } } }"))["clients"]["nodes"]
    assert [row["displayName"] for row in listed] == ["Bea Alonso", "Ana García"]
    opened = await api.query(PROFILE, id=listed[1]["id"])
    assert others(opened["client"]["contactNetwork"]["nodes"]) == ["Lucía García"]


async def test_s9_a_contact_has_no_client_profile(api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"])
    document = "query ($id: ID!) { client(id: $id) { id } person(id: $id) { id isClient clientStatus } }"
    answer = await api.query(document, id=contact["person"]["id"])
    assert answer["client"] is None
    assert answer["person"] == {"id": contact["person"]["id"], "isClient": False, "clientStatus": None}


async def test_s15_one_save_stores_everything(api: Api) -> None:
    """Both flows, read back in a request of its own."""
    client, known = await api.client("Ana"), await api.client("Bea")
    terms: dict[str, Any] = {
        "relationship": "OTHER",
        "relationshipLabel": "Godmother",
        "roles": ["EMERGENCY_CONTACT", "NEXT_OF_KIN"],
        "portalAccess": True,
        "secureMessaging": True,
        "payments": True,
        "appointmentReminders": True,
        "startsOn": "2020-01-01",
        "endsOn": "2120-01-01",
        "note": "Speaks Galician.\nCall after six.",
    }
    new = await api.contact(client["id"], **terms)
    existing = await api.done("addExistingContact", clientId=client["id"], personId=known["id"], **terms)
    stored = {found["id"]: found for found in await api.network(client["id"])}
    for contact in (new, existing):
        assert {name: stored[contact["id"]][name] for name in terms} == terms
        assert stored[contact["id"]]["version"] == 1


async def test_s17_new_contact_makes_person_and_edge_at_once(api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"], "Lucía", person={"familyName": "Vidal"}, relationship="AUNT")
    assert contact["person"]["displayName"] == "Lucía Vidal"
    person = await api.query(
        "query ($id: ID!) { person(id: $id) { displayName isClient } }", id=contact["person"]["id"]
    )
    assert person["person"] == {"displayName": "Lucía Vidal", "isClient": False}


async def test_s2_analysts_read_the_same_network(installation: Installation) -> None:
    practice = await installation.practice()
    staff, analyst = installation.api(practice), installation.api(practice, ViewerRole.ANALYST, "analyst-1")
    client = await staff.client()
    await staff.contact(client["id"])
    shown = await analyst.network(client["id"])
    assert others(shown) == ["Lucía García"]
    assert shown[0]["version"] is None
