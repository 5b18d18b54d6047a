"""How large an operation may be, and that a hostile one is refused cheaply."""

import httpx
import pytest
from graphql import get_introspection_query

from graph_api.graphql.limits import MAX_ALIASES, MAX_COST, MAX_DEPTH, MAX_DIRECTIVES, MAX_SOURCE, MAX_TOKENS
from graph_api.kernel.caller import ViewerRole
from tests.api import Installation
from tests.http.serving import EMBEDDED, RESPONSE, assert_refused, bearer

pytestmark = EMBEDDED


async def ask(client: httpx.AsyncClient, query: str, **variables: object) -> httpx.Response:
    body = {"query": query, "variables": variables}
    return await client.post("/graphql", json=body, headers={"Accept": RESPONSE})


async def taken(client: httpx.AsyncClient, query: str, **variables: object) -> None:
    response = await ask(client, query, **variables)
    assert response.status_code == 200, response.text
    assert "errors" not in response.json()


async def too_large(client: httpx.AsyncClient, query: str, **variables: object) -> str:
    return assert_refused(await ask(client, query, **variables), 400, "OPERATION_TOO_LARGE")


def paged(outer: object, inner: object, extra: str = "") -> str:
    network = f"contactNetwork(first: {inner}) {{ nodes {{ id {extra} }} }}"
    return f"{{ clients(first: {outer}) {{ nodes {{ {network} }} }} }}"


async def test_depth(staff: httpx.AsyncClient) -> None:
    def deep(leaf: str) -> str:
        opening = "contactNetwork(first: 2) { nodes { person { " * 3
        return f"{{ person(id: 1) {{ {opening} {leaf} {'}' * 9} }} }}"

    await taken(staff, deep("contactNetwork { totalCount }"))
    message = await too_large(staff, deep("contactNetwork { nodes { id } }"))
    assert message == f"The operation has {MAX_DEPTH + 1} levels; {MAX_DEPTH} are allowed."


async def test_depth_is_counted_through_fragments(staff: httpx.AsyncClient) -> None:
    names = [f"F{number}" for number in range(6)]
    parts = [
        f"fragment {name} on Person {{ contactNetwork {{ nodes {{ person {{ ...{below} }} }} }} }}"
        for name, below in zip(names, [*names[1:], "End"], strict=True)
    ]
    query = "{ person(id: 1) { ...F0 } } fragment End on Person { id } " + " ".join(parts)

    assert "levels" in await too_large(staff, query)


@pytest.mark.parametrize("place", ["{ %s }", "{ __schema { %s } }", "{ ...F } fragment F on Query { %s }"])
async def test_aliases(staff: httpx.AsyncClient, place: str) -> None:
    def aliases(count: int) -> str:
        return place % " ".join(f"a{number}: __typename" for number in range(count))

    await taken(staff, aliases(MAX_ALIASES))
    message = await too_large(staff, aliases(MAX_ALIASES + 1))
    assert message == f"The operation has {MAX_ALIASES + 1} aliases; {MAX_ALIASES} are allowed."


async def test_directives(staff: httpx.AsyncClient) -> None:
    def directives(count: int) -> str:
        return "{ " + "__typename @include(if: true) " * count + "}"

    await taken(staff, directives(MAX_DIRECTIVES))
    message = await too_large(staff, directives(MAX_DIRECTIVES + 1))
    assert message == f"The operation has {MAX_DIRECTIVES + 1} directives; {MAX_DIRECTIVES} are allowed."


async def test_tokens(staff: httpx.AsyncClient) -> None:
    def tokens(count: int) -> str:
        return f"{{ clients(filter: {{ statuses: [{'ACTIVE ' * (count - 23)}] }}) @skip(if: true) {{ totalCount }} }}"

    await taken(staff, tokens(MAX_TOKENS))
    assert f"{MAX_TOKENS} tokens" in assert_refused(await ask(staff, tokens(MAX_TOKENS + 1)), 400)


async def test_length(staff: httpx.AsyncClient) -> None:
    await taken(staff, "{ __typename }".ljust(MAX_SOURCE))
    assert_refused(await ask(staff, "{ __typename }".ljust(MAX_SOURCE + 1)), 400)
    assert_refused(await ask(staff, "{ __typename } #" + "x" * 900_000), 400)


@pytest.mark.parametrize(
    "query",
    [
        paged(100, 100, "client { contactNetwork(first: 2) { nodes { id } } }"),
        "query ($n: Int, $m: Int = 100) " + paged("$n", "$m", "client { contactNetwork(first: $n) { nodes { id } } }"),
        "{ a: clients(first: 100) { nodes { ...N } } b: clients(last: 100) { nodes { ...N } } } "
        "fragment N on Person { contactNetwork(first: 100) { nodes { id } } }",
        # A page of less than nothing takes nothing off the sum.
        "{ a: clients(first: -1000) { nodes { contactNetwork(first: 100) { nodes { id } } } } b: clients(first: 100) "
        "{ nodes { contactNetwork(first: 100) { nodes { client { contactOf(first: 9) { nodes { id } } } } } } } }",
        f"{{ nodes(ids: {list(range(250))}) {{ ... on Person {{ contactNetwork(first: 100) {{ totalCount }} }} }} }}",
        '{ findContacts(search: "1", first: 100) { nodes { person { contactOf(first: 100) { nodes { client { '
        "contactNetwork(first: 3) { totalCount } } } } } } } }",
    ],
    ids=lambda query: query[:40],
)
async def test_rows(staff: httpx.AsyncClient, query: str) -> None:
    message = await too_large(staff, query, n=100)
    assert str(MAX_COST) in message


async def test_a_page_of_clients_with_their_contacts_is_a_fair_request(staff: httpx.AsyncClient) -> None:
    await taken(staff, paged(100, 100))
    await taken(staff, "query ($n: Int!) " + paged("$n", 100), n=50)


@pytest.mark.parametrize("role", [ViewerRole.STAFF, ViewerRole.ANALYST])
async def test_the_introspection_graphiql_sends_is_answered(
    installation: Installation, anyone: httpx.AsyncClient, role: ViewerRole
) -> None:
    token = installation.token(await installation.practice(), role)
    query = get_introspection_query(
        specified_by_url=True, directive_is_repeatable=True, schema_description=True, input_value_deprecation=True
    )
    response = await anyone.post("/graphql", json={"query": query}, headers=bearer(token))

    assert "errors" not in response.json()
    names = {item["name"] for item in response.json()["data"]["__schema"]["types"]}
    assert {"Query", "Mutation", "Person", "Contact", "ContactAlreadyExists"} <= names


async def test_introspection_can_not_be_nested_without_end(staff: httpx.AsyncClient) -> None:
    opening = "types { fields { type { fields { type { fields { type { fields { name"
    query = "{ __schema { " + opening + " }" * (opening.count("{") + 2)

    response = await ask(staff, query)
    assert response.status_code == 400
    assert "introspection depth" in response.text


def fragments_spread_twice(levels: int) -> str:
    parts = [f"fragment F{n} on Person {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)]
    return f"{{ person(id: 1) {{ ...F0 }} }} fragment F{levels} on Person {{ id }} {' '.join(parts)}"


@pytest.mark.parametrize("levels", [60, 85])
async def test_fragments_that_double_cost_nothing_extra(staff: httpx.AsyncClient, levels: int) -> None:
    await taken(staff, fragments_spread_twice(levels))


@pytest.mark.parametrize(
    "query",
    [
        "{" * 900,
        "{a" * 450 + "}" * 450,
        "{ a" + "{a" * 300 + "}" * 301,
        "{ person(id: " + "[" * 480 + "]" * 480 + ") { id } }",
        "{ person(id: " + "[" * 200 + "]" * 200 + ") { id } }",
        "{ person(id: " + "{a: " * 300 + "1" + "}" * 300 + ") { id } }",
        "query ($a: " + "[" * 450 + "ID" + "]" * 450 + ") { __typename }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "{ ...A } " + " ".join(f"fragment A{n} on Query {{ ...A{n + 1} }}" for n in range(120)),
        "{" + "... {" * 300 + "__typename" + "}" * 301,
        "{" * 50_000,
        "[" * 50_000,
        '{ person(id: "' + "x" * 99_000 + '") { nothing } }',
        '"""' * 3_000,
        "\x00",
        "query A { __typename } " * 200,
    ],
    ids=lambda query: f"{query[:20]} ({len(query)})",
)
async def test_hostile_documents_are_refused(staff: httpx.AsyncClient, query: str) -> None:
    response = await ask(staff, query)

    assert response.status_code == 400, response.text[:500]
    assert len(response.content) < 20_000
    assert "data" not in response.json()


@pytest.mark.parametrize("levels", [200, 1_000])
@pytest.mark.parametrize(
    "query",
    [
        "query ($v: [ID!]!) { nodes(ids: $v) { id } }",
        "query ($v: ClientFilter) { clients(filter: $v) { nodes { id } } }",
        "query ($v: String!) { findContacts(search: $v) { nodes { score } } }",
    ],
)
async def test_deep_variables_are_refused(staff: httpx.AsyncClient, query: str, levels: int) -> None:
    content = '{"query": "%s", "variables": {"v": %s}}' % (query, "[" * levels + "]" * levels)  # noqa: UP031
    headers = {"Content-Type": "application/json", "Accept": RESPONSE}
    assert_refused(await staff.post("/graphql", content=content, headers=headers), 400)
