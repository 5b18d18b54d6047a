"""Nobody's name or number gets into a log, an error's text or a header, whatever goes wrong with a request."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.http.discreet import EMAIL, FAMILY, GIVEN, NOTE, PHONE, Caller, leaks
from tests.http.process import Process
from tests.http.serving import EMBEDDED

pytestmark = EMBEDDED

PERSON = {"givenName": GIVEN, "familyName": FAMILY, "phones": [PHONE], "emails": [EMAIL]}
FIELDS = f'givenName: "{GIVEN}", familyName: "{FAMILY}"'


async def test_changes_that_are_made_and_refused(caller: Caller) -> None:
    made = (await caller.mutate("addClient", person=PERSON))["person"]
    refused = await caller.mutate("addClient", person=PERSON)
    assert refused["errors"][0]["__typename"] == "ContactAlreadyExists"
    client = (await caller.mutate("addClient", person={"givenName": "Ana"}))["person"]
    link = {"clientId": client["id"], "personId": made["id"], "relationship": "PARENT", "note": NOTE}
    assert (await caller.mutate("addExistingContact", **link))["errors"] == []
    assert (await caller.mutate("addExistingContact", **link))["errors"][0]["__typename"] == "AlreadyInNetwork"

    for wrong in (
        {"givenName": f"{GIVEN}\x07"},
        {"givenName": GIVEN * 1_000},
        {"givenName": GIVEN, "phones": [FAMILY]},
        {"givenName": GIVEN, "phones": ["+447700900123999"]},
        {"givenName": GIVEN, "emails": [f"{GIVEN}.{FAMILY}"]},
        {"givenName": GIVEN, "birthDate": "3000-01-01"},
        {"givenName": GIVEN, "externalIds": [{"system": FAMILY * 100, "value": ""}]},
    ):
        payload = await caller.mutate("addClient", person=wrong)
        assert not payload or payload["errors"][0]["__typename"] == "InvalidInput"


@pytest.mark.parametrize(
    "query",
    [
        f'{{ findContacts(search: "{GIVEN}") {{ nodes {{ score }} }} }}',
        f'{{ findContacts(search: """{GIVEN} {FAMILY}""") {{ nodes {{ score }} }} }}',
        f'{{ personByExternalId(externalId: "{FAMILY}", system: "{GIVEN}") {{ id }} }}',
        f'{{ node(id: "{GIVEN}") {{ id }} nodes(ids: ["{FAMILY}"]) {{ id }} }}',
        f'{{ clients(after: "{GIVEN}") {{ nodes {{ id }} }} }}',
        f'{{ findContacts(search: "{GIVEN}" "{FAMILY}") {{ nodes {{ score }} }} }}',
        f"{{ findContacts(search: {GIVEN} {FAMILY}) {{ nodes {{ score }} }} }}",
        f'{{ findContacts(search: "{GIVEN}") "{FAMILY}" }}',
        f'{{ findContacts(search: "{GIVEN}") """{FAMILY}\n{GIVEN}""" }}',
        f'{{ findContacts(search: "{GIVEN}\n") }}',
        f'"{GIVEN}"',
        f"query ($a: Int = {FAMILY}) {{ __typename }}",
        f'query ($a: Int = "{FAMILY}") {{ clients(first: $a) {{ totalCount }} }}',
        f"{{ findContacts(search: {GIVEN}) {{ nodes {{ score }} }} }}",
        "{ findContacts(search: 447700900123) { nodes { score } } }",
        "{ findContacts(search: 447700900123.5) { nodes { score } } }",
        "{ findContacts(search: .7700900123) { nodes { score } } }",
        "{ clients(first: 447700900123) { totalCount } }",
        f'{{ clients(first: "{PHONE}") {{ totalCount }} }}',
        f"{{ clients(filter: {{statuses: [{FAMILY}]}}) {{ totalCount }} }}",
        f'{{ clients(filter: {{statuses: ["{FAMILY}"]}}) {{ totalCount }} }}',
        f'{{ clients(filter: "{FAMILY}") {{ totalCount }} }}',
        f'mutation {{ addClient(input: {{person: {{{FIELDS}, birthDate: "{GIVEN}"}}}}) {{ errors {{ code }} }} }}',
        f"mutation {{ addClient(input: {{person: {{{FIELDS}, phones: 447700900123}}}}) {{ errors {{ code }} }} }}",
        f"mutation {{ addClient(input: {{person: {{{FIELDS}, emails: [{{a: {GIVEN}}}]}}}}) {{ errors {{ code }} }} }}",
        f'mutation {{ addClient(input: "{GIVEN}") {{ errors {{ code }} }} }}',
        f'mutation {{ addNewContact(input: {{person: {{{FIELDS}}}, note: "{NOTE}"}}) {{ errors {{ code }} }} }}',
    ],
    ids=lambda query: query[:60],
)
async def test_documents(caller: Caller, query: str) -> None:
    await caller.ask(query)


ODD = f'O\'{GIVEN} "{FAMILY}" \\ \n'


@pytest.mark.parametrize(
    "person",
    [
        GIVEN,
        [GIVEN, {"a": FAMILY}],
        ODD,
        {"givenName": {"a": {"b": {"c": FAMILY}}}},
        {"givenName": [ODD, ODD], "familyName": [[GIVEN]]},
        {"givenName": 447700900123},
        {"givenName": 447700900123.25},
        {"givenName": GIVEN, "phones": [447700900123, {"number": PHONE}]},
        {"givenName": GIVEN, "birthDate": FAMILY},
        {"givenName": GIVEN, "birthDate": "2000-02-31 " + FAMILY},
        {"givenName": GIVEN, "gender": FAMILY},
        {"givenName": GIVEN, "gender": ODD * 50},
        {"givenName": GIVEN, "gender": [FAMILY]},
        {"givenName": GIVEN, "unknown": FAMILY},
        {"givenName": GIVEN, "addresses": [{"lines": PHONE, "city": [FAMILY]}]},
        {"givenName": GIVEN, "externalIds": [{"value": [FAMILY]}]},
    ],
    ids=lambda person: str(person)[:60],
)
async def test_variables(caller: Caller, person: Any) -> None:
    query = "mutation ($person: PersonInput!) { addClient(input: {person: $person}) { errors { message } } }"
    response = await caller.ask(query, person=person)

    assert response.status_code == 400
    assert response.json()["errors"]


async def test_requests_that_are_refused_before_they_are_read(caller: Caller) -> None:
    typed = f"{GIVEN}.{FAMILY}"
    for headers in (
        {"Authorization": f"Bearer {typed}.{GIVEN}"},
        {"Authorization": f"Basic {typed}"},
        {"Graph-API-Bookmark": typed},
        {"Accept": f"text/{typed}"},
        {"Content-Type": f"text/{typed}"},
        {"X-Request-ID": typed, "Referer": f"http://x/{typed}", "User-Agent": typed, "Origin": f"http://{typed}"},
    ):
        await caller.send("POST", "/graphql", content=f'{{"query": "{typed}"}}', headers=headers)
    for content in (f'{{"query": "{typed}', f'["{typed}"]', f'{{"query": "{{ __typename }}", "variables": "{typed}"}}'):
        headers = {"Content-Type": "application/json"}
        assert (await caller.send("POST", "/graphql", content=content, headers=headers)).status_code == 400
    paths = (f"/{typed}", f"/graphql/{typed}", f"/graphql/?query={typed}", f"/assets/{typed}", f"/health/live?{typed}")
    for method in ("GET", "POST", "PUT", "OPTIONS", "HEAD"):
        for path in paths:
            await caller.send(method, path)
    for name in ("query", "variables", "operationName", "extensions"):
        await caller.send("GET", "/graphql", params={"query": "{ __typename }", name: f"{{ {typed}"})


@pytest.mark.parametrize("request_line", [f"{GIVEN.upper()} /graphql HTTP/1.1", f"GET /{FAMILY} {GIVEN}/1.1", GIVEN])
async def test_requests_that_are_no_http(served: Process, request_line: str) -> None:
    url = httpx.URL(served.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(f"{request_line}\r\nHost: {url.host}\r\nX-Name: {FAMILY}\r\n\r\n".encode())
    writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()

    assert b" 400 " in answer
    assert not leaks(answer.decode())


async def test_the_access_log_says_what_compiled_code_answered(served: Process, caller: Caller) -> None:
    asked = {
        "{ clients(first: 1) { nodes { id } } }": True,
        "{ __schema { queryType { name } } }": False,
        "{ no }": False,
    }
    said = {}
    for query in asked:
        response = await caller.send("POST", "/graphql", json={"query": query})
        said[query] = response.headers["x-request-id"]
    lines = await served.logged(*said.values())
    assert {query: lines[request_id]["compiled"] for query, request_id in said.items()} == asked


async def test_the_access_log_has_the_path_alone(served: Process, caller: Caller) -> None:
    query = f'{{ findContacts(search: "{GIVEN}") {{ nodes {{ score }} }} }}'
    known = await caller.send("GET", "/graphql", params={"query": query})
    other = await caller.send("GET", f"/{FAMILY}")

    lines = await served.logged(*(response.headers["x-request-id"] for response in (known, other)))
    seen = {}
    for response in (known, other):
        line = lines[response.headers["x-request-id"]]
        names = {"event", "level", "timestamp", "method", "path", "status", "ms", "request_id"}
        assert line.keys() - {"compiled"} == names
        seen[line["path"]] = (line["method"], line["status"], line.get("compiled"))
    assert seen == {"/graphql": ("GET", 200, True), "(other)": ("GET", 404, None)}
    assert "?" not in "".join(line["path"] for line in served.log() if line["event"] == "request")
