"""Does something a little later, once for all who ask for it meanwhile."""

import asyncio
from collections.abc import Callable


class Soon:
    """One thing to do; at once where no event loop runs that would do it later."""

    def __init__(self, seconds: float, work: Callable[[], None]) -> None:
        self._seconds = seconds
        self._work = work
        self._due_in: asyncio.AbstractEventLoop | None = None
        """A loop that has ended does nothing any longer, so the next one is asked anew."""

    def ask(self) -> None:
        """Have it done."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._work()
            return
        if self._due_in is not loop:
            self._due_in = loop
            loop.call_later(self._seconds, self._do)

    def _do(self) -> None:
        self._due_in = None
        self._work()
