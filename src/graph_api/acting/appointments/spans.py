"""Spans of time, from a moment until just before another."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple


class Span(NamedTuple):
    """From `start`, inclusive, to `end`, exclusive; both know their offset."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Span") -> bool:
        """Whether a moment lies in both. Spans that only touch do not overlap."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: "Span") -> bool:
        """Whether the other lies within this one."""
        return self.start <= other.start and other.end <= self.end

    def wider(self, before: int, after: int) -> "Span":
        """With minutes more on both sides."""
        return Span(self.start - timedelta(minutes=before), self.end + timedelta(minutes=after))


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time in as few spans as there can be, in order."""
    found: list[Span] = []
    for span in sorted(spans):
        if span.end <= span.start:
            continue
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def without(span: Span, others: Iterable[Span]) -> list[Span]:
    """What is left of a span when others are taken away."""
    left, start = list[Span](), span.start
    for other in joined(others):
        if other.start > start:
            left.append(Span(start, min(other.start, span.end)))
        start = max(start, other.end)
        if start >= span.end:
            break
    if start < span.end:
        left.append(Span(start, span.end))
    return [part for part in left if part.start < part.end]
