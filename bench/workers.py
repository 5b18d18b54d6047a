"""Processes of `graph-api worker`, which may be killed and started again."""

import os
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import typer


class Workers:
    """So many on one data directory. As a context they are ended at its end."""

    def __init__(self, data_dir: Path, count: int, environment: Mapping[str, str]) -> None:
        self._command = [sys.executable, "-m", "graph_api", "worker", "--data-dir", str(data_dir)]
        self._environment = {**os.environ, **environment}
        self._log = (data_dir / "workers.log").open("wb")
        self._chance = random.Random(3)
        self._running = [self._start() for _ in range(count)]
        self.most_mb = 0.0
        """Resident memory of the largest."""

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, env=self._environment, stdout=self._log, stderr=self._log)

    def look(self) -> None:
        """Note how large they are.

        Raises:
            typer.BadParameter: one has ended by itself.
        """
        for one in self._running:
            if one.poll() is not None:
                raise typer.BadParameter("a worker ended: a database must have no keys of other data directories")
            self.most_mb = max(self.most_mb, round(psutil.Process(one.pid).memory_info().rss / 2**20, 1))

    def kill(self) -> None:
        """kill -9 of one, by chance; another takes its place."""
        place = self._chance.randrange(len(self._running))
        self._running[place].kill()
        self._running[place].wait()
        self._running[place] = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._running:
            one.terminate()
        for one in self._running:
            one.wait(60)
        self._log.close()
