"""What goes wrong inside is masked for the caller, and found in the log by its id, without the values it was about."""

from datetime import UTC, datetime
from typing import Any

import httpx

from graph_api.kernel.caller import Practice
from graph_api.kernel.ids import new_id
from graph_api.practices.graph import Practices
from tests.api import Installation
from tests.http.discreet import FAMILY, GIVEN, Caller, assert_discreet
from tests.http.process import Process
from tests.http.serving import EMBEDDED, bearer

pytestmark = EMBEDDED


def logged_error(served: Process, error: dict[str, Any]) -> dict[str, Any]:
    """The log's line of an INTERNAL error."""
    assert error["extensions"].keys() == {"code", "errorId"}
    assert error["extensions"]["code"] == "INTERNAL"
    error_id = error["extensions"]["errorId"]
    assert error_id in error["message"]
    (line,) = [line for line in served.log() if error_id in str(line)]
    return line


async def test_errors_inside_are_masked_and_found_in_the_log(
    installation: Installation, served: Process, caller: Caller
) -> None:
    ids = [(await caller.mutate("addClient", person={"givenName": f"Ana{n}"}))["person"]["id"] for n in range(3)]
    await broken(installation, ids)

    query = " ".join(f'p{n}: person(id: "{person}") {{ displayName clientStatus }}' for n, person in enumerate(ids))
    response = await caller.ask(f"{{ {query} }}")
    assert response.status_code == 200
    errors = response.json()["errors"]
    assert [error["path"] for error in errors] == [["p0"], ["p1"], ["p2"]]
    for error in errors:
        line = logged_error(served, error)
        assert line["level"] == "error"
        assert "ValueError" in line["event"]
        assert "rows.py" in line["event"]

    response = await caller.ask(f'{{ nodes(ids: ["{ids[0]}"]) {{ ... on Person {{ clientStatus }} }} }}')
    logged_error(served, response.json()["errors"][0])
    change = {"personId": ids[0], "expectedVersion": 1, "status": "INACTIVE"}
    query = "mutation ($input: SetClientStatusInput!) { setClientStatus(input: $input) { errors { message } } }"
    response = await caller.ask(query, input=change)
    logged_error(served, response.json()["errors"][0])


async def broken(installation: Installation, ids: list[str]) -> None:
    """Put a value where the mapping of rows will stumble over it, and name it in its exception."""
    async with installation.database.session(write=True) as session:
        statement = "UNWIND $ids AS id MATCH (p:Person {id: id}) SET p.clientStatus = $value"
        result = await session.run(statement, {"ids": ids, "value": f"{GIVEN} {FAMILY}"})
        await result.consume()


async def test_errors_before_the_operation_are_masked_alike(installation: Installation, served: Process) -> None:
    practice_id = new_id("practice")
    practice = Practice(practice_id, f"t-{practice_id[-12:]}", "Broken", f"{GIVEN}/{FAMILY}", "GB")
    assert await Practices(installation.database).create(practice, datetime.now(UTC))

    async with httpx.AsyncClient(base_url=served.url) as client:
        headers = bearer(installation.token(practice))
        response = await client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)

    assert_discreet(response)
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    (error,) = response.json()["errors"]
    assert "ZoneInfoNotFoundError" in logged_error(served, error)["event"]
