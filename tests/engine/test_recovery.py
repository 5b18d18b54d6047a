"""The embedded engine is killed while it is used: a clear, retryable error meanwhile, and nothing lost once told."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph_api.bootstrap import Server
from graph_api.config import Settings
from graph_api.engine.embedded import EmbeddedEngine
from graph_api.engine.embedded_files import EngineFiles
from graph_api.engine.migrate import migrate
from graph_api.opening import open_database
from tests.api import Api, Installation
from tests.contract.workers import PEOPLE, count
from tests.patience import PATIENCE, eventually, until

WRITERS = 6
EACH = 8
ADD = "mutation ($input: AddClientInput!) { addClient(input: $input) { person { id } errors { code } } }"


@asynccontextmanager
async def worker(data_dir: Path) -> AsyncIterator[Installation]:
    settings = Settings(data_dir=data_dir, request_timeout=30, _env_file=None)
    database = open_database(settings)
    await database.open()
    await migrate(database)
    yield Installation("embedded", settings, database, Server(settings, database))
    await database.close()


@pytest.fixture(scope="module")
async def own(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    """An engine of this module's own, to be killed."""
    async with worker(tmp_path_factory.mktemp("recovery")) as found:
        yield found


@pytest.fixture
async def api(own: Installation) -> Api:
    return own.api(await again(own.practice))


def pid(own: Installation) -> int:
    found = EmbeddedEngine(own.settings.data_dir).status().pid
    assert found is not None
    return found


def kill(own: Installation) -> None:
    os.kill(pid(own), signal.SIGKILL)


async def is_ready(own: Installation) -> bool:
    return (await own.server.readiness()).ready


@contextmanager
def killed_when_sent(own: Installation, statement: str, *, holding: str = "") -> Any:
    """Kills the engine as `statement` is about to be sent for the first time with parameters that hold a word."""
    killed = False

    def listener(name: str, params: dict[str, Any]) -> None:
        nonlocal killed
        if name == statement and holding in str(params) and not killed:
            killed = True
            kill(own)

    own.database.listeners.append(listener)
    try:
        yield
    finally:
        own.database.listeners.remove(listener)
    assert killed


async def again(ask: Callable[[], Any]) -> Any:
    """What `ask` gives once the engine is back."""
    while True:
        try:
            return await ask()
        except Exception:
            await asyncio.sleep(0.2)


def assert_retryable(response: httpx.Response) -> None:
    assert response.status_code == 503, response.text
    assert int(response.headers["Retry-After"]) >= 1
    [error] = response.json()["errors"]
    assert error["extensions"] == {"code": "UNAVAILABLE", "retryable": True}


async def answered(api: Api, query: str, **variables: Any) -> tuple[dict[str, Any], int]:
    """The data, and how often the same request was refused before. A mutation must have an idempotency key."""
    refused = 0
    while True:
        response = await api.post({"query": query, "variables": variables})
        body = response.json()
        if response.status_code == 200 and "errors" not in body:
            return body["data"], refused
        if "input" not in variables or body["errors"][0]["extensions"] != {"code": "OUTCOME_UNKNOWN"}:
            assert_retryable(response)
        refused += 1
        await asyncio.sleep(0.1)


async def test_a_killed_engine_comes_back_and_writers_who_retry_lose_and_repeat_nothing(
    own: Installation, api: Api
) -> None:
    async with asyncio.timeout(PATIENCE), worker(own.settings.data_dir) as other:
        apis = [api, other.api(api.practice)]
        told: list[str] = []
        refused = 0
        before = pid(own)

        async def write(writer: int) -> None:
            nonlocal refused
            for number in range(EACH):
                person = {"givenName": f"Writer {writer}", "familyName": f"{number}"}
                values = {"person": person, "idempotencyKey": f"{writer} {number}"}
                data, times = await answered(apis[writer % 2], ADD, input=values)
                told.append(data["addClient"]["person"]["id"])
                refused += times

                if len(told) == WRITERS * EACH // 3:
                    kill(own)

        await asyncio.gather(*(write(writer) for writer in range(WRITERS)))
        assert refused > 0
        assert pid(own) != before
        assert len(set(told)) == len(told) == WRITERS * EACH
        assert await count(own.database, PEOPLE, practice=api.practice.id) == WRITERS * EACH
        for reader in apis:
            data, _ = await answered(reader, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=told)
            assert [node["id"] for node in data["nodes"]] == told


async def test_readers_in_between_are_told_to_retry_and_readiness_says_why(own: Installation, api: Api) -> None:
    client = await api.client()
    kill(own)
    async with asyncio.timeout(PATIENCE):
        assert_retryable(await api.post({"query": "{ clients { nodes { id } } }"}))
        readiness = await own.server.readiness()
        assert not readiness.ready
        assert readiness.checks["database"] != "ok"
        data, _ = await answered(api, "{ clients { nodes { id } } }")
        assert data["clients"]["nodes"] == [{"id": client["id"]}]
        assert (await own.server.readiness()).ready


@pytest.mark.parametrize("probes", [1, 20])
async def test_a_hung_engine_is_not_waited_for_by_readiness(own: Installation, probes: int) -> None:
    await eventually(lambda: is_ready(own))
    hung = pid(own)
    os.kill(hung, signal.SIGSTOP)
    try:
        # Statements have 30 s here. A probe that waited for one would be cut off.
        async with asyncio.timeout(20):
            for _ in range(2):
                answers = await asyncio.gather(*(own.server.readiness() for _ in range(probes)))
                assert not any(answer.ready for answer in answers)
                assert {answer.checks["database"] for answer in answers} == {"does not answer in time"}
    finally:
        os.kill(hung, signal.SIGCONT)
    await eventually(lambda: is_ready(own))
    assert pid(own) == hung


async def test_what_was_committed_is_shown_although_the_engine_dies_before_the_next_root(
    own: Installation, api: Api
) -> None:
    query = """mutation { one: addClient(input: {person: {givenName: "One"}}) { person { id } }
      two: addClient(input: {person: {givenName: "Two"}}) { person { id } } }"""
    async with asyncio.timeout(PATIENCE):
        with killed_when_sent(own, "people/create", holding="Two"):
            response = await api.post({"query": query})
        assert response.status_code == 200, response.text
        body = response.json()
        assert body["data"]["two"] is None
        [error] = body["errors"]
        assert error["path"] == ["two"]
        assert error["extensions"] == {"code": "UNAVAILABLE", "retryable": True}
        data, _ = await answered(api, "{ clients { nodes { id givenName } } }")
        assert data["clients"]["nodes"] == [{"id": body["data"]["one"]["person"]["id"], "givenName": "One"}]


async def test_what_was_committed_is_shown_although_the_engine_dies_before_the_answer_is_whole(
    own: Installation, api: Api
) -> None:
    client, other = await api.client("Ana"), await api.client("Bea")
    values = f'clientId: "{client["id"]}", personId: "{other["id"]}", relationship: FRIEND'
    query = f"mutation {{ addExistingContact(input: {{{values}}}) {{ contact {{ id isReciprocated }} }} }}"
    async with asyncio.timeout(PATIENCE):
        with killed_when_sent(own, "network/contacts/by_pairs"):
            response = await api.post({"query": query})
        assert response.status_code == 200, response.text
        body = response.json()
        contact = body["data"]["addExistingContact"]["contact"]
        assert contact["isReciprocated"] is None
        assert body["errors"][0]["path"] == ["addExistingContact", "contact", "isReciprocated"]
        document = f'{{ client(id: "{client["id"]}") {{ contactNetwork {{ nodes {{ id }} }} }} }}'
        data, _ = await answered(api, document)
        assert data["client"]["contactNetwork"]["nodes"] == [{"id": contact["id"]}]


@pytest.mark.parametrize("statement", ["people/lock_match_keys", "network/contacts/create"])
async def test_a_write_whose_engine_dies_half_way_leaves_nothing(own: Installation, api: Api, statement: str) -> None:
    client = await api.client()
    person = {"givenName": "Bea", "phones": ["020 7946 0000"], "externalId": "I1"}
    values = {"clientId": client["id"], "person": person, "relationship": "FRIEND", "idempotencyKey": "1"}
    query = "mutation ($input: AddNewContactInput!) { addNewContact(input: $input) { contact { id } errors { code } } }"
    async with asyncio.timeout(PATIENCE):
        with killed_when_sent(own, statement):
            response = await api.post({"query": query, "variables": {"input": values}})
        assert_retryable(response)
        assert response.json()["data"] == {"addNewContact": None}
        data, _ = await answered(api, "{ clients { nodes { id } } }")
        assert data["clients"]["nodes"] == [{"id": client["id"]}]
        assert await count(own.database, PEOPLE, practice=api.practice.id) == 1
        data, _ = await answered(api, query, input=values)
        assert data["addNewContact"]["errors"] == []


async def test_an_engine_that_gave_up_is_ends_and_is_started_again(tmp_path: Path) -> None:
    files = EngineFiles(tmp_path)
    files.prepare()
    files.ensure_password()
    command = [sys.executable, "-m", "tests.engine.engine_that_gives_up", str(tmp_path), "--idle-grace", "60"]
    gives_up = await asyncio.to_thread(subprocess.Popen, command)
    await asyncio.to_thread(until, files.read_record)
    async with worker(tmp_path) as own:
        assert pid(own) == gives_up.pid
        api = own.api(await own.practice())
        give_up = files.root / "give up"
        give_up.touch()
        await asyncio.to_thread(until, lambda: not give_up.exists())
        for number in range(5):
            person = {"givenName": "Ana", "familyName": f"{number}"}
            added, _ = await answered(api, ADD, input={"person": person, "idempotencyKey": f"{number}"})
            assert added["addClient"]["errors"] == []
            found, _ = await answered(api, "{ clients(first: 100) { nodes { familyName } } }")
            assert len(found["clients"]["nodes"]) == number + 1
        assert await asyncio.to_thread(gives_up.wait) == 1
        assert pid(own) != gives_up.pid
