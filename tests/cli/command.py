"""Running `graph-api`: in this process for what ends by itself, as a process of its own for servers."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from graph_api.cli import app
from graph_api.engine.embedded import EmbeddedEngine
from tests.patience import PATIENCE
from tests.patience import until as wait_until

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class Command:
    """`graph-api` on one data directory."""

    data_dir: Path

    def run(self, *arguments: str) -> Result:
        """Run a command in this process."""
        return CliRunner().invoke(app, [*arguments, "--data-dir", str(self.data_dir)])

    def done(self, *arguments: str) -> str:
        """What a command that must succeed says on stdout."""
        result = self.run(*arguments)
        assert result.exit_code == 0, (result.stdout, result.stderr, result.exception)
        return result.stdout

    def refused(self, *arguments: str) -> str:
        """The one line of a command that must fail: nothing on stdout, no traceback."""
        result = self.run(*arguments)
        assert (result.exit_code, result.stdout) == (1, ""), (result.stdout, result.stderr, result.exception)
        assert isinstance(result.exception, SystemExit)
        [line] = result.stderr.splitlines()
        assert line.startswith("graph-api: ")
        assert line.endswith((".", ")"))
        return line

    def misused(self, *arguments: str) -> str:
        """What a command says that was called wrongly."""
        result = self.run(*arguments)
        assert (result.exit_code, result.stdout) == (2, ""), (result.stdout, result.stderr, result.exception)
        return " ".join(result.stderr.replace("│", " ").split())

    def wait_for_engine_to_end(self) -> None:
        """Until the data directory's engine is gone."""
        engine = EmbeddedEngine(self.data_dir)
        wait_until(lambda: not engine.is_running())


@dataclass
class Process:
    """`graph-api serve` or `demo`, running."""

    popen: subprocess.Popen[str]
    errors: Path
    address: str = ""

    @property
    def said(self) -> str:
        return self.errors.read_text(encoding="utf-8")

    def wait_for(self, text: str) -> None:
        """Until it has said it."""
        wait_until(lambda: text in self.said or self.popen.poll() is not None)
        assert text in self.said, self.said

    def wait_for_address(self) -> str:
        """Until it serves."""
        wait_until(lambda: bool(_ADDRESS.search(self.said)) or self.popen.poll() is not None)
        found = _ADDRESS.search(self.said)
        assert found, self.said
        self.address = found.group()
        return self.address

    def get(self, path: str) -> httpx.Response:
        """What it answers."""
        return httpx.get(f"{self.address}{path}", timeout=PATIENCE)

    def is_ready(self) -> bool:
        """Whether it says so; a busy machine's database may be slower than readiness waits for."""
        return self.get("/health/ready").status_code == 200

    def query(self, token: str, document: str, variables: object = None) -> httpx.Response:
        """What it answers to an operation."""
        headers = {"Authorization": f"Bearer {token}"}
        body = {"query": document, "variables": variables}
        return httpx.post(f"{self.address}/graphql", json=body, headers=headers, timeout=PATIENCE)

    def interrupt(self) -> int:
        """Ctrl-C; its exit code."""
        self.popen.send_signal(signal.SIGINT)
        return self.popen.wait(PATIENCE)

    def terminate(self) -> int:
        """As a supervisor ends it; its exit code."""
        self.popen.terminate()
        return self.popen.wait(PATIENCE)

    def kill(self) -> None:
        """kill -9."""
        self.popen.kill()
        self.popen.wait(PATIENCE)


def leave_settings(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Neither GRAPH_API_ variables nor an .env file; a fixture of more than one test does it for itself."""
    for name in list(os.environ):
        if name.startswith("GRAPH_API_"):
            patch.delenv(name)
    patch.chdir(folder)


@contextmanager
def started(tmp_path: Path, data_dir: Path, *arguments: str) -> Iterator[Process]:
    """A command as a process of its own; killed in the end if it still runs."""
    errors = tmp_path / f"stderr-{time.monotonic_ns()}"
    line = [sys.executable, "-m", "graph_api", *arguments, "--data-dir", str(data_dir)]
    with errors.open("w") as file:
        popen = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=file, text=True, cwd=tmp_path)
    with popen:
        try:
            yield Process(popen, errors)
        finally:
            popen.kill()
