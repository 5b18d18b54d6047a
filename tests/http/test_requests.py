"""What a broken request gets: a clean 4xx in JSON, never a 500."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from graph_api.http.incoming import MAX_BODY
from tests.http.serving import EMBEDDED, RESPONSE, assert_refused, bearer

pytestmark = EMBEDDED

JSON = {"Content-Type": "application/json"}
MUTATION = (
    'mutation { setClientStatus(input: {personId: "x", status: ACTIVE, expectedVersion: 1}) { errors { code } } }'
)
DEEP = 100_000


async def post(client: httpx.AsyncClient, content: bytes, **headers: str) -> httpx.Response:
    return await client.post("/graphql", content=content, headers={**JSON, **headers})


async def answered(client: httpx.AsyncClient) -> None:
    """The server still answers."""
    response = await client.post("/graphql", json={"query": "{ __typename }"})
    assert response.json() == {"data": {"__typename": "Query"}}


def padded(size: int) -> bytes:
    """A good request of this many bytes."""
    body = b'{"query": "{ __typename }", "extensions": {"pad": ""}}'
    return body.replace(b'""', b'"' + b"x" * (size - len(body)) + b'"')


async def chunks(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 65_536):
        yield content[start : start + 65_536]


async def test_a_body_of_a_megabyte_is_read(staff: httpx.AsyncClient) -> None:
    for content in (padded(MAX_BODY), chunks(padded(MAX_BODY))):
        response = await staff.post("/graphql", content=content, headers=JSON)
        assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("size", [MAX_BODY + 1, 8 * MAX_BODY])
@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "chunked"])
async def test_a_larger_body_is_refused(staff: httpx.AsyncClient, size: int, chunked: bool) -> None:
    content = padded(size)
    response = await staff.post("/graphql", content=chunks(content) if chunked else content, headers=JSON)

    assert ("transfer-encoding" in response.request.headers) is chunked
    assert_refused(response, 413, "TOO_LARGE")
    await answered(staff)


async def test_a_body_that_is_announced_too_large_is_refused_before_it_is_sent(address: str, staff_token: str) -> None:
    url = httpx.URL(address)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        f"POST /graphql HTTP/1.1\r\nHost: {url.host}\r\nAuthorization: Bearer {staff_token}\r\n"
        "Content-Type: application/json\r\nContent-Length: 99999999999999\r\n\r\n".encode()
    )
    status = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    await writer.wait_closed()

    assert status.split()[1] == b"413"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"null",
        b"1",
        b'"x"',
        b"[]",
        b'[{"query": "{ __typename }"}]',
        b"true",
        b"{",
        b"{}{}",
        b'{"query": "{ __typename }"',
        b"{'query': '{ __typename }'}",
        b'{"query": "{ __typename }", "variables": {"a": NaN}}',
        b'{"query": "{ __typename }", "variables": {"a": 1e999}}',
        b'{"query": "\xff\xfe"}',
        b'{"query": "\\ud800"}',
        b"\xef\xbb\xbf{}",
        b'{"query": 1}',
        b'{"query": "{ __typename }"}'.decode().encode("utf-16"),
        b"1" * 5_000,
        b'{"query": "{ __typename }", "variables": {"a": ' + b"1" * 5_000 + b"}}",
        b"[" * DEEP,
        b"[" * DEEP + b"]" * DEEP,
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 2_000 + b"]" * 2_000 + b"}}",
    ],
    ids=lambda content: repr(content[:50]),
)
async def test_what_is_no_json_object_is_refused(staff: httpx.AsyncClient, content: bytes) -> None:
    assert_refused(await post(staff, content), 400, "BAD_REQUEST")


NO_TEXT: tuple[object, ...] = (None, "", 1, ["{ __typename }"], {"a": 1})
VALUES: tuple[object, ...] = ("x", 1, False, [{}], {"a": 1})
TYPES = {"variables": dict, "operationName": str, "extensions": dict}
OF_ANOTHER_TYPE: list[dict[str, Any]] = [
    {},
    *({"query": value} for value in NO_TEXT),
    *(
        {"query": "{ __typename }", name: value}
        for name, right in TYPES.items()
        for value in VALUES
        if not isinstance(value, right)
    ),
]


@pytest.mark.parametrize("body", OF_ANOTHER_TYPE, ids=str)
@pytest.mark.parametrize("accept", ["application/json", RESPONSE])
async def test_parameters_of_another_type_are_refused(
    staff: httpx.AsyncClient, body: dict[str, Any], accept: str
) -> None:
    message = assert_refused(await post(staff, json.dumps(body).encode(), Accept=accept), 400, "BAD_REQUEST")

    assert any(name in message for name in ("query", "variables", "operationName", "extensions"))


@pytest.mark.parametrize("variables", ["[" * DEEP, "{", '"x"', "[1]", "1" * 5_000, '{"a":' * 2_000])
async def test_parameters_of_a_get_are_checked_alike(staff: httpx.AsyncClient, variables: str) -> None:
    variables = variables[:15_000]
    response = await staff.get("/graphql", params={"query": "{ __typename }", "variables": variables})

    assert_refused(response, 400, "BAD_REQUEST")


async def test_a_get_reads(staff: httpx.AsyncClient) -> None:
    query = "query A($id: ID!) { node(id: $id) { id } } query B { __typename }"
    params = {"query": query, "operationName": "A", "variables": '{"id": "x"}', "extensions": "{}"}

    assert (await staff.get("/graphql", params=params)).json() == {"data": {"node": None}}
    assert_refused(await staff.get("/graphql"), 400, "BAD_REQUEST")
    assert_refused(await staff.get("/graphql", params={"query": ""}), 400, "BAD_REQUEST")


@pytest.mark.parametrize("accept", ["application/json", RESPONSE])
async def test_a_get_may_not_change_anything(staff: httpx.AsyncClient, accept: str) -> None:
    response = await staff.get("/graphql", params={"query": MUTATION}, headers={"Accept": accept})

    assert_refused(response, 405)
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD"])
async def test_other_methods_are_named_as_not_allowed(anyone: httpx.AsyncClient, method: str) -> None:
    response = await anyone.request(method, "/graphql")

    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"
    if method == "HEAD":
        assert response.content == b""
    else:
        assert_refused(response, 405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=iso-8859-1",
        "application/jsonp",
        ";",
    ],
)
async def test_a_body_of_another_media_type_is_refused(staff: httpx.AsyncClient, content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    response = await staff.post("/graphql", content=b'{"query": "{ __typename }"}', headers=headers)

    assert_refused(response, 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON ; Charset=UTF-8"])
async def test_json_is_taken_however_it_is_spelt(staff: httpx.AsyncClient, content_type: str) -> None:
    response = await post(staff, b'{"query": "{ __typename }"}', **{"Content-Type": content_type})

    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("query A { __typename } query B { __typename }", None),
        ("query A { __typename } query B { __typename }", ""),
        ("query A { __typename } query B { __typename }", "C"),
        ("query A { __typename }", "a"),
        ("{ __typename }", "A"),
        ("fragment F on Query { __typename }", None),
    ],
)
@pytest.mark.parametrize(("accept", "status"), [("application/json", 200), (RESPONSE, 400)])
async def test_which_operation_is_meant_must_be_clear(
    staff: httpx.AsyncClient, query: str, name: str | None, accept: str, status: int
) -> None:
    response = await post(staff, json.dumps({"query": query, "operationName": name}).encode(), Accept=accept)

    assert_refused(response, status)


async def test_one_of_several_operations_is_chosen_by_name(staff: httpx.AsyncClient) -> None:
    query = "query A { a: __typename } query B { b: __typename }"
    response = await staff.post("/graphql", json={"query": query, "operationName": "B"})

    assert response.json() == {"data": {"b": "Query"}}


async def test_a_request_without_a_token_is_refused_whatever_its_body(anyone: httpx.AsyncClient) -> None:
    for content in (b"", b"null", b"[" * DEEP, padded(MAX_BODY + 1)):
        assert_refused(await post(anyone, content), 401, "UNAUTHENTICATED")


async def test_a_body_that_ends_early_harms_nobody(address: str, staff_token: str, staff: httpx.AsyncClient) -> None:
    url = httpx.URL(address)
    _, writer = await asyncio.open_connection(url.host, url.port)
    token = bearer(staff_token)["Authorization"]
    writer.write(
        f"POST /graphql HTTP/1.1\r\nHost: {url.host}\r\nAuthorization: {token}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{".encode()
    )
    await writer.drain()
    writer.close()
    await writer.wait_closed()

    await answered(staff)


async def test_no_other_address_repeats_what_was_asked(anyone: httpx.AsyncClient) -> None:
    response = await anyone.get("/graphql/", params={"query": '{ personByExternalId(externalId: "Marta") { id } }'})

    assert response.status_code == 404
    assert "Marta" not in f"{response.headers} {response.text}"
