"""What the embedded engine and its users share: the files and locks under `<data_dir>/engine`.

Every lock is a `flock`: the kernel lets go of it when its holder ends, however it ends, so none is ever stale.
"""

import contextlib
import errno
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

HOST = "127.0.0.1"
USER = "root"
DATABASE = "neo4j"
FAILURE_MARK = "engine cannot start: "
_POLL_SECONDS = 0.05
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}


class EngineStartError(RuntimeError):
    """The engine can't be used; the message tells the person at the terminal what is wrong and how to mend it."""


@dataclass(frozen=True)
class EngineRecord:
    """A running engine's own account of itself: the content of `engine.json`."""

    pid: int
    bolt_port: int
    started_at: str
    version: str
    wal_flush: int


class FileLock:
    """One process's hold on a lock file. Python opens files close-on-exec, so no child inherits it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    @property
    def held(self) -> bool:
        return self._fd is not None

    def try_lock(self, *, shared: bool) -> bool:
        """Take the lock if it is free; say whether it was.

        Raises:
            EngineStartError: the file can't be opened, or its file system has no locks.
        """
        try:
            import fcntl  # here: so that the module can be imported on Windows, and the message below be shown
        except ImportError:
            raise EngineStartError(
                "The embedded engine runs on Linux and macOS only. On Windows, use WSL or connect to a Neo4j server."
            ) from None
        with explained(self._path):
            fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError as error:
            os.close(fd)
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                return False
            if error.errno in _NO_LOCKS:
                raise EngineStartError(
                    f"The file system of {self._path.parent} has no file locks ({error.strerror}). "
                    "Choose a data directory on a local disk."
                ) from error
            raise EngineStartError(f"Can't lock {self._path}: {error.strerror}.") from error
        self.unlock()
        self._fd = fd
        return True

    def lock(self, *, shared: bool, deadline: float) -> bool:
        """Wait for the lock until `deadline` (of `time.monotonic`); say whether it was taken."""
        while not self.try_lock(shared=shared):
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def unlock(self) -> None:
        """Let go; nothing happens if it isn't held."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def note(self, text: str) -> None:
        """Write into the held file, for whoever wonders who holds it; it may fail, for nothing depends on it."""
        if self._fd is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._fd, 0)
                os.pwrite(self._fd, text.encode(), 0)

    def is_at_path(self) -> bool:
        """Whether the held file is still the one at its path: it isn't once the directory was removed or replaced."""
        try:
            return self._fd is not None and os.path.samestat(os.fstat(self._fd), self._path.stat())
        except OSError:
            return False


class EngineFiles:
    """The layout of `<data_dir>/engine`, and how each file there is written safely."""

    def __init__(self, data_dir: Path) -> None:
        self.root = data_dir.absolute() / "engine"
        self.logs = self.root / "logs"
        self.log = self.logs / "engine.log"
        self.password = self.root / "password"
        self.record = self.root / "engine.json"
        self.engine_lock = self.root / "engine.lock"
        self.start_lock = self.root / "start.lock"
        self.users_lock = self.root / "users.lock"
        self.data_version = self.root / "data-version"
        self.indexes_sound = self.root / "indexes-sound"
        self.indexes_wanted = self.root / "indexes-wanted"
        self.database = self.root / "databases" / DATABASE

    def prepare(self) -> None:
        """Make the directories, for the owner only.

        Raises:
            EngineStartError: they can't be made or written.
        """
        with explained(self.root):
            for directory in (self.root, self.logs):
                directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.root.chmod(0o700)
        if not os.access(self.root, os.W_OK | os.X_OK):
            raise EngineStartError(f"{self.root} is not writable. Give this user the right to write there, or choose "
                                   "another data directory.")  # fmt: skip

    def ensure_password(self) -> None:
        """Make the root password if there is none. Call it with the start lock held."""
        with explained(self.password):
            if self.password.exists() and self.password.stat().st_size:
                self.password.chmod(0o600)
            else:
                _write_line(self.password, secrets.token_urlsafe(32))

    def read_password(self) -> str:
        """The root password.

        Raises:
            EngineStartError: it is missing or can't be read.
        """
        with explained(self.password):
            return self.password.read_text(encoding="ascii").strip()

    def read_record(self) -> EngineRecord | None:
        """What the engine wrote of itself; None when it isn't there or isn't whole."""
        try:
            return EngineRecord(**json.loads(self.record.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write_record(self, record: EngineRecord) -> None:
        """Say that the engine is ready."""
        _write_line(self.record, json.dumps(asdict(record)))

    def engine_pid(self) -> int | None:
        """The process that holds the engine's lock, ready or not; after its end, the one that did last."""
        try:
            return int(self.engine_lock.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def logged_bytes(self) -> int:
        """How much the logs hold: it grows while an engine is at work."""
        total = 0
        for folder in (self.logs, self.root / "log"):
            with contextlib.suppress(OSError):
                total += sum(entry.stat().st_size for entry in os.scandir(folder) if entry.is_file())
        return total

    def engine_lock_is_held(self) -> bool:
        """Whether an engine lives. A shared try, so that two who look at once don't take each other for an engine.

        Raises:
            EngineStartError: that can't be told, such as for the directory of another user.
        """
        probe = FileLock(self.engine_lock)
        try:
            with explained(self.engine_lock):
                exists = self.engine_lock.exists()
            return exists and not probe.try_lock(shared=True)
        finally:
            probe.unlock()

    def check_data_version(self, version: str) -> None:
        """Refuse data that a newer engine has written.

        Raises:
            EngineStartError: the data was last used by a newer engine.
        """
        try:
            last = self.data_version.read_text(encoding="utf-8").strip()
        except OSError:
            return
        if _release(last) > _release(version):
            raise EngineStartError(
                f"The data in {self.root} was last used by ArcadeDB {last}, and this is {version}, which is older. "
                "Upgrade (the package arcadedb-embedded), or restore a backup made with this version."
            )

    def write_data_version(self, version: str) -> None:
        """Note which engine has used the data."""
        _write_line(self.data_version, version)

    def note_indexes_wanted(self, made: str) -> None:
        """Note which indexes are to be built anew, before any is."""
        _write_line(self.indexes_wanted, made)

    def note_indexes_sound(self) -> None:
        """Note that no index holds what ArcadeDB's own compaction has left."""
        _write_line(self.indexes_sound, "1")
        self.indexes_wanted.unlink(missing_ok=True)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an OSError about `path` into an EngineStartError that says what to do."""
    try:
        yield
    except OSError as error:
        raise EngineStartError(
            f"Can't use {path}: {error.strerror or error}. "
            "Check that this user may write to the data directory and that the disk isn't full."
        ) from error


def write_whole(path: Path, content: bytes) -> None:
    """Write so that a reader, and a crash at any moment, sees the old file or the new one, never a part.

    Raises:
        OSError: it can't be written; the old one stays.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _write_line(path: Path, text: str) -> None:
    write_whole(path, f"{text}\n".encode())


def _release(version: str) -> tuple[int, ...]:
    """The leading two numbers: bug-fix releases read one another's data."""
    numbers = version.split(".")[:2]
    return tuple(int(number) for number in numbers) if all(number.isdigit() for number in numbers) else ()
