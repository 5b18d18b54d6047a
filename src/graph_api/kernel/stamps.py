"""The time from which a write transaction's changes hold (docs/design.md, "The past")."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from graph_api.engine.lead import LONGEST, Lead
from graph_api.engine.races import RunAgain

APART = timedelta(microseconds=2)
"""After the change before it, where the clock has not passed that yet: an event that stands one microsecond after
another was pushed on, and says no more than that its change is no later (`audit.chain.stamp_after`)."""
GROWTH = 3
"""Times what a run took, for the run after it."""
Now = Callable[[], datetime]


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


log = logging.getLogger(__name__)


class Stamps:
    """Dates one transaction's changes, all alike, however often it is run.

    A stamp lies ahead of the clock, so that the commit has ended when it is reached, and after all that was noted:
    the newest stamps of what was locked and read.
    """

    def __init__(self, now: Now = utc_now, lead: Lead | None = None) -> None:
        self.now = now
        self._lead = lead or Lead()
        self._work, self._commit = self._lead.work, self._lead.commit
        self._newest: datetime | None = None
        self._made: datetime | None = None
        self._left = self._made_at = self._worked = 0.0
        self._began = now()

    def begin(self) -> None:
        """The transaction runs, perhaps again. What was noted before stays: it is read in the same order again."""
        self._made, self._began = None, self.now()

    @property
    def made(self) -> datetime | None:
        """The stamp, if there is one yet."""
        return self._made

    def note(self, *moments: datetime | str | None) -> None:
        """What the transaction locked or read was changed at these moments.

        Raises:
            RunAgain: the stamp was made already, and would not be later.
        """
        for moment in moments:
            if moment is None:
                continue
            known = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
            if self._newest is None or known > self._newest:
                self._newest = known
            if self._made is not None and known > self._made:
                raise RunAgain

    def note_rows(self, rows: Sequence[Sequence[str | None]]) -> None:
        """As `note`, of several subjects."""
        newest = max((moment for row in rows for moment in row if moment is not None), default=None)
        self.note(newest)

    def make(self) -> datetime:
        """The stamp of all that the transaction changes; all locks must be held."""
        if self._made is None:
            clock, self._made_at = self.now(), time.monotonic()
            # A clock that stands still is a test's: nobody waits for it to go on.
            runs = clock != self._began
            made = clock + timedelta(seconds=self._work + self._commit) if runs else clock
            if self._newest is not None and made <= self._newest:
                made = self._newest + APART
            self._made, self._left = made, (made - clock).total_seconds() if runs else LONGEST
        return self._made

    def check(self) -> None:
        """The transaction is about to be committed.

        Raises:
            RunAgain: too little is left of the lead; the next run has a longer one.
        """
        if self._made is None:
            return
        self._worked = time.monotonic() - self._made_at
        longest = LONGEST - self._commit
        if self._left - self._worked < self._commit and self._work < longest:
            self._work = min(GROWTH * self._worked, longest)
            self._lead.note(self._worked)
            raise RunAgain

    def committed(self) -> None:
        """The transaction has been committed."""
        if self._made is None:
            return
        took = time.monotonic() - self._made_at
        self._lead.note(self._worked, took - self._worked)
        if took > self._left:
            self._lead.late += 1
            log.warning("a commit ended %.3f s after the time of its changes", took - self._left)
