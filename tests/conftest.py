"""Every engine there is: the embedded one always, each Neo4j of NEO4J_TEST_URI (comma-separated) where it is set.

The first Neo4j runs every test that has an engine, those after it only what `EVERY_NEO4J` in `tests/shares.py` names.
"""

import gc
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from graph_api.bootstrap import Server
from graph_api.config import Settings
from graph_api.custody.known import KnownKeys, keys_of_server
from graph_api.engine import session
from graph_api.engine.migrate import migrate
from graph_api.http import holding
from graph_api.opening import open_database
from tests import engine_classes, scratch
from tests.api import Api, At, Installation, Now
from tests.budgets import THOROUGH, THOROUGH_TIMEOUT
from tests.leftovers import remove_practices
from tests.shares import EMBEDDED as EMBEDDED
from tests.shares import ENGINES as ENGINES
from tests.shares import NEO4J_URIS, ByFileAndEngine, in_order, spared

# Engines and workers that are started here inherit both.
scratch.use()
CLASSES = engine_classes.use(Path(__file__).parents[1] / ".pytest_cache")

# A busy machine is no failure. What fails is printed so that it can be tried again.
hypothesis.settings.register_profile(
    "suite", deadline=None, print_blob=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")

# A statement's first plan counts as waiting, and on servers that have just started most statements are planned first.
session.BOOKMARK_TIMEOUT = 10.0

# Tests are refused all the time, and need not wait for it.
holding.SECONDS = 0.0


def pytest_configure(config: pytest.Config) -> None:
    """Makes what engines start with, beside the first tests; workers have it made for them."""
    if CLASSES is not None and not hasattr(config, "workerinput"):
        threading.Thread(target=engine_classes.make, args=(CLASSES,), daemon=True).start()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what a further Neo4j need not repeat, and puts first what takes longest."""
    left_out = [item for item in items if spared(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    items[:] = in_order([item for item in items if not spared(item)])
    for item in items if THOROUGH else ():
        item.add_marker(pytest.mark.timeout(THOROUGH_TIMEOUT))


def pytest_collection_finish() -> None:
    """What was imported and collected stays: to look through it again and again took a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFileAndEngine:
    """Shares the suite out among the workers of `-n`."""
    return ByFileAndEngine(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says it where half of the contract was not run."""
    if not NEO4J_URIS:
        terminalreporter.write_line("NEO4J_TEST_URI is not set: Neo4j's half of the contract was not run.")


@pytest.fixture(scope="session")
def now() -> Now:
    """The clock of every installation's services; a test that sets it resets it."""
    return Now()


@pytest.fixture
def at(now: Now) -> Iterator[At]:
    """Sets the clock to a moment."""

    def set_clock(moment: str) -> None:
        now.moment = datetime.fromisoformat(moment)

    yield set_clock
    now.moment = None


@pytest.fixture(scope="session")
async def installations(tmp_path_factory: pytest.TempPathFactory, now: Now) -> AsyncIterator["Installations"]:
    """Those that were needed so far; each stays until the end, so that tests may take turns on them."""
    async with AsyncExitStack() as stack:
        yield Installations(stack, tmp_path_factory, now)


class Installations:
    """The application on each engine, opened when first asked for."""

    def __init__(self, stack: AsyncExitStack, folders: pytest.TempPathFactory, now: Now) -> None:
        self._stack = stack
        self._folders = folders
        self._now = now
        self._open: dict[str, Installation] = {}

    @property
    def opened(self) -> tuple[Installation, ...]:
        """Those that were asked for."""
        return tuple(self._open.values())

    async def on(self, engine: str) -> Installation:
        """The application on that engine."""
        if engine not in self._open:
            url = None if engine == EMBEDDED else engine
            settings = Settings(
                data_dir=self._folders.mktemp("data"),
                database_url=url,
                request_timeout=30,
                on_loopback=True,
                public_url="http://127.0.0.1:8000",
                staff_work=0,  # what tests have done is much, and counted by those that are about it
                portal_work=0,
                _env_file=None,
            )
            database = open_database(settings)
            await database.open()
            self._stack.push_async_callback(database.close)
            await migrate(database)
            if engine == EMBEDDED:  # workers share Neo4j, and each has keys of its own
                await KnownKeys(settings, database).confirm(keys_of_server(settings))
            self._open[engine] = Installation(engine, settings, database, Server(settings, database, now=self._now))
        return self._open[engine]


@pytest.fixture(scope="module", autouse=True)
async def no_practices_left(installations: Installations) -> AsyncIterator[None]:
    """Remove the practices of a file's tests once they are done; it starts no engine for a file that needs none.

    Some tests read all of a database, because what they prove is about whatever is in it. They would take longer with
    every test that came before.
    """
    before = {installation.name: len(installation.made) for installation in installations.opened}
    yield
    for installation in installations.opened:
        made = installation.made[before.get(installation.name, 0) :]
        await remove_practices(installation, [practice.id for practice in made])


@pytest.fixture(scope="session", params=ENGINES)
async def installation(request: pytest.FixtureRequest, installations: Installations) -> Installation:
    """The application on one engine."""
    return await installations.on(request.param)


@pytest.fixture(scope="module", params=ENGINES)
async def apart(
    request: pytest.FixtureRequest,
    installations: Installations,
    tmp_path_factory: pytest.TempPathFactory,
    now: Now,
) -> AsyncIterator[Installation]:
    """As `installation`; its embedded engine is the file's own, for so many people that removing them takes long."""
    if request.param != EMBEDDED:
        yield await installations.on(request.param)
        return
    async with AsyncExitStack() as stack:
        yield await Installations(stack, tmp_path_factory, now).on(EMBEDDED)


@pytest.fixture
async def api(installation: Installation) -> Api:
    """The API of a fresh practice, as staff."""
    return installation.api(await installation.practice())
