"""What can be mended is said in one line that names the setting, and never its value."""

import socket
import stat
from pathlib import Path

import pytest

from graph_api.cli.database import with_database
from graph_api.config import Settings
from graph_api.engine.bolt import Database
from graph_api.engine.embedded import EmbeddedEngine
from tests.cli.command import Command

SECRET = "hunter2-not-to-be-shown"


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"DATABASE_URL": f"http://{SECRET}"}, "GRAPH_API_DATABASE_URL"),
        ({"ENGINE_HEAP": SECRET}, "GRAPH_API_ENGINE_HEAP"),
        ({"ENGINE_PORT": SECRET}, "GRAPH_API_ENGINE_PORT"),
        ({"ENGINE_PORT": "70000"}, "GRAPH_API_ENGINE_PORT"),
        ({"REQUEST_TIMEOUT": "0"}, "GRAPH_API_REQUEST_TIMEOUT"),
        ({"GRAPHIQL": SECRET}, "GRAPH_API_GRAPHIQL"),
        ({"JWKS_URL": f"https://{SECRET}"}, "GRAPH_API_JWT_ISSUER"),
        ({"JWKS_URL": f"ftp://{SECRET}", "JWT_ISSUER": SECRET, "JWT_AUDIENCE": SECRET}, "GRAPH_API_JWKS_URL"),
        ({"DATABASE_URL": "bolt://127.0.0.1:1", "DATABASE_PASSWORD_FILE": SECRET}, "GRAPH_API_DATABASE_PASSWORD_FILE"),
    ],
)
@pytest.mark.parametrize("arguments", [("practice", "list"), ("serve",), ("doctor",), ("demo",), ("migrate",)])
def test_a_setting_that_cannot_be_used_is_named_without_its_value(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
    named: str,
    arguments: tuple[str, ...],
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"GRAPH_API_{name}", value)
    line = Command(tmp_path / "data").refused(*arguments)
    assert named in line
    assert SECRET not in line


def test_a_data_directory_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    data_dir = tmp_path / "deep" / "data"
    command = Command(data_dir)
    result = command.run("token", "--practice", "none", "--role", "staff")
    assert result.exit_code == 1
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700
    secrets = [data_dir / "signing-key.pem", data_dir / "engine" / "password"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in secrets] == [0o600, 0o600]
    command.wait_for_engine_to_end()


def test_a_data_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "--data-dir" in Command(tmp_path / "file" / "data").refused("practice", "list")
    assert "--data-dir" in Command(tmp_path / "file").refused("practice", "list")


def test_a_broken_signing_key(tmp_path: Path) -> None:
    (tmp_path / "signing-key.pem").write_text(SECRET)
    for arguments in (("token", "--practice", "p", "--role", "staff"), ("serve", "--port", "0")):
        line = Command(tmp_path).refused(*arguments)
        assert "signing-key.pem" in line
        assert SECRET not in line


def test_a_secret_file_that_is_too_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "short").write_text("x")
    monkeypatch.setenv("GRAPH_API_SECRET_FILE", str(tmp_path / "short"))
    assert "32 bytes" in Command(tmp_path / "data").refused("serve", "--port", "0")


def test_a_database_that_cannot_be_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPH_API_DATABASE_URL", "bolt://127.0.0.1:1")
    for arguments in (("practice", "list"), ("migrate",), ("token", "--practice", "p", "--role", "staff")):
        assert "GRAPH_API_DATABASE_URL" in Command(tmp_path).refused(*arguments)


def test_a_database_that_refuses_the_sign_in(running: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = EmbeddedEngine(running).status().bolt_port
    monkeypatch.setenv("GRAPH_API_DATABASE_URL", f"bolt://127.0.0.1:{port}")
    monkeypatch.setenv("GRAPH_API_DATABASE_PASSWORD", SECRET)
    for arguments in (("practice", "list"), ("serve", "--port", "0")):
        line = Command(tmp_path).refused(*arguments)
        assert "GRAPH_API_DATABASE_PASSWORD" in line
        assert SECRET not in line


def test_an_engine_that_cannot_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("GRAPH_API_ENGINE_PORT", str(taken.getsockname()[1]))
        for arguments in (("serve", "--port", "0"), ("practice", "list")):
            line = Command(tmp_path).refused(*arguments)
            assert str(taken.getsockname()[1]) in line
            assert "set another port" in line


def test_a_port_in_use(running: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for name in ("serve", "demo"):
            line = Command(running).refused(name, "--port", port)
            assert f"Port {port}" in line
            assert "--port" in line


def test_a_host_that_is_not_this_machine(running: Path) -> None:
    assert "203.0.113.1" in Command(running).refused("serve", "--host", "203.0.113.1", "--port", "0")
    assert "--host" in Command(running).refused("serve", "--host", "no such host", "--port", "0")


def test_a_database_ahead_of_this_version(tmp_path: Path) -> None:
    command = Command(tmp_path / "data")
    settings = Settings(data_dir=command.data_dir, _env_file=None)
    with EmbeddedEngine(command.data_dir):
        assert "0001" in command.run("migrate").stderr
        assert "up to date" in command.run("migrate").stderr

        async def from_the_future(database: Database) -> None:
            async with database.session(write=True) as session:
                await session.run("CREATE (:Migration {version: '9999', checksum: 'x', state: 'APPLIED'})")

        with_database(settings, from_the_future)
        for arguments in (("practice", "list"), ("migrate",), ("serve", "--port", "0")):
            assert "9999" in command.refused(*arguments)
        result = command.run("doctor")
        assert result.exit_code == 1
        assert "9999" in result.stdout
