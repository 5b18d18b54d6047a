"""Calendar feeds over HTTP: GET /calendar/<slug>.<secret>.ics, decided anew each time (A11).

A calendar application sends no token but the address itself.
"""

import asyncio
import contextlib
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from graph_api.acting.feeds.addresses import FeedAddress, address_of
from graph_api.acting.feeds.calendar import calendar_of, tag_of
from graph_api.acting.feeds.graph import FeedReads, FoundFeed
from graph_api.acting.feeds.reading import FeedReading
from graph_api.audit.reads import ReadsFile
from graph_api.engine.errors import Unavailable
from graph_api.http.links import LinkView, refusal
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.scope import Scope
from graph_api.portal.session_ports import Limited

MEDIA_TYPE = "text/calendar; charset=utf-8"
NOT_KEPT = {"Cache-Control": "private, no-cache", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
"""Caches ask again each time, because access may have ended."""
OPERATION = "calendarFeed"
"""How the account of reads names it."""


@dataclass(frozen=True, slots=True)
class FeedView(LinkView):
    """The route."""

    reads: ReadsFile

    failed = "The calendar can't be read"

    async def answer(self, request: Request, until: float) -> Response:
        """The calendar."""
        address = address_of(request.scope["path"])
        if not await self.limits.admit(Limited.FEED_CALLS, self.networks.of(request)):
            return _too_many()
        if address is None:
            return _not_found()
        if not await self.limits.admit(Limited.FEED_READS, address.digest):
            return _too_many()
        practice = await self.practice_of(address.slug)
        if practice is None:
            return _not_found()
        found = await self._feed(practice, address, until)
        if found is None:
            return _not_found()
        person_id = found.feed.person_id
        caller = Caller(found.account_id, practice, ViewerRole.PORTAL, person_id, **self.known(request))
        return await self._calendar(request, self.scopes(caller, frozenset(), until), found)

    async def _feed(self, practice: Practice, address: FeedAddress, until: float) -> FoundFeed | None:
        somebody = Caller("", practice, ViewerRole.PORTAL, is_anonymous=True)
        scope = self.scopes(somebody, frozenset(), until)
        return await scope.graph[FeedReads].by_token(address.digest)

    async def _calendar(self, request: Request, scope: Scope, found: FoundFeed) -> Response:
        reading = scope[FeedReading]
        events = await reading.events(found.feed)
        # A third of a millisecond an event: others are answered meanwhile.
        content = await asyncio.to_thread(calendar_of, events, scope.caller.practice.name)
        with contextlib.suppress(Unavailable):  # what can't be written now is noted at the next read
            await reading.note(found.feed)
        if scope.shown:
            self.reads.note_shown(scope.caller, OPERATION, scope.shown)
        tag = tag_of(content)
        headers = NOT_KEPT | {"ETag": tag}
        if _has(request, tag):
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers | {"Content-Type": MEDIA_TYPE})


def _has(request: Request, tag: str) -> bool:
    """Whether the caller has what the tag names (RFC 9110, compared weakly)."""
    sent = ",".join(request.headers.getlist("if-none-match"))
    return sent.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in sent.split(","))


def _not_found() -> Response:
    return refusal(404, "There is no such calendar.")


def _too_many() -> Response:
    return refusal(429, "This calendar was read too often. Try again later.", {"Retry-After": "600"})
