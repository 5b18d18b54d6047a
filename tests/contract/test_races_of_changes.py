"""Two workers change one thing at one moment: a version is used up once, and an archived client takes no one in."""

from collections.abc import AsyncIterator

import pytest

from graph_api.kernel.caller import Practice
from tests.api import Installation
from tests.contract.workers import (
    EDGES,
    PEOPLE,
    ROUNDS,
    VERSIONS,
    Workers,
    at_once,
    entity,
    rounds,
    two_clients,
    two_workers,
    winner_and_loser,
)


@pytest.fixture(scope="module")
async def workers(installation: Installation) -> AsyncIterator[Workers]:
    async with two_workers(installation) as found:
        yield found


@pytest.fixture
async def practice(installation: Installation) -> Practice:
    return await installation.practice()


async def test_of_two_who_update_one_version_of_a_contact_one_wins(workers: Workers, practice: Practice) -> None:
    async def race(number: int) -> None:
        one, two = workers.pair(practice)
        client, other = await two_clients(one, number)
        added = await one.done("addExistingContact", clientId=client, personId=other, relationship="SIBLING")
        two.bookmark = one.bookmark
        values = {"contactId": added["id"], "expectedVersion": 1}
        first, second = await at_once(
            one.mutate("updateContact", changes={"note": "one"}, **values),
            two.mutate("updateContact", changes={"note": "two"}, **values),
            number,
        )
        contact, error = winner_and_loser(first, second)
        assert (error["code"], error["currentVersion"]) == ("VERSION_CONFLICT", 2)
        assert error["current"] == {"id": added["id"]}
        [shown] = await two.network(client)
        assert (shown["note"], shown["version"]) == (contact["note"], 2)
        assert await workers.count(practice, VERSIONS, client=client) == 1

    await rounds(race)


async def test_of_two_who_update_one_version_of_a_person_one_wins(workers: Workers, practice: Practice) -> None:
    async def race(number: int) -> None:
        one, two = workers.pair(practice)
        client = await one.client(f"Ana {number}", phones=[f"020 7946 {number:04d}"])
        two.bookmark = one.bookmark
        values = {"personId": client["id"], "expectedVersion": 1}
        first, second = await at_once(
            one.mutate("updatePerson", changes={"phones": [f"020 7946 1{number:03d}"]}, **values),
            two.mutate("updatePerson", changes={"givenName": f"Bea {number}"}, **values),
            number,
        )
        person, error = winner_and_loser(first, second)
        assert (error["code"], error["currentVersion"]) == ("VERSION_CONFLICT", 2)
        shown = await two.query("query ($id: ID!) { person(id: $id) { givenName phones version } }", id=client["id"])
        assert shown["person"] == {key: person[key] for key in ("givenName", "phones", "version")}
        ties = "(:MatchKey {practice: $practice})--(p:Person {id: $id})"
        assert await workers.count(practice, ties, id=client["id"]) == 2, "an address, a phone"

    await rounds(race)


async def test_d6_a_removal_and_an_update_at_once_leave_one_of_them(workers: Workers, practice: Practice) -> None:
    async def race(number: int) -> None:
        one, two = workers.pair(practice)
        client, other = await two_clients(one, number)
        added = await one.done("addExistingContact", clientId=client, personId=other, relationship="SIBLING")
        two.bookmark = one.bookmark
        values = {"contactId": added["id"], "expectedVersion": 1}
        first, second = await at_once(
            one.mutate("removeContact", reason="moved", **values),
            two.mutate("updateContact", changes={"payments": True}, **values),
            number,
        )
        contact, error = winner_and_loser(first, second)
        assert (error["code"], error["currentVersion"]) == ("VERSION_CONFLICT", 2)
        was_removed = contact["status"] == "REMOVED"
        assert await workers.count(practice, EDGES, client=client) == (0 if was_removed else 1)
        assert await workers.count(practice, VERSIONS, client=client) == 1
        final = "(:Person {id: $client})-[r:HAD_CONTACT {final: true}]->()"
        assert await workers.count(practice, final, client=client) == (1 if was_removed else 0)
        shown = (await two.query("query ($id: ID!) { node(id: $id) { ... on Contact { status payments } } }",
                                 id=added["id"]))["node"]  # fmt: skip
        assert shown == {"status": contact["status"], "payments": not was_removed}

    await rounds(race)


async def test_d6_of_two_who_remove_a_contact_one_wins(workers: Workers, practice: Practice) -> None:
    async def race(number: int) -> None:
        one, two = workers.pair(practice)
        client, other = await two_clients(one, number)
        added = await one.done("addExistingContact", clientId=client, personId=other, relationship="SIBLING")
        two.bookmark = one.bookmark
        values = {"contactId": added["id"], "expectedVersion": 1}
        first, second = await at_once(
            one.mutate("removeContact", **values), two.mutate("removeContact", **values), number
        )
        _, error = winner_and_loser(first, second)
        assert (error["code"], error["currentVersion"]) == ("VERSION_CONFLICT", 2)
        assert await workers.count(practice, EDGES, client=client) == 0
        assert await workers.count(practice, VERSIONS, client=client) == 1

    await rounds(race)


LEAD = 0.02
"""Adding takes more statements than archiving."""
# Adding writes `lock` on the client's node and archiving writes all of the node, without it. So a lock on an archived
# client is an add that was committed after the archive.
ADDED_AFTER_THE_ARCHIVE = "(p:Person {id: $client, clientStatus: 'ARCHIVED'}) WHERE p.lock IS NOT NULL"


async def test_the_trace_of_an_add_after_the_archive_shows(workers: Workers, practice: Practice) -> None:
    one, _ = workers.pair(practice)
    client, other = await two_clients(one, 0)
    await one.done("addExistingContact", clientId=client, personId=other, relationship="SIBLING")
    assert await workers.count(practice, "(p:Person {id: $client}) WHERE p.lock IS NOT NULL", client=client) == 1
    await one.done("setClientStatus", personId=client, expectedVersion=1, status="ARCHIVED")
    assert await workers.count(practice, ADDED_AFTER_THE_ARCHIVE, client=client) == 0


async def test_d7_no_one_is_added_after_an_archive_at_the_same_moment(workers: Workers, practice: Practice) -> None:
    async def race(number: int) -> None:
        one, two = workers.pair(practice)
        client, other = await two_clients(one, number)
        two.bookmark = one.bookmark
        archived, added = await at_once(
            one.mutate("setClientStatus", personId=client, expectedVersion=1, status="ARCHIVED"),
            two.mutate("addExistingContact", clientId=client, personId=other, relationship="SIBLING"),
            number,
            lead=LEAD,
        )
        assert archived["errors"] == []
        if not entity(added):
            [error] = added["errors"]
            assert (error["reason"], error["path"]) == ("client.archived", ["clientId"])
        assert await workers.count(practice, EDGES, client=client) == (1 if entity(added) else 0)
        assert await workers.count(practice, ADDED_AFTER_THE_ARCHIVE, client=client) == 0

    await rounds(race)


async def test_d7_no_new_person_is_added_after_an_archive_at_the_same_moment(
    workers: Workers, practice: Practice
) -> None:
    added_in_all = 0

    async def race(number: int) -> None:
        nonlocal added_in_all
        one, two = workers.pair(practice)
        client = (await one.client(f"Ana {number}"))["id"]
        two.bookmark = one.bookmark
        person = {"givenName": f"Bea {number}", "phones": [f"020 7946 {number:04d}"]}
        archived, added = await at_once(
            one.mutate("setClientStatus", personId=client, expectedVersion=1, status="ARCHIVED"),
            two.mutate("addNewContact", clientId=client, person=person, relationship="SIBLING"),
            number,
            lead=LEAD,
        )
        assert archived["errors"] == []
        added_in_all += 1 if entity(added) else 0
        if not entity(added):
            assert [error["reason"] for error in added["errors"]] == ["client.archived"]
        assert await workers.count(practice, EDGES, client=client) == (1 if entity(added) else 0)
        assert await workers.count(practice, ADDED_AFTER_THE_ARCHIVE, client=client) == 0

    await rounds(race)
    assert await workers.count(practice, PEOPLE) == ROUNDS + added_in_all


async def test_d7_nothing_is_switched_on_after_an_archive_at_the_same_moment(
    workers: Workers, practice: Practice
) -> None:
    async def race(number: int) -> None:
        one, two = workers.pair(practice)
        client, other = await two_clients(one, number)
        contact = await one.done("addExistingContact", clientId=client, personId=other, relationship="SIBLING")
        two.bookmark = one.bookmark
        archived, updated = await at_once(
            one.mutate("setClientStatus", personId=client, expectedVersion=1, status="ARCHIVED"),
            two.mutate("updateContact", contactId=contact["id"], expectedVersion=1, changes={"portalAccess": True}),
            number,
            lead=LEAD,
        )
        assert archived["errors"] == []
        if not entity(updated):
            assert [error["reason"] for error in updated["errors"]] == ["client.archived"]
        granted = EDGES.replace("practice: $practice", "practice: $practice, portalAccess: true")
        assert await workers.count(practice, granted, client=client) == (1 if entity(updated) else 0)
        assert await workers.count(practice, ADDED_AFTER_THE_ARCHIVE, client=client) == 0

    await rounds(race)
