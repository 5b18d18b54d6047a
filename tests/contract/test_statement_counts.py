"""A level of the query is a statement at most, never a row; and no statement reads more than its index says.

The first network of people comes along with them, in their statement.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph_api.engine.statements import Dialect, Statement, load_statements
from graph_api.people.model import Person
from tests.api import Api, Installation
from tests.contract.many import Many
from tests.contract.plans import READ_WHOLE, UNNAMED, scans_in

CLIENTS = 50
CONTACTS = 4
NETWORK = "contactNetwork(first: 100) { nodes { id relationship person { displayName } } }"
BOTH_WAYS = "contactNetwork(first: 9) { nodes { person { contactOf(first: 9) { nodes { client { displayName } } } } } }"
RECIPROCAL = "contactNetwork { nodes { isReciprocated reciprocal { id relationship } } }"


def twice(name: str) -> list[str]:
    """What was is read until two answers agree: while a commit is applied one can be torn."""
    return [name, name]


@pytest.fixture
async def clients(installation: Installation, api: Api) -> list[Person]:
    """Fifty clients, each with the next four as contacts; the practice is known already."""
    many = Many(installation, api.practice)
    people = await many.people((f"Family {number:02}", "Given") for number in range(CLIENTS))
    await many.edges([(people[n], people[(n + step) % CLIENTS]) for n in range(CLIENTS) for step in range(1, 5)])
    await api.query("{ viewer { id } }")
    return people


async def sent(installation: Installation, api: Api, query: str, **variables: Any) -> tuple[dict[str, Any], list[str]]:
    """The answer, and the names of the statements it took."""
    with installation.statements() as names:
        data = await api.query(query, **variables)
    return data, names


async def test_one_client_with_contacts_is_one(installation: Installation, api: Api, clients: list[Person]) -> None:
    query = f"query ($id: ID!) {{ client(id: $id) {{ displayName {NETWORK} }} }}"
    data, names = await sent(installation, api, query, id=clients[0].id)
    assert len(data["client"]["contactNetwork"]["nodes"]) == CONTACTS
    assert names == ["network/contacts/network"]


async def test_a_page_of_clients_with_contacts_is_one(
    installation: Installation, api: Api, clients: list[Person]
) -> None:
    data, names = await sent(installation, api, f"{{ clients(first: 50) {{ nodes {{ {NETWORK} }} }} }}")
    nodes = data["clients"]["nodes"]
    assert [len(node["contactNetwork"]["nodes"]) for node in nodes] == [CONTACTS] * CLIENTS
    assert names == ["people/clients_with_network"]


async def test_the_networks_each_contact_is_in_add_one(
    installation: Installation, api: Api, clients: list[Person]
) -> None:
    data, names = await sent(installation, api, f"{{ clients(first: 50) {{ nodes {{ {BOTH_WAYS} }} }} }}")
    contacts = [contact for node in data["clients"]["nodes"] for contact in node["contactNetwork"]["nodes"]]
    assert [len(contact["person"]["contactOf"]["nodes"]) for contact in contacts] == [CONTACTS] * len(contacts)
    assert names == ["people/clients_with_network", "network/contacts/contact_of"]


async def test_d11_whether_each_contact_is_reciprocated_adds_one(
    installation: Installation, api: Api, clients: list[Person]
) -> None:
    await api.done("addExistingContact", clientId=clients[1].id, personId=clients[0].id, relationship="FRIEND")
    data, names = await sent(installation, api, f"{{ clients(first: 50) {{ nodes {{ {RECIPROCAL} }} }} }}")
    contacts = [contact for node in data["clients"]["nodes"] for contact in node["contactNetwork"]["nodes"]]
    assert sum(contact["isReciprocated"] for contact in contacts) == 2
    assert [bool(contact["reciprocal"]) for contact in contacts] == [contact["isReciprocated"] for contact in contacts]
    assert names == ["people/clients_with_network", "network/contacts/by_pairs"]


async def test_a_page_after_a_cursor_adds_none(installation: Installation, api: Api, clients: list[Person]) -> None:
    cursor = (await api.query("{ clients(first: 9) { pageInfo { endCursor } } }"))["clients"]["pageInfo"]["endCursor"]
    query = f"query ($after: String) {{ clients(first: 9, after: $after) {{ nodes {{ {NETWORK} }} }} }}"
    _, names = await sent(installation, api, query, after=cursor)
    assert names == ["people/clients_with_network"]


async def test_totals_of_networks_add_none_and_the_total_of_clients_adds_one_when_asked(
    installation: Installation, api: Api, clients: list[Person]
) -> None:
    query = "{ clients(first: 50) { nodes { contactNetwork(first: 1) { totalCount nodes { id } } } } }"
    data, names = await sent(installation, api, query)
    assert [node["contactNetwork"]["totalCount"] for node in data["clients"]["nodes"]] == [CONTACTS] * CLIENTS
    assert names == ["people/clients", "network/contacts/network"]
    data, names = await sent(installation, api, "{ clients(first: 1) { totalCount } }")
    assert data["clients"]["totalCount"] == CLIENTS
    assert names == ["people/clients", "people/clients_total"]
    query = "query ($skip: Boolean!) { clients(first: 1) { totalCount @skip(if: $skip) nodes { id } } }"
    _, names = await sent(installation, api, query, skip=True)
    assert names == ["people/clients"]


async def test_two_networks_of_each_client_asked_for_differently_are_one_each(
    installation: Installation, api: Api, clients: list[Person]
) -> None:
    query = """{ clients(first: 50) { nodes { contactNetwork { nodes { id } }
      removed: contactNetwork(filter: {statuses: [REMOVED]}) { nodes { id } } } } }"""
    _, names = await sent(installation, api, query)
    assert sorted(names) == [*twice("network/contacts/network_with_removed"), "people/clients_with_network"]


async def test_d6_the_histories_of_every_contact_of_a_list_add_one(
    installation: Installation, api: Api, clients: list[Person]
) -> None:
    (contact, *_) = await api.network(clients[0].id)
    await api.done("updateContact", contactId=contact["id"], expectedVersion=1, changes={"note": "Changed"})
    query = """{ clients(first: 50) { nodes { contactNetwork { nodes { history(first: 2) { totalCount nodes { id version
      person { displayName } } } } } } } }"""
    data, names = await sent(installation, api, query)
    histories = [contact["history"] for node in data["clients"]["nodes"] for contact in node["contactNetwork"]["nodes"]]
    assert len(histories) == CLIENTS * CONTACTS
    assert sorted(history["totalCount"] for history in histories) == [1] * (len(histories) - 1) + [2]
    assert names == ["people/clients", "network/contacts/network", *twice("network/history/of_contacts")]


async def test_d6_the_networks_of_a_list_as_they_were_add_one(
    installation: Installation, api: Api, clients: list[Person]
) -> None:
    query = """query ($at: DateTime!) { clients(first: 50) { nodes { contactNetworkAsOf(at: $at) { totalCount nodes { id
      person { displayName } } } } } }"""
    data, names = await sent(installation, api, query, at=datetime.now(UTC).isoformat())
    networks = [node["contactNetworkAsOf"] for node in data["clients"]["nodes"]]
    assert [(len(network["nodes"]), network["totalCount"]) for network in networks] == [(CONTACTS, CONTACTS)] * CLIENTS
    assert names == ["people/clients", *twice("network/history/network_as_of")]
    query = query.replace("{ displayName }", "{ displayName } contact { status }")
    _, names = await sent(installation, api, query, at=datetime.now(UTC).isoformat())
    assert names == ["people/clients", *twice("network/history/network_as_of"), "network/contacts/by_ids"]


async def test_d8_what_is_coming_takes_as_many_however_many_are_listed(
    installation: Installation, api: Api, clients: list[Person]
) -> None:
    ends_on = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()  # to come, whatever the practice's day is
    for person in clients[:9]:
        contact = (await api.network(person.id))[0]["id"]
        changes = {"endsOn": ends_on, "appointmentReminders": True}
        await api.done("updateContact", contactId=contact, expectedVersion=1, changes=changes)
    data, names = await sent(installation, api, "{ accessEndingWithin(days: 9) { nodes { client { displayName } } } }")
    assert len(data["accessEndingWithin"]["nodes"]) == 9
    assert sorted(names) == [
        "access/coming/ends",
        "access/coming/of_age",
        "access/contacts",
        "network/contacts/by_ids",
        "practices/settings/read",
    ]
    _, names = await sent(installation, api, "{ clientsTurning(age: 18, withinDays: 9) { totalCount nodes { id } } }")
    assert names == ["access/coming/turning", "access/coming/turning_total"]


async def test_a_hundred_people_by_id_are_one(installation: Installation, api: Api, clients: list[Person]) -> None:
    more = await Many(installation, api.practice).people((None, str(number)) for number in range(100 - CLIENTS))
    ids = [person.id for person in (*clients, *more)]
    data, names = await sent(installation, api, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
    assert [node["id"] for node in data["nodes"]] == ids
    assert names == ["people/by_ids"]


async def test_nodes_asked_for_one_by_one_are_one_for_each_kind(
    installation: Installation, api: Api, clients: list[Person]
) -> None:
    contacts = [contact["id"] for contact in await api.network(clients[0].id)]
    ids = [*(person.id for person in clients[:25]), *contacts]
    query = "{" + " ".join(f'n{n}: node(id: "{node_id}") {{ id }}' for n, node_id in enumerate(ids)) + "}"
    data, names = await sent(installation, api, query)
    assert [data[f"n{n}"]["id"] for n in range(len(ids))] == ids
    assert names == ["people/by_ids", "network/contacts/by_ids"]


async def test_s11_a_search_is_one_however_many_it_finds(
    installation: Installation, api: Api, clients: list[Person]
) -> None:
    query = """query ($for: ID!) { findContacts(search: "family", forClientId: $for, first: 50) {
      nodes { score clientCount existingContact { id } person { displayName } } } }"""
    data, names = await sent(installation, api, query, **{"for": clients[0].id})
    nodes = data["findContacts"]["nodes"]
    assert len(nodes) == CLIENTS - 1
    assert sum(node["existingContact"] is not None for node in nodes) == CONTACTS
    is_embedded = installation.database.dialect is Dialect.ARCADEDB
    assert names == ["people/search_names" if is_embedded else "people/searches"]


async def test_searches_at_once_share_statements(installation: Installation, api: Api, clients: list[Person]) -> None:
    """On Neo4j; each has its own answer."""
    query = """query ($search: String!) { findContacts(search: $search, first: 50) {
      nodes { person { displayName } } } }"""
    texts = ["family", "fam", "family 07", "given", "nobody", "fam giv", "family 1"]
    alone = [await api.query(query, search=text) for text in texts]
    with installation.statements() as names:
        together = await asyncio.gather(*(api.query(query, search=text) for text in texts))
    assert together == alone
    assert [len(found["findContacts"]["nodes"]) for found in alone] == [50, 50, 1, 50, 0, 50, 10]
    if installation.database.dialect is Dialect.NEO4J:
        assert 1 <= len(names) < len(texts)


async def test_s18_a_refused_add_takes_as_many_for_ten_candidates_as_for_one(
    installation: Installation, api: Api, clients: list[Person]
) -> None:
    counts = []
    for candidates in (1, 10):
        phone = {"phones": [f"020 7946 {candidates:04}"]}
        made: list[str] = []
        for number in range(candidates):
            person = {"givenName": "Ana", "familyName": f"García {number}", **phone}
            made.append((await api.done("addClient", person=person, notDuplicateOf=made))["id"])
        with installation.statements() as names:
            error = await api.refused(
                "addNewContact",
                clientId=clients[0].id,
                person={"givenName": "Ana", "familyName": "García", **phone},
                relationship="FRIEND",
            )
        assert len(error["candidates"]) == candidates
        counts.append(names)
    assert counts[0] == counts[1]


VALUES: dict[str, Any] = {
    "STRING": "x",
    "INTEGER": 5,
    "BOOLEAN": True,
    "MAP": {"id": "x"},
    "LIST<STRING>": ["x"],
    "LIST<MAP>": [{"id": "x", "key": "x", "clientId": "x", "personId": "x", "properties": {"id": "x"}}],
}


async def plan_of(installation: Installation, statement: Statement) -> str:
    """What the engine would do, without doing it."""
    params = {name: VALUES[kind.removesuffix("|NULL")] for name, kind in statement.params.items()}
    async with installation.database.session(write=True) as session:
        result = await session.run(f"EXPLAIN {statement.text}", params)
        return str((await result.consume()).plan)


async def test_no_statement_scans(installation: Installation, clients: list[Person]) -> None:
    found = {}
    for name, statement in load_statements(installation.database.dialect).items():
        found[name] = scans_in(await plan_of(installation, statement))
    embedded = installation.database.dialect is Dialect.ARCADEDB
    assert {name for name, scans in found.items() if scans} == (READ_WHOLE - UNNAMED if embedded else READ_WHOLE)


async def test_a_page_of_clients_is_read_in_the_order_of_its_index(
    installation: Installation, clients: list[Person]
) -> None:
    for name in ("people/clients", "people/clients_backward"):
        plan = await plan_of(installation, load_statements(installation.database.dialect)[name])
        assert "OrderByStep" not in plan  # the embedded engine's sort
        assert "'operatorType': 'Sort" not in plan
        assert "'operatorType': 'Top" not in plan
