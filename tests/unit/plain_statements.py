"""A statement worked out from all entries of a ledger at once: what is served, some at a time, must be the same."""

from collections.abc import Iterable
from dataclasses import dataclass

from graph_api.acting.appointments.spans import Span
from graph_api.acting.payments.ledger import LedgerEntry
from graph_api.acting.payments.seen import Reader, SeenEntry, seen_entry
from graph_api.acting.payments.statements import balance_after


@dataclass(frozen=True, slots=True)
class Statement:
    """The lines of some days, as one reader sees them, and what was owed before and after them."""

    opening: int
    closing: int
    entries: tuple[SeenEntry, ...]


def statement_of(entries: Iterable[LedgerEntry], span: Span, client_id: str, reader: Reader) -> Statement:
    """The statement of a span, from all of a client's entries in the order of their numbers."""
    before: LedgerEntry | None = None
    within: list[LedgerEntry] = []
    for entry in entries:
        if entry.at < span.start:
            before = entry
        elif entry.at < span.end:
            within.append(entry)
    lines = (seen_entry(entry, client_id, reader) for entry in within)
    last = within[-1] if within else before
    return Statement(
        balance_after(before, client_id, reader),
        balance_after(last, client_id, reader),
        tuple(line for line in lines if line is not None),
    )
