"""Registered operations: a front end sends an id alone; nothing else is answered where only these are."""

import hashlib
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph_api.bootstrap import Server, make_executor
from graph_api.config import Settings, SettingsFileError
from tests.api import Api, Installation
from tests.http.serving import EMBEDDED, bearer

pytestmark = EMBEDDED

QUERY = "query Role { viewer { role } }"
MUTATION = (
    "mutation Add($input: AddClientInput!) { addClient(input: $input) { person { displayName } errors { code } } }"
)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


ID = sha256(QUERY)
UNKNOWN = sha256("{ __typename }")


def settings_with(installation: Installation, path: Path, content: object, *, only: bool = False) -> Settings:
    """Settings of a service with a file of operations."""
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return installation.settings.model_copy(update={"operations": path, "only_operations": only})


@pytest.fixture(params=[False, True], ids=["also others", "only these"])
def only(request: pytest.FixtureRequest) -> bool:
    found: bool = request.param
    return found


@pytest.fixture
async def served(installation: Installation, tmp_path: Path, only: bool) -> Api:
    """The API with two registered operations."""
    content = {ID: QUERY, sha256(MUTATION): MUTATION}
    settings = settings_with(installation, tmp_path / "operations.json", content, only=only)
    practice = await installation.practice()
    return Api(Server(settings, installation.database).app, installation.token(practice), practice)


async def post(api: Api, **body: Any) -> dict[str, Any]:
    answer: dict[str, Any] = (await api.post(body)).json()
    return answer


def code(answer: dict[str, Any]) -> str:
    assert "data" not in answer
    [error] = answer["errors"]
    found: str = error["extensions"]["code"]
    return found


ALONE = [
    {"documentId": ID},
    {"documentId": f"sha256:{ID}"},
    {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": ID}}},
    {"documentId": ID, "query": QUERY},
    {"query": QUERY},
]


@pytest.mark.parametrize("body", ALONE)
async def test_an_id_alone_is_answered(served: Api, body: dict[str, Any]) -> None:
    assert await post(served, **body) == {"data": {"viewer": {"role": "STAFF"}}}


async def test_a_registered_mutation_takes_variables(served: Api) -> None:
    values = {"input": {"person": {"givenName": "Ana"}}}
    answer = await post(served, documentId=sha256(MUTATION), variables=values)
    assert answer["data"]["addClient"] == {"person": {"displayName": "Ana"}, "errors": []}


async def test_an_id_may_come_by_get_where_it_only_reads(served: Api) -> None:
    transport = httpx.ASGITransport(served.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        for parameters in (
            {"documentId": ID},
            {"extensions": json.dumps({"persistedQuery": {"version": 1, "sha256Hash": ID}})},
        ):
            response = await client.get("/graphql", params=parameters, headers=bearer(served.token))
            assert response.json() == {"data": {"viewer": {"role": "STAFF"}}}
        response = await client.get("/graphql", params={"documentId": sha256(MUTATION)}, headers=bearer(served.token))
        assert response.status_code == 405


@pytest.mark.parametrize("unknown", [UNKNOWN, f"sha256:{UNKNOWN}", ID.upper(), f"md5:{ID}", "x", ""])
async def test_an_unknown_id_is_refused_in_words_that_clients_look_for(served: Api, unknown: str) -> None:
    answer = await post(served, documentId=unknown)
    assert code(answer) == "PERSISTED_QUERY_NOT_FOUND"
    assert answer["errors"][0]["message"] == "PersistedQueryNotFound"


async def test_a_text_that_is_not_the_one_of_its_id_is_refused(served: Api) -> None:
    assert code(await post(served, documentId=ID, query="{ viewer { id } }")) == "DOCUMENT_ID_MISMATCH"


async def test_another_operation_is_answered_unless_only_these_are(served: Api, only: bool) -> None:
    for query in ("{ viewer { role } }", f"{QUERY} ", "{ __schema { queryType { name } } }"):
        answer = await post(served, query=query)
        if only:
            assert code(answer) == "OPERATION_NOT_REGISTERED"
        else:
            assert "errors" not in answer
    # An id that was sent with a text of its own is not remembered.
    other = "{ viewer { id } }"
    await post(served, query=other, documentId=sha256(other))
    assert code(await post(served, documentId=sha256(other))) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize("value", [1, [], {}, True])
async def test_an_id_that_is_no_text_is_a_clean_400(served: Api, value: Any) -> None:
    response = await served.post({"documentId": value})
    assert response.status_code == 400


async def test_apollos_manifest_is_taken_too(installation: Installation, tmp_path: Path) -> None:
    manifest = {
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [{"id": ID, "name": "Role", "type": "query", "body": QUERY}],
    }
    settings = settings_with(installation, tmp_path / "manifest.json", manifest)
    practice = await installation.practice()
    api = Api(Server(settings, installation.database).app, installation.token(practice), practice)
    assert await post(api, documentId=ID) == {"data": {"viewer": {"role": "STAFF"}}}


FAULTY = {
    "no JSON": "{",
    "another form": [QUERY],
    "a text that is none": {ID: 1},
    "an id of another text": {UNKNOWN: QUERY},
    "a manifest's entry without a text": {"operations": [{"id": ID}]},
    "a text that breaks a rule": {sha256("{ nobody }"): "{ nobody }"},
}


@pytest.mark.parametrize("content", FAULTY.values(), ids=FAULTY)
async def test_a_file_that_can_not_be_used_is_refused_at_the_start(
    installation: Installation, tmp_path: Path, content: object
) -> None:
    settings = settings_with(installation, tmp_path / "operations.json", content)
    with pytest.raises(SettingsFileError):
        make_executor(settings)


async def test_a_file_that_is_not_there_is_named(installation: Installation, tmp_path: Path) -> None:
    settings = installation.settings.model_copy(update={"operations": tmp_path / "none.json"})
    with pytest.raises(SettingsFileError, match=r"none\.json"):
        make_executor(settings)
