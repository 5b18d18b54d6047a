"""Java's classes as the embedded engine needs them, read once for all engines of the suite: half of a start's time.

`python -m tests.engine_classes FILE` runs an engine that writes them there as it ends. Where the file is missing, or of
another Java, engines start without it.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from graph_api.engine import embedded_process
from graph_api.engine.bolt import Database, Locator
from graph_api.engine.clients import Address
from graph_api.engine.embedded_files import DATABASE, HOST, USER, EngineFiles
from graph_api.engine.migrate import migrate
from graph_api.engine.statements import Dialect

VARIABLE = "EMBEDDED_ENGINE_JAVA"
SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""For an engine that lives for minutes: to compile what it runs well takes longer than it runs."""
WITHIN = 120.0


def use(cache: Path) -> Path | None:
    """Engines that are started from here on use the file of that folder; where it is, if it can be used."""
    if "FAKETIME" in os.environ:  # it moves the dates of Java's own files as well, by which Java knows them
        os.environ.setdefault(VARIABLE, SHORT_LIVED)
        return None
    file = cache / f"engine-{version('arcadedb-embedded')}.aot"
    os.environ.setdefault(VARIABLE, f"{SHORT_LIVED} -Xlog:aot*=off -XX:AOTCache={file}")
    return file


def make(file: Path) -> None:
    """Make the file where there is none; what goes wrong costs time alone."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError, subprocess.SubprocessError):
        command = [sys.executable, "-m", "tests.engine_classes", str(made)]
        subprocess.run(command, capture_output=True, timeout=WITHIN, check=True, cwd=Path(__file__).parents[1])
        made.replace(file)


def main() -> None:
    """Start an engine, ask it for what every engine is asked, and end it as Java ends."""
    os.environ[VARIABLE] = f"{SHORT_LIVED} -Xlog:aot*=off -XX:AOTCacheOutput={Path(sys.argv[1]).absolute()}"
    with tempfile.TemporaryDirectory() as folder:
        files = EngineFiles(Path(folder))
        files.prepare()
        files.ensure_password()
        options = argparse.Namespace(bolt_port=None, preferred_bolt_port=None, heap="512m")
        server, record = embedded_process._start(files, options)
        asyncio.run(_ask(record.bolt_port, files.read_password()))
        server.stop()
        os.chdir("/")
    import jpype  # it is there once Java runs

    jpype.java.lang.Runtime.getRuntime().exit(0)


async def _ask(port: int, password: str) -> None:
    address = Address(f"bolt://{HOST}:{port}", USER, password, DATABASE, Dialect.ARCADEDB)
    database = Database(Locator(address))
    await database.open()
    await migrate(database)
    await database.close()


if __name__ == "__main__":
    main()
