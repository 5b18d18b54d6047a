"""Arguments of queries, and values no input can hold: top-level errors that tell a code, not what was typed."""

from typing import Any

import pytest
from graphql import GraphQLList, get_named_type, get_nullable_type

from tests.api import Api, Installation
from tests.contract.household import MUTATIONS, Household, Input, new_household
from tests.contract.practice_graph import unchanged
from tests.declared import input_type

FILTERS = {
    name: field.type
    for name, field in input_type("ContactFilter").fields.items()
    if isinstance(get_nullable_type(field.type), GraphQLList)
}
"""Each of enums, whose last value nothing in the household has."""
LISTS = ("clients", "contactNetwork", "contactOf", "findContacts")


@pytest.fixture(scope="module")
async def home(installation: Installation) -> Household:
    return await new_household(installation)


def document(name: str, arguments: str) -> str:
    """A list with arguments, as a document about the person $id."""
    if name == "clients":
        return f"{{ clients{arguments} {{ nodes {{ id }} pageInfo {{ endCursor }} }} }}"
    if name == "findContacts":
        inner = arguments.removeprefix("(").removesuffix(")")
        found = f'findContacts(search: "garcia", {inner}) {{ nodes {{ score }} pageInfo {{ endCursor }} }}'
        return f"{{ {found} }}"
    return (
        f"query ($id: ID!) {{ person(id: $id) {{ {name}{arguments} {{ nodes {{ id }} pageInfo {{ endCursor }} }} }} }}"
    )


async def code_of(api: Api, query: str, **variables: Any) -> str:
    answer = await api.execute(query, **variables)
    (error,) = answer["errors"]
    code: str = error["extensions"]["code"]
    return code


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("arguments", ["(first: 0)", "(first: -1)", "(first: 101)", "(first: 2147483647)"])
async def test_invalid_page(home: Household, name: str, arguments: str) -> None:
    assert await code_of(home.api, document(name, arguments), id=home.client["id"]) == "INVALID_PAGE"


@pytest.mark.parametrize("name", LISTS[:3])
@pytest.mark.parametrize(
    "arguments",
    ["(last: 0)", "(last: 101)", "(first: 1, last: 1)", '(last: 1, after: "x")', '(before: "x")'],
)
async def test_invalid_page_backwards(home: Household, name: str, arguments: str) -> None:
    assert await code_of(home.api, document(name, arguments), id=home.client["id"]) == "INVALID_PAGE"


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "é", "A" * 10_000, "person_00000000000000000000000000000000"])
async def test_invalid_cursor(home: Household, name: str, cursor: str) -> None:
    arguments = f'(first: 1, after: "{cursor}")'
    assert await code_of(home.api, document(name, arguments), id=home.client["id"]) == "INVALID_CURSOR"


@pytest.mark.parametrize("size", [1, 50, 100])
async def test_page_sizes_that_are_allowed(home: Household, size: int) -> None:
    for name in LISTS:
        answer = await home.api.execute(document(name, f"(first: {size})"), id=home.client["id"])
        assert "errors" not in answer


async def test_too_many_ids(home: Household) -> None:
    nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await code_of(home.api, nodes, ids=[home.person] * 101) == "TOO_MANY_IDS"
    found = (await home.api.query(nodes, ids=[home.person] * 100))["nodes"]
    assert found == [{"id": home.person}] * 100
    assert (await home.api.query(nodes, ids=[]))["nodes"] == []


async def test_search_too_long(home: Household) -> None:
    find = "query ($s: String!) { findContacts(search: $s) { nodes { score } } }"
    assert await code_of(home.api, find, s="x" * 201) == "SEARCH_TOO_LONG"
    for text in ("x" * 200, "x " * 100, "\u0000", "\u202e", "'\"\\%_*$", "1999-99-99", "@", "+", "+44"):
        assert (await home.api.query(find, s=text))["findContacts"] == {"nodes": []}


@pytest.mark.parametrize("argument", FILTERS)
@pytest.mark.parametrize("name", ["contactNetwork", "contactOf"])
async def test_filter_too_long(home: Household, name: str, argument: str) -> None:
    kind = FILTERS[argument]
    value = list(get_named_type(kind).values)[-1]
    narrowed = f"{name}(filter: {{{argument}: $x}}) {{ nodes {{ id }} }}"
    query = f"query ($id: ID!, $x: {kind}) {{ person(id: $id) {{ {narrowed} }} }}"
    assert await code_of(home.api, query, id=home.person, x=[value] * 51) == "FILTER_TOO_LONG"
    assert (await home.api.query(query, id=home.person, x=[value] * 50))["person"] == {name: {"nodes": []}}


async def test_filter_of_clients_too_long(home: Household) -> None:
    query = "query ($x: [ClientStatus!]!) { clients(filter: {statuses: $x}) { nodes { id } } }"
    assert await code_of(home.api, query, x=["ARCHIVED"] * 51) == "FILTER_TOO_LONG"
    assert (await home.api.query(query, x=["ARCHIVED"] * 50))["clients"] == {"nodes": []}


@pytest.mark.parametrize("bad", ["", "nobody", "person_1", "\u0000", "x" * 10_000, "viewer_" + "0" * 32])
async def test_malformed_ids_are_null(home: Household, bad: str) -> None:
    query = "node(id: $id) { id } nodes(ids: [$id]) { id } person(id: $id) { id } client(id: $id) { id }"
    answer = await home.api.query(f"query ($id: ID!) {{ {query} }}", id=bad)
    assert answer == {"node": None, "nodes": [None], "person": None, "client": None}


@pytest.mark.parametrize(
    ("value", "system"), [("", None), ("x" * 201, None), ("x", "y" * 201), ("|", "|"), ("\u0000", "")]
)
async def test_external_ids_that_name_nobody(home: Household, value: str, system: str | None) -> None:
    query = "query ($x: String!, $s: String) { personByExternalId(externalId: $x, system: $s) { id } }"
    assert (await home.api.query(query, x=value, s=system))["personByExternalId"] is None


async def test_a_system_is_not_mixed_up_with_a_value(api: Api) -> None:
    """`import` with `a|b` is another key than `import|a` with `b`."""
    client = await api.client(externalId="a|b")
    query = "query ($x: String!, $s: String) { personByExternalId(externalId: $x, system: $s) { id } }"
    assert (await api.query(query, x="a|b", s="import"))["personByExternalId"] == {"id": client["id"]}
    assert (await api.query(query, x="b", s="import|a"))["personByExternalId"] is None


COERCED: dict[str, tuple[str, Input]] = {
    "an unknown enum value": ("addNewContact", {"relationship": "Wilhelmina"}),
    "a day there is not": ("addClient", {"person": {"givenName": "Eva", "birthDate": "2026-02-30"}}),
    "a date without hyphens": ("addClient", {"person": {"givenName": "Eva", "birthDate": "20260210"}}),
    "a time for a date": ("addClient", {"person": {"givenName": "Eva", "birthDate": "2026-02-10T00:00:00Z"}}),
    "a number for a date": ("addClient", {"person": {"givenName": "Eva", "birthDate": 20260210}}),
    "a number for a name": ("addClient", {"person": {"givenName": 7}}),
    "null in a list": ("addClient", {"person": {"givenName": "Eva", "emails": [None]}}),
    "an explicit null toggle": ("addNewContact", {"portalAccess": None}),
    "a word for a toggle": ("addNewContact", {"payments": "Wilhelmina"}),
    "a version too large": ("updateContact", {"expectedVersion": 2**31}),
    "no version": ("updateContact", {"expectedVersion": None}),
    "a field that is not there": ("addClient", {"wilhelmina": 1}),
    "a list for a person": ("addClient", {"person": []}),
}


@pytest.mark.parametrize("case", COERCED)
async def test_what_no_input_can_hold(installation: Installation, home: Household, case: str) -> None:
    """A coercion error, as the specification says: nothing was executed, and the value is not echoed."""
    mutation, bad = COERCED[case]
    kind = mutation[0].upper() + mutation[1:]
    query = f"mutation ($input: {kind}Input!) {{ {mutation}(input: $input) {{ errors {{ code }} }} }}"
    async with unchanged(installation.database, home.practice):
        answer = await home.api.execute(query, input=home.inputs()[mutation] | bad)
    assert "data" not in answer
    assert answer["errors"]
    assert "Wilhelmina" not in repr(answer["errors"])


@pytest.mark.parametrize("mutation", MUTATIONS)
async def test_a_mutation_needs_its_input(installation: Installation, home: Household, mutation: str) -> None:
    async with unchanged(installation.database, home.practice):
        answer = await home.api.execute(f"mutation {{ {mutation}(input: {{}}) {{ errors {{ code }} }} }}")
    assert "data" not in answer
