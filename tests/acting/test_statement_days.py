"""Statements as they are served, page by page: what a plain reckoning over all entries says (P9, P15)."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations_with_replacement
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from graph_api.acting.payments.graph.accounts import AccountReads
from graph_api.acting.payments.ledger import Head, LedgerEntry
from graph_api.acting.payments.seen import Reader
from graph_api.acting.payments.statements import span_of
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.graph import graph_of
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Transaction
from tests.acting.cast import new_cast
from tests.acting.test_charges import Desk
from tests.api import Installation
from tests.unit.plain_statements import Statement, statement_of

LONDON = ZoneInfo("Europe/London")
"""The practice's: on 29 March 2026 its day has 23 hours."""
FIRST = date(2026, 3, 27)
TICK = timedelta(microseconds=1)
MIDNIGHTS = [datetime(2026, 3, 29, tzinfo=LONDON), datetime(2026, 3, 30, tzinfo=LONDON)]
MOMENTS = [
    datetime(2026, 3, 28, 12, tzinfo=UTC),
    *(at for midnight in MIDNIGHTS for at in (midnight - TICK, midnight, midnight, midnight + TICK)),
]
MOVED = """UNWIND $rows AS row
MATCH (e:LedgerEntry {key: row.key})
SET e.at = row.at, e.timeKey = row.timeKey
RETURN count(e) AS n"""
PAGE = """query ($id: ID!, $from: Date!, $to: Date!, $after: String) { node(id: $id) { ... on Person {
  statement(from: $from, to: $to) { opening { amount } closing { amount }
    entries(first: 2, after: $after) { nodes { amount { amount } balance { amount } }
      pageInfo { hasNextPage endCursor } } } } } }"""


async def entries_of(desk: Desk) -> list[LedgerEntry]:
    async def work(tx: Transaction) -> list[LedgerEntry]:
        return list((await tx[AccountReads].of_client(desk.ben, Head())).entries)

    return await graph_of(desk.cast.installation.database, desk.cast.practice).write(work)


async def dated(desk: Desk) -> list[LedgerEntry]:
    """The entries, once they are dated around midnight."""
    scope = f"{desk.cast.practice.id}|{desk.ben}|"
    numbered = [(f"{one.number:010d}", stamp(at)) for one, at in zip(await entries_of(desk), MOMENTS, strict=True)]
    rows = [{"key": scope + number, "at": at, "timeKey": f"{scope}{at}|{number}"} for number, at in numbered]
    async with desk.cast.installation.database.session(write=True) as session:
        await (await session.run(MOVED, {"rows": rows})).consume()
    return await entries_of(desk)


async def served(desk: Desk, who: str, first: date, last: date) -> tuple[int, int, list[tuple[int, int]]]:
    """Opening, closing, and amount and balance of each line."""
    lines: list[tuple[int, int]] = []
    after: str | None = None
    while True:
        days: dict[str, Any] = {"from": first.isoformat(), "to": last.isoformat(), "after": after}
        found = (await desk.cast.ask(who, PAGE, id=desk.ben, **days))["node"]["statement"]
        page = found["entries"]
        lines += [(one["amount"]["amount"], one["balance"]["amount"]) for one in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found["opening"]["amount"], found["closing"]["amount"], lines


def plain(found: Statement) -> tuple[int, int, list[tuple[int, int]]]:
    return found.opening, found.closing, [(one.amount, one.balance) for one in found.entries]


@pytest.mark.parametrize("who", ["staff", "ben", "anna"])
async def test_p9_what_is_served_of_some_days_is_what_all_entries_say(installation: Installation, who: str) -> None:
    cast = await new_cast(installation)
    assert cast.practice.time_zone == LONDON.key
    await installation.api(cast.practice, ViewerRole.ADMIN, "admin-1").done("setCurrency", currency="GBP")
    await cast.change("anna", payments=True)
    desk = Desk(cast)
    for number in range(3):
        await desk.charge(5_000 + number, "CLIENT_ONLY" if number == 1 else "SHARED")
        await desk.pay(1_000 + number)
        await desk.charge(10 + number, "SHARED" if number else "CLIENT_ONLY")
    entries = await dated(desk)
    own = cast.ids.get(who)
    reader = Reader(ViewerRole.STAFF if own is None else ViewerRole.PORTAL, own, may_view=True)
    days = [FIRST + timedelta(days=number) for number in range(5)]
    for first, last in combinations_with_replacement(days, 2):
        expected = statement_of(entries, span_of(first, last, LONDON), desk.ben, reader)
        assert await served(desk, who, first, last) == plain(expected), (first, last)
