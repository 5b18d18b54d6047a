"""Values that are refused: the error names the field and the rule, and nothing is changed."""

from collections.abc import AsyncIterator
from copy import deepcopy
from typing import Any

import pytest

from tests.api import Installation, changed
from tests.contract.household import (
    MUTATIONS,
    OF_THE_WHOLE,
    OTHERWISE,
    PERSON_AT,
    TERMS_AT,
    Household,
    Input,
    new_household,
)
from tests.contract.practice_graph import unchanged
from tests.declared import OF_STAFF, input_of, never_null

LONG = "x" * 10_000
PERSON: tuple[tuple[Input, str, str], ...] = (
    ({"givenName": "", "familyName": "Vega"}, "givenName.empty", "givenName"),
    ({"givenName": " \u00a0\u3000 "}, "givenName.empty", "givenName"),
    ({"givenName": "\u200b\u200d"}, "givenName.empty", "givenName"),
    ({"familyName": ""}, "familyName.empty", "familyName"),
    ({"preferredName": "  "}, "preferredName.empty", "preferredName"),
    ({"givenName": LONG}, "givenName.tooLong", "givenName"),
    ({"familyName": "ß" * 201}, "familyName.tooLong", "familyName"),
    ({"preferredName": LONG}, "preferredName.tooLong", "preferredName"),
    ({"givenName": None, "familyName": None}, "name.missing", ""),
    ({"givenName": "Eva\u0000"}, "givenName.forbiddenCharacter", "givenName"),
    ({"givenName": "Eva\nVega"}, "givenName.forbiddenCharacter", "givenName"),
    ({"givenName": "Eva\u0085"}, "givenName.forbiddenCharacter", "givenName"),
    ({"familyName": "\u007fVega"}, "familyName.forbiddenCharacter", "familyName"),
    ({"familyName": "Ve\u202ega"}, "familyName.forbiddenCharacter", "familyName"),
    ({"familyName": "\u202aVega"}, "familyName.forbiddenCharacter", "familyName"),
    ({"preferredName": "\u2066Eva\u2069"}, "preferredName.forbiddenCharacter", "preferredName"),
    ({"birthDate": "2999-01-01"}, "birthDate.future", "birthDate"),
    ({"phones": ["12"]}, "phone.impossible", "phones.0"),
    ({"phones": ["+442079460958", "call me"]}, "phone.impossible", "phones.1"),
    ({"phones": ["+44 20 7946 0958 0958 0958"]}, "phone.impossible", "phones.0"),
    ({"phones": [""]}, "phone.impossible", "phones.0"),
    ({"phones": ["9" * 10_000]}, "phone.impossible", "phones.0"),
    ({"phones": [f"+4420794609{n:02}" for n in range(21)]}, "phones.tooMany", "phones"),
    ({"emails": ["eva.example.org"]}, "email.invalid", "emails.0"),
    ({"emails": ["eva@example.org", "eva@"]}, "email.invalid", "emails.1"),
    ({"emails": ["eva@example.org\u0000"]}, "email.invalid", "emails.0"),
    ({"emails": [f"{LONG}@example.org"]}, "email.invalid", "emails.0"),
    ({"emails": [f"eva{n}@example.org" for n in range(21)]}, "emails.tooMany", "emails"),
    ({"address": {"lines": ["x"] * 11}}, "address.tooManyLines", "address.lines"),
    ({"address": {"lines": ["1 High Street", ""]}}, "address.line.empty", "address.lines.1"),
    ({"address": {"lines": [], "city": LONG}}, "address.city.tooLong", "address.city"),
    ({"address": {"lines": [], "region": "\u0007"}}, "address.region.forbiddenCharacter", "address.region"),
    ({"address": {"lines": [], "postalCode": "x" * 21}}, "address.postalCode.tooLong", "address.postalCode"),
    ({"address": {"lines": [], "countryCode": "GBR"}}, "address.countryCode", "address.countryCode"),
    ({"externalId": ""}, "externalId.empty", "externalId"),
    ({"externalId": LONG}, "externalId.tooLong", "externalId"),
    ({"externalId": "x\u202ey"}, "externalId.forbiddenCharacter", "externalId"),
)
TERMS: tuple[tuple[Input, str, str], ...] = (
    ({"startsOn": "2026-06-10", "endsOn": "2026-06-09"}, "endsOn.beforeStartsOn", "endsOn"),
    ({"relationship": "OTHER"}, "relationshipLabel.missing", "relationshipLabel"),
    ({"relationship": "OTHER", "relationshipLabel": None}, "relationshipLabel.missing", "relationshipLabel"),
    ({"relationship": "OTHER", "relationshipLabel": " "}, "relationshipLabel.empty", "relationshipLabel"),
    ({"relationshipLabel": "x" * 101}, "relationshipLabel.tooLong", "relationshipLabel"),
    ({"relationshipLabel": "Aunt\u202e"}, "relationshipLabel.forbiddenCharacter", "relationshipLabel"),
    ({"roles": ["NEXT_OF_KIN"] * 11}, "roles.tooMany", "roles"),
    ({"note": "Call\u0000"}, "note.forbiddenCharacter", "note"),
    ({"note": "Call\u2067 after six"}, "note.forbiddenCharacter", "note"),
    ({"note": "x" * 2_001}, "note.tooLong", "note"),
)


@pytest.fixture(scope="module")
async def home(installation: Installation) -> AsyncIterator[Household]:
    """One household for every refusal of the module: none may change it."""
    found = await new_household(installation)
    async with unchanged(installation.database, found.practice):
        yield found


def with_fields(home: Household, mutation: str, place: str | None, fields: Input) -> Input:
    sent = deepcopy(home.inputs()[mutation])
    (sent if place is None else sent[place]).update(fields)
    return sent


async def refused(installation: Installation, home: Household, mutation: str, sent: Input) -> list[dict[str, Any]]:
    """The errors; nothing changed, and nothing that was typed comes back in a message."""
    async with unchanged(installation.database, home.practice):
        payload = await home.api.mutate(mutation, **sent)
    assert changed(payload) is None
    assert payload.get("removedContactId") is None
    assert payload["warnings"] == []
    errors: list[dict[str, Any]] = payload["errors"]
    assert errors
    return errors


def expected(reason: str, *path: str | None) -> tuple[str, str, str, list[str]]:
    parts = [part for piece in path if piece for part in piece.split(".")]
    return ("InvalidInput", "INVALID_INPUT", reason, parts)


def shown(error: dict[str, Any]) -> tuple[str, str, str, list[str]]:
    return (error["__typename"], error["code"], error["reason"], error["path"])


async def test_whatever_staff_may_do_has_an_input(home: Household) -> None:
    """Or says in `OTHERWISE` why not. All tables here and beside are made of these inputs."""
    assert home.inputs().keys() == set(MUTATIONS), "Household.inputs() in tests/contract/household.py"
    assert OTHERWISE.keys() <= set(OF_STAFF)


@pytest.mark.parametrize("mutation", MUTATIONS)
async def test_the_inputs_are_accepted_without_the_bad_value(installation: Installation, mutation: str) -> None:
    """Each refusal below is so due to the one value that it changes."""
    home = await new_household(installation, whole=mutation in OF_THE_WHOLE)
    payload = await home.api.mutate(mutation, **home.inputs()[mutation])
    assert payload["errors"] == []


@pytest.mark.parametrize("mutation", PERSON_AT)
@pytest.mark.parametrize(("fields", "reason", "path"), PERSON, ids=[case[1] + str(n) for n, case in enumerate(PERSON)])
async def test_a_persons_fields(
    installation: Installation, home: Household, mutation: str, fields: Input, reason: str, path: str
) -> None:
    place = PERSON_AT[mutation]
    errors = await refused(installation, home, mutation, with_fields(home, mutation, place, fields))
    assert [shown(error) for error in errors] == [expected(reason, place, path)]


@pytest.mark.parametrize("mutation", TERMS_AT)
@pytest.mark.parametrize(("fields", "reason", "path"), TERMS, ids=[case[1] + str(n) for n, case in enumerate(TERMS)])
async def test_an_edges_terms(
    installation: Installation, home: Household, mutation: str, fields: Input, reason: str, path: str
) -> None:
    place = TERMS_AT[mutation]
    errors = await refused(installation, home, mutation, with_fields(home, mutation, place, fields))
    assert [shown(error) for error in errors] == [expected(reason, place, path)]


@pytest.mark.parametrize("field", never_null())
async def test_an_explicit_null_toggle(installation: Installation, home: Household, field: str) -> None:
    sent = with_fields(home, "updateContact", "changes", {field: None})
    errors = await refused(installation, home, "updateContact", sent)
    assert [shown(error) for error in errors] == [expected(f"{field}.null", "changes", field)]


async def test_the_end_moves_before_a_start_that_stays(installation: Installation) -> None:
    home = await new_household(installation)
    contact = {"contactId": home.contact["id"], "expectedVersion": 2}
    await home.api.done("updateContact", **contact | {"expectedVersion": 1}, changes={"startsOn": "2026-06-10"})
    errors = await refused(installation, home, "updateContact", {**contact, "changes": {"endsOn": "2026-06-09"}})
    assert [shown(error) for error in errors] == [expected("endsOn.beforeStartsOn", "changes.endsOn")]
    same_day = await home.api.done("updateContact", **contact, changes={"endsOn": "2026-06-10"})
    assert (same_day["startsOn"], same_day["endsOn"]) == ("2026-06-10", "2026-06-10")


async def test_other_keeps_its_label(installation: Installation) -> None:
    home = await new_household(installation)
    changes = {"relationship": "OTHER", "relationshipLabel": "Godmother"}
    contact = {"contactId": home.contact["id"], "expectedVersion": 2}
    await home.api.done("updateContact", **contact | {"expectedVersion": 1}, changes=changes)
    errors = await refused(installation, home, "updateContact", {**contact, "changes": {"relationshipLabel": None}})
    assert [shown(error) for error in errors] == [expected("relationshipLabel.missing", "changes.relationshipLabel")]


@pytest.mark.parametrize(
    ("reason", "why"), [("x" * 501, "reason.tooLong"), (" ", "reason.empty"), ("\u202e", "reason.forbiddenCharacter")]
)
async def test_a_removals_reason(installation: Installation, home: Household, reason: str, why: str) -> None:
    sent = home.inputs()["removeContact"] | {"reason": reason}
    errors = await refused(installation, home, "removeContact", sent)
    assert [shown(error) for error in errors] == [expected(why, "reason")]


@pytest.mark.parametrize("mutation", [name for name in MUTATIONS if "notDuplicateOf" in input_of(name)])
async def test_too_many_rejected_candidates(installation: Installation, home: Household, mutation: str) -> None:
    sent = home.inputs()[mutation] | {"notDuplicateOf": [home.person] * 501}
    errors = await refused(installation, home, mutation, sent)
    assert [shown(error) for error in errors] == [expected("notDuplicateOf.tooMany", "notDuplicateOf")]


@pytest.mark.parametrize("mutation", PERSON_AT)
async def test_an_external_id_that_is_taken(installation: Installation, mutation: str) -> None:
    home = await new_household(installation)
    await home.api.done("addClient", person={"givenName": "Max", "externalId": "A-1"})
    place = PERSON_AT[mutation]
    sent = with_fields(home, mutation, place, {"externalId": "A-1"})
    errors = await refused(installation, home, mutation, sent)
    assert [shown(error) for error in errors] == [expected("externalId.taken", place, "externalId")]


async def test_a_form_sees_everything_that_is_wrong(installation: Installation, home: Household) -> None:
    sent = home.inputs()["addNewContact"] | {
        "person": {"givenName": "", "familyName": "x" * 201, "phones": ["12", "+442079460958"], "emails": ["nope"]},
        "relationship": "OTHER",
        "startsOn": "2026-06-10",
        "endsOn": "2026-06-09",
        "notDuplicateOf": ["nobody"] * 501,
    }
    errors = await refused(installation, home, "addNewContact", sent)
    assert [shown(error) for error in errors] == [
        expected("givenName.empty", "person.givenName"),
        expected("familyName.tooLong", "person.familyName"),
        expected("email.invalid", "person.emails.0"),
        expected("phone.impossible", "person.phones.0"),
        expected("notDuplicateOf.tooMany", "notDuplicateOf"),
        expected("relationshipLabel.missing", "relationshipLabel"),
        expected("endsOn.beforeStartsOn", "endsOn"),
    ]
