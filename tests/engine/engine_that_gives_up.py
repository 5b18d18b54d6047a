"""The embedded engine, whose database gives up as it does when a commit is in its log and can't be shown.

It gives up once a file `give up` is in the folder that it runs in, and removes the file then.
"""

import argparse
import threading
from pathlib import Path
from typing import Any

from graph_api.engine import embedded_process
from graph_api.engine.embedded_files import DATABASE, EngineFiles, EngineRecord
from tests.patience import until

start = embedded_process._start


def start_and_watch(files: EngineFiles, arguments: argparse.Namespace) -> tuple[Any, EngineRecord]:
    server, record = start(files, arguments)

    def watch() -> None:
        until(lambda: Path("give up").exists())
        server._java_server.getDatabase(DATABASE).getEmbedded().fenceForRecovery("a test")
        Path("give up").unlink()

    threading.Thread(target=watch, daemon=True).start()
    return server, record


if __name__ == "__main__":
    embedded_process._start = start_and_watch
    embedded_process.main()
