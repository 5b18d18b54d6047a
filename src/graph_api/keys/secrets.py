"""Secrets of an installation: made on first use, readable by their owner alone, never shown."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from graph_api.keys.files import KEY_FILES, Key, KeyFileError, KeyPlace

SERVING = "serving.lock"


def _place(key: Key, data_dir: Path, shared: Path | None = None) -> KeyPlace:
    return KeyPlace(KEY_FILES[key], data_dir, shared)


def installation_secret(data_dir: Path, secret_file: Path | None = None) -> bytes:
    """The key for cursors, bookmarks and idempotency; several machines share it by `secret_file`.

    Raises:
        KeyFileError: unreadable, or no such key.
    """
    return _secret(_place(Key.SECRET, data_dir, secret_file))


def audit_key(data_dir: Path, key_file: Path | None = None) -> bytes:
    """The key of the audit log's MACs; several machines share it by `key_file`. It never goes into the database.

    Raises:
        KeyFileError: unreadable, or no such key.
    """
    return _secret(_place(Key.AUDIT, data_dir, key_file))


def sealing_key(data_dir: Path) -> Ed25519PrivateKey:
    """The key that signs the audit log's checkpoints.

    Raises:
        KeyFileError: the file is not such a key.
    """
    return _private(_place(Key.SEALING, data_dir))


def signing_key(data_dir: Path) -> Ed25519PrivateKey:
    """The key that signs tokens where no outside issuer is set.

    Raises:
        KeyFileError: the file is not such a key.
    """
    return _private(_place(Key.SIGNING, data_dir))


def portal_signing_key(data_dir: Path, key_file: Path | None = None) -> Ed25519PrivateKey:
    """The key that signs portal accounts' tokens, whoever issues staff's; several machines share it by `key_file`.

    Raises:
        KeyFileError: the file is not such a key.
    """
    return _private(_place(Key.PORTAL, data_dir, key_file))


def former_keys(data_dir: Path) -> list[tuple[KeyPlace, bytes]]:
    """Audit keys that were replaced, with which events of before are verified.

    Raises:
        KeyFileError: one can't be read.
    """
    found = []
    for path in sorted(data_dir.glob(f"{KEY_FILES[Key.AUDIT].name}.former-*")):
        place = _place(Key.AUDIT, data_dir, path)
        content = place.read()
        if content is not None:
            found.append((place, content))
    return found


def _secret(place: KeyPlace) -> bytes:
    return place.material(place.content())


def _private(place: KeyPlace) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(place.material(place.content()))


@contextmanager
def serving(data_dir: Path, *, alone: bool = False) -> Iterator[bool]:
    """Hold what tells that a server runs on the data directory; `alone` asks that none does: False where one does."""
    try:
        descriptor = os.open(data_dir / SERVING, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise KeyFileError(f"{data_dir}: {error.strerror}. Choose a data directory that you can write to.") from None
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        is_ours = True
    except BlockingIOError:
        is_ours = False
    try:
        yield is_ours
    finally:
        os.close(descriptor)
