"""The real server in a process of its own, and what asks it."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict
from pathlib import Path
from socket import socket
from typing import Any

import psutil

from bench.load import Load, Result
from bench.practice import Measured, load_practice, remove_practice
from graph_api.config import Settings
from graph_api.engine.statements import Dialect
from graph_api.opening import ready_database

READY_WITHIN = 90.0


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    environment: dict[str, str], log: Path, workers: int = 1, module: str = "graph_api"
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """`graph-api serve`, as a module runs it: its port and process."""
    port = free_port()
    command = [sys.executable, "-m", module, "serve", "--port", str(port), "--workers", str(workers)]
    with log.open("wb") as output:
        unbounded = {"GRAPH_API_STAFF_WORK": "0", "GRAPH_API_PORTAL_WORK": "0"}  # one account asks for many
        environment = {**os.environ, **unbounded, **environment}
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        try:
            _wait_until_ready(process, port, log)
            yield port, process
        finally:
            process.terminate()
            process.wait(60)


@asynccontextmanager
async def served_practice(
    settings: Settings, persons: int, more: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[Measured, int, psutil.Process]]:
    """A practice, and the port and process of a server that has it; a shared database is left as it was.

    `more` is the server's environment besides.
    """
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(ready_database(settings))
        measured = await load_practice(database, persons)
        if database.dialect is Dialect.NEO4J:
            stack.push_async_callback(remove_practice, database, measured.practice)
        environment = {"GRAPH_API_DATA_DIR": str(settings.data_dir), "GRAPH_API_REQUEST_TIMEOUT": "30"}
        if settings.database_url:
            environment["GRAPH_API_DATABASE_URL"] = settings.database_url
        environment |= more or {}
        port, started = stack.enter_context(serving(environment, settings.data_dir / "server.log"))
        yield measured, port, psutil.Process(started.pid)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The server did not get ready: {log.read_text(encoding='utf-8')[-2_000:]}")


def wait_for_port(port: int) -> None:
    """Until somebody listens there.

    Raises:
        RuntimeError: nobody does in time.
    """
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        with socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.05)
    raise RuntimeError(f"nobody listens on port {port}")


def put_load(load: Load) -> Result:
    """Run a load in a process of its own."""
    command = [sys.executable, "-m", "bench.load"]
    done = subprocess.run(command, input=json.dumps(asdict(load)), check=True, stdout=subprocess.PIPE, text=True)
    return Result(**json.loads(done.stdout))


def ask(port: int, token: str, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """One request; the data."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        json.dumps({"query": query, "variables": variables}).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - loopback
        answer: dict[str, Any] = json.load(response)
    if "errors" in answer:
        raise RuntimeError(str(answer["errors"]))
    data: dict[str, Any] = answer["data"]
    return data
