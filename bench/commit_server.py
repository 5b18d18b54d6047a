"""`graph-api serve`, whose engine is killed in the midst of a commit: `python -m bench.commit_server serve ...`.

A file beside the data directory asks for it. The next COMMIT that is sent takes the file away and kills the engine a
few milliseconds later: before it has the message, while it writes its log, or before its answer is read.
"""

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from graph_api.cli import app
from graph_api.engine.lean import client
from graph_api.engine.lean.messages import COMMIT

ASKED = "kill in the next commit"
WITHIN = 0.004
"""Seconds after COMMIT was sent; a commit takes some two milliseconds."""


def main(data_dir: Path) -> None:
    """Serve, with the client's COMMIT watched."""
    asked, record = data_dir.parent / ASKED, data_dir / "engine" / "engine.json"
    send: Callable[..., Awaitable[Any]] = client._Transaction._flight

    def kill() -> None:
        with suppress(OSError, ValueError):
            os.kill(int(json.loads(record.read_text(encoding="utf-8"))["pid"]), signal.SIGKILL)

    async def watched(self: Any, message: Any, *rest: Any) -> Any:
        if message is COMMIT and asked.exists():
            asked.unlink(missing_ok=True)
            asyncio.get_running_loop().call_later(random.uniform(0, WITHIN), kill)
        return await send(self, message, *rest)

    client._Transaction._flight = watched  # type: ignore[assignment]
    app()


if __name__ == "__main__":
    main(Path(sys.argv[sys.argv.index("--data-dir") + 1]))
