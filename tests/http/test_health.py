"""Whether the server lives and is ready, what is wrong when it is not, and what every answer carries."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from graph_api.bootstrap import Server
from graph_api.config import Settings
from graph_api.engine.embedded import EmbeddedEngine
from graph_api.graphql.build import print_schema
from graph_api.opening import open_database
from tests.api import Installation
from tests.http.serving import EMBEDDED, assert_refused, bearer, serving
from tests.patience import eventually

pytestmark = EMBEDDED


async def change(installation: Installation, statement: str, **values: str) -> None:
    """Write to the database behind the application's back."""
    async with installation.database.session(write=True) as session:
        result = await session.run(statement, values)
        await result.consume()


@asynccontextmanager
async def without_database(installation: Installation) -> AsyncIterator[httpx.AsyncClient]:
    """The application before an address at which no database answers."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    update = {"database_url": f"bolt://127.0.0.1:{port}", "request_timeout": 3.0}
    settings = installation.settings.model_copy(update=update)
    database = open_database(settings)
    await database.open()
    async with serving(Server(settings, database).app) as url, httpx.AsyncClient(base_url=url) as client:
        yield client
    await database.close()


async def is_ready(client: httpx.AsyncClient) -> bool:
    """Whether it says so; a busy machine's database may be slower than readiness waits for."""
    return (await client.get("/health/ready")).status_code == 200


async def test_it_lives_and_is_ready(anyone: httpx.AsyncClient) -> None:
    live = await anyone.get("/health/live")
    assert (live.status_code, live.json()) == (200, {"status": "live"})

    await eventually(lambda: is_ready(anyone))
    ready = await anyone.get("/health/ready")
    assert ready.json() == {"status": "ready", "checks": {"database": "ok", "migrations": "ok"}}


async def test_without_its_database_it_lives_but_is_not_ready(installation: Installation) -> None:
    async with without_database(installation) as client:
        assert (await client.get("/health/live")).status_code == 200
        ready = await client.get("/health/ready")

    assert ready.status_code == 503
    assert ready.json()["status"] == "not ready"
    assert ready.json()["checks"] == {
        "database": "The database can't be reached right now. Try again in a moment.",
        "migrations": "unknown",
    }


async def test_a_server_that_takes_connections_and_says_nothing_is_not_waited_for(
    installation: Installation,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"bolt://127.0.0.1:{silent.getsockname()[1]}"
        settings = installation.settings.model_copy(update={"database_url": url, "request_timeout": 60.0})
        database = open_database(settings)
        await database.open()
        async with asyncio.timeout(30):
            readiness = await Server(settings, database).readiness()
        await database.close()
    assert readiness.checks == {"database": "does not answer in time", "migrations": "unknown"}


async def test_without_its_database_a_request_is_a_retryable_503(installation: Installation) -> None:
    token = installation.token(await installation.practice())
    async with without_database(installation) as client:
        response = await client.post("/graphql", json={"query": "{ viewer { role } }"}, headers=bearer(token))

    assert_refused(response, 503, "UNAVAILABLE")
    assert response.json()["errors"][0]["extensions"]["retryable"] is True
    assert response.headers["retry-after"] == "1"


async def test_a_database_that_refuses_our_user_is_unavailable(installation: Installation) -> None:
    port = EmbeddedEngine(installation.settings.data_dir).status().bolt_port
    update = {"database_url": f"bolt://127.0.0.1:{port}", "database_user": "root", "database_password": SecretStr("no")}
    settings = installation.settings.model_copy(update=update)
    database = open_database(settings)
    await database.open()
    token = installation.token(await installation.practice())
    async with serving(Server(settings, database).app) as url, httpx.AsyncClient(base_url=url) as client:
        response = await client.post("/graphql", json={"query": "{ viewer { role } }"}, headers=bearer(token))
        ready = await client.get("/health/ready")
    await database.close()

    assert_refused(response, 503, "UNAVAILABLE")
    assert ready.status_code == 503
    assert "Its operator must" in ready.json()["checks"]["database"]


async def test_a_database_that_was_never_opened_is_not_ready(installation: Installation, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="bolt://127.0.0.1:9", _env_file=None)
    async with serving(Server(settings, open_database(settings)).app) as url, httpx.AsyncClient() as client:
        assert (await client.get(f"{url}/health/ready")).status_code == 503


async def test_pending_migrations_are_not_ready(installation: Installation, anyone: httpx.AsyncClient) -> None:
    await change(installation, "MATCH (m:Migration {version: '0002'}) SET m.state = 'APPLYING'")
    try:
        ready = await anyone.get("/health/ready")
    finally:
        await change(installation, "MATCH (m:Migration {version: '0002'}) SET m.state = 'APPLIED'")

    assert ready.status_code == 503
    assert ready.json()["checks"] == {"database": "ok", "migrations": "1 pending; run graph-api migrate"}
    await eventually(lambda: is_ready(anyone))


async def test_a_database_ahead_of_this_version_is_not_ready(
    installation: Installation, anyone: httpx.AsyncClient
) -> None:
    now = datetime.now(UTC).isoformat()
    create = "CREATE (:Migration {version: '9999', name: 'x', checksum: 'x', state: 'APPLIED', claimedAt: $now})"
    await change(installation, create, now=now)
    try:
        ready = await anyone.get("/health/ready")
    finally:
        await change(installation, "MATCH (m:Migration {version: '9999'}) DELETE m")

    assert ready.status_code == 503
    assert ready.json()["checks"]["database"] == "ok"
    assert "9999" in ready.json()["checks"]["migrations"]
    assert "Upgrade" in ready.json()["checks"]["migrations"]


def committed_contract() -> str:
    return (Path(__file__).parents[2] / "schema.graphql").read_text(encoding="utf-8")


async def test_the_contract_is_served(anyone: httpx.AsyncClient) -> None:
    response = await anyone.get("/schema.graphql")

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text == print_schema() == committed_contract()


@pytest.mark.parametrize(
    ("path", "cached"),
    [
        ("/graphql?query={__typename}", "no-store"),
        ("/health/live", "no-store"),
        ("/health/ready", "no-store"),
        ("/schema.graphql", "no-cache"),
        ("/", "no-store"),
    ],
)
async def test_every_answer_has_an_id_of_its_own_and_says_how_long_it_may_be_kept(
    staff: httpx.AsyncClient, path: str, cached: str
) -> None:
    ids = set()
    for sent in ("", "mine"):
        response = await staff.get(path, headers={"X-Request-ID": sent})
        assert response.headers["cache-control"] == cached
        ids.add(response.headers["x-request-id"])

    assert len(ids) == 2
    assert "mine" not in ids


async def test_an_answer_is_not_shared_between_callers_or_media_types(staff: httpx.AsyncClient) -> None:
    response = await staff.get("/graphql", params={"query": "{ viewer { role } }"})

    assert {"Accept", "Authorization"} <= set(response.headers["vary"].split(", "))
    assert response.headers["x-content-type-options"] == "nosniff"
