"""`graph-api doctor`: what it looks at, and that each fault comes with how to mend it."""

import json
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from graph_api.engine.embedded import EmbeddedEngine
from graph_api.http.graphiql import assets_directory
from tests.cli.command import Command


def examined(command: Command) -> dict[str, dict[str, Any]]:
    result = command.run("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(result.stdout)}
    assert result.exit_code == int(any(not check["ok"] for check in checks.values()))
    assert all(check["mend"] for check in checks.values() if not check["ok"])
    return checks


def faults(command: Command) -> dict[str, str]:
    """What is to be mended; whether GraphiQL was built is not this test's matter."""
    found = {name: check["mend"] for name, check in examined(command).items() if not check["ok"]}
    if not assets_directory().joinpath("manifest.json").is_file():
        assert "make web" in found.pop("GraphiQL")
    return found


def test_an_installation_that_is_well(command: Command, practice: str) -> None:
    checks = examined(command)
    expected = {"embedded engine", "migrations", "database clock", "Python", "packages", "data directory", "disk space",
                "clock", "time zones", "GraphiQL", "password"}  # fmt: skip
    assert expected <= checks.keys()
    assert faults(command) == {}
    pid = EmbeddedEngine(command.data_dir).status().pid
    assert f"process {pid}" in checks["embedded engine"]["found"]
    table = command.run("doctor").stdout
    assert "how to fix it" in table


def test_pending_migrations(tmp_path: Path) -> None:
    command = Command(tmp_path / "data")
    with EmbeddedEngine(command.data_dir):
        assert "graph-api migrate" in faults(command)["migrations"]
        command.done("migrate")
        assert "migrations" not in faults(command)


def test_files_that_others_may_read(command: Command, practice: str) -> None:
    command.done("token", "--practice", practice, "--role", "staff")
    key, password = command.data_dir / "signing-key.pem", command.data_dir / "engine" / "password"
    command.data_dir.chmod(0o755)
    key.chmod(0o640)
    password.chmod(0o604)
    try:
        found = faults(command)
        assert found.keys() == {"data directory", "signing-key.pem", "password"}
        assert found["data directory"].endswith(f"chmod 700 {command.data_dir}")
        assert found["signing-key.pem"].endswith(f"chmod 600 {key}")
    finally:
        command.data_dir.chmod(0o700)
        key.chmod(0o600)
        password.chmod(0o600)
    assert faults(command) == {}


def test_a_disk_that_is_nearly_full(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    total = shutil.disk_usage(command.data_dir)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: total._replace(free=1_000_000))
    assert faults(command).keys() == {"disk space"}


def test_a_neo4j_that_cannot_be_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPH_API_DATABASE_URL", "bolt://127.0.0.1:1")
    assert "GRAPH_API_DATABASE_URL" in faults(Command(tmp_path / "data"))["database"]


def test_a_database_that_refuses_the_sign_in(running: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = EmbeddedEngine(running).status().bolt_port
    monkeypatch.setenv("GRAPH_API_DATABASE_URL", f"bolt://127.0.0.1:{port}")
    monkeypatch.setenv("GRAPH_API_DATABASE_PASSWORD", "wrong")
    assert "GRAPH_API_DATABASE_PASSWORD" in faults(Command(tmp_path / "data"))["database"]


class Issuer(BaseHTTPRequestHandler):
    """Answers with what its path says."""

    def do_GET(self) -> None:
        body = {"/keys": b'{"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "1", "x": "%s"}]}' % (b"A" * 43)}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.get(self.path, b"<html>"))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: stderr is read by the tests."""


@pytest.fixture
def issuer() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Issuer) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_token_issuer(command: Command, practice: str, issuer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPH_API_JWT_ISSUER", "x")
    monkeypatch.setenv("GRAPH_API_JWT_AUDIENCE", "x")
    for address, well in ((f"{issuer}/keys", True), (f"{issuer}/page", False), ("http://127.0.0.1:1/", False)):
        monkeypatch.setenv("GRAPH_API_JWKS_URL", address)
        check = examined(command)["token issuer"]
        assert check["ok"] is well
        assert well or "GRAPH_API_JWKS_URL" in check["mend"]
