"""`graph-api serve` as a process of its own, and how it ends."""

import contextlib
import hashlib
import json
import re
from pathlib import Path

import psutil
import pytest

from graph_api.engine.embedded import EmbeddedEngine
from tests.cli.command import Command, Process, leave_settings, started
from tests.patience import until as wait_until

VIEWER = "{ viewer { role practice { name } } }"
MANY = ("--workers", "2")
ANYWHERE = "0.0.0.0"  # noqa: S104 - the warning is about it

pytestmark = pytest.mark.timeout(1_800)


def workers_of(pid: int) -> list[psutil.Process]:
    """The processes that serve: the others are the engine and multiprocessing's own."""
    found = []
    for child in psutil.Process(pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):  # ended meanwhile
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
    return found


@pytest.mark.parametrize("workers", [(), MANY])
def test_it_serves_until_interrupted(command: Command, practice: str, tmp_path: Path, workers: tuple[str, ...]) -> None:
    with started(tmp_path, command.data_dir, "serve", "--port", "0", *workers) as server:
        server.wait_for_address()
        wait_until(server.is_ready)
        token = command.done("token", "--practice", practice, "--role", "analyst").strip()
        response = server.query(token, VIEWER)
        assert response.json() == {"data": {"viewer": {"role": "ANALYST", "practice": {"name": "Test"}}}}
        assert "server" not in response.headers
        assert server.get("/schema.graphql").text.strip() == command.done("schema").strip()
        port = server.address.rsplit(":", 1)[1]
        assert f"Port {port}" in command.refused("serve", "--port", port)
        assert server.interrupt() == 0
    assert "Traceback" not in server.said
    assert server.popen.stdout is not None
    [access] = [json.loads(line) for line in server.said.splitlines() if '"/graphql"' in line]
    assert (access["path"], access["status"]) == ("/graphql", 200)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Command, list[psutil.Process]]:
    """A server with a practice that was killed, and the workers that it had."""
    folder = tmp_path_factory.mktemp("killed")
    command = Command(folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        leave_settings(patch, folder)
        with started(folder, command.data_dir, "serve", "--port", "0", *MANY) as server:
            server.wait_for_address()
            command.done("practice", "create", "kept", "--name", "Kept", "--time-zone", "UTC", "--region", "US")
            wait_until(server.is_ready)
            workers = workers_of(server.popen.pid)
            server.kill()
    return command, workers


def test_killing_it_ends_its_workers_and_the_engine(killed: tuple[Command, list[psutil.Process]]) -> None:
    command, workers = killed
    assert len(workers) == 2
    command.wait_for_engine_to_end()
    wait_until(lambda: not any(worker.is_running() for worker in workers))


def test_the_data_of_a_killed_server_stay(killed: tuple[Command, list[psutil.Process]], tmp_path: Path) -> None:
    command, _ = killed
    command.wait_for_engine_to_end()
    with started(tmp_path, command.data_dir, "serve", "--port", "0") as server:
        server.wait_for_address()
        assert "kept" in command.done("practice", "list")
        server.kill()
    command.wait_for_engine_to_end()


def test_an_unreachable_neo4j_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPH_API_DATABASE_URL", "bolt://127.0.0.1:1")
    with started(tmp_path, tmp_path / "data", "serve", "--port", "0") as server:
        server.wait_for_address()
        assert "The server starts anyway" in server.said
        assert server.get("/health/live").status_code == 200
        assert server.get("/health/ready").status_code == 503
        assert server.interrupt() == 0


def wait_until_it_serves_anywhere(server: Process) -> str:
    """What it has said until it serves; it is asked on loopback."""
    server.wait_for(f"Serving http://{ANYWHERE}:")
    [port] = re.findall(rf"{ANYWHERE}:(\d+)", server.said)
    server.address = f"http://127.0.0.1:{port}"
    return server.said


def test_an_address_open_to_others_is_warned_of(running: Path, tmp_path: Path) -> None:
    with started(tmp_path, running, "serve", "--host", ANYWHERE, "--port", "0") as server:
        assert "TLS" in wait_until_it_serves_anywhere(server)
        assert "GRAPH_API_TRUSTED_PROXIES" in server.said
        assert server.get("/").status_code == 404
        assert server.interrupt() == 0


def test_graphiql_beyond_loopback_is_turned_on_by_a_setting(
    running: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPH_API_GRAPHIQL", "true")
    monkeypatch.setenv("GRAPH_API_TRUSTED_PROXIES", "10.0.0.0/8")
    with started(tmp_path, running, "serve", "--host", ANYWHERE, "--port", "0") as server:
        assert "GRAPH_API_TRUSTED_PROXIES" not in wait_until_it_serves_anywhere(server)
        assert server.get("/").status_code in (200, 503)  # 503: it is not built in this checkout
        assert server.interrupt() == 0


def test_a_killed_worker_is_replaced_and_the_engine_stays(command: Command, practice: str, tmp_path: Path) -> None:
    with started(tmp_path, command.data_dir, "serve", "--port", "0", *MANY) as server:
        server.wait_for_address()
        wait_until(server.is_ready)
        engine = EmbeddedEngine(command.data_dir).status().pid
        before = workers_of(server.popen.pid)
        assert len(before) == 2
        before[0].kill()
        wait_until(lambda: len({*workers_of(server.popen.pid)} - {before[0]}) == 2)
        wait_until(server.is_ready)
        assert EmbeddedEngine(command.data_dir).status().pid == engine
        assert server.interrupt() == 0


def test_registered_operations_alone_are_answered_by_every_worker(
    command: Command, practice: str, tmp_path: Path
) -> None:
    operations = tmp_path / "operations.json"
    operations.write_text(json.dumps({hashlib.sha256(VIEWER.encode()).hexdigest(): VIEWER}), encoding="utf-8")
    options = ("--operations", str(operations), "--only-operations", *MANY)
    with started(tmp_path, command.data_dir, "serve", "--port", "0", *options) as server:
        server.wait_for_address()
        token = command.done("token", "--practice", practice, "--role", "staff").strip()
        for _ in range(6):
            assert server.query(token, VIEWER).json()["data"]["viewer"]["role"] == "STAFF"
            [error] = server.query(token, "{ viewer { id } }").json()["errors"]
            assert error["extensions"]["code"] == "OPERATION_NOT_REGISTERED"
        assert server.interrupt() == 0


def test_operations_that_can_not_be_answered_are_refused_at_the_start(command: Command, tmp_path: Path) -> None:
    operations = tmp_path / "operations.json"
    operations.write_text(json.dumps({hashlib.sha256(b"{ nobody }").hexdigest(): "{ nobody }"}), encoding="utf-8")
    assert "nobody" in command.refused("serve", "--port", "0", "--operations", str(operations))
    assert "none.json" in command.refused("serve", "--port", "0", "--operations", str(tmp_path / "none.json"))
    assert "--operations FILE" in command.refused("serve", "--port", "0", "--only-operations")
