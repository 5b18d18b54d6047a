"""Reactions of calendar feeds to changes of accounts (A11)."""

from datetime import datetime

from graph_api.acting.feeds.commands import revoked
from graph_api.acting.feeds.graph import FeedWrites
from graph_api.kernel.clock import Clock
from graph_api.kernel.reactions import On, Told
from graph_api.kernel.transaction import Transaction
from graph_api.portal.changes import AccountClosed


async def end_feeds(tx: Transaction, change: AccountClosed, _clock: Clock, _now: datetime) -> Told:
    """Feeds end with their account; if it is opened again, its owner makes new ones."""
    feeds = await tx[FeedWrites].of_owner(change.person_id)
    if not feeds:
        return Told()
    await tx[FeedWrites].drop(change.person_id, [feed.id for feed in feeds])
    return Told(events=tuple(revoked(feed, "role") for feed in feeds))


REACTIONS = (On(AccountClosed, end_feeds),)
