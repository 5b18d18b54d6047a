"""The command line as people use it: on a data directory of its own, without the settings of whoever runs the tests."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_api.engine.embedded import EmbeddedEngine
from tests.cli.command import Command, leave_settings
from tests.cli.message_site import CONTACTS, MADE, PEOPLE, Site


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


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A data directory for threads alone, whose engine runs."""
    folder = tmp_path_factory.mktemp("messages")
    data_dir = folder / "data"
    data_dir.mkdir(mode=0o700)
    for name, text in (("people.csv", PEOPLE), ("contacts.csv", CONTACTS)):
        (folder / name).write_text(text)
    command = Command(data_dir)
    with EmbeddedEngine(data_dir):
        command.done("practice", "create", "oak", *MADE)
        command.done("practice", "create", "elm", *MADE)
        command.done("import", str(folder / "people.csv"), str(folder / "contacts.csv"), "--practice", "oak")
        practices = json.loads(command.done("practice", "list", "--json"))
        [practice_id] = [practice["id"] for practice in practices if practice["slug"] == "oak"]
        people = Site(command, practice_id, "", "").run("MATCH (p:Person) RETURN p.id AS id, p.clientStatus AS status")
        people.sort(key=lambda row: row["status"] is None)
        yield Site(command, practice_id, people[0]["id"], people[1]["id"])


@pytest.fixture
def site(begun: Site) -> Site:
    """Without threads and masters of before."""
    begun.run("MATCH (t:Thread) DETACH DELETE t RETURN 1 AS done")
    begun.run("MATCH (k:KeyCheck) WHERE k.name STARTS WITH 'message-keys' DELETE k RETURN 1 AS done")
    begun.path.unlink(missing_ok=True)
    begun.confirm()
    return begun
