"""Connections that end when they should: uvicorn closes idle ones after an answer, and no others.

A caller who sends a header bit by bit gains no time by it. A body's time is the request's own, which the view bounds.
"""

from asyncio import AbstractEventLoop, TimerHandle, Transport
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from graph_api.http.crowd import BEYOND_HEADER_TIMEOUT, ConnectionBounds, Crowd
from graph_api.http.networks import Networks

LIVE = "/health/live"
MAX_HEADER = 100_000
"""Bytes of a request's first line and header; a token has 8,192 of them at most."""


class _Busy:
    """The application for connections beyond the bound: whether the worker lives, and nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") == LIVE:
            await self._app(scope, receive, send)
            return
        extensions = {"code": "UNAVAILABLE", "retryable": True}
        message = "Too many connections are open. Try again in a moment."
        body = orjson.dumps({"errors": [{"message": message, "extensions": extensions}]})
        headers = {"Retry-After": "1", "Connection": "close", "Cache-Control": "no-store"}
        response = Response(body, 503, headers=headers, media_type="application/json")
        await response(scope, receive, send)


class BoundedProtocol(HttpToolsProtocol):
    """One connection of a worker. Its application's `state.crowd` says what is allowed."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        found = getattr(getattr(self.app, "state", None), "crowd", None)
        self._crowd: Crowd = found or Crowd(ConnectionBounds(), Networks())
        self.timeout_keep_alive = self._crowd.bounds.idle_timeout  # type: ignore[assignment]
        self._header_timeout = self._crowd.bounds.header_timeout
        self._timer: TimerHandle | None = None
        self._unread: TimerHandle | None = None
        self._header_bytes = 0
        self._is_waiting = True
        self._is_silent = True
        self._in_body = False

    @property
    def is_silent(self) -> bool:
        """Whether it has not asked for anything yet."""
        return self._is_silent

    @property
    def is_waiting(self) -> bool:
        """Whether no request is under way on it."""
        return self._is_waiting

    def drop(self) -> None:
        """Close it at once: what is not sent by now would be waited for."""
        if self.transport is not None:
            self.transport.abort()

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Take it in, and give it time for a header."""
        super().connection_made(transport)
        if not self._crowd.enter(self, self.client[0] if self.client else ""):
            self.app = _Busy(self.app)
            self._header_timeout = min(self._header_timeout, BEYOND_HEADER_TIMEOUT)
            self.timeout_keep_alive = 0
        self._await_header()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._crowd.leave(self)
        self._stop_timer()
        self._is_read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A header that has begun must end in time, and within a bound."""
        was_in_body = self._in_body
        super().data_received(data)
        if not self._is_waiting:
            return  # as nearly always: a header comes at once, and needs no timer
        if self._timer is None:
            self._await_header()
        if not was_in_body:
            self._header_bytes += len(data)
            if self._header_bytes > MAX_HEADER:
                self.drop()

    def on_headers_complete(self) -> None:
        """A request is under way."""
        self._is_waiting = self._is_silent = False
        self._in_body = True
        self._stop_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """What comes next is a header; a body may go on after its answer, and is passed over."""
        self._in_body = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The next header, or none, is waited for."""
        self._is_waiting = not self.pipeline
        self._header_bytes = 0
        super().on_response_complete()
        if self.transport.is_closing() and self.transport.get_write_buffer_size():
            self._await_reading()

    def timeout_keep_alive_handler(self) -> None:
        """It was idle for too long."""
        self.drop()

    def pause_writing(self) -> None:
        """The caller does not read its answer as fast as it is written."""
        super().pause_writing()
        self._await_reading()

    def resume_writing(self) -> None:
        """It reads again."""
        self._is_read()
        super().resume_writing()

    def _await_header(self) -> None:
        self._timer = self.loop.call_later(self._header_timeout, self.drop)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _await_reading(self) -> None:
        self._is_read()
        self._unread = self.loop.call_later(self._crowd.bounds.write_timeout, self.drop)

    def _is_read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
