"""Idempotency keys: per practice, actor and mutation, successes only, kept 24 hours."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api import Api, Installation, Now
from tests.contract.household import MUTATIONS, Household, needs_whole, new_household
from tests.contract.practice_graph import practice_graph, run, unchanged

KEY = "4f1c"
PEOPLE = "MATCH (p:Person) WHERE p.practice = $practice RETURN p.id + ' ' + toString(p.version) AS person"
RECORDS = "MATCH (k:IdempotencyKey) WHERE k.practice = $practice RETURN properties(k) AS record"


@pytest.fixture
async def home(installation: Installation, request: pytest.FixtureRequest) -> Household:
    return await new_household(installation, whole=needs_whole(request))


@pytest.fixture(scope="module")
async def untouched(installation: Installation) -> AsyncIterator[Household]:
    """One household for refusals that leave everything as it was."""
    found = await new_household(installation, whole=True)
    async with unchanged(installation.database, found.practice):
        yield found


@pytest.fixture
def clock(now: Now) -> Iterator[Now]:
    now.moment = datetime(2026, 6, 10, 12, tzinfo=UTC)
    yield now
    now.moment = None


async def people_and_edges(installation: Installation, home: Household) -> list[Any]:
    """What a replay may not add to; a replay does take the key's lock, so the key's node is left out."""
    graph = await practice_graph(installation.database, home.practice)
    people = await run(installation.database, PEOPLE, practice=home.practice.id)
    return [sorted(row["person"] for row in people), graph.edges]


@pytest.mark.parametrize("mutation", MUTATIONS)
async def test_a_replay_answers_with_the_same_entity(
    installation: Installation, home: Household, mutation: str
) -> None:
    """The version was right the first time only, so the key is looked at before it."""
    sent = home.inputs()[mutation] | {"idempotencyKey": KEY}
    first = await home.api.mutate(mutation, **sent)
    assert first["errors"] == []
    before = await people_and_edges(installation, home)
    again = await home.api.mutate(mutation, **sent)
    assert {name: value for name, value in again.items() if name != "warnings"} == {
        name: value for name, value in first.items() if name != "warnings"
    }
    assert await people_and_edges(installation, home) == before


OTHER_VALUES: dict[str, object] = {
    "expectedVersion": 2,
    "person": {"givenName": "Eve"},
    "enabled": True,
    "body": "Another",
    "amount": 7,
    "through": 2,
    "messageId": "another",
    "exceptionId": "another",
    "sms": True,
}
"""Another value of the first of these fields that a mutation takes; of all others, a note."""


@pytest.mark.parametrize("mutation", MUTATIONS)
async def test_a_key_with_another_input_is_refused(installation: Installation, home: Household, mutation: str) -> None:
    sent = home.inputs()[mutation] | {"idempotencyKey": KEY}
    await home.api.done(mutation, **sent)
    others = home.inputs()[mutation]
    name, value = next(((name, value) for name, value in OTHER_VALUES.items() if name in others), ("note", "Another"))
    others |= {"clientId": home.other["id"]} if mutation == "inviteClient" else {name: value}
    async with unchanged(installation.database, home.practice):
        error = await home.api.refused(mutation, **others, idempotencyKey=KEY)
    assert (error["__typename"], error["code"]) == ("IdempotencyKeyReused", "IDEMPOTENCY_KEY_REUSED")
    assert error["path"] == ["idempotencyKey"]


async def test_the_key_comes_before_the_version_and_the_input(home: Household) -> None:
    """Of a used key, a stale version and a bad value, the key is what is told."""
    sent = home.inputs()["updateContact"] | {"idempotencyKey": KEY}
    await home.api.done("updateContact", **sent)
    error = await home.api.refused("updateContact", **sent | {"changes": {"note": "\u0000"}})
    assert error["__typename"] == "IdempotencyKeyReused"
    person = home.inputs()["addClient"] | {"idempotencyKey": KEY}
    await home.api.done("addClient", **person)
    error = await home.api.refused("addClient", **person | {"person": {"givenName": ""}})
    assert error["__typename"] == "IdempotencyKeyReused"


async def test_a_replay_shows_the_entity_as_it_is_now(home: Household) -> None:
    sent = home.inputs()["addNewContact"] | {"idempotencyKey": KEY}
    added = await home.api.done("addNewContact", **sent)
    await home.api.done("updateContact", contactId=added["id"], expectedVersion=1, changes={"payments": True})
    replayed = await home.api.done("addNewContact", **sent)
    assert (replayed["id"], replayed["version"], replayed["payments"]) == (added["id"], 2, True)


async def test_a_replay_after_a_removal_adds_nobody_again(home: Household) -> None:
    sent = home.inputs()["addExistingContact"] | {"idempotencyKey": KEY}
    added = await home.api.done("addExistingContact", **sent)
    await home.api.done("removeContact", contactId=added["id"], expectedVersion=1)
    network = await home.api.network(home.client["id"])
    replayed = await home.api.done("addExistingContact", **sent)
    assert (replayed["id"], replayed["status"]) == (added["id"], "REMOVED")
    assert await home.api.network(home.client["id"]) == network


async def test_a_key_is_its_actors_own(installation: Installation, home: Household) -> None:
    other = installation.api(home.practice, subject="staff-2")
    sent = {"idempotencyKey": KEY}
    one = await home.api.done("addClient", person={"givenName": "Eva"}, **sent)
    two = await other.done("addClient", person={"givenName": "Max"}, **sent)
    assert (one["displayName"], two["displayName"]) == ("Eva", "Max")


async def test_a_key_is_its_mutations_own(home: Household) -> None:
    for mutation in ("addClient", "addNewContact", "addReciprocalContact", "updatePerson"):
        await home.api.done(mutation, **home.inputs()[mutation], idempotencyKey=KEY)


async def test_a_key_is_its_practices_own(installation: Installation, home: Household) -> None:
    away = installation.api(await installation.practice())
    one = await home.api.done("addClient", person={"givenName": "Eva"}, idempotencyKey=KEY)
    two = await away.done("addClient", person={"givenName": "Max"}, idempotencyKey=KEY)
    assert one["id"] != two["id"]


@pytest.mark.parametrize(
    ("mutation", "bad"),
    [
        ("addClient", {"person": {"givenName": "Eva", "emails": ["nope"]}}),
        ("addExistingContact", {"personId": "nobody"}),
        ("updateContact", {"expectedVersion": 7}),
        ("addNewContact", {"person": {"givenName": "Lucía", "emails": ["lucia@example.org"]}}),
    ],
)
async def test_a_refused_mutation_does_not_keep_its_key(
    installation: Installation, home: Household, mutation: str, bad: dict[str, Any]
) -> None:
    good = home.inputs()[mutation] | {"idempotencyKey": KEY}
    async with unchanged(installation.database, home.practice):
        await home.api.refused(mutation, **good | bad)
    assert await run(installation.database, RECORDS, practice=home.practice.id) == []
    await home.api.done(mutation, **good)


async def test_a_key_lasts_24_hours(home: Household, clock: Now) -> None:
    start = datetime(2026, 6, 10, 12, tzinfo=UTC)
    sent = {"person": {"givenName": "Eva"}, "idempotencyKey": KEY}
    first = await home.api.done("addClient", **sent)
    clock.moment = start + timedelta(hours=24) - timedelta(seconds=1)
    assert (await home.api.done("addClient", **sent))["id"] == first["id"]
    clock.moment = start + timedelta(hours=24)
    assert (await home.api.done("addClient", **sent))["id"] != first["id"]


async def test_the_stored_record_tells_nothing_about_the_person(installation: Installation, home: Household) -> None:
    """The input is kept as an HMAC, the key as a hash."""
    person = {"givenName": "Wilhelmina", "phones": ["+442079460958"], "birthDate": "1970-02-28"}
    await home.api.done("addClient", person=person, idempotencyKey="secret-key")
    (row,) = await run(installation.database, RECORDS, practice=home.practice.id)
    record = repr(row["record"])
    assert all(text not in record for text in ("Wilhelmina", "2079460958", "1970-02-28", "secret-key", "staff-1"))


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("", "idempotencyKey.empty"),
        ("x" * 201, "idempotencyKey.tooLong"),
        ("a\u0000", "idempotencyKey.forbiddenCharacter"),
    ],
)
@pytest.mark.parametrize("mutation", MUTATIONS)
async def test_a_bad_key(
    installation: Installation, untouched: Household, mutation: str, key: str, reason: str
) -> None:
    async with unchanged(installation.database, untouched.practice):
        error = await untouched.api.refused(mutation, **untouched.inputs()[mutation], idempotencyKey=key)
    assert (error["__typename"], error["reason"], error["path"]) == ("InvalidInput", reason, ["idempotencyKey"])


async def test_without_a_key_nothing_is_remembered(installation: Installation, api: Api) -> None:
    await api.client(emails=["ana@example.org"])
    assert await run(installation.database, RECORDS, practice=api.practice.id) == []
    error = await api.refused("addClient", person={"givenName": "Ana", "emails": ["ana@example.org"]})
    assert error["__typename"] == "ContactAlreadyExists"
