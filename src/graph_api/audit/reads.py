"""The account of reads: who was shown whom, a line per request, in files that are only ever added to.

Lines hold ids, no names. Each worker's lines go to one thread, which writes them to the end of the file in single
writes, so that workers do not cut into each other's, and the event loop waits for none of it. They go there some at a
time, because to wake a thread for each takes a seventh of the processor time of a short answer.
"""

import contextlib
import fcntl
import logging
import os
import queue
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from graph_api.audit.checkpoint_files import FOLDER
from graph_api.kernel.caller import Caller
from graph_api.soon import Soon

CURRENT = "reads.ndjson"
ROTATE_AT = 64_000_000
"""Bytes; then the file is put aside under its time, for the operator to keep."""
AT_ONCE = 1_000_000
"""Bytes in one write, about."""
HAND_OVER_EVERY = 0.05
"""Seconds in which lines are gathered; those of a worker that is killed are lost with what was not synced yet."""
SYNC_EVERY = 1.0
COMPLAIN_EVERY = 60.0
CLOSES_WITHIN = 5.0


@dataclass(frozen=True, slots=True)
class Read:
    """One request that showed people."""

    at: datetime
    practice_id: str
    actor: str
    role: str
    operation: str | None
    request_id: str
    persons: tuple[str, ...]


def reads_folder(data_dir: Path) -> Path:
    """Where the files are."""
    return data_dir / FOLDER


def _line(read: Read) -> bytes:
    row = {
        "at": read.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "practice": read.practice_id,
        "actor": read.actor,
        "role": read.role,
        "operation": read.operation,
        "requestId": read.request_id,
        "persons": read.persons,
    }
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


EMPTY = b"\n"
"""A line of nobody."""
log = logging.getLogger(__name__)


class ReadsFile:
    """Where a worker's reads go."""

    def __init__(self, folder: Path, rotate_at: int = ROTATE_AT) -> None:
        self._folder = folder
        self._path = folder / CURRENT
        self._rotate_at = rotate_at
        self._queue: queue.SimpleQueue[list[bytes] | threading.Event | None] = queue.SimpleQueue()
        self._gathered: list[bytes] = []
        self._gathering = threading.Lock()
        self._handing = Soon(HAND_OVER_EVERY, self._hand_over)
        self._thread: threading.Thread | None = None
        self._descriptor: int | None = None
        self._complained = -COMPLAIN_EVERY
        self.is_broken = False
        """Whether the last lines could not be written."""

    def note_shown(self, caller: Caller, operation: str | None, shown: Iterable[str]) -> None:
        """Take down whom an answer to a caller shows."""
        at, role, persons = datetime.now(UTC), caller.role.value, tuple(shown)
        self.note(Read(at, caller.practice.id, caller.subject, role, operation, caller.request_id, persons))

    def note(self, read: Read) -> None:
        """Take a read down; returns at once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="reads", daemon=True)
            self._thread.start()
        line = _line(read)
        with self._gathering:
            self._gathered.append(line)
        self._handing.ask()

    def _hand_over(self) -> None:
        with self._gathering:
            lines, self._gathered = self._gathered, []
        if lines:
            self._queue.put(lines)

    def flush(self, timeout: float = CLOSES_WITHIN) -> None:
        """Wait until what was taken down is on the disk."""
        if self._thread is not None:
            done = threading.Event()
            self._hand_over()
            self._queue.put(done)
            done.wait(timeout)

    def close(self) -> None:
        """Write the rest and end."""
        if self._thread is not None:
            self._hand_over()
            self._queue.put(None)
            self._thread.join(CLOSES_WITHIN)
            self._thread = None

    def _run(self) -> None:
        unsynced_since: float | None = None
        while True:
            is_idle = unsynced_since is None and not self.is_broken
            lines, waiting, ends = self._next(None if is_idle else SYNC_EVERY)
            if lines:
                self._write(b"".join(lines))
                unsynced_since = unsynced_since or time.monotonic()
            elif self.is_broken:
                # A server that is not ready is asked nothing, so no read would find out that there is room again.
                self._write(EMPTY)
            idle = not lines or waiting or ends
            if unsynced_since is not None and (idle or time.monotonic() - unsynced_since >= SYNC_EVERY):
                self._sync()
                unsynced_since = None
            for done in waiting:
                done.set()
            if ends:
                self._close()
                return

    def _next(self, timeout: float | None) -> tuple[list[bytes], list[threading.Event], bool]:
        """Lines that wait, those who wait for them, and whether to end; nothing when none came in time."""
        lines: list[bytes] = []
        waiting: list[threading.Event] = []
        size = 0
        with contextlib.suppress(queue.Empty):
            item = self._queue.get(timeout=timeout)
            while True:
                if item is None:
                    return lines, waiting, True
                if isinstance(item, threading.Event):
                    waiting.append(item)
                else:
                    lines += item
                    size += sum(map(len, item))
                if size >= AT_ONCE:
                    break
                item = self._queue.get_nowait()
        return lines, waiting, False

    def _write(self, data: bytes) -> None:
        try:
            descriptor = self._open()
            written = os.write(descriptor, data)
            if written != len(data):
                raise OSError(f"{written} of {len(data)} bytes")
            self.is_broken = False
        except OSError as error:
            self.is_broken = True
            self._close()
            if time.monotonic() - self._complained >= COMPLAIN_EVERY:
                self._complained = time.monotonic()
                log.error("reads can't be written down: %s", type(error).__name__)

    def _open(self) -> int:
        """The file as it is now: another worker may have put it aside; one that is full is put aside."""
        if self._descriptor is not None:
            found = os.fstat(self._descriptor)
            with contextlib.suppress(FileNotFoundError):
                if os.stat(self._path).st_ino == found.st_ino and found.st_size < self._rotate_at:
                    return self._descriptor
            self._close()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._put_aside()
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        return self._descriptor

    def _put_aside(self) -> None:
        """Under a lock: of several workers that see a full file one renames it."""
        with open(self._folder / "reads.lock", "ab", opener=_private) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with contextlib.suppress(FileNotFoundError):
                if os.stat(self._path).st_size >= self._rotate_at:
                    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
                    os.rename(self._path, self._folder / f"reads-{moment}.ndjson")

    def _sync(self) -> None:
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.fdatasync(self._descriptor)

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def reads_of(folder: Path, person_id: str) -> Iterator[dict[str, Any]]:
    """Who was shown the person, file by file, oldest first. Lines that a crash left unfinished are passed over."""
    wanted = f'"{person_id}"'.encode()
    for path in (*sorted(folder.glob("reads-*.ndjson")), folder / CURRENT):
        with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
            for line in file:
                if wanted in line and (row := _row(line)) is not None and person_id in row["persons"]:
                    yield row


def _row(line: bytes) -> dict[str, Any] | None:
    try:
        row: dict[str, Any] = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return row if isinstance(row, dict) and isinstance(row.get("persons"), list) else None
