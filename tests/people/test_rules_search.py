"""Find Contact: search before adding, and use what is in the system (S5, S6, S10, S11)."""

from typing import Any

import pytest

from tests.api import Api

FIND = """query ($search: String!, $client: ID, $first: Int, $after: String) {
  findContacts(search: $search, forClientId: $client, first: $first, after: $after) {
    nodes { score matchedOn isClient clientCount existingContact { id }
      person { id displayName emails phones birthDate } }
    pageInfo { hasNextPage endCursor } } }"""


async def find(api: Api, search: str, **variables: Any) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = (await api.query(FIND, search=search, **variables))["findContacts"]["nodes"]
    return nodes


async def names(api: Api, search: str, **variables: Any) -> list[str]:
    return [match["person"]["displayName"] for match in await find(api, search, **variables)]


async def test_s5_search_before_adding_shows_whether_they_are_in_the_network(api: Api) -> None:
    client = await api.client("Ana")
    contact = await api.contact(client["id"], "Lucía")
    match = (await find(api, "Lucía García", client=client["id"]))[0]
    assert match["person"]["id"] == contact["person"]["id"]
    assert match["existingContact"] == {"id": contact["id"]}
    assert (match["isClient"], match["clientCount"]) == (False, 1)
    other = await api.client("Bea")
    assert (await find(api, "Lucía García", client=other["id"]))[0]["existingContact"] is None


async def test_s5_the_client_is_not_offered_as_their_own_contact(api: Api) -> None:
    client = await api.client("Ana", "García")
    assert await names(api, "Ana García", client=client["id"]) == []
    assert await names(api, "Ana García") == ["Ana García"]


async def test_s6_a_contact_of_another_client_is_reused(api: Api) -> None:
    a, b = await api.client("Ana"), await api.client("Bea")
    known = (await api.contact(a["id"], "Lucía", person={"emails": ["lucia@example.org"]}))["person"]
    contact = await api.done("addExistingContact", clientId=b["id"], personId=known["id"], relationship="AUNT")
    assert contact["person"]["id"] == known["id"]
    match = (await find(api, "lucia@example.org"))[0]
    assert (match["clientCount"], match["isClient"]) == (2, False)
    clients = {
        found["client"]["id"]: found["relationship"] for found in await api.network(known["id"], side="contactOf")
    }
    assert clients == {a["id"]: "PARENT", b["id"]: "AUNT"}


async def test_s6_a_client_is_reused(api: Api) -> None:
    a, b = await api.client("Ana"), await api.client("Bea")
    await api.done("addExistingContact", clientId=a["id"], personId=b["id"], relationship="SIBLING")
    match = (await find(api, "Bea"))[0]
    assert (match["person"]["id"], match["isClient"], match["clientCount"]) == (b["id"], True, 1)


async def test_s10_existing_contact_or_client_in_one_flow(api: Api) -> None:
    """One search offers both kinds; whichever is chosen is sent to the same mutation."""
    client, other = await api.client("Ana", "Vidal"), await api.client("Lucía", "Soto")
    await api.contact(other["id"], "Lucía", person={"familyName": "Vega"})
    offered = await find(api, "Lucía", client=client["id"])
    assert sorted((m["person"]["displayName"], m["isClient"]) for m in offered) == [
        ("Lucía Soto", True),
        ("Lucía Vega", False),
    ]
    for match in offered:
        await api.done(
            "addExistingContact", clientId=client["id"], personId=match["person"]["id"], relationship="FRIEND"
        )
    assert len(await api.network(client["id"])) == 2


async def test_s11_search_shows_contact_information(api: Api) -> None:
    client = await api.client()
    details = {"emails": ["lucia@example.org"], "phones": ["+442079460958"], "birthDate": "1970-02-28"}
    await api.contact(client["id"], "Lucía", person=details)
    shown = (await find(api, "lucía"))[0]["person"]
    assert {name: shown[name] for name in details} == details


@pytest.mark.parametrize(
    ("search", "field"),
    [
        ("Lucía", "NAME"),
        ("luc", "NAME"),
        ("garcia lucia", "NAME"),
        ("Luchi", "PREFERRED_NAME"),
        ("LUCIA@example.org", "EMAIL"),
        ("020 7946 0958", "PHONE"),
        ("+44 20 7946 0958", "PHONE"),
        ("1970-02-28", "BIRTH_DATE"),
    ],
)
async def test_s11_found_by(api: Api, search: str, field: str) -> None:
    client = await api.client("Max", "Frost")
    person = {
        "preferredName": "Luchi",
        "emails": ["lucia@example.org"],
        "phones": ["+442079460958"],
        "birthDate": "1970-02-28",
    }
    contact = await api.contact(client["id"], "Lucía", person=person)
    found = await find(api, search)
    assert [match["person"]["id"] for match in found] == [contact["person"]["id"]]
    assert found[0]["matchedOn"] == [field]
    assert 0 < found[0]["score"] <= 1


async def test_s11_every_part_must_match_otherwise_search_again(api: Api) -> None:
    client = await api.client("Max", "Frost")
    await api.contact(client["id"], "Lucía", person={"birthDate": "1970-02-28"})
    assert await names(api, "Lucía 1970-02-28") == ["Lucía García"]
    assert await names(api, "Lucía 1971-02-28") == []
    assert await names(api, "Lucía Frost") == []
    assert await names(api, "") == []


async def test_s11_best_match_comes_first_and_pages_go_on(api: Api) -> None:
    client = await api.client("Max", "Frost")
    for given in ("Anastasia", "Ana", "Anabel"):
        await api.contact(client["id"], given)
    pages, after = [], None
    for _ in range(3):
        page = (await api.query(FIND, search="Ana García", first=1, after=after))["findContacts"]
        pages += [match["person"]["displayName"] for match in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert pages == ["Ana García", "Anabel García", "Anastasia García"]
    assert page["pageInfo"]["hasNextPage"] is False
    assert pages == await names(api, "Ana García")


async def test_d10_search_ignores_case_and_accents(api: Api) -> None:
    await api.client("Zoë", "Müller-Ångström")
    await api.client("İbrahim", "Yıldız")
    await api.client("Łukasz", "Øster")
    await api.client("Στέλλα", "Πάππου")
    for search in ("zoe muller", "ZOË", "angstrom", "muller-angstrom", "Zoe\u0308 Mu\u0308ller"):
        assert await names(api, search) == ["Zoë Müller-Ångström"], search
    assert await names(api, "ibrahim yildiz") == ["İbrahim Yıldız"]
    assert await names(api, "lukasz oster") == ["Łukasz Øster"]
    assert await names(api, "ΣΤΕΛΛΑ παππου") == ["Στέλλα Πάππου"]


@pytest.mark.parametrize("search", ["דוד", "בן", "גוריון", "בן־גוריון", "גוריון דוד", "דָּוִד"])
async def test_d10_a_hyphen_parts_words_in_any_script(api: Api, search: str) -> None:
    await api.client("דוד", "בן־גוריון")
    assert await names(api, search) == ["דוד בן־גוריון"]


@pytest.mark.parametrize("name", ["राम", "สมชาย", "עֲדִינָה", "محمد", "王小明", "👩🏽‍⚕️"])
async def test_d10_search_in_any_script(api: Api, name: str) -> None:
    await api.client(name, "Frost")
    await api.client("Ana", "Frost")
    assert await names(api, name) == [f"{name} Frost"]


async def test_d10_vowel_signs_are_part_of_a_word(api: Api) -> None:
    """Scripts that write vowels as signs: राम and रीमा are not one name."""
    await api.client("राम", "Frost")
    await api.client("रीमा", "Frost")
    assert await names(api, "राम") == ["राम Frost"]
    assert await names(api, "रीमा") == ["रीमा Frost"]
