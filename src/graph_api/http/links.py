"""Routes whose address is all that a caller shows: calendar feeds, and links that take mail addresses off.

Whatever is wrong with an address is answered alike, and no log has it: the access log names its folder alone.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from graph_api.engine.errors import Unavailable
from graph_api.graphql.disclosure import internal_error
from graph_api.http.access_log import REQUEST_ID
from graph_api.http.networks import Networks
from graph_api.http.scope import ScopeFactory
from graph_api.kernel.caller import Practice
from graph_api.portal.session_ports import Limits


@dataclass(frozen=True, slots=True)
class LinkView(ABC):
    """One such route."""

    scopes: ScopeFactory
    practice_of: Callable[[str], Awaitable[Practice | None]]
    networks: Networks
    limits: Limits
    timeout: float

    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD")
    failed: ClassVar[str] = "This can't be done"
    """What is said where it can't, as the beginning of a sentence."""

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        if request.method not in self.methods:
            wanted = " or ".join(one for one in self.methods if one != "HEAD")
            return refusal(405, f"Use {wanted}.", {"Allow": ", ".join(self.methods)})
        until = asyncio.get_running_loop().time() + self.timeout
        try:
            async with asyncio.timeout_at(until):
                return await self.answer(request, until)
        except (Unavailable, TimeoutError):
            return refusal(503, f"{self.failed} now. Try again later.", {"Retry-After": "60"})
        except Exception as error:  # a server's own handler would log its text, and the address with it
            internal_error(error)
            return refusal(500, f"{self.failed}.")

    @abstractmethod
    async def answer(self, request: Request, until: float) -> Response:
        """Answer one that uses a method which is known; until then, in the event loop's time."""

    def known(self, request: Request) -> dict[str, Any]:
        """What the audit log keeps of where it came from."""
        return {"network": self.networks.of(request), "request_id": request.scope.get(REQUEST_ID, "")}


def refusal(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """In words."""
    return PlainTextResponse(f"{message}\n", status, headers={"Cache-Control": "no-store"} | (headers or {}))
