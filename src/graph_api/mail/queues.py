"""The mails of every practice: which are due, and how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.kernel.caller import NOWHERE, Practice
from graph_api.kernel.graph import Graph, graph_of
from graph_api.kernel.rows import stamp
from graph_api.practices.graph import Practices

MOST_COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class MailCounts:
    """How many mails of all practices there are in the outbox."""

    waiting: int
    late: int
    """Those of them that could not be sent at first."""
    failed: int
    """Those that are not tried any more."""


class Outbox:
    """The mails of every practice, for the sender."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._practices = Practices(database)

    async def due(self, now: datetime, limit: int) -> list[tuple[str, str]]:
        """Practice and key of mails that are due, the longest waiting first."""
        before = stamp(now + timedelta(microseconds=1))
        rows = await GraphSession(self._database).read("practices/mail_due", before=before, limit=limit)
        return [(row["practice"], row["key"]) for row in rows]

    async def practices(self, ids: Sequence[str]) -> Mapping[str, Practice]:
        """Those that exist, by id; and what stands for one that does not, whose mails go to nobody."""
        found = await self._practices.by_ids(ids)
        return {**found, NOWHERE.id: NOWHERE} if NOWHERE.id in ids else found

    def graph(self, practice: Practice) -> Graph:
        """The practice's graph."""
        return graph_of(self._database, practice)

    async def counts(self) -> MailCounts:
        """For doctor."""
        rows = await GraphSession(self._database).read("practices/mail_counts", limit=MOST_COUNTED)
        return MailCounts(rows[0]["waiting"], rows[0]["late"], rows[0]["failed"])
