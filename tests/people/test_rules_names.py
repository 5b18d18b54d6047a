"""Names as people have them (D10)."""

import pytest

from tests.api import Api

PERSON = """query ($id: ID!) { person(id: $id) { displayName givenName familyName preferredName
  address { lines city } externalId externalIds { system value } } }"""
AS_GIVEN = (
    "Zoe\u0308",  # decomposed: not composed for them
    "Zoë",
    "\u1112\u1161\u11ab\u1100\u1173\u11af",  # Hangul letter by letter
    "👩🏽‍⚕️",  # joined emoji with a skin tone
    "عَبْدُ ٱللَّٰه",
    "کریم\u200cزاده",  # a zero-width non-joiner belongs to the spelling
    "בן־גוריון",
    "D’Angelo",
    "O'Brien-ß",
    "李小龍",
    "𠮷野",  # outside the basic plane
    "ﬁ",
    "X Æ A-12",
    "null",
    "Robert'); MATCH (n) DETACH DELETE n //",
    "\u200fאנה",  # a mark, not an override
)


@pytest.mark.parametrize(
    ("person", "display"),
    [
        ({"givenName": "Victoria"}, "Victoria"),
        ({"familyName": "Suharto"}, "Suharto"),
        ({"givenName": "Victoria", "familyName": "Hanover"}, "Victoria Hanover"),
        ({"givenName": "Alexandrina", "preferredName": "Victoria"}, "Victoria"),
        ({"givenName": "Alexandrina", "familyName": "Hanover", "preferredName": "Vicky"}, "Vicky Hanover"),
        ({"familyName": "Hanover", "preferredName": "Vicky"}, "Vicky Hanover"),
    ],
)
async def test_d10_a_name_may_lack_either_part(api: Api, person: dict[str, str], display: str) -> None:
    assert (await api.done("addClient", person=person))["displayName"] == display


@pytest.mark.parametrize("person", [{}, {"preferredName": "Vicky"}, {"givenName": None, "familyName": None}])
async def test_d10_but_never_both(api: Api, person: dict[str, str | None]) -> None:
    error = await api.refused("addClient", person=person)
    assert (error["__typename"], error["reason"], error["path"]) == ("InvalidInput", "name.missing", ["person"])


async def test_d10_an_update_keeps_one_part(api: Api) -> None:
    client = await api.client("Ana", "García")
    sent = {"personId": client["id"], "expectedVersion": 1}
    error = await api.refused("updatePerson", **sent, changes={"givenName": None, "familyName": None})
    assert (error["reason"], error["path"]) == ("name.missing", ["changes"])
    mononym = await api.done("updatePerson", **sent, changes={"familyName": None})
    assert mononym["displayName"] == "Ana"
    sent["expectedVersion"] = 2
    assert (await api.refused("updatePerson", **sent, changes={"givenName": None}))["reason"] == "name.missing"
    other = await api.done("updatePerson", **sent, changes={"givenName": None, "familyName": "Vega"})
    assert other["displayName"] == "Vega"


@pytest.mark.parametrize("text", AS_GIVEN)
async def test_d10_unicode_as_given(api: Api, text: str) -> None:
    """Code point by code point, in every text of a person and of an edge."""
    address = {"lines": [text, text], "city": text}
    names = {"givenName": text, "familyName": text, "preferredName": text}
    client = await api.done("addClient", person={**names, "address": address, "externalId": text})
    person = (await api.query(PERSON, id=client["id"]))["person"]
    assert person == {
        **names,
        "displayName": f"{text} {text}",
        "address": address,
        "externalId": text,
        "externalIds": [{"system": "import", "value": text}],
    }
    by_key = await api.query("query ($x: String!) { personByExternalId(externalId: $x) { id } }", x=text)
    assert by_key["personByExternalId"] == {"id": client["id"]}
    terms = {"relationship": "OTHER", "relationshipLabel": text, "note": f"{text}\n\t{text}"}
    contact = await api.contact(client["id"], **terms)
    assert (contact["relationshipLabel"], contact["note"]) == (text, f"{text}\n\t{text}")


async def test_d10_the_longest_name(api: Api) -> None:
    for text in ("x" * 200, "👩" * 200, "ë" * 200):
        client = await api.done("addClient", person={"givenName": text, "familyName": text})
        assert (client["givenName"], client["familyName"]) == (text, text)


async def test_d10_clients_are_ordered_without_case_and_accents(api: Api) -> None:
    names = [("Zoë", "álvarez"), ("Ana", "Alvarez"), ("Eva", "ÁLVAREZ"), ("Max", "Östberg"), ("Ann", "Otter")]
    for given, family in names:
        await api.client(given, family)
    await api.done("addClient", person={"givenName": "Victoria"})
    listed = (await api.query("{ clients { nodes { displayName } } }"))["clients"]["nodes"]
    assert [row["displayName"] for row in listed] == [
        "Victoria",
        "Ana Alvarez",
        "Eva ÁLVAREZ",
        "Zoë álvarez",
        "Max Östberg",
        "Ann Otter",
    ]


async def test_d10_a_renamed_person_moves_and_is_found_by_the_new_name_alone(api: Api) -> None:
    client = await api.client("Ana", "Zorn")
    await api.client("Eva", "Moll")
    await api.done("updatePerson", personId=client["id"], expectedVersion=1, changes={"familyName": "Alonso"})
    listed = (await api.query("{ clients { nodes { displayName } } }"))["clients"]["nodes"]
    assert [row["displayName"] for row in listed] == ["Ana Alonso", "Eva Moll"]
    find = "query ($s: String!) { findContacts(search: $s) { nodes { person { id } } } }"
    assert (await api.query(find, s="zorn"))["findContacts"]["nodes"] == []
    assert (await api.query(find, s="alonso"))["findContacts"]["nodes"] == [{"person": {"id": client["id"]}}]
