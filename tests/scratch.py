"""Where tests write: in memory where there is room, because databases wait for the disk at each commit."""

import os
import shutil
from pathlib import Path

VARIABLE = "PYTEST_DEBUG_TEMPROOT"
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of the user's own there
NEEDS = 4 << 30
"""Bytes: twice what a whole run writes; the engines need as much again."""


def use() -> None:
    """From here on, unless somebody said where."""
    if VARIABLE not in os.environ and _room() >= NEEDS:
        os.environ[VARIABLE] = str(IN_MEMORY)


def _room() -> int:
    """Bytes that are free there and in memory; none where there is no such place."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        available = next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))
        return min(shutil.disk_usage(IN_MEMORY).free, available // 2)
    except (OSError, StopIteration, ValueError):
        return 0
