"""Taking a mail address off over HTTP: GET shows a page and changes nothing, POST does it (RFC 8058).

Mail programs post by themselves, with no cookie and no token: the link says it all. Whatever is wrong with a link is
answered alike, and no log has it: the access log names known paths alone.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from graph_api.acting.reminders.unsubscribing import OptOuts, UnsubscribeLink, link_of
from graph_api.engine.errors import Unavailable
from graph_api.graphql.disclosure import internal_error
from graph_api.http.access_log import REQUEST_ID
from graph_api.http.networks import Networks
from graph_api.http.scope import ScopeFactory
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.portal.session_ports import Limited, Limits

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
ACTOR = "unsubscribe"
"""How the audit log names whoever has the link."""
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""
ASK = """\
<p>{practice} will send no more reminders of appointments to the e-mail address that got this link.</p>
<form method="post"><button>Send no more reminders</button></form>"""
DONE = "<p>{practice} sends no more reminders of appointments to this e-mail address.</p>"


@dataclass(frozen=True, slots=True)
class UnsubscribeView:
    """The route."""

    scopes: ScopeFactory
    practice_of: Callable[[str], Awaitable[Practice | None]]
    networks: Networks
    limits: Limits
    timeout: float
    secret: bytes

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        until = asyncio.get_running_loop().time() + self.timeout
        try:
            async with asyncio.timeout_at(until):
                return await self._answer(request, until)
        except (Unavailable, TimeoutError):
            return _refusal(503, "This can't be done now. Try again later.", {"Retry-After": "60"})
        except Exception as error:  # a server's own handler would log its text, and the link with it
            internal_error(error)
            return _refusal(500, "This can't be done.")

    async def _answer(self, request: Request, until: float) -> Response:
        if request.method not in ("GET", "HEAD", "POST"):
            return _refusal(405, "Use GET or POST.", {"Allow": "GET, HEAD, POST"})
        network = self.networks.of(request)
        if not await self.limits.admit(Limited.UNSUBSCRIBES, network):
            return _refusal(429, "Too many requests. Try again later.", {"Retry-After": "60"})
        link = link_of(request.scope["path"])
        practice = None if link is None else await self.practice_of(link.slug)
        if link is None or practice is None or not link.is_ours(self.secret, practice):
            return _refusal(404, "There is no such link.")
        if request.method == "POST":
            known = {"network": network, "request_id": request.scope.get(REQUEST_ID, "")}
            await self._stop(Caller(ACTOR, practice, ViewerRole.ADMIN, **known), link, until)
            return _page("You get no more reminders", DONE, practice)
        return _page("Send no more reminders?", ASK, practice)

    async def _stop(self, caller: Caller, link: UnsubscribeLink, until: float) -> None:
        await self.scopes(caller, frozenset(), until)[OptOuts].stop(link)


def _page(title: str, body: str, practice: Practice) -> Response:
    content = PAGE.format(title=title, body=body.format(practice=escape(practice.name)))
    return HTMLResponse(content, headers=HEADERS)


def _refusal(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{message}\n", status, headers={"Cache-Control": "no-store"} | (headers or {}))
