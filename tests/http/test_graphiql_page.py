"""The GraphiQL page: what it may load, what it tells a browser, and what it keeps to itself."""

import json
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from graph_api.http import graphiql
from graph_api.http.graphiql import DemoPractice, DemoSession, ExampleTab, graphiql_routes

ASSETS = Path(str(graphiql.assets_directory()))
built = pytest.mark.skipif(not (ASSETS / "manifest.json").is_file(), reason="GraphiQL is not built: run `make web`")

HOSTILE = "</script><script>alert('x')</script><!-- & \u2028\u2029"
SESSION = DemoSession(
    actor="demo staff",
    practices=(
        DemoPractice("maple", "Maple Street", token="maple-staff-token", analyst_token="maple-analyst-token"),
        DemoPractice("royal92", "Royal 92", token="royal-staff-token", analyst_token="royal-analyst-token"),
    ),
    tabs=(
        ExampleTab("A client", "maple", "query Client { __typename }", {"name": HOSTILE}),
        ExampleTab("A network", "royal92", "query Network { __typename }"),
    ),
)
ADDRESS = re.compile(r"https?://[\w.-]+")
# Hosts that are only names (XML namespaces, JSON Schema dialects) or links in texts and help. None is ever fetched.
NAMED_ONLY = {
    "code.visualstudio.com",
    "commonmark.org",
    "en.wikipedia.org",
    "github.com",
    "json-schema.org",
    "microsoft.com",
    "prettier.io",
    "react.dev",
    "www.w3.org",
    "yarnpkg.com",
}
LOADS = re.compile(
    r"""(?:import|from|fetch|importScripts|Worker|URL|url|@import|src=|href=)\s*\(?\s*["'`]?(?:https?:)?//[\w-]+\.""",
)
CDN = re.compile(r"unpkg|jsdelivr|esm\.sh|cdnjs|skypack|googleapis|gstatic|vscode-cdn")


async def fetch(session: DemoSession | None, path: str = "/", root_path: str = "") -> httpx.Response:
    transport = httpx.ASGITransport(Starlette(routes=graphiql_routes(session)), root_path=root_path)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path)


def configuration(page: httpx.Response) -> dict[str, object]:
    match = re.search(r'<script type="application/json" id="configuration">(.*?)</script>', page.text, re.DOTALL)
    assert match is not None
    parsed: dict[str, object] = json.loads(match.group(1))
    return parsed


@built
@pytest.mark.parametrize("session", [None, SESSION], ids=["plain", "demo"])
async def test_the_page_is_not_cached_and_may_load_nothing_from_elsewhere(session: DemoSession | None) -> None:
    page = await fetch(session)

    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-frame-options"] == "DENY"
    policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
    assert policy == {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "worker-src": "'self' blob:",
        "img-src": "'self' data:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert not ADDRESS.search(page.text)


@built
async def test_configuration_cannot_end_its_script_element() -> None:
    page = await fetch(SESSION)

    assert page.text.count("</script>") == 2
    assert "\u2028" not in page.text
    assert "\u2029" not in page.text
    tabs = configuration(page)["tabs"]
    assert isinstance(tabs, list)
    assert tabs[0]["variables"] == {"name": HOSTILE}


@built
async def test_a_tab_of_another_practice_says_so_in_its_headers() -> None:
    page = await fetch(SESSION)

    assert configuration(page) == {
        "endpoint": "/graphql",
        "session": {
            "actor": "demo staff",
            "practices": [
                {
                    "slug": "maple",
                    "name": "Maple Street",
                    "token": "maple-staff-token",
                    "analystToken": "maple-analyst-token",
                },
                {
                    "slug": "royal92",
                    "name": "Royal 92",
                    "token": "royal-staff-token",
                    "analystToken": "royal-analyst-token",
                },
            ],
        },
        "tabs": [
            {
                "title": "A client",
                "query": "query Client { __typename }",
                "practice": "maple",
                "variables": {"name": HOSTILE},
            },
            {
                "title": "A network",
                "query": "query Network { __typename }",
                "practice": "royal92",
                "headers": {"Demo-Practice": "royal92"},
            },
        ],
    }


@built
async def test_without_a_session_the_page_holds_no_token() -> None:
    page = await fetch(None)

    assert configuration(page) == {"endpoint": "/graphql", "session": None, "tabs": []}
    assert "token" not in page.text


@built
async def test_addresses_follow_the_path_the_application_is_mounted_at() -> None:
    page = await fetch(None, "/practice/", root_path="/practice")

    assert configuration(page)["endpoint"] == "/practice/graphql"
    assert re.findall(r'(?:src|href)="(/[^"]*/)[^"/]+"', page.text) == ["/practice/assets/", "/practice/assets/"]


@built
async def test_every_asset_of_the_page_is_served_and_kept_for_ever() -> None:
    page = await fetch(None)
    addresses = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page.text)

    assert {Path(address).suffix for address in addresses} == {".css", ".js"}
    for address in addresses:
        asset = await fetch(None, address)
        assert asset.status_code == 200
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert asset.headers["x-content-type-options"] == "nosniff"
    assert (await fetch(None, "/assets/manifest.json")).headers["cache-control"] == "no-cache"
    assert (await fetch(None, "/assets/none.js")).status_code == 404


@built
@pytest.mark.parametrize("asset", sorted(ASSETS.glob("*.*")), ids=lambda path: path.name)
def test_no_asset_loads_anything_from_another_host(asset: Path) -> None:
    assert asset.suffix in {".js", ".css", ".ttf", ".json", ".md"}
    if asset.suffix not in {".js", ".css"}:
        return
    text = asset.read_text(encoding="utf-8")

    assert {address.split("//")[1].rstrip(".") for address in ADDRESS.findall(text)} <= NAMED_ONLY
    assert not LOADS.search(text)
    assert not CDN.search(text)
    assert "sourceMappingURL" not in text


async def test_a_checkout_without_a_build_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphiql, "assets_directory", lambda: tmp_path)

    page = await fetch(SESSION)

    assert page.status_code == 503
    assert "make web" in page.text
    assert "token" not in page.text
    assert page.headers["cache-control"] == "no-store"


def test_a_session_does_not_show_its_tokens() -> None:
    assert "token" not in repr(SESSION)


def test_a_session_needs_a_practice() -> None:
    with pytest.raises(ValueError, match="at least one practice"):
        DemoSession(actor="demo staff", practices=(), tabs=())
