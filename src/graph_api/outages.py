"""Logs an outage when it begins, when its reason changes, and when it is over.

Otherwise each retry would write the same line.
"""

import logging
import time
from collections.abc import Callable

REMIND_EVERY = 600.0
"""Seconds after which a failure that goes on is told again."""


class Outage:
    """One thing that may fail, as one process sees it."""

    def __init__(self, log: logging.Logger, what: str, now: Callable[[], float] = time.monotonic) -> None:
        """`what` begins the line, as "the outbox could not be read"."""
        self._log = log
        self._what = what
        self._now = now
        self._reason: str | None = None
        self._since = 0.0
        self._told_at = 0.0

    @property
    def is_on(self) -> bool:
        """Whether it failed when it was last tried."""
        return self._reason is not None

    def failed(self, reason: str) -> None:
        """It failed; told when that is new, when the reason is, and after ten minutes again.

        `reason` holds no value that was typed.
        """
        now = self._now()
        if self._reason is None:
            self._since = now
        if reason != self._reason or now - self._told_at >= REMIND_EVERY:
            self._log.warning("%s: %s", self._what, reason)
            self._told_at = now
        self._reason = reason

    def over(self) -> None:
        """It worked; told when it failed before."""
        if self._reason is not None:
            self._log.warning("%s: over after %.0f s", self._what, self._now() - self._since)
            self._reason = None
