"""Statements: the entries of some days, with the balance before and after them (P9)."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from graph_api.acting.appointments.spans import Span
from graph_api.acting.appointments.wall_time import ONE_DAY, reached
from graph_api.acting.payments.ledger import EntryKind, LedgerEntry
from graph_api.acting.payments.seen import Reader, seen_audiences, sees_all

EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)
"""Between these days can be asked about."""
TEXTS: Mapping[EntryKind, str] = {
    EntryKind.CHARGE: "Charge",
    EntryKind.CHARGE_VOIDED: "Charge voided",
    EntryKind.PAYMENT: "Payment",
    EntryKind.REFUND: "Refund",
    EntryKind.WITHDRAWN: "Payment withdrawn by the bank",
    EntryKind.RETURNED: "Payment returned by the bank",
    EntryKind.WRITTEN_OFF: "Not charged again",
    EntryKind.WRITE_OFF_UNDONE: "Charged and paid as before",
}
"""What a line says. That of a charge goes on with what the charge is called for the reader."""
_OF_CHARGES = frozenset({EntryKind.CHARGE, EntryKind.CHARGE_VOIDED})


def span_of(first: date, last: date, zone: ZoneInfo) -> Span:
    """From the beginning of the first day until the end of the last, by the clocks of a zone.

    Raises:
        ValueError: the last day is before the first, or they are not between `EARLIEST` and `LATEST`.
    """
    if not EARLIEST <= first <= last <= LATEST:
        raise ValueError("no days that can be asked about")
    start, end = (reached(datetime.combine(day, time(0)), zone) for day in (first, last + ONE_DAY))
    return Span(start, end)


def balance_after(entry: LedgerEntry | None, client_id: str, reader: Reader) -> int:
    """What the client owed after an entry, of what the reader sees. None is before the first one. Of entries before a
    span, the last is asked for the opening balance, whether or not the reader sees that entry."""
    if entry is None or not seen_audiences(client_id, reader):
        return 0
    return entry.balance if sees_all(client_id, reader) else entry.shared_balance


def text_of(kind: EntryKind, description: str | None = None) -> str:
    """What a line says, `Charge: Appointment`.

    Args:
        kind: of the entry.
        description: of its charge, as `seen.description_of` has it; left out where the line is not a charge's.
    """
    text = TEXTS[kind]
    return f"{text}: {description}" if description and kind in _OF_CHARGES else text
