"""Staff looked at a candidate and rejected it: notDuplicateOf, its verdict, and its limits (D9)."""

from typing import Any

import pytest

from tests.api import Api, Installation
from tests.contract.practice_graph import run

PERSON: dict[str, Any] = {"givenName": "Lucía", "familyName": "Vidal", "phones": ["+442079460958"]}
VERDICTS = """
MATCH (new:Person)-[v:NOT_DUPLICATE_OF]->(other:Person) WHERE new.practice = $practice
RETURN new.id AS new, other.id AS other, v.by AS by, v.at AS at
"""


async def namesakes(api: Api, count: int) -> list[str]:
    """People with one name and one phone, each accepted as not the ones before."""
    ids: list[str] = []
    for _ in range(count):
        ids.append((await api.done("addClient", person=PERSON, notDuplicateOf=list(ids)))["id"])
    return ids


def candidate_ids(error: dict[str, Any]) -> list[str]:
    assert error["__typename"] == "ContactAlreadyExists"
    return [candidate["person"]["id"] for candidate in error["candidates"]]


@pytest.mark.parametrize("mutation", ["addClient", "addNewContact"])
async def test_d9_named_candidates_go_through(api: Api, mutation: str) -> None:
    client = await api.client()
    known = await namesakes(api, 2)
    network = {"clientId": client["id"], "relationship": "PARENT"} if mutation == "addNewContact" else {}
    payload = await api.mutate(mutation, person=PERSON, notDuplicateOf=known, **network)
    assert payload["errors"] == []
    assert payload["warnings"] == []


async def test_d9_a_candidate_not_named_still_refuses(api: Api) -> None:
    first, second = await namesakes(api, 2)
    error = await api.refused("addClient", person=PERSON, notDuplicateOf=[first])
    assert candidate_ids(error) == [second]
    assert sorted(candidate_ids(await api.refused("addClient", person=PERSON))) == sorted([first, second])


async def test_d9_naming_somebody_else_does_not_help(api: Api) -> None:
    (known,) = await namesakes(api, 1)
    unrelated = await api.client("Zacarías", "Otero")
    error = await api.refused("addClient", person=PERSON, notDuplicateOf=[unrelated["id"]])
    assert candidate_ids(error) == [known]


async def test_d9_possible_needs_to_be_named_too(api: Api) -> None:
    senior = await api.done("addClient", person=PERSON | {"birthDate": "1950-01-01"})
    junior = PERSON | {"birthDate": "1980-01-01"}
    error = await api.refused("addClient", person=junior)
    assert error["candidates"][0]["grade"] == "POSSIBLE"
    assert (await api.done("addClient", person=junior, notDuplicateOf=[senior["id"]]))["id"] != senior["id"]


async def test_d9_the_verdict_is_stored_with_who_and_when(installation: Installation) -> None:
    practice = await installation.practice()
    api = installation.api(practice, subject="staff-7")
    first, second = await namesakes(api, 2)
    rows = await run(installation.database, VERDICTS, practice=practice.id)
    assert [(row["new"], row["other"], row["by"]) for row in rows] == [(second, first, "staff-7")]
    assert rows[0]["at"].endswith("+00:00")


async def test_d9_a_refused_add_stores_no_verdict(installation: Installation) -> None:
    practice = await installation.practice()
    api = installation.api(practice)
    known = await namesakes(api, 2)
    before = await run(installation.database, VERDICTS, practice=practice.id)
    await api.refused("addClient", person=PERSON, notDuplicateOf=known[:1])
    assert len(await run(installation.database, VERDICTS, practice=practice.id)) == len(before) == 1


async def test_d9_a_verdict_is_not_raised_again(api: Api) -> None:
    """Neither the new person's later changes nor the other's bring it up."""
    first, second = await namesakes(api, 2)
    for person in (first, second):
        payload = await api.mutate(
            "updatePerson",
            personId=person,
            expectedVersion=1,
            changes={"phones": ["+442079460959"], "birthDate": "1970-02-28"},
        )
        assert payload["errors"] == []
        assert payload["warnings"] == []


async def test_d9_an_update_warns_of_whom_no_verdict_is_about(api: Api) -> None:
    first, second = await namesakes(api, 2)
    third = await api.client("Lucía", "Vidal")
    payload = await api.mutate(
        "updatePerson", personId=third["id"], expectedVersion=1, changes={"phones": ["020 7946 0958"]}
    )
    assert payload["errors"] == []
    assert [(warning["code"], warning["path"]) for warning in payload["warnings"]] == [
        ("SHARED_CONTACT_POINT", ["changes"])
    ]
    assert sorted(person["id"] for person in payload["warnings"][0]["persons"]) == sorted([first, second])


async def test_d9_an_update_that_brings_nothing_new_does_not_warn(api: Api) -> None:
    await api.done("addClient", person={"givenName": "Mateo", "phones": ["+442079460958"]})
    payload = await api.mutate("addClient", person=PERSON)
    assert [warning["code"] for warning in payload["warnings"]] == ["SHARED_CONTACT_POINT"]
    changed = await api.mutate(
        "updatePerson",
        personId=payload["person"]["id"],
        expectedVersion=1,
        changes={"preferredName": "Luchi", "emails": ["lucia@example.org"]},
    )
    assert (changed["errors"], changed["warnings"]) == ([], [])


async def test_d9_changed_contact_points_are_what_counts(api: Api) -> None:
    """After an update the old phone finds nobody, the new one does."""
    (known,) = await namesakes(api, 1)
    await api.done("updatePerson", personId=known, expectedVersion=1, changes={"phones": ["+442079460959"]})
    assert (await api.mutate("addClient", person=PERSON))["errors"] == []
    error = await api.refused("addClient", person=PERSON | {"phones": ["+442079460959"]})
    assert candidate_ids(error) == [known]
