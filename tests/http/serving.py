"""The application behind a real server, as a caller over the network meets it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from graph_api.cli.serving import server_options

EMBEDDED = pytest.mark.parametrize("installation", ["embedded"], indirect=True, scope="session")
"""What HTTP does is the same on every engine, so one will do."""

RESPONSE = "application/graphql-response+json"


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to pytest."""
        yield


@contextlib.asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """Serve on a free loopback port, in this event loop: the driver's connections belong to it."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, lifespan="off", **server_options())
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


def bearer(token: str) -> dict[str, str]:
    """The header that says who asks."""
    return {"Authorization": f"Bearer {token}"}


def assert_refused(response: httpx.Response, status: int, code: str | None = None) -> str:
    """A refusal is JSON with one readable error and no data; its message."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"].split(";")[0] in ("application/json", RESPONSE)
    assert response.headers["cache-control"] == "no-store"
    body = response.json()
    assert "data" not in body
    assert len(body["errors"]) == 1
    error = body["errors"][0]
    if code is not None:
        assert error["extensions"]["code"] == code
    message: str = error["message"]
    assert message.endswith((".", "…"))
    return message
