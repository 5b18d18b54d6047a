"""What decisions rest on is kept when it changes, by whoever changes it (D5, D13)."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from graph_api.engine.migrate import load_migrations
from graph_api.engine.session import GraphSession
from graph_api.exchange.rows import ContactRow, PersonRow
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.opening import make_auditor
from graph_api.practices.facts import FactKind, fact_row
from graph_api.services import import_service
from tests.api import Api, Installation
from tests.contract.access_facts import facts, in_a_row, person_node, practice_node, said

ALL = ["MESSAGING", "PAYMENTS", "PORTAL", "REMINDERS", "SCHEDULING"]


async def of_client(installation: Installation, api: Api, client_id: str) -> list[dict[str, Any]]:
    """What was said of a client before; without gaps until now."""
    found = await facts(installation, api.practice, client_id, "client")
    assert in_a_row(found, (await person_node(installation, api.practice, client_id))["accessSince"])
    return [said(fact) for fact in found]


async def test_each_change_of_a_clients_facts_keeps_the_ones_before(installation: Installation, api: Api) -> None:
    client = await api.client(birthDate="2010-05-01")
    about = {"personId": client["id"]}
    await api.done("setClientStatus", **about, expectedVersion=1, status="INACTIVE")
    await api.done("updatePerson", **about, expectedVersion=2, changes={"birthDate": "2010-05-02"})
    await api.done("setClientFeature", clientId=client["id"], feature="PAYMENTS", enabled=False)
    await api.done("setConfidentialChannel", clientId=client["id"], expectedVersion=4, email="own@example.org")
    await api.done("setConfidentialChannel", clientId=client["id"], expectedVersion=5, phone="020 7946 0321")
    await api.done("setClientFeature", clientId=client["id"], feature="PAYMENTS", enabled=True)
    active, inactive = {"clientStatus": "ACTIVE"}, {"clientStatus": "INACTIVE"}
    off = {"birthDate": "2010-05-02", "featuresOff": ["PAYMENTS"]}
    assert await of_client(installation, api, client["id"]) == [
        active | {"birthDate": "2010-05-01"},
        inactive | {"birthDate": "2010-05-01"},
        inactive | {"birthDate": "2010-05-02"},
        inactive | off,
        inactive | off | {"confidentialEmail": "own@example.org"},
        inactive | off | {"confidentialEmail": "own@example.org", "confidentialPhone": "+442079460321"},
    ]


async def test_other_changes_of_a_client_keep_no_facts_and_lose_none(installation: Installation, api: Api) -> None:
    client = await api.client(birthDate="2010-05-01")
    about = {"personId": client["id"]}
    await api.done("setClientFeature", clientId=client["id"], feature="PORTAL", enabled=False)
    await api.done("setConfidentialChannel", clientId=client["id"], expectedVersion=2, email="own@example.org")
    before = await person_node(installation, api.practice, client["id"])
    changes = {"givenName": "Anna", "emails": ["anna@example.org"], "address": {"lines": ["1 High Street"]}}
    await api.done("updatePerson", **about, expectedVersion=3, changes=changes)
    after = await person_node(installation, api.practice, client["id"])
    kept = ("accessSince", "featuresOff", "confidentialEmail", "clientStatus", "birthDate")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert len(await of_client(installation, api, client["id"])) == 2


async def test_who_is_no_client_has_no_facts_until_they_become_one(installation: Installation, api: Api) -> None:
    contact = (await api.contact((await api.client())["id"]))["person"]["id"]
    await api.done("updatePerson", personId=contact, expectedVersion=1, changes={"birthDate": "1980-01-01"})
    assert await facts(installation, api.practice, contact, "client") == []
    assert "accessSince" not in await person_node(installation, api.practice, contact)
    await api.done("setClientStatus", personId=contact, expectedVersion=2, status="ACTIVE")
    node = await person_node(installation, api.practice, contact)
    assert node["accessSince"] == node["updatedAt"]
    assert await facts(installation, api.practice, contact, "client") == []


@pytest.mark.parametrize("known_before", [False, True])
async def test_new_clients_have_facts_from_the_start(installation: Installation, api: Api, known_before: bool) -> None:
    client = await person_node(installation, api.practice, (await api.client())["id"])
    assert client["accessSince"] == client["createdAt"]
    auditor = make_auditor(installation.settings)
    service = import_service(installation.database, api.practice, auditor)
    people = [PersonRow(1, "a", "Eva"), PersonRow(2, "b", "Max")]
    if known_before:
        await service.run(people, [])
    await service.run(people, [ContactRow(1, "a", "b", "PRN")])
    ids = {}
    for key in ("a", "b"):
        found = await api.query("query ($id: String!) { personByExternalId(externalId: $id) { id } }", id=key)
        ids[key] = found["personByExternalId"]["id"]
    imported = await person_node(installation, api.practice, ids["a"])
    assert imported["accessSince"] == imported["updatedAt"]
    assert "accessSince" not in await person_node(installation, api.practice, ids["b"])


async def test_changes_of_the_settings_keep_the_ones_before(installation: Installation, api: Api) -> None:
    admin = installation.api(api.practice, ViewerRole.ADMIN, "admin-1")
    first = await practice_node(installation, api.practice)
    assert (first["features"], first["ageOfMajority"]) == (ALL, 18)
    assert first["settingsSince"] == first["createdAt"]
    await admin.done("setPracticeFeature", feature="PORTAL", enabled=False)
    await admin.done("setAgeOfMajority", age=21)
    for feature in ("MESSAGING", "PAYMENTS", "REMINDERS", "SCHEDULING"):
        await admin.done("setPracticeFeature", feature=feature, enabled=False)
    await admin.done("setPracticeFeature", feature="PORTAL", enabled=True)
    kept = await facts(installation, api.practice, api.practice.id, "practice")
    assert in_a_row(kept, (await practice_node(installation, api.practice))["settingsSince"])
    without_portal = ["MESSAGING", "PAYMENTS", "REMINDERS", "SCHEDULING"]
    assert [(row.get("features") or [], row["ageOfMajority"]) for row in kept] == [
        (ALL, 18),
        (without_portal, 18),
        (without_portal, 21),
        (["PAYMENTS", "REMINDERS", "SCHEDULING"], 21),
        (["REMINDERS", "SCHEDULING"], 21),
        (["SCHEDULING"], 21),
        ([], 21),
    ]


async def test_no_change_keeps_nothing(installation: Installation, api: Api) -> None:
    admin = installation.api(api.practice, ViewerRole.ADMIN, "admin-1")
    client = await api.client()
    before = await practice_node(installation, api.practice)
    await admin.done("setPracticeFeature", feature="PORTAL", enabled=True)
    await admin.done("setAgeOfMajority", age=18)
    await api.done("setClientFeature", clientId=client["id"], feature="PORTAL", enabled=True)
    assert (await practice_node(installation, api.practice))["settingsSince"] == before["settingsSince"]
    assert await facts(installation, api.practice, api.practice.id, "practice") == []
    assert await of_client(installation, api, client["id"]) == []


async def test_changes_at_once_lose_nothing(installation: Installation, api: Api) -> None:
    """Each keeps what the one before it left: of the practice's settings, and of a client's features."""
    admins = [installation.api(api.practice, ViewerRole.ADMIN, f"admin-{number}") for number in range(5)]
    staff = [installation.api(api.practice, subject=f"staff-{number}") for number in range(5)]
    client = await api.client()
    await asyncio.gather(
        *(one.done("setPracticeFeature", feature=name, enabled=False) for one, name in zip(admins, ALL, strict=True)),
        *(
            one.done("setClientFeature", clientId=client["id"], feature=name, enabled=False)
            for one, name in zip(staff, ALL, strict=True)
        ),
    )
    node = await practice_node(installation, api.practice)
    assert not node.get("features")
    kept = await facts(installation, api.practice, api.practice.id, "practice")
    assert [len(row.get("features") or ()) for row in kept] == [5, 4, 3, 2, 1]
    assert in_a_row(kept, node["settingsSince"])
    found = await of_client(installation, api, client["id"])
    assert [len(row.get("featuresOff", ())) for row in found] == [0, 1, 2, 3, 4]
    assert sorted((await person_node(installation, api.practice, client["id"]))["featuresOff"]) == ALL


async def test_one_subject_has_one_set_of_facts_at_a_time(installation: Installation, api: Api) -> None:
    """Whoever comes second from the same moment would write over history: the constraint refuses them."""
    since, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    row = fact_row(FactKind.ACCOUNT, new_id("person"), {"status": "ACTIVE", "address": None}, since, until)
    assert said(row) == {"status": "ACTIVE"}
    session = GraphSession(installation.database)
    await session.write(lambda tx: tx.run("practices/facts/supersede", practice=api.practice.id, fact=row))
    with pytest.raises(Exception, match=r"ConstraintValidation"):
        await session.write(lambda tx: tx.run("practices/facts/supersede", practice=api.practice.id, fact=row))


async def test_practices_of_before_get_their_settings(installation: Installation) -> None:
    """By the migration: without them everything would be off there."""
    practice: Practice = await installation.practice()
    database = installation.database
    await database.run_schema(
        f"MATCH (p:Practice {{id: '{practice.id}'}}) REMOVE p.features, p.ageOfMajority, p.settingsSince"
    )
    api = installation.api(practice)
    document = "{ viewer { practice { features ageOfMajority } } }"
    assert (await api.query(document))["viewer"]["practice"] == {"features": [], "ageOfMajority": None}
    (migration,) = [found for found in load_migrations(database.dialect) if found.name == "practice_settings"]
    await database.run_schema(migration.text)
    node = await practice_node(installation, practice)
    assert (node["features"], node["ageOfMajority"], node["settingsSince"]) == (ALL, 18, node["createdAt"])
    features = (await api.query(document))["viewer"]["practice"]["features"]
    assert features == ["PORTAL", "MESSAGING", "PAYMENTS", "SCHEDULING", "REMINDERS"]
