"""Every id argument of every mutation: malformed, of another type, of another practice or unknown is NotFound."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import GraphQLList, get_named_type, get_nullable_type

from graph_api.kernel.ids import new_id
from tests.api import Installation, changed
from tests.contract.household import MUTATIONS, Household, Input, new_household
from tests.contract.practice_graph import unchanged
from tests.declared import input_of

ARGUMENTS = [
    (mutation, argument)
    for mutation in MUTATIONS
    for argument, field in input_of(mutation).items()
    if get_named_type(field.type).name == "ID"
]


@dataclass(frozen=True)
class Neighbours:
    """Two practices of one installation; what is sent goes to the first."""

    home: Household
    away: Household


def right_kind(argument: str) -> str:
    return "contact" if argument == "contactId" else "person"


def own(home: Household, argument: str) -> str:
    """An id the argument takes in that household."""
    ids = {"clientId": home.client["id"], "contactId": home.contact["id"]}
    return str(ids.get(argument, home.other["id"]))


Bad = Callable[[Neighbours, str], str]
UNFOUND: dict[str, Bad] = {
    "foreign": lambda both, argument: own(both.away, argument),
    "unknown": lambda _, argument: new_id(right_kind(argument)),
}
"""What the engine is asked for."""
MALFORMED: dict[str, Bad] = {
    "other-type": lambda both, argument: (
        both.home.person if right_kind(argument) == "contact" else both.home.contact["id"]
    ),
    "practice": lambda both, _: both.home.practice.id,
    "version": lambda _both, _argument: new_id("version"),
    "empty": lambda _both, _argument: "",
    "words": lambda _both, _argument: "nobody",
    "number": lambda _both, _argument: "12",
    "cut": lambda both, argument: own(both.home, argument)[:-1],
    "upper-case": lambda both, argument: own(both.home, argument).upper(),
    "line-break": lambda both, argument: own(both.home, argument) + "\n",
    "control": lambda both, argument: own(both.home, argument) + "\u0000",
    "long": lambda _both, argument: right_kind(argument) + "_" + "a" * 10_000,
}
"""What can't be such an id."""
LOOKED_UP = ("addExistingContact", "personId")
"""Of this argument the engine is asked whatever it holds; of the others it is not asked for what can't be an id."""


@pytest.fixture(scope="module")
async def both(installation: Installation) -> AsyncIterator[Neighbours]:
    found = Neighbours(await new_household(installation, whole=True), await new_household(installation, whole=True))
    async with unchanged(installation.database, found.home.practice, found.away.practice):
        yield found


async def not_found(installation: Installation, both: Neighbours, mutation: str, sent: Input) -> list[list[str]]:
    """The paths of the NotFound errors; neither practice changed."""
    async with unchanged(installation.database, both.home.practice, both.away.practice):
        payload = await both.home.api.mutate(mutation, **sent)
    assert changed(payload) is None
    errors: list[dict[str, Any]] = payload["errors"]
    assert {(error["__typename"], error["code"]) for error in errors} == {("NotFound", "NOT_FOUND")}
    return [error["path"] for error in errors]


@pytest.mark.parametrize(
    ("mutation", "argument", "kind"),
    [(*argument, kind) for argument in ARGUMENTS for kind in (*UNFOUND, *(MALFORMED if argument == LOOKED_UP else ()))],
)
async def test_id_argument(
    installation: Installation, both: Neighbours, mutation: str, argument: str, kind: str
) -> None:
    await refuses(installation, both, mutation, argument, {**UNFOUND, **MALFORMED}[kind](both, argument))


@pytest.mark.parametrize("kind", MALFORMED)
@pytest.mark.parametrize(("mutation", "argument"), [argument for argument in ARGUMENTS if argument != LOOKED_UP])
async def test_malformed_id_argument(
    installation: Installation, both: Neighbours, mutation: str, argument: str, kind: str
) -> None:
    bad = MALFORMED[kind](both, argument)
    asked: list[object] = []

    def listener(_name: str, params: dict[str, Any]) -> None:
        asked.extend(each for value in params.values() for each in (value if isinstance(value, list) else [value]))

    installation.database.listeners.append(listener)
    try:
        await refuses(installation, both, mutation, argument, bad)
    finally:
        installation.database.listeners.remove(listener)
    # The practice's own id stands in every statement.
    assert kind == "practice" or bad not in asked


async def refuses(installation: Installation, both: Neighbours, mutation: str, argument: str, bad: str) -> None:
    """The bad id is not found, and it alone."""
    many = argument == "notDuplicateOf"
    sent = both.home.inputs()[mutation] | {argument: [both.home.person, both.home.person, bad] if many else bad}
    is_list = isinstance(get_nullable_type(input_of(mutation)[argument].type), GraphQLList)
    path = [argument, "2"] if many else [argument, "0"] if is_list else [argument]
    assert await not_found(installation, both, mutation, sent) == [path]


async def test_each_rejected_candidate_that_is_not_found(installation: Installation, both: Neighbours) -> None:
    ids = ["nobody", both.home.person, both.away.person, both.home.contact["id"]]
    sent = both.home.inputs()["addClient"] | {"notDuplicateOf": ids}
    paths = await not_found(installation, both, "addClient", sent)
    assert paths == [["notDuplicateOf", index] for index in ("0", "2", "3")]


@pytest.mark.parametrize("mutation", ["addNewContact", "addExistingContact", "inviteClient"])
async def test_who_is_no_client_is_not_found_as_one(
    installation: Installation, both: Neighbours, mutation: str
) -> None:
    sent = both.home.inputs()[mutation] | {"clientId": both.home.person}
    assert await not_found(installation, both, mutation, sent) == [["clientId"]]


async def test_a_foreign_client_is_not_told_from_an_unknown_one(both: Neighbours) -> None:
    """Nothing in the answer says that the id exists elsewhere."""
    answers = [
        await both.home.api.mutate("addExistingContact", **both.home.inputs()["addExistingContact"] | {"personId": bad})
        for bad in (both.away.other["id"], new_id("person"), "nobody")
    ]
    assert answers[0] == answers[1] == answers[2]


async def test_a_person_as_their_own_contact(installation: Installation, both: Neighbours) -> None:
    client = both.home.client["id"]
    async with unchanged(installation.database, both.home.practice):
        error = await both.home.api.refused(
            "addExistingContact", clientId=client, personId=client, relationship="SPOUSE"
        )
    assert (error["__typename"], error["reason"], error["path"]) == ("InvalidInput", "contact.self", ["personId"])


async def test_a_contact_already_in_the_network(installation: Installation, both: Neighbours) -> None:
    async with unchanged(installation.database, both.home.practice):
        error = await both.home.api.refused(
            "addExistingContact", clientId=both.home.client["id"], personId=both.home.person, relationship="FRIEND"
        )
    assert (error["__typename"], error["path"]) == ("AlreadyInNetwork", ["personId"])
    assert error["contact"]["id"] == both.home.contact["id"]


async def test_a_new_contact_who_exists(installation: Installation, both: Neighbours) -> None:
    person = {"givenName": "Lucía", "emails": ["lucia@example.org"]}
    async with unchanged(installation.database, both.home.practice):
        error = await both.home.api.refused(
            "addNewContact", clientId=both.home.client["id"], person=person, relationship="FRIEND"
        )
    assert (error["__typename"], error["path"]) == ("ContactAlreadyExists", ["person"])
    assert error["candidates"][0]["existingContact"] == {"id": both.home.contact["id"]}
