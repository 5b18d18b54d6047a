"""Compaction of the embedded engine's indexes, while nobody writes.

An index of ArcadeDB grows by pages, which compaction merges. ArcadeDB does that by itself beside writers, and then
loses entries: a record is not found by its index any more, and one that was deleted is. So its own compaction is
switched off, and indexes are compacted here while a lock keeps everybody else out, some hundredths of a second at a
time. Indexes that it had compacted before are built anew once.
"""

import json
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
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
        try:
            for index in list(indexes_of(self._database)):
                done += not self._ends.is_set() and self._compacted(index)
        except Exception as error:  # as when an index is dropped meanwhile; the next look finds the others
            _tell(f"Indexes could not be looked at: {type(error).__name__}")
        return done

    def _compacted(self, index: Any) -> bool:
        """Compact an index that has grown enough; whether it was."""
        name = str(index.getName())
        is_due = index.getMutableIndex().getCurrentMutablePages() >= self._min_pages
        if not is_due or time.monotonic() < self._not_before.get(name, 0.0):
            return False
        try:
            return compact(self._database, index)
        except Exception as error:  # whatever it is, the index is as it was
            self._not_before[name] = time.monotonic() + _AFTER_FAILURE
            _tell(f"Index {name} could not be compacted: {type(error).__name__}")
            return False


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


@dataclass(frozen=True, slots=True)
class IndexMade:
    """How an index of a type was made, so that it can be made again."""

    name: str
    type: str
    properties: tuple[str, ...]
    unique: bool
    null_strategy: str

    @property
    def create(self) -> str:
        """The statement that makes it; one that nobody named is called by its type and properties."""
        properties = ", ".join(f"`{one}`" for one in self.properties)
        named = "" if self.name == f"{self.type}[{','.join(self.properties)}]" else f"`{self.name}` "
        kind = "UNIQUE" if self.unique else "NOTUNIQUE"
        return f"CREATE INDEX {named}ON `{self.type}` ({properties}) {kind} NULL_STRATEGY {self.null_strategy}"


def rebuild_once(database: Any, files: EngineFiles) -> int:
    """Build the indexes anew that ArcadeDB has compacted by itself, unless that was done before; how many were.

    ArcadeDB drops an index before it builds it. So what is to be built is written down first, and whoever was killed
    in between, or refused, begins again with that list: no index is lost, and none is taken for sound.

    Raises:
        EngineStartError: an index can't be built, as when a duplicate came in while entries were missing.
    """
    if files.indexes_sound.exists():
        return 0
    wanted = _left_over(files)
    if wanted is None:
        wanted = list({one.name: one for one in map(made_as, indexes_of(database)) if one is not None}.values())
        files.note_indexes_wanted(json.dumps([asdict(one) for one in wanted]))
    for one in wanted:
        try:
            is_there = database.getSchema().existsIndex(one.name)
            database.command("sql", f"REBUILD INDEX `{one.name}`" if is_there else one.create)
        except Exception as error:
            raise EngineStartError(
                f"The index {one.name} has to be built anew and could not be ({type(error).__name__}). Two records may "
                "have the same key. Keep a copy of the data directory, and restore a backup."
            ) from error
    files.note_indexes_sound()
    return len(wanted)


def _left_over(files: EngineFiles) -> list[IndexMade] | None:
    """What an earlier start was to build; None where none began."""
    try:
        kept = json.loads(files.indexes_wanted.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return [IndexMade(**{**one, "properties": tuple(one["properties"])}) for one in kept]


def made_as(index: Any) -> IndexMade | None:
    """How an index was made that ArcadeDB has compacted; None of any other."""
    if index.getMutableIndex().getSubIndex() is None:
        return None
    whole = index.getTypeIndex()
    properties = tuple(str(one) for one in whole.getPropertyNames())
    strategy = str(whole.getNullStrategy())
    return IndexMade(str(whole.getName()), str(whole.getTypeName()), properties, bool(whole.isUnique()), strategy)
