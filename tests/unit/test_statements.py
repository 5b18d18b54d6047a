"""Statements: opening, entries of some days, closing (P9, P15)."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_api.acting.payments.ledger import EntryKind
from graph_api.acting.payments.seen import Reader
from graph_api.acting.payments.statements import (
    EARLIEST,
    LATEST,
    TEXTS,
    balance_after,
    span_of,
    text_of,
)
from graph_api.kernel.caller import ViewerRole
from tests.budgets import budget
from tests.unit.payment_desk import BEN, READERS, Desk, Status, lived
from tests.unit.plain_statements import statement_of

NEW_YORK = ZoneInfo("America/New_York")
DAYS = st.dates(date(2026, 2, 27), date(2026, 3, 12))


def test_p9_a_statement_has_what_was_before_and_after_it() -> None:
    desk = Desk()
    for day, amount in ((1, 100), (2, 200), (3, 400)):
        desk.now = datetime(2026, 3, day, 12, tzinfo=UTC)
        desk.charge(amount)
    found = statement_of(desk.entries, span_of(date(2026, 3, 2), date(2026, 3, 2), NEW_YORK), BEN, READERS["staff"])
    assert (found.opening, found.closing, [one.amount for one in found.entries]) == (100, 300, [200])
    before = statement_of(desk.entries, span_of(date(2026, 2, 1), date(2026, 2, 2), NEW_YORK), BEN, READERS["staff"])
    assert (before.opening, before.closing, before.entries) == (0, 0, ())
    after = statement_of(desk.entries, span_of(date(2026, 4, 1), date(2026, 4, 2), NEW_YORK), BEN, READERS["staff"])
    assert (after.opening, after.closing, after.entries) == (700, 700, ())


def test_p9_midnight_belongs_to_the_day_that_it_begins() -> None:
    desk = Desk()
    desk.now = datetime(2026, 3, 3, 5, tzinfo=UTC) - timedelta(seconds=1)
    desk.charge(100)
    for day, count in ((2, 0), (3, 1)):
        span = span_of(date(2026, 3, day), date(2026, 3, day), NEW_YORK)
        assert len(statement_of(desk.entries, span, BEN, READERS["staff"]).entries) == count


def test_p9_days_are_the_practices() -> None:
    desk = Desk()
    desk.now = datetime(2026, 3, 3, 4, 59, tzinfo=UTC)
    desk.charge(100)
    for day, count in ((2, 1), (3, 0)):
        span = span_of(date(2026, 3, day), date(2026, 3, day), NEW_YORK)
        assert len(statement_of(desk.entries, span, BEN, READERS["staff"]).entries) == count


@pytest.mark.parametrize(
    ("zone", "day", "starts", "hours"),
    [
        ("America/New_York", date(2026, 3, 8), "2026-03-08T05:00", 23),
        ("America/New_York", date(2026, 11, 1), "2026-11-01T04:00", 25),
        # Clocks leave midnight out, show it twice, or show the hour before it twice.
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-23T22:00", 23),
        ("America/Havana", date(2026, 11, 1), "2026-11-01T04:00", 25),
        ("Africa/Cairo", date(2026, 10, 29), "2026-10-28T21:00", 25),
    ],
)
def test_p9_a_day_on_which_clocks_change_is_a_whole_day(zone: str, day: date, starts: str, hours: int) -> None:
    span = span_of(day, day, ZoneInfo(zone))
    assert span.start == datetime.fromisoformat(starts).replace(tzinfo=UTC)
    assert span.end - span.start == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 3, 2), date(2026, 3, 1)),
        (EARLIEST - timedelta(days=1), EARLIEST),
        (LATEST, LATEST + timedelta(days=1)),
        (date.min, date.max),
    ],
)
def test_p9_days_that_cant_be_asked_about(first: date, last: date) -> None:
    with pytest.raises(ValueError, match="days"):
        span_of(first, last, NEW_YORK)


def test_p15_a_contacts_statement_has_the_shared_part_alone() -> None:
    desk = Desk()
    desk.charge(500)
    desk.charge(300, shared=False, day=2)
    payment_id = desk.pay("client", 600)
    desk.answer(payment_id, Status.SUCCEEDED)
    span = span_of(date(2026, 3, 1), date(2026, 3, 31), NEW_YORK)
    found = {who: statement_of(desk.entries, span, BEN, reader) for who, reader in READERS.items()}
    lines = {who: [(one.amount, one.balance) for one in statement.entries] for who, statement in found.items()}
    assert lines["contact"] == lines["other"] == [(500, 500), (-500, 0)]
    assert lines["client"] == lines["staff"] == [(500, 500), (300, 800), (-600, 200)]
    nobody = statement_of(desk.entries, span, BEN, Reader(ViewerRole.ANALYST))
    assert (nobody.opening, nobody.closing, nobody.entries) == (0, 0, ())


@settings(max_examples=budget(40, 2_000))
@given(st.integers(0, 2**32), DAYS, DAYS, st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu"]))
def test_p9_a_statement_adds_up_whatever_the_days_are(seed: int, one: date, other: date, zone: str) -> None:
    desk = lived(Random(seed), 40)  # noqa: S311 - no secret
    first, last = sorted((one, other))
    for reader in READERS.values():
        parts = [
            statement_of(desk.entries, span_of(*days, ZoneInfo(zone)), BEN, reader)
            for days in ((EARLIEST, first - timedelta(days=1)), (first, last), (last + timedelta(days=1), LATEST))
        ]
        for part in parts:
            assert part.opening + sum(line.amount for line in part.entries) == part.closing
        assert parts[0].opening == 0
        assert (parts[0].closing, parts[1].closing) == (parts[1].opening, parts[2].opening)
        assert parts[2].closing == balance_after(desk.entries[-1], BEN, reader)


def test_p9_every_line_has_words() -> None:
    assert list(TEXTS) == list(EntryKind)
    assert text_of(EntryKind.CHARGE, "Appointment") == "Charge: Appointment"
    assert text_of(EntryKind.CHARGE_VOIDED, "Appointment") == "Charge voided: Appointment"
    assert text_of(EntryKind.PAYMENT, "Appointment") == "Payment"
    assert text_of(EntryKind.WRITTEN_OFF) == "Not charged again"
