"""Every engine there is: the embedded one always, each Neo4j of NEO4J_TEST_URI (comma-separated) where it is set."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from graph_api.bootstrap import Server, open_database
from graph_api.config import Settings
from graph_api.engine.migrate import migrate
from tests.api import Api, Installation, Now

NEO4J_URIS = [uri.strip() for uri in os.environ.get("NEO4J_TEST_URI", "").split(",") if uri.strip()]
NO_NEO4J = pytest.mark.skip(reason="NEO4J_TEST_URI is not set: Neo4j's half of the contract was not run")
NEO4J: list[Any] = [*NEO4J_URIS] or [pytest.param("neo4j", marks=NO_NEO4J)]
EMBEDDED = "embedded"
ENGINES = [EMBEDDED, *NEO4J]


@pytest.fixture(scope="session")
def now() -> Now:
    """The clock of every installation's services; a test that sets it resets it."""
    return Now()


@pytest.fixture(scope="session", params=ENGINES)
async def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, now: Now
) -> AsyncIterator[Installation]:
    """The application on one engine."""
    name = request.param
    data_dir: Path = tmp_path_factory.mktemp("data")
    url = None if name == EMBEDDED else name
    settings = Settings(data_dir=data_dir, database_url=url, request_timeout=30, on_loopback=True, _env_file=None)
    database = open_database(settings)
    await database.open()
    await migrate(database)
    yield Installation(name, settings, database, Server(settings, database, now=now))
    await database.close()


@pytest.fixture
async def api(installation: Installation) -> Api:
    """The API of a fresh practice, as staff."""
    return installation.api(await installation.practice())
