"""What migrations do to people that Cypher can't. It may be done again without harm."""

from functools import partial

from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession, Row
from graph_api.engine.writing import WriteTransaction
from graph_api.people.names import key_of

AT_ONCE = 500
HIGH = r"(?s).*[\uE000-\uFFFF\x{10000}-\x{10FFFF}].*"
"""A text with letters that sort keys write in another form, as engines read patterns."""


async def rewrite_sort_keys(database: Database) -> None:
    """Sort keys of people whose names have letters from U+E000 on, in the form in which every engine orders alike."""
    session = GraphSession(database)
    after = ""
    while True:
        found = await session.read("practices/high_sort_keys", after=after, pattern=HIGH, size=AT_ONCE)
        rows = [_rewritten(row) for row in found]
        if rows:
            await session.write(partial(_write, rows))
        if len(rows) < AT_ONCE:
            return
        after = rows[-1]["id"]


async def _write(rows: list[Row], tx: WriteTransaction) -> None:
    await tx.run("practices/replace_sort_keys", rows=rows)


def _rewritten(row: Row) -> Row:
    key = key_of(row["familyName"], row["givenName"], row["id"])
    return {"id": row["id"], "version": row["version"], "sortKey": key}
