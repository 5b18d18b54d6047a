"""New or existing? What S18 refuses, what only warns, and what is shown to decide by (S16, S18, D9)."""

from typing import Any

import pytest

from graph_api.network.audit import TERMS_FIELDS
from tests.api import Api

LUCIA: dict[str, Any] = {
    "givenName": "Lucía",
    "familyName": "Vidal Soto",
    "preferredName": "Luchi",
    "birthDate": "1970-02-28",
    "emails": ["lucia@example.org"],
    "phones": ["+442079460958"],
}


async def known_contact(api: Api, **person: Any) -> dict[str, Any]:
    """Somebody in the network of a client of their own."""
    other = await api.client("Zacarías", "Otero")
    added: dict[str, Any] = await api.done(
        "addNewContact", clientId=other["id"], person={**LUCIA, **person}, relationship="SIBLING"
    )
    return added


async def refused_as_new(api: Api, client_id: str, person: dict[str, Any], **values: Any) -> list[dict[str, Any]]:
    values = {"relationship": "PARENT", **values}
    error = await api.refused("addNewContact", clientId=client_id, person=person, **values)
    assert (error["__typename"], error["code"]) == ("ContactAlreadyExists", "CONTACT_ALREADY_EXISTS")
    assert error["path"] == ["person"]
    candidates: list[dict[str, Any]] = error["candidates"]
    return candidates


async def test_s16_new_is_who_was_never_in_the_system(api: Api) -> None:
    client = await api.client()
    contact = await api.done("addNewContact", clientId=client["id"], person=LUCIA, relationship="PARENT")
    assert contact["version"] == 1
    other = await api.client("Bea")
    await refused_as_new(api, other["id"], LUCIA)


async def test_s16_a_removed_contact_was_in_the_system(api: Api) -> None:
    contact = await known_contact(api)
    await api.done("removeContact", contactId=contact["id"], expectedVersion=1)
    client = await api.client()
    candidates = await refused_as_new(api, client["id"], LUCIA)
    assert candidates[0]["person"]["id"] == contact["person"]["id"]


async def test_s18_refused_with_the_existing_person(api: Api) -> None:
    known = (await known_contact(api))["person"]
    client = await api.client()
    candidates = await refused_as_new(api, client["id"], LUCIA)
    assert [candidate["person"]["id"] for candidate in candidates] == [known["id"]]
    assert await api.network(client["id"]) == []


@pytest.mark.parametrize(
    ("person", "fields"),
    [
        ({"givenName": "Lucía", "familyName": "Vidal Soto", "phones": ["020 7946 0958"]}, {"NAME", "PHONE"}),
        ({"givenName": "L.", "familyName": "Vidal", "phones": ["+442079460958"]}, {"NAME", "PHONE"}),
        ({"givenName": "Luchi", "familyName": "Soto", "emails": ["LUCIA@EXAMPLE.ORG"]}, {"NAME", "EMAIL"}),
        ({"givenName": "lucia", "emails": ["lucia@example.org"]}, {"NAME", "EMAIL"}),
        ({"familyName": "VIDAL", "emails": ["lucia@example.org"]}, {"NAME", "EMAIL"}),
        ({"givenName": "Vidal Soto", "familyName": "Lucía", "phones": ["+442079460958"]}, {"NAME", "PHONE"}),
        ({"givenName": "LUCIA", "familyName": "Vidal-Soto", "birthDate": "1970-02-28"}, {"NAME", "BIRTH_DATE"}),
    ],
)
async def test_d9_match(api: Api, person: dict[str, Any], fields: set[str]) -> None:
    """The same phone or e-mail and a compatible name, or the same full name and birth date."""
    await known_contact(api)
    client = await api.client()
    candidates = await refused_as_new(api, client["id"], person)
    assert [candidate["grade"] for candidate in candidates] == ["MATCH"]
    assert {item["field"] for item in candidates[0]["evidence"]} == fields
    assert all(0 < item["weight"] <= 1 and item["explanation"] for item in candidates[0]["evidence"])
    assert 0 < candidates[0]["score"] <= 1


async def test_d9_father_and_son_are_possible(api: Api) -> None:
    """One name, one phone, two birth dates: still refused unless named, but graded lower."""
    await known_contact(api)
    client = await api.client()
    candidates = await refused_as_new(api, client["id"], LUCIA | {"birthDate": "1995-06-01"})
    assert [candidate["grade"] for candidate in candidates] == ["POSSIBLE"]
    assert "BIRTH_DATE" not in {item["field"] for item in candidates[0]["evidence"]}


@pytest.mark.parametrize("birth_dates", [(None, "1970-02-28"), ("1970-02-28", None), (None, None)])
async def test_d9_an_unknown_birth_date_stays_a_match(api: Api, birth_dates: tuple[str | None, str | None]) -> None:
    await known_contact(api, birthDate=birth_dates[0])
    client = await api.client()
    candidates = await refused_as_new(api, client["id"], LUCIA | {"birthDate": birth_dates[1]})
    assert [candidate["grade"] for candidate in candidates] == ["MATCH"]


@pytest.mark.parametrize(
    "person",
    [
        {"givenName": "Lucía", "familyName": "Vidal Soto"},
        {"givenName": "Lucía", "familyName": "Vidal Soto", "birthDate": "1971-02-28"},
        {"givenName": "Lucía", "familyName": "Vidal", "birthDate": "1970-02-28"},
        {"givenName": "Eva", "familyName": "Otero", "birthDate": "1970-02-28"},
    ],
)
async def test_d9_namesakes_go_through(api: Api, person: dict[str, Any]) -> None:
    await known_contact(api)
    client = await api.client()
    payload = await api.mutate("addNewContact", clientId=client["id"], person=person, relationship="AUNT")
    assert (payload["errors"], payload["warnings"]) == ([], [])


@pytest.mark.parametrize("names", [("राम", "रीमा"), ("🙂", "🎉"), ("-", "?")])
async def test_d9_names_in_any_script_are_told_apart(api: Api, names: tuple[str, str]) -> None:
    """One birth date and one phone, two names: neither rule is met."""
    shared = {"birthDate": "1970-02-28", "phones": ["+442079460958"]}
    await api.done("addClient", person={"givenName": names[0], **shared})
    payload = await api.mutate("addClient", person={"givenName": names[1], **shared})
    assert payload["errors"] == []
    assert [warning["code"] for warning in payload["warnings"]] == ["SHARED_CONTACT_POINT"]
    error = await api.refused("addClient", person={"givenName": names[0], **shared})
    assert error["__typename"] == "ContactAlreadyExists"


@pytest.mark.parametrize("point", [{"phones": ["020 7946 0958"]}, {"emails": ["Lucia@Example.org"]}])
async def test_d9_a_shared_contact_point_alone_only_warns(api: Api, point: dict[str, Any]) -> None:
    known = (await known_contact(api))["person"]
    client = await api.client()
    person = {"givenName": "Mateo", "familyName": "Vidal Soto", **point}
    payload = await api.mutate("addNewContact", clientId=client["id"], person=person, relationship="SIBLING")
    assert payload["errors"] == []
    assert payload["contact"]["person"]["displayName"] == "Mateo Vidal Soto"
    warning = payload["warnings"][0]
    assert (warning["code"], warning["path"]) == ("SHARED_CONTACT_POINT", ["person"])
    assert [person["id"] for person in warning["persons"]] == [known["id"]]


async def test_d9_candidates_are_ranked_with_their_evidence(api: Api) -> None:
    strong = (await known_contact(api))["person"]
    weak = await api.done(
        "addClient", person={"givenName": "L.", "emails": ["lucia@example.org"]}, notDuplicateOf=[strong["id"]]
    )
    different = LUCIA | {"birthDate": "1995-06-01", "emails": [], "preferredName": None}
    junior = await api.done("addClient", person=different, notDuplicateOf=[strong["id"]])
    client = await api.client()
    candidates = await refused_as_new(api, client["id"], LUCIA)
    assert [c["person"]["id"] for c in candidates] == [strong["id"], weak["id"], junior["id"]]
    assert [c["grade"] for c in candidates] == ["MATCH", "MATCH", "POSSIBLE"]
    scores = [c["score"] for c in candidates]
    assert scores == sorted(set(scores), reverse=True)
    evidence = {item["field"] for item in candidates[0]["evidence"]}
    assert evidence == {"NAME", "EMAIL", "PHONE", "BIRTH_DATE"}


async def test_d9_add_client_is_checked_too(api: Api) -> None:
    known = (await known_contact(api))["person"]
    error = await api.refused("addClient", person=LUCIA)
    assert (error["__typename"], error["path"]) == ("ContactAlreadyExists", ["person"])
    candidate = error["candidates"][0]
    assert candidate["person"]["id"] == known["id"]
    assert (candidate["existingContact"], candidate["addExisting"]) == (None, None)


async def test_s18_the_draft_is_sent_back_unchanged(api: Api) -> None:
    known = (await known_contact(api))["person"]
    client = await api.client()
    terms: dict[str, Any] = {
        "relationship": "OTHER",
        "relationshipLabel": "Godmother",
        "roles": ["NEXT_OF_KIN"],
        "portalAccess": True,
        "secureMessaging": True,
        "payments": False,
        "appointmentReminders": True,
        "startsOn": "2020-01-01",
        "endsOn": "2120-01-01",
        "note": "Speaks Galician.",
        "authority": {"kind": "COURT_ORDER", "documentReference": "Safe, drawer 2", "endsOn": "2120-01-01"},
    }
    assert terms.keys() == set(TERMS_FIELDS)
    draft = (await refused_as_new(api, client["id"], LUCIA, **terms))[0]["addExisting"]
    assert draft == {"clientId": client["id"], "personId": known["id"], **terms}
    contact = await api.done("addExistingContact", **draft)
    assert contact["person"]["id"] == known["id"]
    assert {name: contact[name] for name in terms} == terms


async def test_s18_a_guardianship_that_was_typed_is_not_lost(api: Api) -> None:
    """Also where only its kind was typed: the draft's nulls are sent back too."""
    await known_contact(api)
    client = await api.client()
    draft = (await refused_as_new(api, client["id"], LUCIA, authority={"kind": "LEGAL_GUARDIAN"}))[0]["addExisting"]
    contact = await api.done("addExistingContact", **draft)
    assert contact["authority"] == {"kind": "LEGAL_GUARDIAN", "documentReference": None, "endsOn": None}


async def test_s18_the_draft_of_the_plainest_input_works(api: Api) -> None:
    await known_contact(api)
    client = await api.client()
    draft = (await refused_as_new(api, client["id"], LUCIA))[0]["addExisting"]
    assert draft["roles"] == []
    assert (await api.done("addExistingContact", **draft))["relationship"] == "PARENT"


@pytest.mark.parametrize("dates", [{}, {"startsOn": "2120-01-01"}, {"endsOn": "2001-01-01"}])
async def test_s18_a_candidate_in_the_network_shows_their_contact(api: Api, dates: dict[str, str]) -> None:
    """D3: an expired or upcoming contact counts."""
    client = await api.client()
    contact = await api.done("addNewContact", clientId=client["id"], person=LUCIA, relationship="AUNT", **dates)
    candidate = (await refused_as_new(api, client["id"], LUCIA))[0]
    assert candidate["existingContact"] == {"id": contact["id"]}
    assert candidate["addExisting"] is None


async def test_s18_the_client_themselves_has_no_draft(api: Api) -> None:
    client = await api.done("addClient", person=LUCIA)
    candidate = (await refused_as_new(api, client["id"], LUCIA))[0]
    assert candidate["person"]["id"] == client["id"]
    assert candidate["addExisting"] is None
