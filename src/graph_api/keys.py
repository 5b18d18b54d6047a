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
AUDIT_KEY = "audit-key"
SEALING_KEY = "audit-sealing-key.pem"
PORTAL_SIGNING_KEY = "portal-signing-key.pem"
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
    return _secret(data_dir / SECRET, secret_file, "GRAPH_API_SECRET_FILE")


def audit_key(data_dir: Path, key_file: Path | None = None) -> bytes:
    """The key of the audit log's MACs; several machines share it by `key_file`. It never goes into the database.

    Raises:
        KeyFileError: unreadable, or shorter than 32 bytes.
    """
    return _secret(data_dir / AUDIT_KEY, key_file, "GRAPH_API_AUDIT_KEY_FILE")


def _secret(own: Path, shared: Path | None, setting: str) -> bytes:
    """What the shared file holds where one is set, else what our own does, which is made on first use."""
    if shared is not None:
        try:
            secret = shared.read_bytes().strip()
        except OSError as error:
            raise KeyFileError(f"{shared}: {error.strerror}. Check {setting}.") from None
    else:
        secret = _create_once(own, secrets.token_hex(MIN_SECRET_BYTES).encode())
    if len(secret) < MIN_SECRET_BYTES:
        raise KeyFileError(f"{shared or own}: a secret needs at least {MIN_SECRET_BYTES} bytes.")
    return secret


def sealing_key(data_dir: Path) -> Ed25519PrivateKey:
    """The key that signs the audit log's checkpoints.

    Raises:
        KeyFileError: the file is not such a key.
    """
    return _own_key(
        data_dir / SEALING_KEY, "Put the right one back: checkpoints signed with it can't be verified else."
    )


def signing_key(data_dir: Path) -> Ed25519PrivateKey:
    """The key that signs tokens where no outside issuer is set.

    Raises:
        KeyFileError: the file is not such a key.
    """
    return _own_key(data_dir / SIGNING_KEY, "Remove it to have a new one made; old tokens end then.")


def portal_signing_key(data_dir: Path, key_file: Path | None = None) -> Ed25519PrivateKey:
    """The key that signs portal accounts' tokens, whoever issues staff's; several machines share it by `key_file`.

    Raises:
        KeyFileError: the file is not such a key.
    """
    if key_file is None:
        return _own_key(data_dir / PORTAL_SIGNING_KEY, "Remove it to have a new one made; old tokens end then.")
    try:
        key = _ed25519(key_file.read_bytes())
    except OSError as error:
        raise KeyFileError(f"{key_file}: {error.strerror}. Check GRAPH_API_PORTAL_KEY_FILE.") from None
    if key is None:
        raise KeyFileError(f"{key_file} is not an Ed25519 key in PEM. Check GRAPH_API_PORTAL_KEY_FILE.")
    return key


def _own_key(path: Path, mend: str) -> Ed25519PrivateKey:
    """The key in the file, which is made on first use."""
    fresh = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key = _ed25519(_create_once(path, fresh))
    if key is None:
        raise KeyFileError(f"{path} is not an Ed25519 key. {mend}")
    return key


def _ed25519(pem: bytes) -> Ed25519PrivateKey | None:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        return None
    return key if isinstance(key, Ed25519PrivateKey) else None
