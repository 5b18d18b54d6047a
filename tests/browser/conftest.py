"""Servers for the browser: the GraphiQL page before a small GraphQL endpoint that checks who asks."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from strawberry.types import Info

from graph_api.http.graphiql import DemoPractice, DemoSession, ExampleTab, assets_directory, graphiql_routes

CHROMIUM = Path("/usr/bin/chromium")
CHROMEDRIVER = Path("/usr/bin/chromedriver")
CALLERS = {
    f"Bearer {practice}-{role}-token": f"{role} of {practice}"
    for practice in ("maple", "royal92")
    for role in ("staff", "analyst")
}
SESSION = DemoSession(
    actor="demo staff",
    practices=tuple(
        DemoPractice(slug, name, token=f"{slug}-staff-token", analyst_token=f"{slug}-analyst-token")
        for slug, name in (("maple", "Maple Street Practice"), ("royal92", "Royal 92"))
    ),
    tabs=(
        ExampleTab(
            "Say hello to a client by name",
            "maple",
            "query Greeting($name: String!) {\n  greeting(name: $name)\n  caller\n}",
            {"name": "Ada"},
        ),
        ExampleTab("Another practice's data", "royal92", "query Elsewhere {\n  caller\n}"),
    ),
)


@strawberry.type
class Query:
    @strawberry.field
    def caller(self, info: Info[dict[str, str], None]) -> str:
        return info.context["caller"]

    @strawberry.field
    def greeting(self, name: str) -> str:
        return f"Hello {name}"


SCHEMA = strawberry.Schema(Query)


async def graphql(request: Request) -> Response:
    caller = CALLERS.get(request.headers.get("authorization", ""))
    if caller is None:
        message = "A valid token is needed."
        return JSONResponse({"errors": [{"message": message, "extensions": {"code": "UNAUTHENTICATED"}}]}, 401)
    asked = await request.json()
    result = await SCHEMA.execute(asked["query"], asked.get("variables"), {"caller": caller})
    answer = {"data": result.data, "errors": [error.formatted for error in result.errors or []]}
    if not answer["errors"]:
        del answer["errors"]
    return JSONResponse(answer, headers={"Graph-API-Bookmark": "bookmark-1"})


def application(session: DemoSession | None) -> Starlette:
    return Starlette(routes=[*graphiql_routes(session), Route("/graphql", graphql, methods=["POST"])])


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve on a free loopback port, in a thread of its own."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, ws="none", lifespan="off", log_config=None))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "The server did not start."
            thread.join(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def browser_programs() -> tuple[Path, Path]:
    for program in (CHROMIUM, CHROMEDRIVER):
        if not program.is_file():
            pytest.skip(f"{program} is absent: install Debian's chromium and chromium-driver")
    if not (assets_directory() / "manifest.json").is_file():
        pytest.skip("GraphiQL is not built: run `make web`")
    return CHROMIUM, CHROMEDRIVER


@pytest.fixture(scope="session")
def demo_url(browser_programs: tuple[Path, Path]) -> Iterator[str]:
    """A page with a session. Its tests read practices and tabs from the page, so any such server will do."""
    with serving(application(SESSION)) as url:
        yield url


@pytest.fixture(scope="session")
def plain_url(browser_programs: tuple[Path, Path]) -> Iterator[str]:
    """A page without a session."""
    with serving(application(None)) as url:
        yield url
