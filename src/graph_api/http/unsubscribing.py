"""Taking a mail address off over HTTP: GET shows a page and changes nothing, POST does it (RFC 8058).

Mail programs post by themselves, with no cookie and no token: the link says it all.
"""

from dataclasses import dataclass
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from graph_api.acting.reminders.unsubscribing import OptOuts, UnsubscribeLink, link_of
from graph_api.http.links import LinkView, refusal
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.portal.session_ports import Limited

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
class UnsubscribeView(LinkView):
    """The route."""

    secret: bytes

    methods = ("GET", "HEAD", "POST")

    async def answer(self, request: Request, until: float) -> Response:
        """The page that asks, or the one that says it is done."""
        if not await self.limits.admit(Limited.UNSUBSCRIBES, self.networks.of(request)):
            return refusal(429, "Too many requests. Try again later.", {"Retry-After": "60"})
        link = link_of(request.scope["path"])
        practice = None if link is None else await self.practice_of(link.slug)
        if link is None or practice is None or not link.is_ours(self.secret, practice):
            return refusal(404, "There is no such link.")
        if request.method == "POST":
            await self._stop(Caller(ACTOR, practice, ViewerRole.ADMIN, **self.known(request)), link, until)
            return _page("You get no more reminders", DONE, practice)
        return _page("Send no more reminders?", ASK, practice)

    async def _stop(self, caller: Caller, link: UnsubscribeLink, until: float) -> None:
        await self.scopes(caller, frozenset(), until)[OptOuts].stop(link)


def _page(title: str, body: str, practice: Practice) -> Response:
    content = PAGE.format(title=title, body=body.format(practice=escape(practice.name)))
    return HTMLResponse(content, headers=HEADERS)
