"""A statement that runs away costs its own request its deadline, and nobody else anything."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest

from graph_api.bootstrap import Server
from graph_api.config import Settings
from graph_api.engine.embedded import EmbeddedEngine
from graph_api.engine.migrate import migrate
from graph_api.engine.statements import load_statements, parse_statement
from graph_api.opening import open_database
from tests.api import Api, Installation

RUNAWAYS = 8
"""More than an engine with two cores lets run at once where it has a limit."""
RUNAWAY = """
// purpose: people by their ids, after a long while
// params: practice: STRING, ids: LIST<STRING>, person: LIST<STRING>
// returns: rows
// access: read
UNWIND range(1, 10000) AS a
UNWIND range(1, 8000) AS b
WITH sum(a * b % 7) AS n
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice AND n > 0
RETURN collect([k IN $person | p[k]]) AS rows
"""


@dataclass(frozen=True)
class Pair:
    """Two workers on one database: one gives its requests two seconds, the other takes its time."""

    hurried: Installation
    patient: Installation


@asynccontextmanager
async def worker(settings: Settings, name: str) -> AsyncIterator[Installation]:
    database = open_database(settings)
    await database.open()
    await migrate(database)
    yield Installation(name, settings, database, Server(settings, database))
    await database.close()


@pytest.fixture(scope="module")
async def pair(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pair]:
    """On an embedded engine of its own, which is killed after: nothing else ends a statement that runs away there."""
    settings, name = installation.settings, installation.name
    if name == "embedded":
        settings = settings.model_copy(update={"data_dir": tmp_path_factory.mktemp("runaway")})
    hurried = settings.model_copy(update={"request_timeout": 2.0})
    async with worker(settings, name) as patient, worker(hurried, name) as in_a_hurry:
        yield Pair(in_a_hurry, patient)
        if name == "embedded":
            pid = EmbeddedEngine(settings.data_dir).status().pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
async def api(pair: Pair) -> Api:
    """The patient worker's, of a fresh practice."""
    return pair.patient.api(await pair.patient.practice())


@pytest.fixture
async def hurried(pair: Pair, api: Api) -> Api:
    """The same practice on the worker in a hurry, which knows the practice already."""
    own = pair.hurried.api(api.practice)
    await own.query("{ viewer { id } }")
    return own


@pytest.fixture
def runaway(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Makes reading people by id run away, until undone."""
    statements = load_statements(pair.patient.database.dialect)
    monkeypatch.setitem(statements, "people/by_ids", parse_statement("people/by_ids", RUNAWAY))
    return monkeypatch


def assert_late(response: httpx.Response) -> None:
    assert response.status_code == 503, response.text
    assert response.headers["Retry-After"]
    for error in response.json()["errors"]:
        assert error["extensions"] == {"code": "UNAVAILABLE", "retryable": True}


async def test_runaway_reads_are_given_up_and_the_others_are_answered_meanwhile(
    api: Api, hurried: Api, runaway: pytest.MonkeyPatch
) -> None:
    client = await api.client()
    person = {"query": f'{{ person(id: "{client["id"]}") {{ id }} }}'}
    slow = [asyncio.create_task(hurried.post(person)) for _ in range(RUNAWAYS)]
    answered = 0
    while not any(task.done() for task in slow):
        data = await api.query("{ clients { nodes { id } } }")
        assert data["clients"]["nodes"] == [{"id": client["id"]}]
        answered += 1
    assert answered > 1
    for response in await asyncio.gather(*slow):
        assert_late(response)
        assert response.json()["data"] == {"person": None}
    runaway.undo()
    assert (await api.post(person)).json() == {"data": {"person": {"id": client["id"]}}}


@pytest.mark.usefixtures("runaway")
async def test_a_runaway_write_is_given_up_and_changes_nothing(api: Api, hurried: Api) -> None:
    client = await api.client()
    archive = f'setClientStatus(input: {{personId: "{client["id"]}", expectedVersion: 1, status: ARCHIVED}})'
    response = await hurried.post({"query": f"mutation {{ {archive} {{ person {{ id }} }} }}"})
    assert_late(response)
    assert response.json()["data"] == {"setClientStatus": None}
    data = await api.query("{ clients { nodes { id clientStatus version } } }")
    assert data["clients"]["nodes"] == [{"id": client["id"], "clientStatus": "ACTIVE", "version": 1}]


@pytest.mark.usefixtures("runaway")
async def test_what_was_committed_is_shown_although_later_roots_run_away(api: Api, hurried: Api) -> None:
    client = await api.client()
    archive = f'setClientStatus(input: {{personId: "{client["id"]}", expectedVersion: 1, status: ARCHIVED}})'
    later = " ".join(f"later{n}: {archive} {{ person {{ id }} }}" for n in range(5))
    query = f'mutation {{ first: addClient(input: {{person: {{givenName: "Bea"}}}}) {{ person {{ id }} }} {later} }}'
    response = await hurried.post({"query": query})
    body = response.json()
    assert response.status_code == 200, body
    added = body["data"].pop("first")["person"]["id"]
    assert body["data"] == {f"later{n}": None for n in range(5)}
    assert [error["path"] for error in body["errors"]] == [[f"later{n}"] for n in range(5)]
    ids = {node["id"] for node in (await api.query("{ clients { nodes { id } } }"))["clients"]["nodes"]}
    assert ids == {added, client["id"]}
