"""Connections that say nothing, too little or too slowly, and too many of them, before the real server."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph_api.bootstrap import Server
from graph_api.http.crowd import ConnectionBounds, Crowd
from graph_api.http.networks import Networks
from tests.api import Installation
from tests.http.process import graph_api_serve
from tests.http.serving import EMBEDDED, bearer, serving
from tests.patience import PATIENCE, eventually

pytestmark = EMBEDDED

SHORT = 0.3
QUERY = b'{"query": "{ viewer { role } }"}'
REQUEST = b"GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n"


@dataclass
class Served:
    """A server with bounds of its own."""

    url: str
    token: str
    crowd: Crowd
    opened: list[asyncio.StreamWriter] = field(default_factory=list)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A bare connection."""
        address = httpx.URL(self.url)
        assert address.port is not None
        reader, writer = await asyncio.open_connection(address.host, address.port)
        self.opened.append(writer)
        return reader, writer

    async def close(self) -> None:
        """Every connection, from this side."""
        for writer in self.opened:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in self.opened), return_exceptions=True)
        self.opened.clear()

    async def query(self) -> httpx.Response:
        """A question of staff."""
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            return await client.post(f"{self.url}/graphql", content=QUERY, headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        return bearer(self.token) | {"Content-Type": "application/json"}

    async def live(self) -> int:
        """What /health/live answers."""
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            return (await client.get(f"{self.url}/health/live")).status_code


Serve = Callable[..., Any]


@pytest.fixture
async def served(installation: Installation) -> AsyncIterator[Serve]:
    """Serves with settings changed, until the test ends."""
    async with AsyncExitStack() as stack:

        async def serve(**changes: Any) -> Served:
            server = Server(installation.settings.model_copy(update=changes), installation.database)
            url = await stack.enter_async_context(serving(server.app))
            found = Served(url, installation.token(await installation.practice()), server.app.state.crowd)
            stack.push_async_callback(found.close)
            return found

        yield serve


async def closed(reader: asyncio.StreamReader) -> bytes:
    """What came until the server closed the connection."""
    async with asyncio.timeout(PATIENCE):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


async def is_closed(reader: asyncio.StreamReader) -> bool:
    """Whether it is by now."""
    try:
        async with asyncio.timeout(0.01):
            return await reader.read(1) == b""
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True


@asynccontextmanager
async def trickling(writer: asyncio.StreamWriter, what: bytes) -> AsyncIterator[None]:
    """Send the same, a little at a time, for ever."""

    async def send() -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(what)
                await writer.drain()
                await asyncio.sleep(SHORT / 10)

    task = asyncio.create_task(send())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_silent_connection_is_closed(served: Serve) -> None:
    server = await served(header_timeout=SHORT)
    connections = [await server.connect() for _ in range(20)]
    assert await asyncio.gather(*(closed(reader) for reader, _ in connections)) == [b""] * 20


@pytest.mark.parametrize("begun", [b"GET /health/live HTTP/1.1\r\n", b"G", b"\r\n", REQUEST[:-2]], ids=repr)
async def test_bytes_that_trickle_do_not_buy_time_for_a_header(served: Serve, begun: bytes) -> None:
    server = await served(header_timeout=SHORT)
    reader, writer = await server.connect()
    writer.write(begun)
    async with trickling(writer, b"x" if begun == b"G" else b"\r\n" if begun == b"\r\n" else b"x: y\r\n"):
        assert b"200" not in await closed(reader)


@pytest.mark.parametrize("more", [b"", b"\r\n", b"GET /", b"x"], ids=repr)
async def test_after_an_answer_too(served: Serve, more: bytes) -> None:
    server = await served(header_timeout=SHORT, idle_timeout=SHORT)
    reader, writer = await server.connect()
    writer.write(REQUEST)
    await reader.readuntil(b'{"status":"live"}')
    async with trickling(writer, more) if more else contextlib.nullcontext():
        assert b"200 OK" not in await closed(reader)


async def test_an_idle_connection_is_kept_for_the_next_request_within_its_bound(served: Serve) -> None:
    server = await served(header_timeout=SHORT, idle_timeout=60)
    reader, writer = await server.connect()
    for _ in range(3):
        writer.write(REQUEST)
        await reader.readuntil(b'{"status":"live"}')
        await asyncio.sleep(2 * SHORT)


async def test_a_body_that_trickles_ends_with_the_requests_time(served: Serve) -> None:
    server = await served(header_timeout=SHORT, idle_timeout=SHORT, request_timeout=SHORT)
    reader, writer = await server.connect()
    head = "".join(f"{name}: {value}\r\n" for name, value in server.headers.items())
    writer.write(f"POST /graphql HTTP/1.1\r\nHost: here\r\n{head}Content-Length: 100000\r\n\r\n".encode())
    async with trickling(writer, b" "):
        answer = await closed(reader)
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"too slowly" in answer


async def test_a_header_without_end_is_not_kept(served: Serve) -> None:
    server = await served(header_timeout=60.0)
    reader, writer = await server.connect()
    with contextlib.suppress(ConnectionError):
        writer.write(b"GET / HTTP/1.1\r\n")
        for _ in range(1_000):
            writer.write(b"x: " + b"y" * 1_000 + b"\r\n")
            await writer.drain()
    assert await closed(reader) == b""


async def test_a_body_that_goes_on_after_its_answer_is_no_header(served: Serve) -> None:
    server = await served()
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        for _ in range(3):
            response = await client.post(f"{server.url}/graphql", content=b"x" * 3_000_000, headers=server.headers)
            assert response.status_code == 413


async def test_who_does_not_read_the_answer_is_not_waited_for(served: Serve) -> None:
    server = await served(write_timeout=SHORT)
    address = httpx.URL(server.url)
    with socket.socket() as bare:
        bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        bare.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(bare, (address.host, address.port))
        await loop.sock_sendall(bare, b"GET /schema.graphql HTTP/1.1\r\nHost: here\r\n\r\n" * 100)

        async def is_gone() -> bool:
            return not server.crowd.open

        await eventually(is_gone)


async def test_silent_connections_make_room_for_those_who_ask(served: Serve) -> None:
    server = await served(max_connections=10, header_timeout=PATIENCE)
    asking = [await server.connect() for _ in range(5)]
    for reader, writer in asking:
        writer.write(REQUEST)
        await reader.readuntil(b'{"status":"live"}')
    silent = [await server.connect() for _ in range(50)]
    assert (await server.query()).json() == {"data": {"viewer": {"role": "STAFF"}}}
    assert await server.live() == 200
    assert server.crowd.open <= 10
    assert sum([await is_closed(reader) for reader, _ in silent]) >= 45
    assert not any([await is_closed(reader) for reader, _ in asking])  # they asked for something: they go last


@asynccontextmanager
async def busy(server: Served, count: int) -> AsyncIterator[None]:
    """So many requests are under way: their bodies are not whole."""
    head = "".join(f"{name}: {value}\r\n" for name, value in server.headers.items())
    for _ in range(count):
        _, writer = await server.connect()
        writer.write(f"POST /graphql HTTP/1.1\r\nHost: here\r\n{head}Content-Length: 100000\r\n\r\n".encode())
        await writer.drain()

    async def all_are() -> bool:
        return server.crowd.busy >= count

    await eventually(all_are)
    yield
    await server.close()


async def test_where_all_are_busy_others_are_refused_in_words_and_live_still_answers(served: Serve) -> None:
    server = await served(max_connections=8, request_timeout=PATIENCE)
    async with busy(server, 8):
        for _ in range(100):
            await server.connect()  # they say nothing
        for _ in range(3):
            response = await server.query()
            assert response.status_code == 503
            assert response.headers["retry-after"] == "1"
            assert response.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE", "retryable": True}
            assert await server.live() == 200

    async def answers() -> bool:
        return bool((await server.query()).status_code == 200)

    await eventually(answers)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"on_loopback": False}, 503),
        ({"on_loopback": False, "trusted_proxies": ("127.0.0.0/8",)}, 200),
        ({"on_loopback": True}, 200),
    ],
    ids=["one address", "a trusted proxy", "on loopback"],
)
async def test_one_address_has_its_share_but_a_trusted_proxy_all(
    served: Serve, changes: dict[str, Any], status: int
) -> None:
    server = await served(max_connections_per_address=4, request_timeout=PATIENCE, **changes)
    async with busy(server, 4):
        assert (await server.query()).status_code == status
        assert await server.live() == 200


async def test_with_few_file_handles_silence_shuts_nobody_out(installation: Installation, tmp_path: Path) -> None:
    token = installation.token(await installation.practice())
    async with graph_api_serve(installation.settings.data_dir, tmp_path, handles=256) as process:
        server = Served(process.url, token, Crowd(ConnectionBounds(), Networks()))
        for _ in range(400):
            with contextlib.suppress(ConnectionError):
                await server.connect()
        assert await server.live() == 200
        assert json.loads((await server.query()).text) == {"data": {"viewer": {"role": "STAFF"}}}
        await server.close()
        assert "Too many open files" not in process.written()
