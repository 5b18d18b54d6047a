"""Every change and removal of an edge keeps what was, beside the current edge, from the first day on (D6)."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from graph_api.network.audit import TERMS_FIELDS
from tests.api import Installation, Now
from tests.contract.household import Household
from tests.contract.practice_graph import edges, practice_graph, run
from tests.network.past import START

ENDS = "MATCH (c:Person)-[r:HAD_CONTACT]->(p:Person) WHERE r.practice = $practice RETURN c.id AS client, p.id AS person"
TERMS = [name for name in TERMS_FIELDS if name != "authority"]
"""Those that are kept as they are sent."""
FULL: dict[str, Any] = {
    "relationship": "OTHER",
    "relationshipLabel": "Godmother",
    "roles": ["NEXT_OF_KIN", "BILLING_CONTACT"],
    "portalAccess": True,
    "secureMessaging": True,
    "payments": True,
    "appointmentReminders": True,
    "startsOn": "2020-01-01",
    "endsOn": "2120-01-01",
    "note": "Speaks Galician.",
}
"""Each of `TERMS`, as nobody has them who says nothing."""
TOGGLES = [name for name, value in FULL.items() if value is True]


async def versions(installation: Installation, home: Household, contact_id: str) -> list[dict[str, Any]]:
    """A contact's past versions, oldest first."""
    found = await edges(installation.database, home.practice, "HAD_CONTACT", contactId=contact_id)
    return sorted(found, key=lambda row: row["version"])


async def current(installation: Installation, home: Household, contact_id: str) -> dict[str, Any]:
    (edge,) = await edges(installation.database, home.practice, "HAS_CONTACT", id=contact_id)
    return edge


async def change(home: Household, contact_id: str, version: int, **changes: Any) -> dict[str, Any]:
    sent = {"contactId": contact_id, "expectedVersion": version}
    return await home.api.done("updateContact", **sent, changes=changes)


def has_no_gaps(rows: list[dict[str, Any]]) -> bool:
    """Each version ends when the next begins, and lasted some time."""
    follow = all(one["validTo"] == two["validFrom"] for one, two in pairwise(rows))
    return follow and all(row["validFrom"] < row["validTo"] for row in rows)


async def test_d6_each_change_keeps_the_version_before(installation: Installation, home: Household, clock: Now) -> None:
    contact = await home.api.contact(home.client["id"], "Max")
    steps: list[dict[str, Any]] = [
        {"payments": True},
        {"relationship": "GUARDIAN", "endsOn": "2030-01-01"},
        {"payments": False},
    ]
    shown = [contact]
    for step, changes in enumerate(steps, start=1):
        clock.moment = START + timedelta(hours=step)
        shown.append(await change(home, contact["id"], step, **changes))
    rows = await versions(installation, home, contact["id"])
    assert [row["version"] for row in rows] == [1, 2, 3]
    for row, was in zip(rows, shown, strict=False):
        assert {name: row.get(name) for name in ("relationship", "payments", "endsOn")} == {
            name: was[name] for name in ("relationship", "payments", "endsOn")
        }
    hours = [(START + timedelta(hours=step)).isoformat(timespec="microseconds") for step in range(4)]
    assert [(row["validFrom"], row["validTo"]) for row in rows] == list(pairwise(hours))
    assert has_no_gaps(rows)
    now_edge = await current(installation, home, contact["id"])
    assert (now_edge["version"], now_edge["updatedAt"]) == (4, rows[-1]["validTo"])


async def test_d6_a_version_has_its_own_id_and_its_contacts(installation: Installation, home: Household) -> None:
    contact = home.contact["id"]
    for version in (1, 2, 3):
        await change(home, contact, version, note=f"Note {version}")
    rows = await versions(installation, home, contact)
    ids = {row["id"] for row in rows}
    assert len(ids) == 3
    assert all(version_id.startswith("version_") for version_id in ids)
    assert {row["contactId"] for row in rows} == {contact}
    ends = await run(installation.database, ENDS, practice=home.practice.id)
    assert {(row["client"], row["person"]) for row in ends} == {(home.client["id"], home.person)}


async def test_d6_a_version_keeps_every_term(installation: Installation, home: Household) -> None:
    contact = await home.api.contact(home.client["id"], "Max", **FULL)
    plain = {name: False if name in TOGGLES else None for name in TERMS} | {"relationship": "FRIEND"}
    await change(home, contact["id"], 1, **plain)
    (row,) = await versions(installation, home, contact["id"])
    assert {name: row.get(name) for name in TERMS} == FULL
    kept = await current(installation, home, contact["id"])
    assert [name for name in TERMS if kept.get(name)] == ["relationship"]


async def test_d6_only_a_removal_is_final(installation: Installation, home: Household, clock: Now) -> None:
    contact = await home.api.contact(home.client["id"], "Max")
    clock.moment = START + timedelta(hours=1)
    await change(home, contact["id"], 1, payments=True)
    clock.moment = START + timedelta(hours=2)
    removed = await home.api.done("removeContact", contactId=contact["id"], expectedVersion=2, reason="Moved away")
    rows = await versions(installation, home, contact["id"])
    assert [(row["version"], row["final"]) for row in rows] == [(1, False), (2, True)]
    assert has_no_gaps(rows)
    assert rows[0]["validFrom"] == rows[1]["createdAt"] == START.isoformat(timespec="microseconds")
    assert datetime.fromisoformat(rows[1]["validTo"]) == datetime.fromisoformat(removed["removedAt"])
    assert (rows[1]["removalReason"], rows[1]["payments"]) == ("Moved away", True)
    assert await edges(installation.database, home.practice, "HAS_CONTACT", id=contact["id"]) == []


async def test_d6_the_first_version_begins_with_the_contact(installation: Installation, home: Household) -> None:
    await home.api.done("removeContact", contactId=home.contact["id"], expectedVersion=1)
    (row,) = await versions(installation, home, home.contact["id"])
    assert row["validFrom"] == row["createdAt"]
    assert has_no_gaps([row])


async def test_d6_added_again_is_a_history_of_its_own(installation: Installation, home: Household) -> None:
    first = home.contact["id"]
    await change(home, first, 1, payments=True)
    await home.api.done("removeContact", contactId=first, expectedVersion=2)
    again = await home.api.done(
        "addExistingContact", clientId=home.client["id"], personId=home.person, relationship="AUNT"
    )
    assert await versions(installation, home, again["id"]) == []
    await change(home, again["id"], 1, payments=True)
    old, new = [await versions(installation, home, contact) for contact in (first, again["id"])]
    assert [(row["version"], row["final"]) for row in old] == [(1, False), (2, True)]
    assert [(row["version"], row["final"]) for row in new] == [(1, False)]
    assert old[-1]["validTo"] <= new[0]["validFrom"]


@pytest.mark.parametrize("step", [timedelta(0), timedelta(seconds=-30)])
async def test_d6_versions_do_not_overlap_when_clocks_differ(
    installation: Installation, home: Household, clock: Now, step: timedelta
) -> None:
    """Two changes in one moment, or a worker whose clock is behind."""
    contact = await home.api.contact(home.client["id"], "Max")
    for version in (1, 2, 3):
        clock.moment = START + step * version
        await change(home, contact["id"], version, note=f"Note {version}")
    await home.api.done("removeContact", contactId=contact["id"], expectedVersion=4)
    rows = await versions(installation, home, contact["id"])
    assert [row["version"] for row in rows] == [1, 2, 3, 4]
    assert has_no_gaps(rows)
    assert [row["final"] for row in rows] == [False, False, False, True]


@pytest.mark.parametrize(
    "changes", [{}, {"relationship": "PARENT"}, {"payments": False, "roles": [], "note": None, "endsOn": None}]
)
async def test_d6_no_change_makes_no_version(
    installation: Installation, home: Household, changes: dict[str, Any]
) -> None:
    before = await practice_graph(installation.database, home.practice)
    same = await change(home, home.contact["id"], 1, **changes)
    assert (same["id"], same["version"]) == (home.contact["id"], 1)
    assert (await practice_graph(installation.database, home.practice)).edges == before.edges
    assert await versions(installation, home, home.contact["id"]) == []


@pytest.mark.parametrize(
    ("mutation", "bad"),
    [
        ("updateContact", {"expectedVersion": 7}),
        ("updateContact", {"changes": {"note": "\u0000"}}),
        ("removeContact", {"expectedVersion": 7}),
        ("removeContact", {"reason": ""}),
    ],
)
async def test_d6_a_refusal_makes_no_version(
    installation: Installation, home: Household, mutation: str, bad: dict[str, Any]
) -> None:
    await home.api.refused(mutation, **home.inputs()[mutation] | bad)
    assert await versions(installation, home, home.contact["id"]) == []


@pytest.mark.parametrize("mutation", ["updateContact", "removeContact"])
async def test_d6_a_replay_makes_no_version(installation: Installation, home: Household, mutation: str) -> None:
    for _ in range(3):
        await home.api.done(mutation, **home.inputs()[mutation], idempotencyKey="one")
    rows = await versions(installation, home, home.contact["id"])
    assert [(row["version"], row["final"]) for row in rows] == [(1, mutation == "removeContact")]


async def test_d6_changed_people_are_no_changed_edges(installation: Installation, home: Household) -> None:
    await home.api.done("updatePerson", personId=home.person, expectedVersion=1, changes={"familyName": "Vidal"})
    await home.api.done("setClientStatus", personId=home.client["id"], expectedVersion=1, status="ARCHIVED")
    assert await edges(installation.database, home.practice, "HAD_CONTACT") == []


async def test_d6_removing_keeps_what_the_contact_is_elsewhere(installation: Installation, home: Household) -> None:
    """The person's other edges, and the client's other contacts, have no part in it."""
    elsewhere = await home.api.done(
        "addExistingContact", clientId=home.other["id"], personId=home.person, relationship="AUNT"
    )
    await home.api.done("removeContact", contactId=home.contact["id"], expectedVersion=1)
    for contact in (elsewhere["id"], home.sibling["id"]):
        assert (await current(installation, home, contact))["version"] == 1
    assert len(await edges(installation.database, home.practice, "HAD_CONTACT")) == 1
