"""An answer to an operation as it is sent: Starlette's response would make the same headers anew for each."""

from collections.abc import Mapping
from functools import lru_cache

from starlette.types import Receive, Scope, Send

KEPT = 8
"""Media types whose headers are remembered; there are two."""
Raw = tuple[bytes, bytes]


class Answered:
    """A body that is whole, as an ASGI application."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, body: bytes, media_type: str, headers: Mapping[str, str]) -> None:
        """`headers` beside those that all answers have."""
        self.status = status
        self.body = body
        self.headers = [*_always(media_type), (b"content-length", b"%d" % len(body))]
        for name, value in headers.items():
            self.headers.append((name.lower().encode("latin-1"), value.encode("latin-1")))

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


@lru_cache(KEPT)
def _always(media_type: str) -> tuple[Raw, ...]:
    return (
        (b"content-type", f"{media_type}; charset=utf-8".encode("latin-1")),
        (b"vary", b"Accept, Authorization"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    )
