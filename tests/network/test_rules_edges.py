"""People and edges: one person, one current edge, one direction (D1-D3, D11, D12)."""

from typing import Any

import pytest

from graph_api.network.relationships import RELATIONSHIP_TYPES
from tests.api import Api, Installation
from tests.contract.practice_graph import edges, run

TYPES = "{ relationshipTypes { code name display needsLabel inverse { code name } } }"
NODE = "query ($id: ID!) { node(id: $id) { __typename id ... on Person { displayName clientStatus isClient } } }"


async def test_d1_one_person_is_contact_and_client(installation: Installation) -> None:
    practice = await installation.practice()
    api = installation.api(practice)
    client = await api.client("Ana")
    person = (await api.contact(client["id"], "Lucía"))["person"]
    made = await api.done("setClientStatus", personId=person["id"], expectedVersion=1, status="ACTIVE")
    assert (made["id"], made["isClient"], made["clientStatus"]) == (person["id"], True, "ACTIVE")
    assert [found["person"]["id"] for found in await api.network(client["id"])] == [person["id"]]
    people = await run(installation.database, "MATCH (p:Person {practice: $p}) RETURN p.id AS id", p=practice.id)
    assert len(people) == 2


async def test_d1_client_status_is_a_state(api: Api) -> None:
    client = await api.client()
    assert (client["clientStatus"], client["isClient"]) == ("ACTIVE", True)
    for version, status in enumerate(("INACTIVE", "ARCHIVED", "ACTIVE"), start=1):
        changed = await api.done("setClientStatus", personId=client["id"], expectedVersion=version, status=status)
        assert (changed["clientStatus"], changed["isClient"]) == (status, True)
        assert changed["version"] == version + 1
        listed = await api.query(
            "query ($s: ClientStatus!) { clients(filter: {statuses: [$s]}) { nodes { id } } }", s=status
        )
        assert [row["id"] for row in listed["clients"]["nodes"]] == [client["id"]]


async def test_d1_archived_clients_are_listed_when_asked_for(api: Api) -> None:
    client = await api.client()
    await api.done("setClientStatus", personId=client["id"], expectedVersion=1, status="ARCHIVED")
    assert (await api.query("{ clients { totalCount nodes { id } } }"))["clients"] == {"totalCount": 0, "nodes": []}
    answer = await api.query("query ($id: ID!) { client(id: $id) { isClient clientStatus } }", id=client["id"])
    assert answer["client"] == {"isClient": True, "clientStatus": "ARCHIVED"}


async def test_d2_the_edge_points_from_client_to_contact(installation: Installation) -> None:
    practice = await installation.practice()
    api = installation.api(practice)
    client = await api.client()
    contact = await api.contact(client["id"], relationship="PARENT")
    rows = await run(
        installation.database,
        """MATCH (a:Person)-[r:HAS_CONTACT]->(b:Person) WHERE r.practice = $p
        RETURN a.id AS client, b.id AS person, r.id AS id""",
        p=practice.id,
    )
    assert [dict(row) for row in rows] == [
        {"client": client["id"], "person": contact["person"]["id"], "id": contact["id"]}
    ]
    assert (contact["client"]["id"], contact["relationship"]) == (client["id"], "PARENT")


async def test_d2_every_relationship_says_what_the_contact_is(api: Api) -> None:
    rows = (await api.query(TYPES))["relationshipTypes"]
    assert [row["code"] for row in rows] == [row.code for row in RELATIONSHIP_TYPES]
    by_name = {row["name"]: row for row in rows}
    assert by_name["PARENT"]["code"] == "PRN"
    assert by_name["PARENT"]["inverse"] == {"code": "CHILD", "name": "CHILD"}
    assert by_name["NIECE_OR_NEPHEW"]["inverse"] is None
    assert [row["name"] for row in rows if row["needsLabel"]] == ["OTHER"]


@pytest.mark.parametrize("dates", [{}, {"startsOn": "2120-01-01"}, {"endsOn": "2001-01-01"}])
async def test_d3_a_second_current_edge_names_the_existing_one(api: Api, dates: dict[str, str]) -> None:
    client = await api.client()
    contact = await api.contact(client["id"], **dates)
    error = await api.refused(
        "addExistingContact", clientId=client["id"], personId=contact["person"]["id"], relationship="FRIEND"
    )
    assert (error["__typename"], error["code"]) == ("AlreadyInNetwork", "ALREADY_IN_NETWORK")
    assert error["path"] == ["personId"]
    assert error["contact"] == contact
    assert await api.network(client["id"]) == [contact]


async def test_d3_reciprocal_edge_exists_already(api: Api) -> None:
    a, b = await api.client("Ana"), await api.client("Bea")
    one = await api.done("addExistingContact", clientId=a["id"], personId=b["id"], relationship="PARENT")
    back = await api.done("addExistingContact", clientId=b["id"], personId=a["id"], relationship="CHILD")
    error = await api.refused("addReciprocalContact", contactId=one["id"], relationship="CHILD")
    assert (error["__typename"], error["path"]) == ("AlreadyInNetwork", ["contactId"])
    assert error["contact"]["id"] == back["id"]


async def test_d3_nobody_is_their_own_contact(api: Api) -> None:
    client = await api.client()
    error = await api.refused("addExistingContact", clientId=client["id"], personId=client["id"], relationship="SPOUSE")
    assert (error["__typename"], error["reason"], error["path"]) == ("InvalidInput", "contact.self", ["personId"])


async def test_d11_a_reverse_edge_is_only_made_when_asked(installation: Installation) -> None:
    practice = await installation.practice()
    api = installation.api(practice)
    a, b = await api.client("Ana"), await api.client("Bea")
    one = await api.done("addExistingContact", clientId=a["id"], personId=b["id"], relationship="PARENT", payments=True)
    assert one["isReciprocated"] is False
    assert len(await edges(installation.database, practice, "HAS_CONTACT")) == 1
    back = await api.done("addReciprocalContact", contactId=one["id"], relationship="SPOUSE", roles=["PRIMARY_CONTACT"])
    assert (back["client"]["id"], back["person"]["id"]) == (b["id"], a["id"])
    assert (back["relationship"], back["roles"], back["payments"]) == ("SPOUSE", ["PRIMARY_CONTACT"], False)
    assert back["isReciprocated"] is True


async def test_d11_reciprocal_is_the_edge_back_and_its_end_ends_it(api: Api) -> None:
    a, b = await api.client("Ana"), await api.client("Bea")
    one = await api.done("addExistingContact", clientId=a["id"], personId=b["id"], relationship="PARENT")
    back = await api.done("addReciprocalContact", contactId=one["id"], relationship="CHILD")
    document = "query ($id: ID!) { node(id: $id) { ... on Contact { isReciprocated reciprocal { id } } } }"
    for contact, other in ((one, back), (back, one)):
        shown = (await api.query(document, id=contact["id"]))["node"]
        assert shown == {"isReciprocated": True, "reciprocal": {"id": other["id"]}}
    await api.done("removeContact", contactId=back["id"], expectedVersion=1)
    assert (await api.query(document, id=one["id"]))["node"] == {"isReciprocated": False, "reciprocal": None}


async def test_d11_the_inverse_is_proposed_never_written(api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"], relationship="GUARDIAN")
    document = "query ($id: ID!) { node(id: $id) { ... on Contact { relationshipType { inverse { name } } } } }"
    answer = await api.query(document, id=contact["id"])
    assert answer["node"]["relationshipType"]["inverse"] == {"name": "WARD"}
    assert await api.network(contact["person"]["id"]) == []


async def test_d11_the_contact_must_be_a_client_to_have_a_network(api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"])
    error = await api.refused("addReciprocalContact", contactId=contact["id"], relationship="CHILD")
    assert (error["__typename"], error["reason"]) == ("InvalidInput", "contact.notClient")
    person = contact["person"]["id"]
    await api.done("setClientStatus", personId=person, expectedVersion=1, status="ACTIVE")
    back = await api.done("addReciprocalContact", contactId=contact["id"], relationship="CHILD")
    assert back["client"]["id"] == person


async def test_d12_one_relationship_and_any_roles(api: Api) -> None:
    client = await api.client()
    roles = ["EMERGENCY_CONTACT", "NEXT_OF_KIN", "BILLING_CONTACT", "PRIMARY_CONTACT"]
    contact = await api.contact(client["id"], relationship="GUARDIAN", roles=[*roles, roles[0]])
    assert (contact["relationship"], contact["roles"]) == ("GUARDIAN", roles)
    fewer = await api.done(
        "updateContact", contactId=contact["id"], expectedVersion=1, changes={"roles": ["BILLING_CONTACT"]}
    )
    assert (fewer["relationship"], fewer["roles"]) == ("GUARDIAN", ["BILLING_CONTACT"])
    none: dict[str, Any] = {"roles": None, "relationship": "PARENT"}
    cleared = await api.done("updateContact", contactId=contact["id"], expectedVersion=2, changes=none)
    assert (cleared["relationship"], cleared["roles"]) == ("PARENT", [])


async def test_d12_the_network_filters_by_role_and_relationship(api: Api) -> None:
    client = await api.client()
    await api.contact(client["id"], "Lucía", relationship="PARENT", roles=["NEXT_OF_KIN", "BILLING_CONTACT"])
    await api.contact(client["id"], "Mateo", relationship="PARENT", roles=["EMERGENCY_CONTACT"])
    await api.contact(client["id"], "Eva", relationship="FRIEND")

    async def names(narrow: str) -> list[str]:
        found = await api.network(client["id"], f"(filter: {{{narrow}}})")
        return [contact["person"]["displayName"].split()[0] for contact in found]

    assert await names("roles: [BILLING_CONTACT]") == ["Lucía"]
    assert await names("roles: [BILLING_CONTACT, EMERGENCY_CONTACT]") == ["Lucía", "Mateo"]
    assert await names("relationships: [PARENT], roles: [EMERGENCY_CONTACT]") == ["Mateo"]
    assert await names("relationships: [FRIEND]") == ["Eva"]
    assert await names("roles: []") == []
