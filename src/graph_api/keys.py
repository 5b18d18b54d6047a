"""Secrets of an installation: made on first use, readable by their owner alone, never shown."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

SECRET = "secret"  # noqa: S105 - a file's name
SIGNING_KEY = "signing-key.pem"
MIN_SECRET_BYTES = 32


class KeyFileError(RuntimeError):
    """A key file can't be used; the message says how to mend it."""


def _create_once(path: Path, content: bytes) -> bytes:
    """The file's content; written only if it is not there, all at once, with 0600, also when several try."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_bytes()
    except OSError as error:
        raise KeyFileError(f"{path}: {error.strerror}. Give a data directory that you may write to.") from None


def installation_secret(data_dir: Path, secret_file: Path | None = None) -> bytes:
    """The key for cursors, bookmarks and idempotency; several machines share it by `secret_file`.

    Raises:
        KeyFileError: unreadable, or shorter than 32 bytes.
    """
    if secret_file is not None:
        try:
            secret = secret_file.read_bytes().strip()
        except OSError as error:
            raise KeyFileError(f"{secret_file}: {error.strerror}. Check GRAPH_API_SECRET_FILE.") from None
    else:
        secret = _create_once(data_dir / SECRET, secrets.token_hex(MIN_SECRET_BYTES).encode())
    if len(secret) < MIN_SECRET_BYTES:
        raise KeyFileError(f"{secret_file or data_dir / SECRET}: a secret needs at least {MIN_SECRET_BYTES} bytes.")
    return secret


def signing_key(data_dir: Path) -> Ed25519PrivateKey:
    """The key that signs tokens where no outside issuer is set.

    Raises:
        KeyFileError: the file is not such a key.
    """
    fresh = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = data_dir / SIGNING_KEY
    try:
        key = load_pem_private_key(_create_once(path, fresh), password=None)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{path} is not an Ed25519 key. Remove it to have a new one made; old tokens end then.")
    return key
