"""What an earlier version wrote is found by the keys of this one: the migration adds them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from graph_api.engine.migrate import load_migrations
from graph_api.exchange.rows import ContactRow, PersonRow
from graph_api.opening import make_auditor
from graph_api.services import import_service
from tests.api import Api, Installation, Now
from tests.contract.coming import NOON, Coming, after
from tests.contract.practice_graph import practice_graph

FORGET = """
MATCH (p:Person {practice: $practice}) SET p.birthKey = null
WITH p MATCH (p)-[r:HAS_CONTACT]->() SET r.versionId = null
"""
FORGET_ENDS = "MATCH (e:AccessEnd {practice: $practice}) DETACH DELETE e"
HISTORY = "query ($id: ID!) { node(id: $id) { ... on Contact { history { nodes { id version } } } } }"
TURNING = "{ clientsTurning(age: 18, withinDays: 5) { nodes { id } } }"


@pytest.fixture(autouse=True)
def clock(now: Now) -> Iterator[Now]:
    now.moment = NOON
    yield now
    now.moment = None


async def versions(api: Api, contact_id: str) -> list[dict[str, Any]]:
    """By their own ids, as they are found."""
    nodes = (await api.query(HISTORY, id=contact_id))["node"]["history"]["nodes"]
    ids = [node["id"] for node in nodes]
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on ContactVersion { version } } }"
    found: list[dict[str, Any]] = (await api.query(document, ids=ids))["nodes"]
    return found


async def test_the_migration_adds_the_keys_that_are_written_today(installation: Installation) -> None:
    practice = await Coming.open(installation)
    client = await practice.client(date(2008, 2, 22))
    await practice.client(date(2008, 2, 22), status="ARCHIVED")
    dated = await practice.contact("date", client, endsOn=after(2).isoformat())
    await practice.contact("reminders", client, portalAccess=False, appointmentReminders=True, endsOn="2026-02-23")
    await practice.contact("nothing", client, portalAccess=False, payments=True, endsOn="2026-02-23")
    await practice.contact("no end", client)
    for version in range(1, 11):
        changes = {"note": f"Note {version}"}
        await practice.api.done("updateContact", contactId=dated, expectedVersion=version, changes=changes)
    today = await practice_graph(installation.database, practice.api.practice)
    ids = await versions(practice.api, dated)
    assert [found["version"] for found in ids] == list(range(11, 0, -1))
    async with installation.database.session(write=True) as session:
        for text in (FORGET, FORGET_ENDS):
            await (await session.run(text, {"practice": practice.api.practice.id})).consume()
    assert await practice.within(30) == []
    assert (await practice.api.query(TURNING))["clientsTurning"]["nodes"] == []
    (migration,) = [m for m in load_migrations(installation.database.dialect) if m.name == "version_ids_and_keys"]
    for _ in range(2):
        await installation.database.run_schema(migration.text)
        assert await practice_graph(installation.database, practice.api.practice) == today
    assert sorted(await practice.within(30)) == ["date", "reminders"]
    assert [node["id"] for node in (await practice.api.query(TURNING))["clientsTurning"]["nodes"]] == [client]
    assert await versions(practice.api, dated) == ids


async def test_what_is_imported_has_the_keys_too(installation: Installation) -> None:
    practice = await installation.practice()
    api = installation.api(practice)
    known = PersonRow(2, "b", "Bea", "García", birth_date="2008-02-23")
    service = import_service(installation.database, practice, make_auditor(installation.settings), lambda: NOON)
    await service.run([known], [])
    assert (await api.query(TURNING))["clientsTurning"]["nodes"] == []
    people = [known, PersonRow(3, "a", "Ana", "García", birth_date="2008-02-22")]
    await service.run(people, [ContactRow(2, "a", "b", "SIB", None), ContactRow(3, "b", "a", "SIB", None)])
    document = """{ clientsTurning(age: 18, withinDays: 5) { nodes { givenName contactNetwork { nodes { id } } } } }"""
    nodes = (await api.query(document))["clientsTurning"]["nodes"]
    assert [node["givenName"] for node in nodes] == ["Ana", "Bea"]
    for node in nodes:
        (contact,) = node["contactNetwork"]["nodes"]
        assert [found["version"] for found in await versions(api, contact["id"])] == [1]
