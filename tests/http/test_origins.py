"""Which web pages may read answers: none by default; and who may open the demo's page, which holds tokens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from graph_api.bootstrap import Server
from graph_api.http.graphiql import DemoPractice, DemoSession, assets_directory
from tests.api import Installation
from tests.http.serving import EMBEDDED, bearer, serving

pytestmark = EMBEDDED

MANIFEST = assets_directory() / "manifest.json"
built = pytest.mark.skipif(not MANIFEST.is_file(), reason="GraphiQL is not built: run `make web`")

FRIEND = "https://app.example"
OTHERS = ["https://evil.example", "http://app.example", "https://app.example.evil", "https://app.example:8443", "null"]
DEMO = DemoSession("demo staff", (DemoPractice("demo", "Demo", token="demo-token", analyst_token="demo-analyst"),), ())
QUERY = {"query": "{ __typename }"}


def shares(response: httpx.Response) -> set[str]:
    return {name for name in response.headers if name.startswith("access-control-")}


@pytest.fixture
async def shared(installation: Installation, staff_token: str) -> AsyncIterator[httpx.AsyncClient]:
    """The application that lets one origin read its answers."""
    settings = installation.settings.model_copy(update={"cors_origins": (FRIEND,)})
    async with (
        serving(Server(settings, installation.database).app) as url,
        httpx.AsyncClient(base_url=url, headers=bearer(staff_token)) as client,
    ):
        yield client


@asynccontextmanager
async def demo(installation: Installation) -> AsyncIterator[httpx.AsyncClient]:
    server = Server(installation.settings, installation.database, demo=DEMO)
    async with serving(server.app) as url, httpx.AsyncClient(base_url=url) as client:
        yield client


def preflight(origin: str, headers: str = "authorization, content-type, graph-api-bookmark") -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": headers,
    }


@pytest.mark.parametrize("path", ["/graphql", "/", "/schema.graphql", "/health/ready"])
async def test_no_origin_may_read_by_default(staff: httpx.AsyncClient, path: str) -> None:
    for origin in (FRIEND, *OTHERS):
        assert not shares(await staff.options(path, headers=preflight(origin)))
        assert not shares(await staff.get(path, headers={"Origin": origin}))
        assert not shares(await staff.post(path, json=QUERY, headers={"Origin": origin}))


async def test_a_configured_origin_may_read(shared: httpx.AsyncClient) -> None:
    allowed = await shared.options("/graphql", headers=preflight(FRIEND))
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == FRIEND
    assert "POST" in allowed.headers["access-control-allow-methods"]
    assert "graph-api-bookmark" in allowed.headers["access-control-allow-headers"].lower()

    response = await shared.post("/graphql", json=QUERY, headers={"Origin": FRIEND})
    assert response.json() == {"data": {"__typename": "Query"}}
    assert response.headers["access-control-allow-origin"] == FRIEND
    assert "access-control-allow-credentials" not in response.headers
    exposed = response.headers["access-control-expose-headers"]
    assert {"Graph-API-Bookmark", "X-Request-ID"} <= set(exposed.split(", "))
    assert "Origin" in response.headers["vary"]


async def test_a_configured_origin_may_read_why_it_was_refused(shared: httpx.AsyncClient) -> None:
    del shared.headers["Authorization"]
    response = await shared.post("/graphql", json=QUERY, headers={"Origin": FRIEND})

    assert response.status_code == 401
    assert response.headers["access-control-allow-origin"] == FRIEND


@pytest.mark.parametrize("origin", OTHERS)
async def test_another_origin_may_not(shared: httpx.AsyncClient, origin: str) -> None:
    refused = await shared.options("/graphql", headers=preflight(origin))
    assert refused.status_code == 400
    response = await shared.post("/graphql", json=QUERY, headers={"Origin": origin})
    for answer in (refused, response):
        assert "access-control-allow-origin" not in answer.headers


async def test_a_configured_origin_may_not_send_what_it_likes(shared: httpx.AsyncClient) -> None:
    assert (await shared.options("/graphql", headers=preflight(FRIEND, "x-secret"))).status_code == 400


WELCOME = ["localhost", "LOCALHOST:8000", "localhost:{port}", "127.0.0.1", "127.0.0.1:{port}", "[::1]", "[::1]:{port}"]
STRANGE = [
    *("evil.example", "evil.example:{port}", "localhost.evil.example", "evil.localhost", "127.0.0.1.evil.example"),
    *("127.0.0.1@evil.example", "10.0.0.1", "[::2]", "::1", "localhost:x", "127.0.0.2", ""),
]


async def statuses(client: httpx.AsyncClient, host: str) -> dict[str, int]:
    """What each address answers to a name; a token is in the page alone."""
    found = {}
    for path in ("/", "/graphql", "/health/live"):
        response = await client.get(path, headers={"Host": host.format(port=client.base_url.port)})
        found[path] = response.status_code
        assert ("demo-token" in response.text) is (response.status_code == 200 and path == "/")
    return found


@built
async def test_the_demo_answers_on_loopback_names_alone(installation: Installation) -> None:
    async with demo(installation) as client:
        for host in WELCOME:
            assert await statuses(client, host) == {"/": 200, "/graphql": 401, "/health/live": 200}, host
        for host in STRANGE:
            assert await statuses(client, host) == {"/": 400, "/graphql": 400, "/health/live": 400}, host


@built
async def test_without_the_demo_the_page_holds_no_token(anyone: httpx.AsyncClient) -> None:
    page = await anyone.get("/")

    assert page.status_code == 200
    assert "eyJ" not in page.text
    assert '"session": null' in page.text


async def test_without_graphiql_there_is_no_page(installation: Installation) -> None:
    settings = installation.settings.model_copy(update={"graphiql": False})
    async with serving(Server(settings, installation.database).app) as url, httpx.AsyncClient() as client:
        assert (await client.get(url)).status_code == 404
