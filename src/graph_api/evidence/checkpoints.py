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
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from graph_api.audit.checkpoint_files import text_of
from graph_api.audit.model import Head
from graph_api.evidence.model import LastCheckpoint, PracticeNode, Witness
from graph_api.evidence.own_fields import OwnFields
from graph_api.kernel.rows import stamp

FORM = "graph-api audit checkpoint 1"
AUDIT_HANDOVER, SEALING_HANDOVER = "audit-key", "audit-sealing-key"
"""What a line says of a key that was replaced: the check value of the former one, or nothing where it was lost."""
WITNESS = "graph-api audit witness 1"
HEADS_AT_ONCE = 1_000
"""In one line."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Checkpoints:
    """A practice's checkpoints, outside the database: where its chains ended, signed. Methods block on files."""

    def __init__(self, path: Path, key: Ed25519PrivateKey, practice_id: str) -> None:
        self._path = path
        self._key = key
        self._practice = practice_id
        self._offset = 0
        self._digest = ""
        self._last: LastCheckpoint | None = None
        self._faults: list[str] = []
        self._unsigned: list[str] = []
        self._own = OwnFields()
        self._witnessed = 0
        """Of which checkpoint the database had been told when the last one was written."""
        self._told = 0
        self.is_behind = False
        self.untold: int | None = None
        # An empty name: a file of its own that nobody else sees and that goes with the connection.
        self._heads = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._heads.execute("CREATE TABLE heads (subject TEXT PRIMARY KEY, count INTEGER, mac TEXT, seen INTEGER)")
        self._heads.execute("CREATE TABLE handed (subject TEXT, count INTEGER, key TEXT)")
        self._heads.execute("CREATE INDEX handed_subject ON handed (subject)")
        self._heads.execute("CREATE TABLE lines (number INTEGER PRIMARY KEY, digest TEXT)")

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
        return [*self._unsigned, *self._faults]

    def former(self, subject_ids: Sequence[str]) -> Mapping[str, Sequence[tuple[int, str]]]:
        """Up to which number of a chain a former audit key was used, and what it is known by; "" where it is lost."""
        found: dict[str, list[tuple[int, str]]] = {}
        for subject_id in subject_ids:
            rows = self._heads.execute(
                "SELECT count, key FROM handed WHERE subject = ? ORDER BY count, rowid", (subject_id,)
            )
            found[subject_id] = list(rows)
        return found

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
        times = (self._last.at, self._last.through) if self._last else (LONG_AGO, LONG_AGO)
        try:
            entry = json.loads(line)
            content = entry["checkpoint"]
            is_signed = self._is_signed(entry)
            if not is_signed:
                # The key may have been replaced since: then a later line, signed with this one, answers for it.
                self._unsigned.append(f"checkpoint {number} was changed, or signed with another key")
            if [content["form"], content["practice"], content["number"]] != [FORM, self._practice, number]:
                self._fault(f"checkpoint {number} is missing or out of its place")
            elif content["previous"] != self._digest:
                self._fault(f"checkpoint {number} does not follow the one before it")
            number = content["number"]
            times = (datetime.fromisoformat(content["at"]), datetime.fromisoformat(content["through"]))
            self._take_content(number, content, is_signed)
        except (ValueError, KeyError, TypeError, AttributeError, sqlite3.Error):
            self._fault(f"checkpoint {number} was changed, or signed with another key")
        self._last = LastCheckpoint(number, *times)
        self._digest = sha256(line).hexdigest()
        self._heads.execute("INSERT OR REPLACE INTO lines VALUES (?, ?)", (number, self._digest))

    def _is_signed(self, entry: Mapping[str, Any]) -> bool:
        try:
            signature = base64.b64decode(entry["signature"], validate=True)
            self._key.public_key().verify(signature, text_of(entry["checkpoint"]))
        except (InvalidSignature, ValueError):
            return False
        return True

    def _take_content(self, number: int, content: Mapping[str, Any], is_signed: bool) -> None:
        self._own.take(number, content)
        self._witnessed = max(self._witnessed, content.get("witnessed", 0))
        self.untold = content.get("untold", self.untold)
        self._heads.executemany(
            "INSERT INTO heads VALUES (?, ?, ?, 0) ON CONFLICT DO UPDATE SET count = excluded.count, "
            "mac = excluded.mac",
            content["heads"],
        )
        handover = content.get("handover", {})
        if AUDIT_HANDOVER in handover:
            self._heads.execute("INSERT INTO handed SELECT subject, count, ? FROM heads", (handover[AUDIT_HANDOVER],))
        if SEALING_HANDOVER in handover and is_signed:
            self._unsigned.clear()
            self._witnessed = 0

    @property
    def key_id(self) -> str:
        """Names the key that signs them, and does not tell it."""
        raw = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return sha256(raw).hexdigest()[:32]

    def compare(self, witness: Witness | None, node: PracticeNode | None) -> None:
        """Add to `faults` what does not go with what the database says: each side witnesses the other."""
        number = 0 if self._last is None else self._last.number
        if witness is None or witness.number < self._witnessed:
            if self._witnessed:
                self._fault("the database's note of the last checkpoint is gone, or older than it was")
        elif not self._is_ours(witness):
            self._fault("the database's note of the last checkpoint was changed")
        elif witness.number > number:
            self.is_behind = True
            missing = f"checkpoints {number + 1} to {witness.number} are missing"
            self._fault(f"{missing}: their file is gone, was cut off, or is an older copy")
        elif self._digest_of(witness.number) != witness.digest:
            self.is_behind = True
            self._fault(f"checkpoint {witness.number} is not the one that the database was told of")
        self._told = 0 if witness is None else witness.number
        if node is None:
            self._fault("the practice is not in the database any more")
        for words in () if node is None else self._own.changed(node):
            self._fault(words)

    def _is_ours(self, witness: Witness) -> bool:
        try:
            signature = base64.b64decode(witness.signature, validate=True)
            self._key.public_key().verify(signature, self._told_text(witness.number, witness.digest))
        except (InvalidSignature, ValueError):
            return False
        return True

    def _told_text(self, number: int, digest: str) -> bytes:
        return text_of([WITNESS, self._practice, number, digest])

    def _digest_of(self, number: int) -> str | None:
        row = self._heads.execute("SELECT digest FROM lines WHERE number = ?", (number,)).fetchone()
        return None if row is None else row[0]

    def witness(self) -> Witness | None:
        """What the database is to be told of the last one; None where it knows it, or knows more."""
        if self._last is None or self.is_behind or self._told == self._last.number:
            return None
        signature = base64.b64encode(self._key.sign(self._told_text(self._last.number, self._digest))).decode()
        return Witness(self._last.number, self._digest, signature)

    def sealed(self, subject_ids: Sequence[str]) -> Mapping[str, Head]:
        """Where the chains ended, of those that were sealed."""
        found: dict[str, Head] = {}
        for subject_id in subject_ids:
            row = self._heads.execute("SELECT count, mac FROM heads WHERE subject = ?", (subject_id,)).fetchone()
            if row is not None:
                found[subject_id] = Head(row[0], row[1])
        return found

    def append(
        self,
        heads: Mapping[str, Head],
        at: datetime,
        through: datetime,
        node: PracticeNode | None = None,
        handover: Mapping[str, str] | None = None,
        untold: int | None = None,
    ) -> None:
        """Add as many lines as the heads need, at least one; they are on the disk when this returns."""
        self.refresh()
        items = sorted(heads.items())
        number, digest, lines = 0 if self._last is None else self._last.number, self._digest, []
        first = number + 1
        for start in range(0, max(len(items), 1), HEADS_AT_ONCE):
            number += 1
            some = [[subject, head.count, head.mac] for subject, head in items[start : start + HEADS_AT_ONCE]]
            content: dict[str, Any] = {
                "form": FORM,
                "practice": self._practice,
                "number": number,
                "at": stamp(at),
                "through": stamp(through),
                "previous": digest,
                "heads": some,
            }
            if node is not None and number == first:
                content |= self._own.not_said(node)
            if self.untold is None and untold is not None and number == first:
                content["untold"] = untold
            if handover is not None:
                content["handover"] = dict(handover)
            if self._told:
                content["witnessed"] = self._told
            signature = base64.b64encode(self._key.sign(text_of(content))).decode()
            line = text_of({"checkpoint": content, "signature": signature}) + b"\n"
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
