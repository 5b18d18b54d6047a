"""How long tests wait for what must happen: nothing is measured by it, and a busy machine gives little time."""

import asyncio
import time
from collections.abc import Awaitable, Callable

PATIENCE = 540.0
"""Seconds; less than what a test may take (`timeout` in pyproject.toml), which includes an engine's start."""


def until(condition: Callable[[], object]) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


async def eventually(condition: Callable[[], Awaitable[object]]) -> None:
    """Wait until it holds, as other tasks go on."""
    deadline = time.monotonic() + PATIENCE
    while not await condition():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.1)
