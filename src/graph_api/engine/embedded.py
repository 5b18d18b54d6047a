"""The embedded engine as its users see it: start it or find it, use it, let it go.

ArcadeDB runs in a process of its own (`embedded_process`), shared by all who use one data directory. The first user
starts it; it ends when no process holds the users lock any more.
"""

import os
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from graph_api.engine.embedded_files import (
    DATABASE,
    FAILURE_MARK,
    HOST,
    USER,
    EngineFiles,
    EngineStartError,
    FileLock,
    explained,
)
from graph_api.engine.patience import Patience

__all__ = ["START_TIMEOUT", "EmbeddedEngine", "EngineAddress", "EngineStartError", "EngineStatus"]

START_TIMEOUT = 600.0
"""Seconds: on a machine that is busy with much else, more than a minute is needed."""
_LOG_LIMIT = 5_000_000
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class EngineAddress:
    """Where the engine is reached over Bolt, and as whom."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str


@dataclass(frozen=True)
class EngineStatus:
    """What can be told of an engine from outside, for a report to a person.

    `running` without a `pid` is an engine that is starting or stopping.
    """

    running: bool
    pid: int | None = None
    bolt_port: int | None = None
    version: str | None = None
    started_at: str | None = None


class EmbeddedEngine:
    """One user's hold on the engine of a data directory. All methods block; all may be called from any thread.

    `bolt_port` and `heap` count when this user is the one who starts the engine. `idle_grace` is how many seconds the
    engine stays without users before it ends. `start_timeout` bounds the wait for one that gets on; one that does
    nothing for a minute is given up before.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        heap: str = "512m",
        bolt_port: int | None = None,
        start_timeout: float = START_TIMEOUT,
        idle_grace: float = 2.0,
    ) -> None:
        if not re.fullmatch(r"[1-9][0-9]*[kKmMgG]", heap):
            raise EngineStartError(f"The engine's heap must be a number and a unit, such as 512m or 2g, not {heap!r}.")
        self._files = EngineFiles(data_dir)
        self._heap = heap
        self._bolt_port = bolt_port
        self._timeout = start_timeout
        self._idle_grace = idle_grace
        self._users = FileLock(self._files.users_lock)
        self._mutex = threading.RLock()

    def acquire(self) -> EngineAddress:
        """Become a user of the engine, starting it if nobody has. Called again, it only gives the address.

        Raises:
            EngineStartError: the engine can't be started, or didn't get ready in time.
        """
        with self._mutex:
            if self._users.held:
                return self.ensure_running()
            self._files.prepare()
            patience = Patience(self._files, self._timeout)
            # An engine about to end holds this lock until it has ended; the next one is started after it.
            if not _taken(self._users, patience, shared=True):
                raise EngineStartError(f"The engine in {self._files.root} is stopping and does not end "
                                       f"{patience.why_not}. {self._how_to_end()}")  # fmt: skip
            try:
                return self._find_or_start(patience)
            except BaseException:
                self._users.unlock()
                raise

    def ensure_running(self) -> EngineAddress:
        """Start the engine again if it is gone; of many callers exactly one does, and the others find it.

        Raises:
            EngineStartError: it can't be started, or `acquire` was not called.
        """
        with self._mutex:
            if not self._users.held:
                raise EngineStartError("The engine is not in use by this process: call acquire() first.")
            return self._find_or_start(Patience(self._files, self._timeout))

    def is_running(self) -> bool:
        """Whether an engine lives, ready or not. Cheap: one try of a lock.

        Raises:
            EngineStartError: the files may not be read.
        """
        return self._files.engine_lock_is_held()

    def status(self) -> EngineStatus:
        """What is known of the engine; changes and creates nothing.

        Raises:
            EngineStartError: the files may not be read.
        """
        if not self.is_running():
            return EngineStatus(running=False)
        record = self._files.read_record()
        if record is None:
            return EngineStatus(running=True)
        return EngineStatus(True, record.pid, record.bolt_port, record.version, record.started_at)

    def release(self) -> None:
        """Stop using the engine; it ends soon after its last user did this or ended. Called again, it does nothing."""
        with self._mutex:
            self._users.unlock()

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _find_or_start(self, patience: Patience) -> EngineAddress:
        address = self._running_address()
        if address is not None:
            return address
        starting = FileLock(self._files.start_lock)
        if not _taken(starting, patience, shared=False):
            raise EngineStartError("Another process has been starting the engine and does not get it ready "
                                   f"{patience.why_not}. {self._how_to_end()}")  # fmt: skip
        try:
            while patience.is_left():
                if not self._files.engine_lock_is_held():
                    return self._start(Patience(self._files, self._timeout))
                address = self._running_address()
                if address is not None:
                    return address
                time.sleep(_POLL_SECONDS)
        finally:
            starting.unlock()
        raise EngineStartError(f"The engine in {self._files.root} runs but does not get ready {patience.why_not}. "
                               f"{self._how_to_end()}")  # fmt: skip

    def _running_address(self) -> EngineAddress | None:
        # A starter removes the old record before there is a new engine, so a held lock and a record belong together.
        record = self._files.read_record() if self._files.engine_lock_is_held() else None
        if record is None:
            return None
        return EngineAddress(f"bolt://{HOST}:{record.bolt_port}", USER, self._files.read_password(), DATABASE)

    def _start(self, patience: Patience) -> EngineAddress:
        """Start the engine and wait until it is ready. Call it with the start lock held and no engine alive."""
        crashed = self._files.read_record()
        with explained(self._files.record):
            self._files.record.unlink(missing_ok=True)
        self._files.ensure_password()
        log_start = self._rotate_log()
        process = self._spawn(crashed.bolt_port if crashed else None)
        try:
            while patience.is_left():
                ended = process.poll()
                if ended is not None:
                    raise EngineStartError(self._why_ended(ended, log_start))
                record = self._files.read_record()
                address = self._running_address() if record and record.pid == process.pid else None
                if address is not None:
                    return address
                time.sleep(_POLL_SECONDS)
            process.kill()
            raise EngineStartError(f"The engine does not get ready {patience.why_not}, and was stopped. "
                                   f"See its log: {self._files.log}")  # fmt: skip
        finally:
            # Collects the exit status whenever the engine ends, so that no zombie stays behind.
            threading.Thread(target=process.wait, name="embedded-engine-reaper", daemon=True).start()

    def _spawn(self, preferred_port: int | None) -> subprocess.Popen[bytes]:
        # -P: else the current directory would be on the module path, and files there could pass for modules.
        command = [sys.executable, "-P", "-m", "graph_api.engine.embedded_process", str(self._files.root.parent)]
        command += ["--heap", self._heap, "--idle-grace", str(self._idle_grace)]
        if self._bolt_port is not None:
            command += ["--bolt-port", str(self._bolt_port)]
        elif preferred_port is not None:
            command += ["--preferred-bolt-port", str(preferred_port)]
        with explained(self._files.log), open(self._files.log, "ab", opener=_private) as log:
            # A session of its own: a Ctrl-C at the server's terminal must not end the engine under other users.
            return subprocess.Popen(  # noqa: S603 - no shell; the parts are our own and checked settings
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def _rotate_log(self) -> int:
        """Keep the log bounded; return where the coming engine's lines begin."""
        log = self._files.log
        with explained(log):
            size = log.stat().st_size if log.exists() else 0
            if size <= _LOG_LIMIT:
                return size
            log.replace(log.with_suffix(".log.1"))
            return 0

    def _why_ended(self, status: int, log_start: int) -> str:
        with self._files.log.open("rb") as log:
            log.seek(log_start)
            lines = [line.strip() for line in log.read().decode("utf-8", "replace").splitlines() if line.strip()]
        for line in reversed(lines):
            if line.startswith(FAILURE_MARK):
                return line.removeprefix(FAILURE_MARK)
        how = f"by signal {-status}" if status < 0 else f"with status {status}"
        last = f" Its last output: {lines[-1].rstrip('.')}." if lines else ""
        return f"The engine ended {how} while starting.{last} See its log: {self._files.log}"

    def _how_to_end(self) -> str:
        record = self._files.read_record()
        pid = record.pid if record else self._files.engine_pid()
        which = f"process {pid}" if pid else f"the process that holds {self._files.engine_lock}"
        return f"See {self._files.log}; to start again, end {which} (kill -9 is safe) and try again."


def _taken(lock: FileLock, patience: Patience, *, shared: bool) -> bool:
    """Wait for a lock as long as that is worth while; whether it was taken."""
    while not lock.try_lock(shared=shared):
        if not patience.is_left():
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
