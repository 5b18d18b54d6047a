"""Answers /health/ready within two seconds, whatever the database does."""

import asyncio
from typing import Protocol

from graph_api.audit.reads import ReadsFile
from graph_api.engine.bolt import Database
from graph_api.engine.disk import Disk
from graph_api.engine.errors import Unavailable
from graph_api.engine.migrate import MigrationError, pending_migrations
from graph_api.engine.session import GraphSession
from graph_api.http.scope import Readiness

LOOKS_FOR = 1.5
"""Seconds."""


class Refusing(Protocol):
    """What may refuse to serve."""

    @property
    def refused(self) -> Exception | None:
        """Why it does."""


class ReadinessChecks:
    """Looks at the database and the disk. One look at a time: probes that come meanwhile share it."""

    def __init__(self, database: Database, disk: Disk, reads: ReadsFile, keys: Refusing) -> None:
        """`disk` is the data directory's."""
        self._keys = keys
        self._database = database
        self._disk = disk
        self._reads = reads
        self._looking: asyncio.Task[dict[str, str]] | None = None

    async def __call__(self) -> Readiness:
        """What is ready and what is not. A look that takes too long goes on, and is nobody's to wait for."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        await asyncio.wait({self._looking}, timeout=LOOKS_FOR)
        if self._looking.done():
            checks = self._looking.result()
        else:
            checks = {"database": "does not answer in time", "migrations": "unknown"}
        return Readiness(checks | self._local())

    async def _look(self) -> dict[str, str]:
        checks = {"database": "ok", "migrations": "ok"}
        try:
            await GraphSession(self._database).read("practices/ping")
            pending = await pending_migrations(self._database)
            if pending:
                checks["migrations"] = f"{len(pending)} pending; run graph-api migrate"
        except MigrationError as error:
            checks["migrations"] = str(error)
        except Exception as error:
            checks["database"] = str(error) if isinstance(error, Unavailable) else "does not answer"
            checks["migrations"] = "unknown"
        return checks

    def _local(self) -> dict[str, str]:
        """What is wrong and can be told at once."""
        found = {}
        if self._disk.is_full:
            found["disk"] = f"full: {(self._disk.free() or 0) / 1e6:.0f} MB left; nothing is saved until there is room"
        elif self._database.is_full:
            found["disk"] = "the database's disk is full; nothing is saved until there is room"
        if self._keys.refused is not None:
            found["keys"] = "a key is not the one that the data were made with; run graph-api doctor"
        if self._reads.is_broken:
            found["reads"] = "can't be written down"
        return found
