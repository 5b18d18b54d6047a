"""Making and revoking calendar feeds: an account's own (A11)."""

from datetime import datetime

from graph_api.acting.feeds.addresses import PublicAddress, new_address
from graph_api.acting.feeds.graph import FeedReads, FeedWrites
from graph_api.acting.feeds.model import MAX_FEEDS, MAX_NAME, CalendarFeed, OpenedFeed
from graph_api.kernel.errors import Refused, invalid, not_found
from graph_api.kernel.happened import EventKind, FieldChange, Happened
from graph_api.kernel.ids import is_id, new_id
from graph_api.kernel.problems import Problems
from graph_api.kernel.scope import Scope
from graph_api.kernel.text import clean_text
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request
from graph_api.people.names import fold
from graph_api.portal.account_commands import locked_own_account

NOT_OFFERED = "This server does not know its own address, so it offers no calendar feeds. Tell the practice."


class FeedService:
    """The caller's own feeds."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit
        self._graph = scope.graph
        self._public = scope[PublicAddress]

    async def own(self) -> list[CalendarFeed]:
        """The caller's, in the order in which they were made."""
        person_id = self._unit.caller.person_id
        if person_id is None:
            return []
        return self._graph.door.open(await self._graph[FeedReads].of_owner(person_id))

    async def create(self, request: Request, name: str, *, shows_first_names: bool) -> Outcome[OpenedFeed]:
        """A new feed with its address, which is shown this once.

        Refused for `name.*`, `name.taken`, `calendarFeeds.tooMany`, `calendarFeeds.notOffered`, `session.ended`.
        """
        feed_id, address = new_id("feed"), new_address(self._unit.caller.practice.slug)
        base = self._public.base

        def check() -> str:
            problems = Problems()
            found = clean_text(name, problems, "name", "name", limit=MAX_NAME)
            problems.refuse()
            if base is None:
                raise Refused([invalid("calendarFeeds.notOffered", NOT_OFFERED)])
            return found or ""

        async def change(tx: Transaction, called: str, _now: datetime) -> Outcome[OpenedFeed]:
            account = await locked_own_account(tx, self._unit.caller)
            known = await tx[FeedWrites].of_owner(account.person_id)
            if len(known) >= MAX_FEEDS:
                message = f"You have {MAX_FEEDS} calendar feeds. Revoke one that you do not use."
                raise Refused([invalid("calendarFeeds.tooMany", message)])
            if fold(called) in {fold(feed.name) for feed in known}:
                raise Refused([invalid("name.taken", "You have a calendar feed of this name.", "name")])
            feed = CalendarFeed(feed_id, account.person_id, called, shows_first_names, tx.stamp())
            await tx[FeedWrites].create(feed, address.digest)
            return Outcome(OpenedFeed(feed, f"{base}{address.path}"), events=(made(feed),))

        return await self._unit.run(request, check, change, self._reload)

    async def revoke(self, request: Request, feed_id: str) -> Outcome[CalendarFeed]:
        """Nobody reads the feed any more. Refused with NotFound, `session.ended`."""

        def check() -> None:
            if not is_id("feed", feed_id):
                raise not_found("feedId")

        async def change(tx: Transaction, _: None, _now: datetime) -> Outcome[CalendarFeed]:
            account = await locked_own_account(tx, self._unit.caller)
            found = [one for one in await tx[FeedWrites].of_owner(account.person_id) if one.id == feed_id]
            if not found:
                raise not_found("feedId")
            await tx[FeedWrites].drop(account.person_id, [feed_id])
            return Outcome(found[0], events=(revoked(found[0]),))

        return await self._unit.run(request, check, change, self._gone)

    async def _reload(self, tx: Transaction, feed_id: str) -> OpenedFeed | None:
        """For a replay: the address is not known any more."""
        own = await tx[FeedWrites].of_owner(self._unit.caller.person_id or "")
        return next((OpenedFeed(one) for one in own if one.id == feed_id), None)

    async def _gone(self, _tx: Transaction, _feed_id: str) -> CalendarFeed | None:
        """For a replay: a feed that was revoked is not there."""
        return None


def made(feed: CalendarFeed) -> Happened:
    """That a feed was made. Its name is its owner's own words, and stays out of the log."""
    names = FieldChange("showsFirstNames", None, str(feed.shows_first_names).lower())
    which = FieldChange("calendarFeed", None, feed.id)
    return Happened(EventKind.CREATE_CALENDAR_FEED, feed.person_id, changes=(which, names), reason="account")


def revoked(feed: CalendarFeed, reason: str = "account") -> Happened:
    """That a feed was taken away."""
    which = FieldChange("calendarFeed", feed.id, None)
    return Happened(EventKind.REVOKE_CALENDAR_FEED, feed.person_id, changes=(which,), reason=reason)
