"""Which media type an answer takes, and the status that goes with it."""

import httpx
import pytest

from tests.http.serving import EMBEDDED, RESPONSE, assert_refused

pytestmark = EMBEDDED

JSON = "application/json"
QUERY = {"query": "{ __typename }"}
CHOICES = {
    None: JSON,
    "": JSON,
    "*/*": JSON,
    "application/*": JSON,
    JSON: JSON,
    RESPONSE: RESPONSE,
    RESPONSE.upper(): RESPONSE,
    f"{RESPONSE}, {JSON}": RESPONSE,
    f"{JSON}, {RESPONSE}": JSON,
    f"{RESPONSE}; charset=utf-8, {JSON}; charset=utf-8": RESPONSE,
    f"{JSON};q=0.8, {RESPONSE};q=0.9": RESPONSE,
    f"{RESPONSE};q=0.1, {JSON}": JSON,
    f"{RESPONSE}, {JSON};q=0.9, */*;q=0.1": RESPONSE,
    f"text/event-stream, multipart/mixed, {RESPONSE}, {JSON}": RESPONSE,
    f"*/*, {JSON};q=0": RESPONSE,
    f"{RESPONSE};q=0, */*": JSON,
    f"*/*;q=0.1, {RESPONSE}": RESPONSE,
    "text/html, application/xhtml+xml, */*;q=0.8": JSON,
    f"{JSON}; charset=latin1, {RESPONSE}": RESPONSE,
}
NONE_OF_THEM = [
    "text/html",
    "application/jsonp",
    f"{JSON};q=0",
    f"{JSON};q=0, {RESPONSE};q=0.000",
    f"{JSON};q=-1",
    f"{JSON};q=nan",
    f"{JSON};q=x",
    f"*/*, {JSON};q=0, {RESPONSE};q=0",
    f"{JSON}; charset=latin1",
    ",",
]


async def ask(client: httpx.AsyncClient, accept: str | None, query: dict[str, str]) -> httpx.Response:
    request = client.build_request("POST", "/graphql", json=query)
    del request.headers["Accept"]
    if accept is not None:
        request.headers["Accept"] = accept
    return await client.send(request)


@pytest.mark.parametrize(("accept", "chosen"), CHOICES.items())
async def test_the_caller_chooses(staff: httpx.AsyncClient, accept: str | None, chosen: str) -> None:
    response = await ask(staff, accept, QUERY)

    assert response.status_code == 200
    assert response.json() == {"data": {"__typename": "Query"}}
    assert response.headers["content-type"] == f"{chosen}; charset=utf-8"


@pytest.mark.parametrize("accept", NONE_OF_THEM)
async def test_what_is_not_offered_is_refused(staff: httpx.AsyncClient, accept: str) -> None:
    assert_refused(await ask(staff, accept, QUERY), 406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(("accept", "status"), [(JSON, 200), (RESPONSE, 400)])
@pytest.mark.parametrize("query", ["{", "{ nothing }", "query ($id: ID!) { node(id: $id) { id } }"])
async def test_what_was_never_run_has_no_data(staff: httpx.AsyncClient, accept: str, status: int, query: str) -> None:
    assert (await ask(staff, accept, {"query": query})).status_code == status
    assert "data" not in (await ask(staff, accept, {"query": query})).json()


@pytest.mark.parametrize("accept", [JSON, RESPONSE])
async def test_what_was_run_has_data_and_its_errors(staff: httpx.AsyncClient, accept: str) -> None:
    response = await ask(staff, accept, {"query": "{ viewer { role } clients(first: 1000) { totalCount } }"})

    assert response.status_code == 200
    assert response.json()["data"] == {"viewer": {"role": "STAFF"}, "clients": None}
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["INVALID_PAGE"]
