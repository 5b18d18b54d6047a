"""Compaction of the embedded engine's indexes, while nobody writes.

An index of ArcadeDB grows by pages, which compaction merges. ArcadeDB does that by itself beside writers, and then
loses entries: a record is not found by its index any more, and one that was deleted is. So its own compaction is
switched off, and indexes are compacted here while a lock keeps everybody else out, some hundredths of a second at a
time. Indexes that it had compacted before are built anew once.
"""

import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from graph_api.engine.embedded_files import EngineFiles, EngineStartError

OWN_COMPACTION_OFF = "-Darcadedb.indexCompactionMinPagesSchedule=0"
"""For Java."""
MIN_PAGES = 10
"""So many pages that are not merged yet make reads slower; ArcadeDB's own number."""
_EVERY = 1.0
"""Seconds."""
_AFTER_FAILURE = 300.0
"""Seconds until an index is tried again that could not be compacted."""


def compact(database: Any, index: Any) -> bool:
    """Compact an index while nobody reads or writes; whether there was anything to do.

    Args:
        database: ArcadeDB's LocalDatabase.
        index: one of its LSMTreeIndex.
    """
    from jpype import JProxy

    def alone() -> bool:
        return bool(index.scheduleCompaction() and index.compact())

    return bool(database.executeInWriteLock(JProxy("java.util.concurrent.Callable", dict={"call": alone})))


def indexes_of(database: Any) -> Iterator[Any]:
    """The indexes that are compacted: one for each bucket of a type."""
    for index in database.getSchema().getIndexes():
        if str(index.getClass().getSimpleName()) == "LSMTreeIndex":
            yield index


class Compaction:
    """Compacts what has grown, in a thread of its own."""

    def __init__(self, database: Any, min_pages: int = MIN_PAGES) -> None:
        self._database = database
        self._min_pages = min_pages
        self._ends = threading.Event()
        self._not_before: dict[str, float] = {}
        self._thread = threading.Thread(target=self._run, daemon=True, name="compaction")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, within: float) -> None:
        """Begin nothing more, and wait for what is under way; it may be killed safely, too."""
        self._ends.set()
        self._thread.join(within)

    def _run(self) -> None:
        while not self._ends.wait(_EVERY):
            self.compact_grown()

    def compact_grown(self) -> int:
        """Compact every index that has grown enough; how many were."""
        done = 0
        for index in list(indexes_of(self._database)):
            name = str(index.getName())
            is_due = index.getMutableIndex().getCurrentMutablePages() >= self._min_pages
            if self._ends.is_set() or not is_due or time.monotonic() < self._not_before.get(name, 0.0):
                continue
            try:
                done += compact(self._database, index)
            except Exception as error:  # whatever it is, the index is as it was
                self._not_before[name] = time.monotonic() + _AFTER_FAILURE
                sys.stderr.write(f"Index {name} could not be compacted: {type(error).__name__}\n")
                sys.stderr.flush()
        return done


def rebuild_once(database: Any, files: EngineFiles) -> int:
    """Build the indexes anew that ArcadeDB has compacted by itself, unless that was done before; how many were.

    Raises:
        EngineStartError: an index can't be built, as when a duplicate came in while entries were missing.
    """
    if files.indexes_sound.exists():
        return 0
    compacted = {
        str(index.getTypeIndex().getName())
        for index in indexes_of(database)
        if index.getMutableIndex().getSubIndex() is not None
    }
    for name in sorted(compacted):
        try:
            database.command("sql", f"REBUILD INDEX `{name}`")
        except Exception as error:
            raise EngineStartError(
                f"The index {name} has to be built anew and could not be ({type(error).__name__}). Two records may "
                "have the same key. Keep a copy of the data directory, and restore a backup."
            ) from error
    files.note_indexes_sound()
    return len(compacted)
