"""The server as it is run: `graph-api serve` in a process of its own, and all that it writes."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.patience import PATIENCE


@dataclass
class Process:
    """A running server; `written` is its standard output and error."""

    url: str
    output: Path

    def written(self) -> str:
        """Everything so far."""
        return self.output.read_text(encoding="utf-8")

    def log(self) -> list[dict[str, Any]]:
        """Its log's lines."""
        return [json.loads(line) for line in self.written().splitlines() if line.startswith("{")]

    async def logged(self, *request_ids: str) -> dict[str, dict[str, Any]]:
        """The access log's lines of requests; a line is written just after the answer was sent."""
        async with asyncio.timeout(PATIENCE):
            while True:
                lines = {line["request_id"]: line for line in self.log() if line["event"] == "request"}
                if lines.keys() >= set(request_ids):
                    return {request_id: lines[request_id] for request_id in request_ids}
                await asyncio.sleep(0.02)


@asynccontextmanager
async def graph_api_serve(data_dir: Path, home: Path, handles: int = 0) -> AsyncIterator[Process]:
    """Serve a data directory until the context ends; `home` is where it runs and its output goes.

    `handles` are the file handles that it may have, where these are to be few.
    """
    output = home / "output.txt"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRAPH_API_")}
    with output.open("wb") as sink:
        command = ("-m", "graph_api", "serve", "--port", "0", "--data-dir", str(data_dir))
        few = ("sh", "-c", f'ulimit -n {handles} && exec "$@"', "sh") if handles else ()
        server = await asyncio.create_subprocess_exec(
            *few, sys.executable, *command, cwd=home, env=environment, stdout=sink, stderr=sink
        )
    try:
        async with asyncio.timeout(PATIENCE):
            while not (found := re.search(r"Serving (http://\S+)/graphql", output.read_text(encoding="utf-8"))):
                assert server.returncode is None, output.read_text(encoding="utf-8")
                await asyncio.sleep(0.05)
        yield Process(found.group(1), output)
    finally:
        if server.returncode is None:
            server.send_signal(signal.SIGINT)
        await asyncio.wait_for(server.wait(), PATIENCE)
