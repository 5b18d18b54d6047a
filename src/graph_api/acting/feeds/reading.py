"""What a calendar feed shows at the moment at which it is read (A10, A11, X6)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from graph_api.access.model import PortalAction
from graph_api.access.questions import AccessService
from graph_api.acting.appointments.audience import Reader, seen_audiences
from graph_api.acting.appointments.model import Appointment, AppointmentStatus
from graph_api.acting.appointments.statuses import GONE, status_at
from graph_api.acting.feeds.calendar import Event, EventStatus
from graph_api.acting.feeds.graph import FeedReads, FeedWrites
from graph_api.acting.feeds.model import AHEAD, BACK, GONE_IS_SHOWN, MOST_EVENTS, CalendarFeed
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.happened import EventKind, FieldChange, Happened
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.people.graph.writes import PersonWrites


class FeedReading:
    """For the owner of one feed, who is the caller."""

    def __init__(self, scope: Scope) -> None:
        self._caller = scope.caller
        self._unit = scope.unit
        self._graph = scope.graph
        self._clock = scope.clock
        self._access = scope[AccessService]

    async def events(self, feed: CalendarFeed) -> list[Event]:
        """The appointments of all clients whose appointments the owner may see now, by their start."""
        viewed = dict(
            await self._access.granted(
                PortalAction.VIEW_APPOINTMENTS,
                lambda grant: (grant.client.id, grant.client.preferred_name or grant.client.given_name),
            )
        )
        if not viewed:
            return []
        now, reader = self._clock.now(), Reader(ViewerRole.PORTAL, feed.person_id, may_view=True)
        seen = {client_id: seen_audiences(client_id, reader) for client_id in viewed}
        found = await self._graph[FeedReads].appointments(
            seen, now - BACK, now + AHEAD, GONE, now - GONE_IS_SHOWN, MOST_EVENTS
        )
        names = viewed if feed.shows_first_names else {}
        return list(_events(self._graph.door.open(found), self._caller.practice.name, names, now))

    async def note(self, feed: CalendarFeed) -> None:
        """Have it known that the feed was read today, once a day."""
        today = self._clock.today()
        if feed.last_read_on is not None and feed.last_read_on >= today:
            return

        async def work(tx: Transaction, _now: datetime) -> Sequence[Happened]:
            await tx[PersonWrites].lock(feed.person_id)
            if not await tx[FeedWrites].note_read(feed, today):
                return ()
            which = FieldChange("calendarFeed", feed.id, feed.id)
            return (Happened(EventKind.CALENDAR_FEED_READ, feed.person_id, changes=(which,), reason="account"),)

        await self._unit.note(work)


def _events(
    appointments: Sequence[Appointment], practice_name: str, names: dict[str, str | None], now: datetime
) -> Iterator[Event]:
    for one in appointments:
        status = status_at(one, now)
        changed_at = one.updated_at or one.starts_at
        sequence = one.version
        if status is AppointmentStatus.EXPIRED:  # by the clock alone, so nothing has counted it
            changed_at, sequence = one.held_until or changed_at, one.version + 1
        name = names.get(one.client_id)
        yield Event(
            uid=one.id,
            sequence=sequence,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            status=_shown_as(status),
            summary=practice_name if name is None else f"{name}: {practice_name}",
            created_at=one.created_at or changed_at,
            changed_at=changed_at,
        )


def _shown_as(status: AppointmentStatus) -> EventStatus:
    if status in GONE:
        return EventStatus.CANCELLED
    return EventStatus.TENTATIVE if status is AppointmentStatus.REQUESTED else EventStatus.CONFIRMED
