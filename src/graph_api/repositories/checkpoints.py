"""Checkpoints: a file per practice, outside the database, of signed lines that say where chains ended.

Each line carries its number and the digest of the line before, so that none can be taken out, put in or moved. Lines
are only ever added. The heads they add up to are kept in a private temporary file of SQLite: memory stays small.
"""

import base64
import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from graph_api.domain.audit import Head
from graph_api.repositories.rows import stamp
from graph_api.services.ports_audit import LastCheckpoint

FORM = "graph-api audit checkpoint 1"
HEADS_AT_ONCE = 1_000
"""In one line."""
FOLDER = "audit"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def checkpoint_path(data_dir: Path, practice_id: str) -> Path:
    """Where a practice's checkpoints are."""
    return data_dir / FOLDER / f"{practice_id}.checkpoints"


def _text(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


class CheckpointFile:
    """Implements the `Checkpoints` port."""

    def __init__(self, path: Path, key: Ed25519PrivateKey, practice_id: str) -> None:
        self._path = path
        self._key = key
        self._practice = practice_id
        self._offset = 0
        self._digest = ""
        self._last: LastCheckpoint | None = None
        self._faults: list[str] = []
        # An empty name: a file of its own that nobody else sees and that goes with the connection.
        self._heads = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._heads.execute("CREATE TABLE heads (subject TEXT PRIMARY KEY, count INTEGER, mac TEXT, seen INTEGER)")

    def close(self) -> None:
        """Let go of the temporary file."""
        self._heads.close()

    @property
    def last(self) -> LastCheckpoint | None:
        """The last checkpoint."""
        return self._last

    @property
    def faults(self) -> Sequence[str]:
        """What is wrong with the file, in words."""
        return self._faults

    @contextmanager
    def exclusive(self) -> Iterator[bool]:
        """Hold the right to seal; False where another process has it."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path.with_suffix(".lock"), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(descriptor)

    def refresh(self) -> None:
        """Read the lines that were added. A last line without its end was cut off by a crash: it is none yet."""
        try:
            file = self._path.open("rb")
        except FileNotFoundError:
            if self._offset:
                self._fault("the file is gone")
            return
        with file:
            if os.fstat(file.fileno()).st_size < self._offset:
                self._fault("the file is shorter than it was")
                return
            file.seek(self._offset)
            self._heads.execute("BEGIN")
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._take(line)
                self._offset += len(line)
            self._heads.execute("COMMIT")

    def _fault(self, words: str) -> None:
        if words not in self._faults:
            self._faults.append(words)

    def _take(self, line: bytes) -> None:
        number = 1 if self._last is None else self._last.number + 1
        try:
            entry = json.loads(line)
            content, signature = entry["checkpoint"], base64.b64decode(entry["signature"], validate=True)
            self._key.public_key().verify(signature, _text(content))
            if [content["form"], content["practice"], content["number"]] != [FORM, self._practice, number]:
                self._fault(f"checkpoint {number} is missing or out of its place")
            elif content["previous"] != self._digest:
                self._fault(f"checkpoint {number} does not follow the one before it")
            number = content["number"]
            times = (datetime.fromisoformat(content["at"]), datetime.fromisoformat(content["through"]))
            self._heads.executemany(
                "INSERT INTO heads VALUES (?, ?, ?, 0) ON CONFLICT DO UPDATE SET count = excluded.count, "
                "mac = excluded.mac",
                content["heads"],
            )
        except (InvalidSignature, ValueError, KeyError, TypeError):
            self._fault(f"checkpoint {number} was changed, or signed with another key")
            times = (self._last.at, self._last.through) if self._last else (LONG_AGO, LONG_AGO)
        self._last = LastCheckpoint(number, *times)
        self._digest = sha256(line).hexdigest()

    def sealed(self, subject_ids: Sequence[str]) -> Mapping[str, Head]:
        """Where the chains ended, of those that were sealed."""
        found: dict[str, Head] = {}
        for subject_id in subject_ids:
            row = self._heads.execute("SELECT count, mac FROM heads WHERE subject = ?", (subject_id,)).fetchone()
            if row is not None:
                found[subject_id] = Head(row[0], row[1])
        return found

    def append(self, heads: Mapping[str, Head], at: datetime, through: datetime) -> None:
        """Add as many lines as the heads need, at least one; they are on the disk when this returns."""
        self.refresh()
        items = sorted(heads.items())
        number, digest, lines = 0 if self._last is None else self._last.number, self._digest, []
        for start in range(0, max(len(items), 1), HEADS_AT_ONCE):
            number += 1
            some = [[subject, head.count, head.mac] for subject, head in items[start : start + HEADS_AT_ONCE]]
            content = {
                "form": FORM,
                "practice": self._practice,
                "number": number,
                "at": stamp(at),
                "through": stamp(through),
                "previous": digest,
                "heads": some,
            }
            signature = base64.b64encode(self._key.sign(_text(content))).decode()
            line = _text({"checkpoint": content, "signature": signature}) + b"\n"
            digest = sha256(line).hexdigest()
            lines.append(line)
        self._write(b"".join(lines))
        self.refresh()

    def _write(self, lines: bytes) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            file.seek(self._offset)
            file.truncate()  # what a crash left of a line
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())

    def mark_seen(self, subject_ids: Sequence[str]) -> None:
        """These chains are there."""
        self._heads.execute("BEGIN")
        self._heads.executemany("UPDATE heads SET seen = 1 WHERE subject = ?", [(found,) for found in subject_ids])
        self._heads.execute("COMMIT")

    def unseen(self) -> Iterator[tuple[str, Head]]:
        """Chains that were sealed and not marked since."""
        for subject, count, mac in self._heads.execute(
            "SELECT subject, count, mac FROM heads WHERE seen = 0 ORDER BY subject"
        ):
            yield subject, Head(count, mac)
