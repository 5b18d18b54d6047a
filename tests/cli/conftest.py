"""The command line as people use it: on a data directory of its own, without the settings of whoever runs the tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_api.engine.embedded import EmbeddedEngine
from tests.cli.command import Command, leave_settings


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """For each test."""
    leave_settings(monkeypatch, tmp_path)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory whose engine runs, as it does beside a server."""
    data_dir = tmp_path_factory.mktemp("running") / "data"
    data_dir.mkdir(mode=0o700)
    with EmbeddedEngine(data_dir):
        yield data_dir


@pytest.fixture
def command(running: Path) -> Command:
    """Commands on that directory."""
    return Command(running)


@pytest.fixture
def practice(command: Command) -> str:
    """The slug of a practice of the test's own."""
    slug = f"p-{os.urandom(6).hex()}"
    command.done("practice", "create", slug, "--name", "Test", "--time-zone", "Europe/London", "--region", "GB")
    return slug
