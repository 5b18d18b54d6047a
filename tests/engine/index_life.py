"""Lives of one index of the embedded engine, with writers beside its compaction; run in a process of its own.

Prints as JSON how many entries the index has too many and how many are missing, then, after damage, and after it was
built anew.
"""

import json
import random
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import arcadedb_embedded
from arcadedb_embedded.jvm import start_jvm

from graph_api.engine.embedded_files import EngineFiles
from graph_api.engine.embedded_indexes import (
    OWN_COMPACTION_OFF,
    Compaction,
    IndexMade,
    indexes_of,
    made_as,
    rebuild_once,
)

WRITERS = 3
MOST = 3_000
"""Records of each writer."""


def main(directory: Path, seed: int, seconds: float, unique: bool) -> None:
    start_jvm(heap_size="512m", jvm_args=[OWN_COMPACTION_OFF])
    opened = arcadedb_embedded.create_database(str(directory))  # it closes when nobody holds it
    database = opened._java_db
    open_type(database, unique=unique)
    until = time.monotonic() + seconds
    writers = [
        threading.Thread(target=Writer(database, seed * WRITERS + number, until).write) for number in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    compacted, compaction = 0, Compaction(database, min_pages=1)
    while any(writer.is_alive() for writer in writers):
        compacted += compaction.compact_grown()
        time.sleep(0.3)
    lived = {**compared(database), "compacted": compacted}
    wanted = next(one for one in map(made_as, indexes_of(database)) if one is not None)
    damage(database)
    damaged = compared(database)
    files = EngineFiles(directory)
    files.root.mkdir(parents=True)
    rebuilt = [rebuild_once(database, files), rebuild_once(database, files)]
    found = {"lived": lived, "damaged": damaged, "rebuilt": rebuilt, "mended": compared(database)}
    sys.stdout.write(json.dumps({**found, "killed": begun_again(database, wanted, directory / "killed")}))
    opened.close()


def begun_again(database: Any, wanted: IndexMade, directory: Path) -> dict[str, int]:
    """The index after an engine that built it anew was killed when it had just dropped it, and the next one starts."""
    files = EngineFiles(directory)
    files.root.mkdir(parents=True)
    files.note_indexes_wanted(json.dumps([asdict(wanted)]))
    database.command("sql", f"DROP INDEX `{wanted.name}`")
    built = rebuild_once(database, files)
    (index,) = indexes_of(database)
    return {**compared(database), "built": built, "unique": int(bool(index.isUnique()))}


def damage(database: Any) -> None:
    """Lose an entry, as ArcadeDB's own compaction does."""
    from jpype import JArray, JObject

    (index,) = indexes_of(database)
    first = next(iter(database.iterateType("Thing", False)))
    database.begin()
    index.remove(JArray(JObject)([first.asVertex().get("key")]), first.getIdentity())
    database.commit()


def open_type(database: Any, *, unique: bool) -> None:
    for statement in (
        "CREATE VERTEX TYPE Thing BUCKETS 1",
        "CREATE PROPERTY Thing.key STRING",
        f"CREATE INDEX ON Thing (key) {'UNIQUE' if unique else 'NOTUNIQUE'}",
    ):
        database.command("sql", statement)


def compared(database: Any) -> dict[str, int]:
    """The index beside the records."""
    kept = {(str(one.getIdentity()), str(one.asVertex().get("key"))) for one in database.iterateType("Thing", False)}
    (index,) = indexes_of(database)
    found, entries = [], index.iterator(True)
    while entries.hasNext():
        found.append((str(entries.next()), str(entries.getKeys()[0])))
    return {"kept": len(kept), "too_many": len(found) - len(kept & set(found)), "missing": len(kept - set(found))}


class Writer:
    """Adds, moves and deletes records of its own, whose keys begin alike and are all different."""

    def __init__(self, database: Any, seed: int, until: float) -> None:
        self._database, self._until, self._seed = database, until, seed
        self._random = random.Random(seed)  # noqa: S311 - it has to be run again
        self._serial = 0
        self._grows = True

    def _key(self) -> str:
        self._serial += 1
        return f"{self._random.randrange(3)}|{self._seed:03d}|{self._serial:09d}"

    def write(self) -> None:
        from jpype import JException

        mine: list[Any] = []
        while time.monotonic() < self._until:
            after = list(mine)
            self._grows = len(after) < (MOST if self._grows else 100)
            try:
                self._database.begin()
                for _ in range(self._random.randrange(1, 60)):
                    self._step(after)
                self._database.commit()
            except JException:  # a race was lost
                self._database.rollback()
            else:
                mine = after

    def _step(self, mine: list[Any]) -> None:
        chance = self._random.random()
        if not mine or chance < (0.6 if self._grows else 0.1):
            mine.append(self._database.newVertex("Thing").set("key", self._key()).save().getIdentity())
            return
        place = self._random.randrange(len(mine)) if self._random.random() < 0.3 else 0
        vertex = self._database.lookupByRID(mine[place], True).asVertex(True).modify()
        if chance < (0.8 if self._grows else 0.4):
            vertex.set("key", self._key()).save()
        else:
            vertex.delete()
            del mine[place]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4] == "unique")
