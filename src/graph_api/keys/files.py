"""Where the secrets of an installation lie, and what may be in their files; none is ever shown.

Whether a key is the one that the data know is asked in `known_keys`; until then a fresh one is a draft beside its file.
"""

import hmac
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from graph_api.keys.masters import (
    LEAST_DISTINCT,
    MasterKey,
    MasterKeysError,
    masters_content,
    new_master,
    parse_masters,
)

MIN_SECRET_BYTES = 32
CHECK = "graph-api key check 1"
"""Stands in every check value: it is good for nothing else."""
RING_LOST = (
    "If nobody has it any more: graph-api keys list names its keys, and graph-api keys drop ID --lost --yes gives one "
    "up with all that was written under it."
)
_OURS = re.compile(rb"[0-9a-f]{64}")


class KeyFileError(RuntimeError):
    """A key file can't be used; the message says how to mend it."""


class Key(Enum):
    """By the names that commands have for them."""

    SECRET = "secret"  # noqa: S105 - a name
    SIGNING = "signing-key"
    PORTAL = "portal-signing-key"
    AUDIT = "audit-key"
    SEALING = "audit-sealing-key"
    MESSAGES = "message-keys"


@dataclass(frozen=True, slots=True)
class KeyFile:
    """Where a key lies, and what it is for."""

    key: Key
    name: str
    protects: str
    is_pem: bool = False
    is_ring: bool = False
    """Whether it holds several keys, which are added and dropped and not replaced."""
    setting: str | None = None
    """Names a file that several machines share; without one each machine has a key of its own."""
    after_replacing: str = ""


KEY_FILES = {
    file.key: file
    for file in (
        KeyFile(
            Key.SECRET,
            "secret",
            "cursors, bookmarks, idempotency keys, sign-in codes, refresh tokens",
            setting="GRAPH_API_SECRET_FILE",
            after_replacing="Portal accounts must sign in again. Earlier cursors and idempotency keys are void.",
        ),
        KeyFile(
            Key.SIGNING,
            "signing-key.pem",
            "tokens of `graph-api token` and the demo",
            is_pem=True,
            after_replacing="Tokens made earlier are void. Make new ones.",
        ),
        KeyFile(
            Key.PORTAL,
            "portal-signing-key.pem",
            "portal accounts' tokens",
            is_pem=True,
            setting="GRAPH_API_PORTAL_KEY_FILE",
            after_replacing="Portal accounts' earlier tokens are void. A refresh brings new ones.",
        ),
        KeyFile(
            Key.AUDIT,
            "audit-key",
            "the audit log's events",
            setting="GRAPH_API_AUDIT_KEY_FILE",
            after_replacing="Earlier events are verified with the former key, which is kept beside the new one.",
        ),
        KeyFile(
            Key.SEALING,
            "audit-sealing-key.pem",
            "the audit log's checkpoints",
            is_pem=True,
            after_replacing="Earlier checkpoints are held by a digest that the new key signs.",
        ),
        KeyFile(
            Key.MESSAGES,
            "message-keys",
            "the keys of secure messages",
            is_ring=True,
            setting="GRAPH_API_MESSAGE_KEYS_FILE",
        ),
    )
}
OF_MACHINE = frozenset({Key.SIGNING, Key.SEALING})
"""Each machine has its own."""


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """A key's own file in the data directory, or the shared one that a setting names."""

    file: KeyFile
    data_dir: Path
    shared: Path | None = None

    @property
    def path(self) -> Path:
        """Where the key lies, or is to lie."""
        return self.shared or self.data_dir / self.file.name

    @property
    def draft(self) -> Path:
        """Where a fresh one waits until it is known that no other is missing."""
        return self.data_dir / f".{self.file.name}.new"

    def read(self) -> bytes | None:
        """What is in the file; None where our own is not there.

        Raises:
            KeyFileError: it can't be read, or holds no such key.
        """
        if self.shared is None and not os.path.lexists(self.path):
            return None
        try:
            content = self.path.read_bytes()
        except OSError as error:
            mend = f"Check {self.file.setting}." if self.shared else f"Run as its owner: {error.strerror}."
            raise KeyFileError(f"{self.path}: {error.strerror}. {mend}") from None
        if self.file.is_ring:
            self.masters(content)
        else:
            self.material(content)
        return content

    def masters(self, content: bytes) -> tuple[MasterKey, ...]:
        """The keys of a file that holds several.

        Raises:
            KeyFileError: the content is damaged; it is not shown.
        """
        try:
            return parse_masters(content)
        except MasterKeysError as error:
            raise KeyFileError(f"{self.path} is damaged: {error}. {self._mend()}") from None

    def material(self, content: bytes) -> bytes:
        """The key itself.

        Raises:
            KeyFileError: the content holds no such key; it is not shown.
        """
        if self.file.is_pem:
            key = _ed25519(content)
            if key is None:
                raise KeyFileError(f"{self.path} is not an Ed25519 key in PEM. {self._mend()}")
            return key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        secret = content.strip()
        if not self.shared and not _OURS.fullmatch(secret):
            raise KeyFileError(f"{self.path} is not the key of 64 digits that was made there. {self._mend()}")
        if len(secret) < MIN_SECRET_BYTES:
            raise KeyFileError(f"{self.path}: a secret needs at least {MIN_SECRET_BYTES} bytes. {self._mend()}")
        if secret.startswith(b"-----BEGIN") or len(set(secret)) < LEAST_DISTINCT:
            raise KeyFileError(
                f"{self.path} is not a random secret such as `openssl rand -hex 32` makes. {self._mend()}"
            )
        return secret

    def _mend(self) -> str:
        if self.file.is_ring:
            return f"Put the right one back from a backup. {RING_LOST} Move this file away for that."
        return f"Put the right one back from a backup; `graph-api keys replace {self.file.key.value}` makes a new one."

    def fresh(self) -> bytes:
        """The content of a new key."""
        if self.file.is_ring:
            return masters_content([new_master()])
        if self.file.is_pem:
            return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return secrets.token_hex(MIN_SECRET_BYTES).encode()

    def content(self) -> bytes:
        """The key's, or its draft's, which is made where there is neither.

        Raises:
            KeyFileError: it can't be read or made.
        """
        found = self.read()
        if found is not None:
            return found
        made = write_once(self.draft, self.fresh())
        return self.read() or made  # it may have been promoted meanwhile

    def promote(self, *, replacing: bool = False) -> None:
        """The draft becomes the key, where there is none yet, or `replacing` it.

        Raises:
            KeyFileError: it can't be written.
        """
        try:
            if replacing:
                os.replace(self.draft, self.path)
            elif self.draft.exists():
                with suppress(FileExistsError):  # another process was faster, or made a draft too late
                    os.link(self.draft, self.path)
                self.draft.unlink(missing_ok=True)
            _flush(self.path.parent)
        except FileNotFoundError:
            pass  # another process was faster
        except OSError as error:
            raise KeyFileError(
                f"{self.path}: {error.strerror}. Choose a data directory that you can write to."
            ) from None

    def check(self, content: bytes) -> str:
        """What the data know the key by: it tells nothing of it, and can't be made without it."""
        text = f"{CHECK}|{self.file.key.value}"
        return hmac.digest(self.material(content), text.encode(), "sha256").hex()


def write_once(path: Path, content: bytes) -> bytes:
    """The file's content; written only if it is not there, all at once, with 0600, also when several try.

    Raises:
        KeyFileError: it can't be read or written.
    """
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
            _flush(path.parent)
        return path.read_bytes()
    except FileNotFoundError:
        return content  # promoted meanwhile, and read there next
    except OSError as error:
        raise KeyFileError(f"{path}: {error.strerror}. Choose a data directory that you can write to.") from None


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ed25519(pem: bytes) -> Ed25519PrivateKey | None:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        return None
    return key if isinstance(key, Ed25519PrivateKey) else None
