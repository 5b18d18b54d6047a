"""Nothing is ever shared between two practices: not a row, not a count, not a cursor, not a hint."""

import base64
import re
from typing import Any

import pytest

from graph_api.engine.statements import Dialect, cypher_root, load_statements, statement_texts
from tests.api import Api, Installation
from tests.contract.household import Household, new_household

SHARED: dict[str, Any] = {
    "givenName": "Lucía",
    "familyName": "Vidal",
    "birthDate": "1970-02-28",
    "emails": ["shared@example.org"],
    "phones": ["+442079460958"],
    "externalId": "A-1",
}
EVERYWHERE = """
query ($id: ID!, $ids: [ID!]!, $find: String!) {
  node(id: $id) { id } nodes(ids: $ids) { id } person(id: $id) { id } client(id: $id) { id }
  findContacts(search: $find, forClientId: $id) { nodes {
    clientCount existingContact { id } person { id displayName } } }
  clients(filter: {statuses: [ACTIVE, INACTIVE, ARCHIVED]}) { totalCount nodes { id displayName
    contactNetwork(filter: {statuses: [UPCOMING, IN_FORCE, EXPIRED, REMOVED]}) { totalCount nodes { id person { id
      contactOf { totalCount nodes { id client { id } } } } } }
    contactOf { totalCount nodes { id client { id } reciprocal { id } } } } }
}"""
LISTS = {
    "clients": "{ clients(first: 1%s) { pageInfo { endCursor } } }",
    "findContacts": '{ findContacts(search: "garcia", first: 1%s) { pageInfo { endCursor } } }',
    "contactNetwork": "query ($id: ID!) { person(id: $id) { contactNetwork(first: 1%s) { pageInfo { endCursor } } } }",
    "contactOf": "query ($id: ID!) { person(id: $id) { contactOf(first: 1%s) { pageInfo { endCursor } } } }",
}


@pytest.fixture(scope="module")
async def home(installation: Installation) -> Household:
    return await new_household(installation, whole=True)


@pytest.fixture(scope="module")
async def away(installation: Installation) -> Household:
    """The same names, so that only the practice tells them apart, and a removed contact."""
    found = await new_household(installation, whole=True)
    gone = await found.api.contact(found.client["id"], "Max")
    await found.api.done("removeContact", contactId=gone["id"], expectedVersion=1)
    return found


def ids_in(value: Any) -> set[str]:
    """Every id in an answer."""
    return set(re.findall(r"(?:person|contact|practice)_[0-9a-f]{32}", repr(value)))


async def everything(home: Household) -> set[str]:
    """Ids that a practice's own staff can read."""
    found = {home.practice.id, home.contact["id"]}
    for search in ("garcia", "lucia@example.org"):
        ids = [home.person, home.contact["id"]]
        found |= ids_in(await home.api.query(EVERYWHERE, id=home.client["id"], ids=ids, find=search))
    return found


async def cursor_of(api: Api, name: str, person: str) -> str:
    answer = await api.query(LISTS[name] % "", id=person)
    (cursor,) = re.findall(r"'endCursor': '([^']+)'", repr(answer))
    return str(cursor)


async def code_of(api: Api, query: str, **variables: Any) -> str:
    (error,) = (await api.execute(query, **variables))["errors"]
    return str(error["extensions"]["code"])


async def test_no_answer_holds_another_practices_id(home: Household, away: Household) -> None:
    theirs = await everything(away)
    ours = await everything(home)
    assert len(ours) == 9
    assert ours & theirs == set()
    assert len(theirs) == 11


async def test_foreign_ids_are_not_found(home: Household, away: Household) -> None:
    foreign = sorted(await everything(away))
    nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert (await home.api.query(nodes, ids=[*foreign, home.person]))["nodes"] == [
        *[None] * len(foreign),
        {"id": home.person},
    ]
    for node_id in foreign:
        answer = await home.api.query(EVERYWHERE, id=node_id, ids=[node_id], find="garcia")
        assert {name: answer[name] for name in ("node", "person", "client")} == dict.fromkeys(
            ("node", "person", "client")
        )
        assert ids_in(answer) & set(foreign) == set()
        matches = answer["findContacts"]["nodes"]
        assert len(matches) == 4
        assert [match["existingContact"] for match in matches] == [None] * 4


@pytest.mark.parametrize("search", ["Lucía Vidal", "shared@example.org", "020 7946 0958", "1970-02-28"])
async def test_find_contacts_finds_ones_own(installation: Installation, search: str) -> None:
    one, two = [installation.api(await installation.practice()) for _ in range(2)]
    find = "query ($s: String!) { findContacts(search: $s) { nodes { clientCount person { id } } } }"
    first = await one.done("addClient", person=SHARED)
    assert (await two.query(find, s=search))["findContacts"]["nodes"] == []
    second = await two.done("addClient", person=SHARED)
    for api, person in ((one, first), (two, second)):
        nodes = (await api.query(find, s=search))["findContacts"]["nodes"]
        assert nodes == [{"clientCount": 0, "person": {"id": person["id"]}}]


async def test_d9_another_practices_people_are_no_duplicates(installation: Installation) -> None:
    """S18 is about this system's practice: elsewhere the same person is new, without a warning."""
    one, two = [installation.api(await installation.practice()) for _ in range(2)]
    await one.done("addClient", person=SHARED)
    payload = await two.mutate("addClient", person=SHARED)
    assert (payload["errors"], payload["warnings"]) == ([], [])
    third = await two.mutate("addClient", person={"givenName": "Max", "phones": SHARED["phones"]})
    assert [len(warning["persons"]) for warning in third["warnings"]] == [1]


async def test_external_ids_are_each_practices_own(installation: Installation) -> None:
    one, two = [installation.api(await installation.practice()) for _ in range(2)]
    by_key = '{ personByExternalId(externalId: "A-1") { id } }'
    first = await one.done("addClient", person=SHARED)
    assert (await two.query(by_key))["personByExternalId"] is None
    second = await two.done("addClient", person=SHARED)
    assert (await one.query(by_key))["personByExternalId"] == {"id": first["id"]}
    assert (await two.query(by_key))["personByExternalId"] == {"id": second["id"]}


async def test_clients_and_their_count_are_ones_own(installation: Installation) -> None:
    one, two = [installation.api(await installation.practice()) for _ in range(2)]
    await one.client()
    clients = "{ clients(%s) { totalCount nodes { displayName } } }"
    for page in ("first: 100", "last: 100"):
        assert (await two.query(clients % page))["clients"] == {"totalCount": 0, "nodes": []}


async def test_the_viewer_is_of_one_practice(home: Household, away: Household) -> None:
    viewer = "{ viewer { id practice { id name timeZone } } }"
    ours, theirs = [(await found.api.query(viewer))["viewer"] for found in (home, away)]
    assert (ours["practice"]["id"], theirs["practice"]["id"]) == (home.practice.id, away.practice.id)
    assert ours["id"] != theirs["id"]


@pytest.mark.parametrize("name", LISTS)
async def test_a_foreign_cursor_is_invalid(home: Household, away: Household, name: str) -> None:
    person = "sibling" if name == "contactOf" else "client"
    own_id, foreign_id = [
        found.sibling["person"]["id"] if person == "sibling" else found.client["id"] for found in (home, away)
    ]
    own, foreign = await cursor_of(home.api, name, own_id), await cursor_of(away.api, name, foreign_id)
    assert await code_of(home.api, LISTS[name] % f', after: "{foreign}"', id=own_id) == "INVALID_CURSOR"
    assert "errors" not in await home.api.execute(LISTS[name] % f', after: "{own}"', id=own_id)


@pytest.mark.parametrize("name", LISTS)
async def test_a_cursor_belongs_to_its_list(home: Household, name: str) -> None:
    ids = {other: home.sibling["person"]["id"] if other == "contactOf" else home.client["id"] for other in LISTS}
    cursor = await cursor_of(home.api, name, ids[name])
    for other in LISTS.keys() - {name}:
        query = LISTS[other] % f', after: "{cursor}"'
        assert await code_of(home.api, query, id=ids[other]) == "INVALID_CURSOR"


@pytest.mark.parametrize("name", LISTS)
async def test_a_cursor_belongs_to_its_filter(home: Household, name: str) -> None:
    person = home.sibling["person"]["id"] if name == "contactOf" else home.client["id"]
    cursor = await cursor_of(home.api, name, person)
    narrowed = {
        "clients": ["filter: {statuses: [ACTIVE]}"],
        "findContacts": [f'forClientId: "{home.other["id"]}"'],
    }.get(
        name,
        [
            "filter: {statuses: [IN_FORCE]}",
            "filter: {portalAccess: false}",
            "filter: {roles: [NEXT_OF_KIN]}",
            "filter: {relationships: []}",
        ],
    )
    for arguments in narrowed:
        query = LISTS[name] % f', after: "{cursor}", {arguments}'
        assert await code_of(home.api, query, id=person) == "INVALID_CURSOR"
    if name == "findContacts":
        query = LISTS[name].replace("garcia", "ana") % f', after: "{cursor}"'
        assert await code_of(home.api, query) == "INVALID_CURSOR"


async def test_the_same_filter_in_other_words_takes_the_cursor(home: Household) -> None:
    cursor = await cursor_of(home.api, "clients", "")
    query = LISTS["clients"] % f', after: "{cursor}", filter: {{statuses: [INACTIVE, ACTIVE, ACTIVE]}}'
    assert "errors" not in await home.api.execute(query)


@pytest.mark.parametrize("name", LISTS)
async def test_a_cursor_can_not_be_made_up_and_holds_no_names(home: Household, name: str) -> None:
    person = home.sibling["person"]["id"] if name == "contactOf" else home.client["id"]
    cursor = await cursor_of(home.api, name, person)
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    assert not any(text in raw.lower() for text in (b"garc", b"alba", "lucía".encode()))
    for position in (0, len(raw) // 2, len(raw) - 1):
        forged = bytearray(raw)
        forged[position] ^= 1
        text = base64.urlsafe_b64encode(bytes(forged)).decode().rstrip("=")
        assert await code_of(home.api, LISTS[name] % f', after: "{text}"', id=person) == "INVALID_CURSOR"


@pytest.mark.parametrize("dialect", Dialect)
def test_every_statement_about_people_is_scoped(dialect: Dialect) -> None:
    statements = load_statements(dialect)
    scoped = {name: found for name, found in statements.items() if name.rpartition("/")[0] != "practices"}
    assert len(scoped) > 30
    for name, found in scoped.items():
        assert re.search(r"\$practice\b", found.text), name
        assert found.params["practice"] == "STRING", name


def test_every_file_is_scoped() -> None:
    """Past the loader's checks: overlays of any engine too, the words in comments not counted."""
    texts = {(path, name): text for dialect in Dialect for path, name, text in statement_texts(dialect)}
    assert {path for path, _ in texts} == {
        path for path in cypher_root().rglob("*.cypher") if path.parent.name != "schema"
    }
    scoped = {place: text for place, text in texts.items() if place[0].parent != cypher_root() / "practices"}
    assert len(scoped) > 30
    for (path, name), text in scoped.items():
        body = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))
        assert re.search(r"(?:practice\s*(?:[:=]|IN \[)|:Practice \{id:)\s*\$practice\b", body), (path, name)
