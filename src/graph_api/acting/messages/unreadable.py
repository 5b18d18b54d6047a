"""Bodies and subjects that could not be read, a line each in a file of the data directory, which `doctor` counts.

Lines hold ids and no text. The file is put aside once it has grown, and the one before it is dropped.
"""

import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from graph_api.acting.messages.encryption import Place, Unreadable

NAME = "unreadable-messages.ndjson"
PUT_ASIDE_AT = 1_000_000
"""Bytes: some 5,000 lines."""
COUNTED = timedelta(days=7)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UnreadableCount:
    """What could not be read lately."""

    times: int
    threads: int


class UnreadableBodies:
    """Where a server's are noted; workers share the file."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / NAME

    def note(self, place: Place, error: Unreadable, now: datetime) -> str:
        """Log it, count it, and answer the `errorId` of both."""
        error_id = secrets.token_hex(6)
        why = type(error).__name__
        log.error("unreadable message %s: %s at %s, %s", error_id, why, place.thread, place.sequence)
        row = {
            "at": now.astimezone(UTC).isoformat(timespec="seconds"),
            "errorId": error_id,
            "why": why,
            "practice": place.practice,
            "thread": place.thread,
            "sequence": place.sequence,
        }
        with suppress(OSError):  # the log has it
            self._write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        return error_id

    def _write(self, line: bytes) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, line)
            size = os.fstat(descriptor).st_size
        finally:
            os.close(descriptor)
        if size >= PUT_ASIDE_AT:
            os.replace(self._path, self._aside)

    @property
    def _aside(self) -> Path:
        return self._path.with_name(f"{NAME}.1")

    def count(self, now: datetime) -> UnreadableCount:
        """Of the last seven days."""
        since = (now - COUNTED).astimezone(UTC).isoformat(timespec="seconds")
        found = [row.get("thread") for row in self._rows() if str(row.get("at", "")) >= since]
        return UnreadableCount(len(found), len(set(found)))

    def _rows(self) -> Iterator[dict[str, object]]:
        for path in (self._aside, self._path):
            with suppress(OSError):
                for line in path.read_bytes().splitlines():
                    with suppress(orjson.JSONDecodeError):
                        row = orjson.loads(line)
                        if isinstance(row, dict):
                            yield row
