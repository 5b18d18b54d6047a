"""One line per request: method, path, status, time, and whether compiled code answered it.

Never the query string, which would hold names.
"""

import time
from random import Random, SystemRandom

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_api.acting.feeds.addresses import FOLDER
from graph_api.acting.reminders.answers import FOLDER as WEBHOOKS
from graph_api.acting.reminders.unsubscribing import FOLDER as UNSUBSCRIBE
from graph_api.logs import Gathered

REQUEST_ID = "graph_api.request_id"
"""Where the scope has the request's id."""

COMPILED = "graph_api.compiled"
"""Where the scope says whether compiled code answered an operation, once one was executed."""

log = Gathered()
_ids = Random(SystemRandom().getrandbits(128))  # noqa: S311 - no secret: they tell requests apart, workers' too


class AccessLog:
    """ASGI middleware; gives each request an id, which the answer carries as X-Request-ID."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it went."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            log.write()  # the server ends
            return
        started = time.perf_counter()
        request_id = scope[REQUEST_ID] = f"{_ids.getrandbits(64):016x}"
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            path = _known(scope["path"])
            method = scope["method"] if scope["method"] in _METHODS else OTHER
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            more = {"compiled": scope[COMPILED]} if COMPILED in scope else {}
            log.info("request", method=method, path=path, status=status, ms=milliseconds, request_id=request_id, **more)


def _known(path: str) -> str:
    """A path as the log names it; of one that holds a secret, as a calendar feed's does, the folder alone."""
    for folder in (FOLDER, UNSUBSCRIBE, WEBHOOKS):
        if path.startswith(folder):
            return folder
    return path if path in _PATHS else OTHER


# Any other is the caller's text and is not repeated.
OTHER = "(other)"
_PATHS = frozenset({"/", "/graphql", "/schema.graphql", "/health/live", "/health/ready"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
