"""Whatever is sent, the answer is JSON and not a server's failure."""

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.budgets import budget
from tests.http.serving import EMBEDDED

pytestmark = EMBEDDED

FUZZED = settings(max_examples=budget(100, 5_000), deadline=None, suppress_health_check=[HealthCheck.too_slow])
TOKENS = st.sampled_from(
    """{ } ( ) [ ] ... : $v ! -1 1e9 "x" query mutation fragment on Query person clients nodes id contactNetwork first
    __schema @include(if:true)""".split()  # noqa: SIM905 - a list literal would take a line each
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


async def clean(response: httpx.Response) -> None:
    assert response.status_code < 500, response.text
    assert "INTERNAL" not in response.text
    assert isinstance(response.json(), dict)


@FUZZED
@given(
    content=st.binary(max_size=300)
    | JSON_VALUES.map(lambda value: httpx.Request("POST", "http://x", json=value).content)
)
async def test_no_body_breaks_the_server(staff: httpx.AsyncClient, content: bytes) -> None:
    await clean(await staff.post("/graphql", content=content, headers={"Content-Type": "application/json"}))


@FUZZED
@given(
    query=st.text(max_size=60) | st.lists(TOKENS, max_size=40).map(" ".join),
    variables=JSON_VALUES,
    name=JSON_VALUES,
)
async def test_no_document_breaks_the_server(
    staff: httpx.AsyncClient, query: str, variables: object, name: object
) -> None:
    await clean(await staff.post("/graphql", json={"query": query, "variables": variables, "operationName": name}))


@FUZZED
@given(value=JSON_VALUES)
async def test_no_variable_breaks_the_server(staff: httpx.AsyncClient, value: object) -> None:
    query = """query ($id: ID!, $ids: [ID!]!, $n: Int, $f: ClientFilter, $s: String!) {
        node(id: $id) { id } nodes(ids: $ids) { id } clients(first: $n, filter: $f, after: $s) { nodes { id } }
        findContacts(search: $s) { nodes { score } } personByExternalId(externalId: $s, system: $s) { id } }"""
    for variables in (
        {"id": value},
        {"id": 1, "ids": value, "s": value, "n": value},
        {"f": value},
        {"f": {"statuses": value}},
    ):
        good = {"id": "x", "ids": [], "s": "x"}
        await clean(await staff.post("/graphql", json={"query": query, "variables": {**good, **variables}}))


@FUZZED
@given(
    name=st.sampled_from(["Accept", "Authorization", "Graph-API-Bookmark", "Content-Type", "Origin"]),
    value=st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_characters="\x7f"), max_size=80)
    | st.lists(
        st.sampled_from(["application/json", "*/*", ";q=", "0.5", ",", "nan", "Bearer", "e30.e30.e30", "=", "-1"])
    ).map("".join),
)
async def test_no_header_breaks_the_server(staff: httpx.AsyncClient, name: str, value: str) -> None:
    headers = httpx.Headers({"Content-Type": "application/json", name: value}, encoding="latin-1")
    await clean(await staff.post("/graphql", content=b'{"query": "{ __typename }"}', headers=headers))
