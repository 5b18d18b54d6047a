"""The name of a machine: by it the data know the keys that each machine has of its own.

It is made once, in a data directory that is new. A name that is gone or damaged is not made anew where there are
signs of an installation: under another name any key would pass for this machine's first one.
"""

import os
import re
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from graph_api.audit.checkpoint_files import checkpoint_path, practices_with_checkpoints, signs
from graph_api.keys.files import KEY_FILES, OF_MACHINE, Key, KeyFileError, KeyPlace, write_once

MACHINE = "machine"
"""The file in the data directory."""
BETWEEN = "@"
"""Stands between a key's name and the machine's."""
_NAME = re.compile(r"[0-9a-f]{16}")
_MOST = 100
"""Bytes looked at: more than any name has."""
Known = Mapping[str, str]
"""The check values that the data know keys by."""


def checkpoint_files(data_dir: Path) -> list[Path]:
    """The files of checkpoints that hold any."""
    files = [checkpoint_path(data_dir, practice_id) for practice_id in practices_with_checkpoints(data_dir)]
    return [path for path in files if path.stat().st_size]


def signed_checkpoints(data_dir: Path, material: bytes | None) -> bool | None:
    """Whether a sealing key signed one of the checkpoints that lie here; None where there are none."""
    files = checkpoint_files(data_dir)
    if not files:
        return None
    return material is not None and any(signs(Ed25519PrivateKey.from_private_bytes(material), path) for path in files)


class Machine:
    """The name of one data directory's machine."""

    def __init__(self, data_dir: Path, *, has_database: bool) -> None:
        """`has_database`: the database lies in the data directory too, so no other machine has made what it knows."""
        self._data_dir = data_dir
        self._has_database = has_database
        self.path = data_dir / MACHINE

    def read(self) -> str | None:
        """What the file says; None where there is none.

        Raises:
            KeyFileError: it can't be read, or holds no such name.
        """
        if not os.path.lexists(self.path):
            return None
        try:
            with self.path.open("rb") as file:
                name = file.read(_MOST).decode("ascii", "replace").strip()
        except OSError as error:
            raise KeyFileError(f"{self.path}: {error.strerror}. Run as its owner.") from None
        if not _NAME.fullmatch(name):
            words = f"{self.path} is not the name of 16 digits that was made there. {self._restore()}"
            raise KeyFileError(f"{words}. If it is lost, remove it: the keys beside it tell the name.")
        return name

    def find(self, key: Key, known: Known) -> str | None:
        """The name; None where it is still to be made.

        Args:
            key: for whose sake it is asked; the message says how to replace it.
            known: what the data know.

        Raises:
            KeyFileError: it is gone or another machine's, and the message says which files to bring back.
        """
        name, machines = self.read(), {machine for _, machine, _ in _of_machines(known)}
        if name in machines or not machines:
            return name
        told = self._told_by_keys(known)
        if name is None and len(told) == 1:
            return told.pop()
        if not told and (self._is_new(name) or self._is_older()):
            return name
        now = self.read()
        if now != name:  # another process of this data directory has just made it
            return now
        raise KeyFileError(self._lost(key) if name is None else self._other(key))

    def make(self, name: str | None) -> str:
        """Keep a name that was found, or a fresh one; what is there stays.

        Raises:
            KeyFileError: it can't be written, or what is there is no name.
        """
        if self.read() is None:
            write_once(self.path, (name or secrets.token_hex(8)).encode())
        return self.read() or ""

    def begin(self, known: Known) -> None:
        """Make the name of a new machine before its first key lies here: later that would be a sign of an older one.

        Raises:
            KeyFileError: it can't be written.
        """
        if not os.path.lexists(self.path) and (self._is_new(None) or not any(_of_machines(known))):
            self.make(None)

    def _own_keys(self) -> Iterator[tuple[KeyPlace, bytes]]:
        """Keys of this machine's own that lie here. One that is damaged is refused when it is needed."""
        for key in OF_MACHINE:
            place = KeyPlace(KEY_FILES[key], self._data_dir)
            try:
                content = place.read()
            except KeyFileError:
                continue
            if content is not None:
                yield place, content

    def _told_by_keys(self, known: Known) -> set[str]:
        """The names under which the data know the keys that lie here."""
        checks = {(place.file.key.value, place.check(content)) for place, content in self._own_keys()}
        return {machine for key, machine, value in _of_machines(known) if (key, value) in checks}

    def _is_new(self, name: str | None) -> bool:
        """Whether nothing lies here that an installation leaves; with a name, nothing that goes by it."""
        keys = OF_MACHINE if name is not None else frozenset(KEY_FILES)
        left = [self._data_dir / KEY_FILES[key].name for key in keys]
        return not self._has_database and not any(map(os.path.lexists, left)) and not checkpoint_files(self._data_dir)

    def _is_older(self) -> bool:
        """Whether this is a machine of 0.3.0, which had no name: its sealing key signed the checkpoints here."""
        return any(
            place.file.key is Key.SEALING and signed_checkpoints(self._data_dir, place.material(content))
            for place, content in self._own_keys()
        )

    def _restore(self) -> str:
        return f"Restore {MACHINE} from a backup of {self._data_dir}"

    def _lost(self, key: Key) -> str:
        words = f"{self.path} is missing, and no key beside it tells which machine this is. {self._restore()}"
        begin = "A new machine begins with an empty data directory"
        return f"{words}, with the keys beside it. {begin}. {self._replace(key)}"

    def _other(self, key: Key) -> str:
        words = f"{self.path} is not the name by which the data know the keys beside it. {self._restore()}"
        return f"{words}, with those keys. {self._replace(key)}"

    @staticmethod
    def _replace(key: Key) -> str:
        return f"If they are lost: graph-api keys replace {key.value} --yes."


def _of_machines(known: Known) -> Iterator[tuple[str, str, str]]:
    """Of the keys that each machine has of its own: the key's name, the machine's, the check value."""
    for name, value in known.items():
        key, is_of_machine, machine = name.partition(BETWEEN)
        if is_of_machine:
            yield key, machine, value
