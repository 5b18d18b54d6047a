"""One real server for the session, and callers of it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api import Installation
from tests.http.discreet import Caller, leaks
from tests.http.process import Process, graph_api_serve
from tests.http.serving import bearer, serving


@pytest.fixture(scope="module", autouse=True)
def no_practices_left() -> None:
    """They stay: some are made for all files here, and the server as it is run may still be sealing others."""


@pytest.fixture(scope="session")
async def address(installation: Installation) -> AsyncIterator[str]:
    """Where the installation's application is served."""
    async with serving(installation.server.app) as url:
        yield url


@pytest.fixture(scope="session")
async def staff_token(installation: Installation) -> str:
    """A token of staff of a practice for tests that write nothing."""
    return installation.token(await installation.practice())


@pytest.fixture(scope="session")
async def anyone(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """Someone without a token."""
    async with httpx.AsyncClient(base_url=address) as client:
        yield client


@pytest.fixture(scope="session")
async def staff(address: str, staff_token: str) -> AsyncIterator[httpx.AsyncClient]:
    """Staff of a practice."""
    async with httpx.AsyncClient(base_url=address, headers=bearer(staff_token)) as client:
        yield client


@pytest.fixture(scope="module")
async def served(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Process]:
    """The server as it is run; when its tests are done, no log may hold what was typed.

    It ends with the file that asked for it, because it sends the mails and seals the practices of every test beside it.
    """
    data_dir = installation.settings.data_dir
    async with graph_api_serve(data_dir, tmp_path_factory.mktemp("serve")) as process:
        yield process
    assert not leaks(process.written())
    assert "never retrieved" not in process.written()
    assert "Traceback" not in process.written()
    logs = [path for folder in ("log", "logs") for path in data_dir.glob(f"**/{folder}/*") if path.is_file()]
    assert logs
    assert not [path.name for path in logs if leaks(path.read_text(encoding="utf-8", errors="replace"))]


@pytest.fixture
async def caller(installation: Installation, served: Process) -> AsyncIterator[Caller]:
    """Staff of a fresh practice, before the server as it is run."""
    token = installation.token(await installation.practice())
    async with httpx.AsyncClient(base_url=served.url, timeout=30) as client:
        yield Caller(client, token)
