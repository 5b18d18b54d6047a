"""The ASGI application: routes, middleware, lifespan."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import orjson
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from graph_api.acting.feeds.addresses import FOLDER
from graph_api.acting.reminders.answers import FOLDER as WEBHOOKS
from graph_api.acting.reminders.unsubscribing import FOLDER as UNSUBSCRIBE
from graph_api.http.access_log import AccessLog
from graph_api.http.arrived import Arrived
from graph_api.http.bookmarks import HEADER
from graph_api.http.connections import LIVE
from graph_api.http.crowd import Crowd
from graph_api.http.graphiql import DemoSession, graphiql_routes
from graph_api.http.links import LinkView
from graph_api.http.scope import Readiness
from graph_api.http.view import GraphQLView

OPERATIONS = "/graphql"
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class AppParts:
    """What the application is made of."""

    view: GraphQLView
    feeds: LinkView
    unsubscribes: LinkView
    texting: LinkView
    schema_text: str
    readiness: Callable[[], Awaitable[Readiness]]
    lifespan: Callable[[], AbstractAsyncContextManager[None]]
    crowd: Crowd
    cors_origins: Sequence[str] = ()
    graphiql: bool = True
    demo: DemoSession | None = None


class Endpoint:
    """An endpoint as an ASGI application, so that every method reaches the view and gets its own answer."""

    def __init__(self, view: GraphQLView | LinkView) -> None:
        self._view = view

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._view(Arrived(scope, receive))
        await response(scope, receive, send)


class Application(Starlette):
    """The application. Where no middleware has a say, operations go to their endpoint at once, ahead of the routes."""

    at_once: tuple[str, ASGIApp] | None = None
    """The one path that is answered so, and by what."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live."""
        if self.at_once is not None and scope["type"] == "http" and scope["path"] == self.at_once[0]:
            await self.at_once[1](scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def _middleware(parts: AppParts) -> list[Middleware]:
    found = [Middleware(AccessLog)]
    if parts.demo is not None:
        # Its page holds tokens: a name that was rebound to this machine must not read it.
        found.append(Middleware(TrustedHostMiddleware, allowed_hosts=list(LOOPBACK_HOSTS), www_redirect=False))
    if parts.cors_origins:
        found.append(
            Middleware(
                CORSMiddleware,
                allow_origins=list(parts.cors_origins),
                allow_methods=["GET", "POST"],
                allow_headers=["Authorization", "Content-Type", HEADER],
                expose_headers=[HEADER, "X-Request-ID", "Retry-After"],
            )
        )
    return found


def create_app(parts: AppParts) -> Starlette:
    """The application."""

    async def schema(_: Request) -> Response:
        return PlainTextResponse(parts.schema_text, headers={"Cache-Control": "no-cache"})

    async def live(_: Request) -> Response:
        return _json(200, {"status": "live"})

    async def ready(_: Request) -> Response:
        readiness = await parts.readiness()
        body = {"status": "ready" if readiness.ready else "not ready", "checks": readiness.checks}
        return _json(200 if readiness.ready else 503, body)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with parts.lifespan():
            yield

    routes: list[BaseRoute] = [
        Route(OPERATIONS, Endpoint(parts.view)),
        Route("/schema.graphql", schema),
        Route(LIVE, live),
        Route("/health/ready", ready),
        Route(f"{FOLDER}{{rest:path}}", Endpoint(parts.feeds)),
        Route(f"{UNSUBSCRIBE}{{rest:path}}", Endpoint(parts.unsubscribes)),
        Route(f"{WEBHOOKS}{{rest:path}}", Endpoint(parts.texting)),
    ]
    if parts.graphiql or parts.demo is not None:
        routes += graphiql_routes(parts.demo)
    middleware = _middleware(parts)
    app = Application(routes=routes, middleware=middleware, lifespan=lifespan)
    if len(middleware) == 1:  # the access log's
        app.at_once = (OPERATIONS, AccessLog(Endpoint(parts.view)))
    app.state.crowd = parts.crowd
    app.router.redirect_slashes = False  # a redirect would repeat the query string, which can hold names
    return app


def _json(status: int, body: Mapping[str, object]) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json", headers={"Cache-Control": "no-store"})
