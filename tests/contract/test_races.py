"""Two browsers, two workers, one moment: one wins and the other is told, on every engine (D3, D7, S18).

`Api.mutate` fails on any top-level error, so a conflict the engine reports must have been retried by the server.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from graph_api.engine.errors import Unavailable
from graph_api.engine.session import GraphSession
from graph_api.kernel.caller import Practice
from graph_api.kernel.graph import Graph
from graph_api.kernel.ids import new_id
from graph_api.kernel.transaction import Transaction
from graph_api.practices.facts import FactKind, FactWrites
from tests.api import Installation
from tests.contract.workers import (
    EDGES,
    PEOPLE,
    ROUNDS,
    Workers,
    at_once,
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


async def test_d3_of_two_who_add_the_same_contact_one_wins_and_the_other_is_told_which(
    workers: Workers, practice: Practice
) -> None:
    async def race(number: int) -> None:
        one, two = workers.pair(practice)
        client, other = await two_clients(one, number)
        values = {"clientId": client, "personId": other, "relationship": "SIBLING"}
        first, second = await at_once(
            one.mutate("addExistingContact", **values), two.mutate("addExistingContact", **values), number
        )
        contact, error = winner_and_loser(first, second)
        assert (error["__typename"], error["path"]) == ("AlreadyInNetwork", ["personId"])
        assert error["contact"]["id"] == contact["id"]
        assert await workers.count(practice, EDGES, client=client) == 1
        assert [row["id"] for row in await two.network(client)] == [contact["id"]]

    await rounds(race)


async def test_d11_of_two_who_add_the_edge_back_one_wins(workers: Workers, practice: Practice) -> None:
    async def race(number: int) -> None:
        one, two = workers.pair(practice)
        client, other = await two_clients(one, number)
        forward = await one.done("addExistingContact", clientId=client, personId=other, relationship="PARENT")
        two.bookmark = one.bookmark
        values = {"contactId": forward["id"], "relationship": "CHILD"}
        first, second = await at_once(
            one.mutate("addReciprocalContact", **values),
            two.mutate("addExistingContact", clientId=other, personId=client, relationship="CHILD"),
            number,
        )
        contact, error = winner_and_loser(first, second)
        assert (error["__typename"], error["contact"]["id"]) == ("AlreadyInNetwork", contact["id"])
        assert await workers.count(practice, EDGES, client=other) == 1
        assert await workers.count(practice, EDGES, client=client) == 1

    await rounds(race)


async def test_s18_of_two_who_add_the_same_new_contact_one_wins_and_the_other_gets_the_contact(
    workers: Workers, practice: Practice
) -> None:
    async def race(number: int) -> None:
        one, two = workers.pair(practice)
        client = (await one.client(f"Ana {number}"))["id"]
        values = {"clientId": client, "relationship": "PARENT"}
        person = {"givenName": "Lucía", "familyName": f"García {number}"}
        phones = (f"020 7946 {number:04d}", f"+44 20 7946 {number:04d}")
        first, second = await at_once(
            one.mutate("addNewContact", person={**person, "phones": [phones[0]]}, **values),
            two.mutate("addNewContact", person={**person, "phones": [phones[1]]}, **values),
            number,
        )
        contact, error = winner_and_loser(first, second)
        assert (error["__typename"], error["path"]) == ("ContactAlreadyExists", ["person"])
        [candidate] = error["candidates"]
        assert candidate["grade"] == "MATCH"
        assert candidate["person"]["id"] == contact["person"]["id"]
        assert candidate["existingContact"] == {"id": contact["id"]}
        assert candidate["addExisting"] is None
        assert await workers.count(practice, EDGES, client=client) == 1

    await rounds(race)
    assert await workers.count(practice, PEOPLE) == 2 * ROUNDS
    ties = "(:MatchKey {practice: $practice})--(:Person)"
    assert await workers.count(practice, ties) == 2 * ROUNDS, "Ana's address, Lucía's phone"


async def test_s18_of_two_who_add_the_same_client_one_person_comes(workers: Workers, practice: Practice) -> None:
    async def race(number: int) -> None:
        one, two = workers.pair(practice)
        point = {"birthDate": "1990-02-28"} if number % 2 else {"emails": [f"a{number}@example.org"]}
        person = {"givenName": f"Ana {number}", "familyName": "García", **point}
        first, second = await at_once(
            one.mutate("addClient", person=person), two.mutate("addClient", person=person), number
        )
        client, error = winner_and_loser(first, second)
        assert error["__typename"] == "ContactAlreadyExists"
        assert [candidate["person"]["id"] for candidate in error["candidates"]] == [client["id"]]

    await rounds(race)
    assert await workers.count(practice, PEOPLE) == ROUNDS


async def test_s18_a_client_and_a_contact_added_at_once_are_one_person(workers: Workers, practice: Practice) -> None:
    async def race(number: int) -> None:
        one, two = workers.pair(practice)
        client = (await one.client(f"Ana {number}"))["id"]
        person = {"givenName": "Lucía", "familyName": f"García {number}", "emails": [f"l{number}@example.org"]}
        first, second = await at_once(
            one.mutate("addClient", person=person),
            two.mutate("addNewContact", clientId=client, person=person, relationship="PARENT"),
            number,
        )
        winner, error = winner_and_loser(first, second)
        person_id = winner["person"]["id"] if "person" in winner else winner["id"]
        [candidate] = error["candidates"]
        assert candidate["person"]["id"] == person_id
        assert (candidate["addExisting"] is not None) == ("person" not in winner)

    await rounds(race)
    assert await workers.count(practice, PEOPLE) == 2 * ROUNDS


async def test_an_external_id_taken_at_once_names_one_person(workers: Workers, practice: Practice) -> None:
    async def race(number: int) -> None:
        one, two = workers.pair(practice)
        first, second = await at_once(
            one.mutate("addClient", person={"givenName": f"Ana {number}", "externalId": f"I{number}"}),
            two.mutate("addClient", person={"givenName": f"Bea {number}", "externalId": f"I{number}"}),
            number,
        )
        _, error = winner_and_loser(first, second)
        assert (error["reason"], error["path"]) == ("externalId.taken", ["person", "externalId"])

    await rounds(race)
    assert await workers.count(practice, PEOPLE) == ROUNDS
    assert await workers.count(practice, "(:ExternalId {practice: $practice})--(:Person)") == ROUNDS


async def test_one_idempotency_key_at_once_is_done_once_and_answered_alike(
    workers: Workers, practice: Practice
) -> None:
    async def race(number: int) -> None:
        one, two = workers.pair(practice)
        person = {"givenName": f"Ana {number}"}  # no match key: only the idempotency key tells that they are one
        first, second = await at_once(
            one.mutate("addClient", person=person, idempotencyKey=f"client {number}"),
            two.mutate("addClient", person=person, idempotencyKey=f"client {number}"),
            number,
        )
        assert first["errors"] == second["errors"] == []
        assert first["person"] == second["person"]
        values = {"clientId": first["person"]["id"], "relationship": "FRIEND", "idempotencyKey": f"contact {number}"}
        values["person"] = {"givenName": f"Bea {number}", "emails": [f"b{number}@example.org"]}
        first, second = await at_once(
            one.mutate("addNewContact", **values), two.mutate("addNewContact", **values), number
        )
        assert first["errors"] == second["errors"] == []
        assert first["contact"] == second["contact"]
        assert await workers.count(practice, EDGES, client=values["clientId"]) == 1

    await rounds(race)
    assert await workers.count(practice, PEOPLE) == 2 * ROUNDS


async def test_one_idempotency_key_at_once_for_two_inputs_serves_one(workers: Workers, practice: Practice) -> None:
    async def race(number: int) -> None:
        one, two = workers.pair(practice)
        first, second = await at_once(
            one.mutate("addClient", person={"givenName": f"Ana {number}"}, idempotencyKey=f"{number}"),
            two.mutate("addClient", person={"givenName": f"Bea {number}"}, idempotencyKey=f"{number}"),
            number,
        )
        _, error = winner_and_loser(first, second)
        assert (error["code"], error["path"]) == ("IDEMPOTENCY_KEY_REUSED", ["idempotencyKey"])

    await rounds(race)
    assert await workers.count(practice, PEOPLE) == ROUNDS


async def test_whoever_loses_each_time_is_told_to_try_again(installation: Installation, practice: Practice) -> None:
    """What a constraint refuses however often it runs is no fault of ours: the caller may try again."""
    graph = Graph(GraphSession(installation.database), practice.id, datetime.now(UTC).date())
    since, until = datetime.now(UTC) - timedelta(days=1), datetime.now(UTC)
    nobody = new_id("person")

    async def twice(tx: Transaction) -> None:
        for _ in range(2):
            await tx[FactWrites].supersede(FactKind.CLIENT, nobody, {}, since, until)

    with pytest.raises(Unavailable, match="Others are changing the same"):
        await graph.write(twice)
