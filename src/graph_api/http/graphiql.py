"""The GraphiQL page: an explorer for the API, served with everything it loads.

The page's scripts are built from `web/` into `assets/`. Nothing on it comes from another host, and its
Content-Security-Policy keeps it so.
"""

import json
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NotRequired, TypedDict

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

ENTRY = "src/main.tsx"
UNHASHED = {"manifest.json", "licenses.md"}
PRACTICE_HEADER = "Demo-Practice"
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
NOT_BUILT = """\
GraphiQL is not built in this source checkout.

Run `make web`, then start the server again. The API itself works without it, at /graphql.
"""
# A browser ends a script element at "</script" wherever it stands, and older ones end a line at U+2028.
JSON_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>GraphiQL – graph-api</title>
<link rel="icon" href="data:,">
{links}
</head>
<body>
<noscript>GraphiQL needs JavaScript. The API answers at {endpoint} without it.</noscript>
<div id="root"></div>
<script type="application/json" id="configuration">{configuration}</script>
</body>
</html>
"""


@dataclass(frozen=True)
class ExampleTab:
    """An operation to start from; the title leads it as a comment."""

    title: str
    practice: str
    query: str
    variables: dict[str, object] | None = None


@dataclass(frozen=True)
class DemoPractice:
    """A practice of the demo, and the tokens with which the page acts in it."""

    slug: str
    name: str
    token: str = field(repr=False)
    analyst_token: str = field(repr=False)


@dataclass(frozen=True)
class DemoSession:
    """Who the demo's page is signed in as: anyone who can open the page gets these tokens."""

    actor: str
    practices: tuple[DemoPractice, ...]
    tabs: tuple[ExampleTab, ...]

    def __post_init__(self) -> None:
        if not self.practices:
            raise ValueError("A demo session needs at least one practice.")


class Entry(TypedDict):
    """What the build's manifest says of the page's script."""

    file: str
    css: NotRequired[list[str]]


class Assets(StaticFiles):
    """Built files. Nearly all carry a hash of their content in their names, so a browser asks for each once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(SECURITY_HEADERS)
        response.headers["Cache-Control"] = "no-cache" if path in UNHASHED else "public, max-age=31536000, immutable"
        return response


def graphiql_routes(session: DemoSession | None) -> list[BaseRoute]:
    """The page at `/` and what it loads under `/assets`."""
    assets = assets_directory()
    manifest = assets / "manifest.json"
    if not manifest.is_file():
        return [Route("/", _not_built, name="graphiql")]
    entry: Entry = json.loads(manifest.read_text(encoding="utf-8"))[ENTRY]

    async def page(request: Request) -> Response:
        root = request.scope.get("root_path", "")
        return HTMLResponse(render(session, root, entry), headers=_page_headers())

    return [
        Route("/", page, name="graphiql"),
        Mount("/assets", Assets(directory=str(assets)), name="assets"),
    ]


def assets_directory() -> Traversable:
    """Where the build of `web/` lies: on disk beside this module, also in an installed wheel."""
    return files(__package__) / "assets"


def render(session: DemoSession | None, root: str, entry: Entry) -> str:
    """The page's HTML: the links to its assets, and its configuration as inert JSON."""
    base = escape(root)
    links = [f'<link rel="stylesheet" href="{base}/assets/{escape(name)}">' for name in entry.get("css", [])]
    links.append(f'<script type="module" src="{base}/assets/{escape(entry["file"])}"></script>')
    endpoint = f"{root}/graphql"
    return PAGE.format(
        links="\n".join(links),
        endpoint=escape(endpoint),
        configuration=json.dumps(_configuration(session, endpoint), ensure_ascii=False).translate(JSON_ESCAPES),
    )


async def _not_built(_request: Request) -> Response:
    return PlainTextResponse(NOT_BUILT, status_code=503, headers=_page_headers())


def _page_headers() -> dict[str, str]:
    return {**SECURITY_HEADERS, "Cache-Control": "no-store"}


def _configuration(session: DemoSession | None, endpoint: str) -> dict[str, object]:
    if session is None:
        return {"endpoint": endpoint, "session": None, "tabs": []}
    home = session.practices[0].slug
    return {
        "endpoint": endpoint,
        "session": {"actor": session.actor, "practices": [_practice(practice) for practice in session.practices]},
        "tabs": [_tab(tab, home) for tab in session.tabs],
    }


def _practice(practice: DemoPractice) -> dict[str, object]:
    return {
        "slug": practice.slug,
        "name": practice.name,
        "token": practice.token,
        "analystToken": practice.analyst_token,
    }


def _tab(tab: ExampleTab, home: str) -> dict[str, object]:
    described: dict[str, object] = {"title": tab.title, "query": tab.query, "practice": tab.practice}
    if tab.variables is not None:
        described["variables"] = tab.variables
    if tab.practice != home:
        # The page turns this header into that practice's token and does not send it.
        described["headers"] = {PRACTICE_HEADER: tab.practice}
    return described
