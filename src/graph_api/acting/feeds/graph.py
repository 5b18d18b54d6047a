"""Calendar feeds in the graph, and what they show."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from graph_api.acting.appointments.graph.rows import appointment_of
from graph_api.acting.appointments.model import Appointment, AppointmentStatus, RecordAudience
from graph_api.acting.appointments.records import APPOINTMENT
from graph_api.acting.feeds.model import CalendarFeed
from graph_api.engine.session import Row
from graph_api.kernel.door import Sealed
from graph_api.kernel.fields import Codec
from graph_api.kernel.graph import Reads
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Writes
from graph_api.people.names import fold

FEED = Codec(CalendarFeed)
_NAMES = list(FEED.names)


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed whose owner's account is active."""

    feed: CalendarFeed
    account_id: str


def token_key(practice_id: str, digest: str) -> str:
    """practice|digest: by which a feed is found when it is read."""
    return f"{practice_id}|{digest}"


def feed_row(practice_id: str, feed: CalendarFeed, digest: str) -> Row:
    """All of a feed's properties but its practice, which the statement sets."""
    return {
        **FEED.row(feed),
        "tokenKey": token_key(practice_id, digest),
        "ownerKey": f"{practice_id}|{feed.person_id}|{fold(feed.name)}",
    }


def feeds_of(rows: Sequence[Row]) -> list[CalendarFeed]:
    """In the order in which they were made."""
    found = [FEED.of(row["feed"]) for row in rows]
    return sorted(found, key=lambda feed: (feed.created_at, feed.id))


class FeedReads(Reads):
    """Feeds of one practice."""

    async def of_owner(self, person_id: str) -> Sealed[list[CalendarFeed]]:
        """A person's, at most `MAX_FEEDS`."""
        rows = await self._session.read_newest(
            "acting/feeds/of_owner", practice=self._practice, personId=person_id, feed=_NAMES
        )
        return Sealed(feeds_of(rows), [person_id] if rows else [])

    async def by_token(self, digest: str) -> FoundFeed | None:
        """The feed of a token; None where there is none, or its owner's account is not active."""
        rows = await self._session.read_newest(
            "acting/feeds/by_token", practice=self._practice, tokenKey=token_key(self._practice, digest), feed=_NAMES
        )
        return FoundFeed(FEED.of(rows[0]["feed"]), rows[0]["accountId"]) if rows else None

    async def appointments(
        self,
        audiences: Mapping[str, frozenset[RecordAudience]],
        since: datetime,
        until: datetime,
        gone: Collection[AppointmentStatus],
        gone_since: datetime,
        most: int,
    ) -> Sealed[Sequence[Appointment]]:
        """Appointments of clients that start between two moments, by their start; by client who sees which.

        Of those that do not take place only what was changed since another moment.
        """
        views = [
            {"clientId": client_id, "audiences": sorted(one.value for one in seen)}
            for client_id, seen in sorted(audiences.items())
        ]
        rows = await self._session.read_newest(
            "acting/feeds/appointments",
            practice=self._practice,
            views=views,
            since=stamp(since),
            until=stamp(until),
            gone=sorted(status.value for status in gone),
            goneSince=stamp(gone_since),
            size=most,
            appointment=list(APPOINTMENT.names),
        )
        found = [appointment_of(row["appointment"]) for row in rows]
        return Sealed(found, [one.client_id for one in found])


class FeedWrites(Writes):
    """Feeds inside a write transaction; their owner must be locked."""

    async def of_owner(self, person_id: str) -> list[CalendarFeed]:
        """A person's."""
        params: dict[str, Any] = {"practice": self._practice, "personId": person_id, "feed": _NAMES}
        return feeds_of(await self._tx.run("acting/feeds/of_owner", **params))

    async def create(self, feed: CalendarFeed, digest: str) -> None:
        """A new one."""
        row = feed_row(self._practice, feed, digest)
        self._tx.later("acting/feeds/create", practice=self._practice, personId=feed.person_id, feed=row)

    async def drop(self, person_id: str, ids: Sequence[str]) -> None:
        """Take feeds away: nobody reads them any more."""
        self._tx.later("acting/feeds/drop", practice=self._practice, personId=person_id, ids=list(ids))

    async def note_read(self, feed: CalendarFeed, day: date) -> bool:
        """Note the day on which it was read; False where it is noted already, or the feed is gone."""
        rows = await self._tx.run("acting/feeds/note_read", practice=self._practice, id=feed.id, day=day.isoformat())
        return bool(rows)
