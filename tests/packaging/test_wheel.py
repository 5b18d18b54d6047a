"""The wheel works by itself: built, installed from the lock into an empty environment, and served from elsewhere."""

import email
import json
import re
import signal
import subprocess
import sys
import tarfile
import time
import venv
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from graph_api.engine.embedded import EmbeddedEngine
from graph_api.http.graphiql import assets_directory
from tests.packaging.checkout import ROOT

pytestmark = pytest.mark.timeout(900)
QUIET_PIP = ["--disable-pip-version-check", "install", "--quiet", "--no-compile"]
MUTATION = """mutation ($input: AddClientInput!) {
  addClient(input: $input) { person { id displayName } errors { message } }
}"""
QUERY = "query ($id: ID!) { client(id: $id) { displayName contactNetwork(first: 5) { nodes { id } totalCount } } }"


@dataclass(frozen=True)
class Installed:
    """The wheel in an environment of its own, with a home and a working directory that know nothing of the checkout."""

    bin: Path
    home: Path
    cwd: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.bin / "graph-api"), *arguments],
            cwd=self.cwd,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )

    def python(self, code: str) -> str:
        command = [str(self.bin / "python"), "-c", code]
        answer = subprocess.check_output(command, cwd=self.cwd, env=self.environment, text=True)
        return answer.strip()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `make wheel` builds it, but outside the checkout."""
    if not (assets_directory() / "manifest.json").is_file():
        pytest.skip("GraphiQL is not built: run `make web`")
    directory = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = directory.glob("*.whl")
    return built


def pip(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The checkout's pip at work on another environment."""
    command = [sys.executable, "-m", "pip", "--python", str(python), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The locked requirements by hash, then the wheel alone."""
    root = tmp_path_factory.mktemp("wheel")
    for name in ("home", "elsewhere"):
        (root / name).mkdir()
    venv.create(root / "venv", with_pip=False)  # to install pip takes seconds, and ours can install elsewhere
    python = root / "venv/bin/python"
    # The lock holds all that is needed, which `pip check` says below: nothing is left to resolve.
    for what in (["--require-hashes", "-r", str(ROOT / "requirements.lock")], [str(wheel)]):
        done = pip(python, *QUIET_PIP, "--no-deps", *what)
        assert done.returncode == 0, done.stderr
    return Installed(root / "venv/bin", root / "home", root / "elsewhere")


def test_wheel_holds_all_it_needs_and_no_more(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    needed = {f"graph_api/{path.relative_to(ROOT)}" for path in (ROOT / "cypher").rglob("*.cypher")}
    source = [path for path in (ROOT / "src").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    needed |= {str(path.relative_to(ROOT / "src")) for path in source}
    assert {"graph_api/schema.graphql", "graph_api/http/assets/manifest.json", "graph_api/py.typed"} <= names
    assert needed <= names
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"graph_api"}


def test_wheel_and_sdist_hold_the_licence(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [licence] = [name for name in archive.namelist() if name.endswith(".dist-info/licenses/LICENSE")]
        assert archive.read(licence) == (ROOT / "LICENSE").read_bytes()
        [metadata] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        headers = email.message_from_bytes(archive.read(metadata))
    assert headers["License-Expression"] == "Apache-2.0"
    assert headers.get_all("License-File") == ["LICENSE"]
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(built) as archive_of_sources:
        names = {name.partition("/")[2] for name in archive_of_sources.getnames()}
    assert {"LICENSE", "SECURITY.md", "CONTRIBUTING.md", "README.md", "pyproject.toml"} <= names


def test_installed_package_is_consistent(installed: Installed) -> None:
    done = pip(installed.bin / "python", "check")
    assert done.returncode == 0, done.stdout
    place = Path(installed.python("import graph_api; print(graph_api.__file__)"))
    assert place.is_relative_to(installed.bin.parent)


def test_installed_schema_is_the_committed_one(installed: Installed) -> None:
    assert installed.run("schema").stdout.strip() == (ROOT / "schema.graphql").read_text(encoding="utf-8").strip()


def test_installed_package_serves_and_its_engine_ends_with_it(installed: Installed) -> None:
    installed.run("practice", "create", "maple", "--name", "Maple", "--time-zone", "Europe/London", "--region", "GB")
    token = installed.run("token", "--practice", "maple", "--role", "staff").stdout.strip()
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", token)
    data_dir = Path(installed.python("from graph_api.config import default_data_dir; print(default_data_dir())"))
    assert data_dir.is_relative_to(installed.home)
    engine = EmbeddedEngine(data_dir)
    with serving(installed) as (process, url), httpx.Client(base_url=url, timeout=30) as client:
        running = psutil.Process(engine.status().pid)
        _asks_and_is_answered(client, token)
        _page_and_its_assets_are_served(client)
        assert client.get("/schema.graphql").text.strip() == installed.run("schema").stdout.strip()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) in (0, -signal.SIGTERM)
    until(lambda: not running.is_running() and not engine.is_running(), "the engine ends")
    assert list(installed.cwd.iterdir()) == []


@contextmanager
def serving(installed: Installed) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The installed server on a free port, ready."""
    log = installed.home / "serve.log"
    with log.open("w", encoding="utf-8") as output:
        command = [str(installed.bin / "graph-api"), "serve", "--port", "0"]
        process = subprocess.Popen(
            command, cwd=installed.cwd, env=installed.environment, stdout=output, stderr=output, text=True
        )
        try:
            until(lambda: _address(process, log) is not None, "the server says where it is")
            url = _address(process, log)
            assert url is not None
            until(lambda: _is_ready(url), "the server is ready")
            yield process, url
        finally:
            process.kill()
            process.wait()


def _address(process: subprocess.Popen[str], log: Path) -> str | None:
    said = log.read_text(encoding="utf-8")
    assert process.poll() is None, said
    found = re.search(r"Serving (http://127\.0\.0\.1:\d+)/graphql", said)
    return found[1] if found else None


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready").status_code == 200
    except httpx.TransportError:
        return False


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for it; a minute and a half is never a slow machine."""
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline, f"Not in time: {what}."
        time.sleep(0.1)


def _asks_and_is_answered(client: httpx.Client, token: str) -> None:
    def ask(query: str, **variables: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        response = client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        assert response.status_code == 200, response.text
        answer = response.json()
        assert "errors" not in answer, answer
        return answer["data"]

    added = ask(MUTATION, input={"person": {"givenName": "Ana", "familyName": "García"}})["addClient"]
    assert added["errors"] == []
    read = ask(QUERY, id=added["person"]["id"])["client"]
    assert read == {"displayName": "Ana García", "contactNetwork": {"nodes": [], "totalCount": 0}}


def _page_and_its_assets_are_served(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    linked = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page.text)
    assert any(path.endswith(".js") for path in linked)
    assert any(path.endswith(".css") for path in linked)
    manifest = json.loads(client.get("/assets/manifest.json").text)
    files = {f"/assets/{entry['file']}" for entry in manifest.values()}
    assert set(linked) <= files | {f"/assets/{name}" for entry in manifest.values() for name in entry.get("css", ())}
    for path in sorted(files | set(linked)):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.content, path
    assert "://" not in re.sub(r"<!--.*?-->", "", page.text)
