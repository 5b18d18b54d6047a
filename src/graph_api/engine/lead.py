"""How far ahead of the clock a change is dated: further than its transaction takes until it has been committed."""

from collections import deque

SHORTEST_WORK, SHORTEST_COMMIT = 0.02, 0.02
LONGEST = 2.0
"""Seconds; of the whole lead."""
RECENT = 64
"""Transactions that are gone by."""
AMPLE_WORK, AMPLE_COMMIT = 1.5, 4.0
"""Times what recent transactions took at most. Whose work takes longer is run again; a commit can't be taken back."""


class Lead:
    """One process's, grown and shrunk by what its transactions take from being dated to being committed."""

    def __init__(self) -> None:
        self._works: deque[float] = deque(maxlen=RECENT)
        self._commits: deque[float] = deque(maxlen=RECENT)
        self.late = 0
        """Transactions whose commit ended after their own date: about the time between, answers may differ."""

    @property
    def work(self) -> float:
        """Seconds for what a transaction does after it was dated."""
        most = sorted(self._works)[: -len(self._works) // 8 or None]  # a few slow ones are run again
        return min(max(AMPLE_WORK * max(most, default=0.0), SHORTEST_WORK), LONGEST / 2)

    @property
    def commit(self) -> float:
        """Seconds that must be left when the commit begins."""
        return min(max(AMPLE_COMMIT * max(self._commits, default=0.0), SHORTEST_COMMIT), LONGEST / 2)

    def note(self, work: float, commit: float | None = None) -> None:
        """What a transaction took; without a commit it is run again."""
        self._works.append(work)
        if commit is not None:
            self._commits.append(commit)
