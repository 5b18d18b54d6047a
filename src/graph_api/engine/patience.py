"""How long an engine is waited for: while it lives and gets on, and never longer than a bound."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from graph_api.engine.embedded_files import EngineFiles

STALLED_AFTER = 60.0
"""Seconds without a sign of progress after which an engine is taken to hang."""
LOOK_EVERY = 0.5
LEAST_WORK = 0.05
"""Seconds of processor time that are a sign of progress: a busy machine gives little, a hung process takes none."""


def processor_seconds(pid: int) -> float | None:
    """The processor time that a process has used; None where it is gone, or nobody can tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None if Path("/proc/self/stat").exists() else _told_by_ps(pid)


def _told_by_ps(pid: int) -> float | None:
    """As `ps` tells it where there is no /proc: [[days-]hours:]minutes:seconds."""
    try:
        command = ["/bin/ps", "-o", "time=", "-p", str(pid)]
        told = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)  # noqa: S603 - our own
        seconds = 0.0
        for part in told.stdout.strip().replace("-", ":").split(":"):
            seconds = seconds * 60 + float(part)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return seconds


class Patience:
    """Whether it is worth while to wait on for what an engine does: to start, to be found, or to end.

    Signs of progress are another process at it, more processor time used, and a log that grows.
    """

    def __init__(
        self,
        files: EngineFiles,
        seconds: float,
        now: Callable[[], float] = time.monotonic,
        work_of: Callable[[int], float | None] = processor_seconds,
    ) -> None:
        """`seconds` bound it whatever the signs."""
        self._files = files
        self._seconds = seconds
        self._now = now
        self._work_of = work_of
        self._until = now() + seconds
        self._moved_at = now()
        self._looked_at = float("-inf")
        self._seen: tuple[int | None, int] | None = None
        self._work = 0.0

    def is_left(self) -> bool:
        """Whether to wait on."""
        now = self._now()
        if now - self._looked_at >= LOOK_EVERY:
            self._looked_at = now
            if self._has_moved():
                self._moved_at = now
        return now < self._until and now - self._moved_at < STALLED_AFTER

    @property
    def why_not(self) -> str:
        """What to say of one that is not left, as the end of a sentence."""
        if self._now() < self._until:
            return f"and does nothing for {STALLED_AFTER:.0f} s"
        return f"within {self._seconds:.0f} s (GRAPH_API_ENGINE_START_TIMEOUT allows for more)"

    def _has_moved(self) -> bool:
        pid = self._files.engine_pid()
        work = (self._work_of(pid) if pid is not None else None) or 0.0
        seen = (pid, self._files.logged_bytes())
        if seen == self._seen and work - self._work < LEAST_WORK:
            return False
        self._seen, self._work = seen, work
        return True
