"""The past is whole: while it is being written down, and where machines' clocks are seconds apart.

A short race in CI; GRAPH_API_THOROUGH=1 makes it long.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph_api.bootstrap import Server
from graph_api.kernel.caller import ViewerRole
from graph_api.opening import open_database
from tests.accounts import give_account
from tests.api import Api, Installation
from tests.budgets import budget
from tests.contract.access_facts import facts, in_a_row, person_node, practice_node
from tests.contract.practice_graph import edges

ASKED = budget(60, 3_000)
ASKERS = 3
ASK = """query ($person: ID!, $client: ID!, $at: DateTime!, $version: ID!, $contact: ID!) {
  canAct(personId: $person, clientId: $client, action: MAKE_PAYMENT, at: $at) { allowed contactVersion { version } }
  whoCanAct(clientId: $client, action: MAKE_PAYMENT, at: $at) { nodes { person { id } } }
  person(id: $client) { contactNetworkAsOf(at: $at) { totalCount nodes { id } } }
  version: node(id: $version) { id }
  contact: node(id: $contact) { ... on Contact { version history(first: 100) { totalCount nodes { version } } } } }"""
NEWEST = "query ($id: ID!) { node(id: $id) { ... on Contact { history(first: 1) { nodes { id } } } } }"
NOW = """query ($person: ID!, $client: ID!, $at: DateTime) {
  canAct(personId: $person, clientId: $client, action: MAKE_PAYMENT, at: $at) { allowed at } }"""
SPOUSE: dict[str, Any] = {"relationship": "SPOUSE", "portalAccess": True, "payments": True}


async def test_while_an_edge_is_replaced_and_removed_what_was_is_told_whole(installation: Installation) -> None:
    api = installation.api(await installation.practice())
    client = (await api.client())["id"]
    contact = await api.contact(client, **SPOUSE)
    person, told = contact["person"]["id"], 0
    await give_account(installation, api.practice, person)
    version = (await api.query(NEWEST, id=contact["id"]))["node"]["history"]["nodes"][0]["id"]
    decided = await api.query(NOW, person=person, client=client)
    assert decided["canAct"]["allowed"]
    sent = {"person": person, "client": client, "at": decided["canAct"]["at"]}
    sent |= {"version": version, "contact": contact["id"]}
    over = asyncio.Event()

    async def change() -> None:
        made = contact
        while not over.is_set():
            about = {"contactId": made["id"], "expectedVersion": made["version"]}
            made = await api.done("updateContact", **about, changes={"payments": made["version"] % 2 == 0})
            if made["version"] > 5:
                await api.done("removeContact", contactId=made["id"], expectedVersion=made["version"])
                made = await api.done("addExistingContact", clientId=client, personId=person, **SPOUSE)

    async def ask() -> None:
        nonlocal told
        asker = installation.api(api.practice)
        while told < ASKED:
            told += 1
            data = await asker.query(ASK, **sent)
            assert data["canAct"] == {"allowed": True, "contactVersion": {"version": 1}}
            assert [row["person"]["id"] for row in data["whoCanAct"]["nodes"]] == [person]
            assert data["person"]["contactNetworkAsOf"] == {"totalCount": 1, "nodes": [{"id": version}]}
            assert data["version"] == {"id": version}
            numbers = [row["version"] for row in data["contact"]["history"]["nodes"]]
            assert numbers == list(range(len(numbers), 0, -1))
            assert data["contact"]["version"] - len(numbers) in (0, 1)  # a removal is a version, and none of history

    async with asyncio.TaskGroup() as group:
        writer = group.create_task(change())
        await asyncio.gather(*(ask() for _ in range(ASKERS)))
        over.set()
        await writer


@asynccontextmanager
async def apart(installation: Installation, seconds: float) -> AsyncIterator[Server]:
    """A server whose clock is so far from the others'."""
    database = open_database(installation.settings)
    await database.open()
    try:
        yield Server(installation.settings, database, now=lambda: datetime.now(UTC) + timedelta(seconds=seconds))
    finally:
        await database.close()


@pytest.mark.parametrize("seconds", [1.5, -1.5])
async def test_servers_with_clocks_apart_lose_nothing_of_what_was(installation: Installation, seconds: float) -> None:
    here = installation.api(await installation.practice())
    async with apart(installation, seconds) as server:
        there = Api(server.app, here.token, here.practice)
        client = (await here.client())["id"]
        contact = await there.contact(client, **SPOUSE)
        await give_account(installation, here.practice, contact["person"]["id"])
        asked = {"person": contact["person"]["id"], "client": client}
        admins = [
            Api(one.app, installation.token(here.practice, ViewerRole.ADMIN), here.practice) for one in (here, there)
        ]
        for number, api in enumerate((there, here, there, here)):
            on = number % 2 == 1
            about = {"contactId": contact["id"], "expectedVersion": number + 1}
            await api.done("updateContact", **about, changes={"payments": on})
            await api.done("setClientFeature", clientId=client, feature="REMINDERS", enabled=on)
            await admins[number % 2].done("setPracticeFeature", feature="REMINDERS", enabled=on)
            # Whichever server is asked knows of what was acknowledged.
            for one in (here, there):
                assert (await one.query(NOW, **asked))["canAct"]["allowed"] == on
    kept = await facts(installation, here.practice, here.practice.id, "practice")
    assert len(kept) == 4
    assert in_a_row(kept, (await practice_node(installation, here.practice))["settingsSince"])
    kept = await facts(installation, here.practice, client, "client")
    assert len(kept) == 4
    assert in_a_row(kept, (await person_node(installation, here.practice, client))["accessSince"])
    versions = await edges(installation.database, here.practice, "HAD_CONTACT", contactId=contact["id"])
    (current,) = await edges(installation.database, here.practice, "HAS_CONTACT", id=contact["id"])
    assert len(versions) == 4
    assert in_a_row(sorted(versions, key=lambda row: row["version"]), current["updatedAt"])


@pytest.mark.parametrize("seconds", [1.5, -1.5])
async def test_nothing_is_created_before_what_it_depends_on(installation: Installation, seconds: float) -> None:
    here = installation.api(await installation.practice())
    async with apart(installation, seconds) as server:
        there = Api(server.app, here.token, here.practice)
        first, second = (here, there) if seconds < 0 else (there, here)
        client, person = await first.client("Ana"), await first.client("Sam")
        contact = await second.done("addExistingContact", clientId=client["id"], personId=person["id"], **SPOUSE)
    (edge,) = await edges(installation.database, here.practice, "HAS_CONTACT", id=contact["id"])
    ends = [(await person_node(installation, here.practice, one["id"]))["createdAt"] for one in (client, person)]
    assert edge["createdAt"] > max(ends)
