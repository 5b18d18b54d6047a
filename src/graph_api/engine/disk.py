"""Whether the embedded engine's disk has room: it is asked before each write, so that no write meets a full one.

An engine that can't write what it has logged is in a state nobody has tested. So a part of the disk is kept in reserve,
and a write is refused, at once and whole, as long as no more than that is left.
"""

import os
from pathlib import Path

DISK_FULL = "The disk is full, so nothing can be saved. Try again when there is room."
RETRY_AFTER = 10
"""Seconds until a client whose write met a full disk should try again: somebody must make room first."""

TIGHT = 10_000_000
"""Bytes; more than what one transaction writes."""


class Disk:
    """The disk that a directory is on."""

    def __init__(self, directory: Path, reserve: int) -> None:
        """`reserve` is in bytes."""
        self._directory = directory
        self._reserve = reserve

    def free(self) -> int | None:
        """Bytes that may be used; None where it can't be told, as while the directory is not made yet."""
        try:
            found = os.statvfs(self._directory)
        except OSError:
            return None
        no_more_files = found.f_files > 0 and found.f_favail == 0
        return 0 if no_more_files else found.f_bavail * found.f_frsize

    @property
    def is_full(self) -> bool:
        """Whether no more than the reserve is left."""
        free = self.free()
        return free is not None and free <= self._reserve

    @property
    def is_tight(self) -> bool:
        """Whether so little is left that a write may have met its end: others use the disk too."""
        free = self.free()
        return free is not None and free <= max(self._reserve, TIGHT)
